//! 3-D Secure of a payment: the way to the bank's page, and the way back from it.
//! contract: craftgate §3.6, §5.2

use crate::domain::challenge::{ChallengedCard, Purpose};
use crate::domain::decision::{Point, ThreeDs, ThreeDsOutcome};
use crate::domain::payment::{Payment, PaymentId, Status};
use crate::domain::token::ResultToken;
use crate::journal::Mismatch;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::scenario::facts::Facts;
use crate::surface::craftgate::callback::{self, language, owner, page_key, returned, visited};
use crate::surface::craftgate::dialect;
use crate::surface::craftgate::errors::Code;
use crate::surface::site::sited;
use crate::surface::three_ds::{self, Asked, believed, explain, page_address, tampered};
use http::Method;

/// Where a browser comes back that the wallet has sent to the bank.
pub const OF_WALLET: &str = "/payment/v2/masterpass-payments/3ds-callback";
const OF_CARD: &str = "/payment/v1/card-payments/3ds-callback";

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::GET,
        "/payment/v2/masterpass-payments/3ds-callback/{key}",
        "craftgate.page.masterpass_return",
    ),
    row(
        Method::POST,
        "/payment/v2/masterpass-payments/3ds-callback/{key}",
        "craftgate.page.masterpass_return",
    ),
    row(
        Method::GET,
        "/payment/v1/card-payments/3ds-callback/{key}",
        "craftgate.page.three_ds_return",
    ),
    row(
        Method::POST,
        "/payment/v1/card-payments/3ds-callback/{key}",
        "craftgate.page.three_ds_return",
    ),
];

/// The bank's fields come as the bank posts them, or in the query.
fn returns(spec: &mut Spec<'_>) {
    dialect::page(spec);
    spec.form();
    spec.open();
}

const fn row(method: Method, path: &'static str, name: &'static str) -> Endpoint {
    const POINTS: &[Point] = &[
        Point::ThreeDs,
        Point::Callback,
        Point::Authorization,
        Point::Webhook,
    ];
    Endpoint::of(method, (path, name), (Evidence::Inferred, POINTS), back).told(returns)
}

/// A challenge at the bank's page for a payment by card; the page's address. Asking again gives the
/// same one.
pub fn bank_page(turn: &mut Turn<'_>, id: PaymentId) -> Result<String, Refusal> {
    let key = page_key(turn, id)?;
    let payment = turn.world.state.payments.get(&id);
    let payment = payment.ok_or(Code::PaymentNotFound)?.clone();
    // Seen from the shop, the gateway's page is served as the bank's is: it posts the last form.
    let callback = payment.particulars.callback.as_ref();
    let shop = callback.map_or("", |callback| &callback.url);
    // A hosted page is both, and its forms lead no further than itself.
    let base = match payment.particulars.page {
        Some(_) => turn.call.base(),
        None => sited(
            &turn.call.base(),
            shop,
            turn.world.scenario.settings.bank.site,
        ),
    };
    if let Some(challenge) = payment.particulars.challenge.as_deref() {
        return Ok(page_address(&base, challenge));
    }
    let asked = Asked {
        purpose: Purpose::Payment(id),
        merchant: owner(turn, &payment).name.clone(),
        order_no: payment.order_no.to_string(),
        amount: payment.paid(),
        installment: payment.installment,
        card: ChallengedCard {
            bin: payment.bin.to_string(),
            last_four: payment.particulars.last_four.clone().map(Into::into),
            pan: payment.particulars.pan.clone(),
            stored: payment.particulars.paid_with_stored_card,
            three_ds: None,
        },
        msisdn: None,
        kind: None,
        return_url: Some(format!("{base}{OF_CARD}/{key}")),
    };
    let challenge = three_ds::begin(turn.world, asked);
    let address = page_address(&base, &challenge);
    if let Some(payment) = turn.world.state.payments.get_mut(&id) {
        payment.particulars.challenge = Some(challenge.into());
    }
    Ok(address)
}

/// How 3-D Secure ends is settled once somebody has seen the bank's page, or was here.
pub fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    if !turn.endpoint.points.contains(&Point::ThreeDs) {
        return;
    }
    let Some(payment) = visited(turn).and_then(|id| payment(turn, id)) else {
        return;
    };
    let challenge = payment.particulars.challenge.as_deref();
    let challenge = challenge.and_then(|id| turn.world.state.challenges.get(id));
    let seen = challenge.is_some_and(|it| it.looked_at || it.ended().is_some());
    if seen || payment.three_ds().is_some() || at_bank(turn, payment).is_some() {
        facts.settled.push(Point::ThreeDs);
    }
}

fn payment<'t>(turn: &'t Turn<'_>, id: PaymentId) -> Option<&'t Payment> {
    turn.world.state.payments.get(&id)
}

/// The browser comes from the bank, with its fields or without.
fn back(turn: &mut Turn<'_>) -> Answer {
    let Some(id) = visited(turn) else {
        return Ok(callback::missing(language(turn)));
    };
    let said = said(turn, id)?;
    pay_with_purchase(turn, id);
    returned(turn, id, said)
}

/// How 3-D Secure has ended: the bank knows; else what the browser brings is believed, unless somebody
/// has tampered with it. None: nobody says anything. Err where only the bank's word counts, and it
/// has not spoken.
fn said(turn: &mut Turn<'_>, id: PaymentId) -> Result<Option<ThreeDs>, Refusal> {
    let challenge = payment(turn, id).and_then(|it| it.particulars.challenge.clone());
    three_ds::lapse(turn.world, challenge.as_deref().unwrap_or_default());
    let payment = payment(turn, id).ok_or(Code::PaymentNotFound)?;
    let ended = at_bank(turn, payment);
    let (brought, mismatch) = brought(turn, payment)?;
    let changed = brought.err().or_else(|| ended.and_then(tampered));
    let only_the_bank = turn.world.scenario.settings.strict_tokens || is_touched(turn, payment);
    let waits = *payment.status() == Status::AwaitingThreeDs;
    turn.notes.mismatch = mismatch.map(Box::new);
    if let Some(field) = changed {
        if waits {
            tracing::warn!(payment = id, field, "3-D Secure came back tampered with");
        }
        return Ok(Some(ThreeDsOutcome::Fails.usual()));
    }
    if only_the_bank && waits && ended.is_none() {
        return Err(Code::NotInCallback.into());
    }
    Ok(ended.or(brought.unwrap_or_default()))
}

/// Whether somebody has been at the bank's page of this payment, or has asked the wallet about it: from
/// then on only what they say counts.
fn is_touched(turn: &Turn<'_>, payment: &Payment) -> bool {
    let state = &turn.world.state;
    let challenge = payment.particulars.challenge.as_deref();
    let challenge = challenge.and_then(|id| state.challenges.get(id));
    challenge.is_some_and(|it| it.looked_at) || state.wallet.knows_order(&payment.order_no)
}

/// What the browser brings, and why its hash is not right, if it is not.
type Brought = (Result<Option<ThreeDs>, &'static str>, Option<Mismatch>);

/// What the fields say, from the form or the query. contract: masterpass §7
fn brought(turn: &Turn<'_>, payment: &Payment) -> Result<Brought, Refusal> {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let posted = fields.texts();
    let text = |name: &str| {
        let posted = posted.iter().find(|(known, _)| *known == name);
        let posted = posted.map(|(_, value)| &**value);
        posted.or_else(|| turn.call.query(name))
    };
    let expected = (payment.order_no.as_str(), payment.paid());
    let bank = &turn.world.scenario.settings.bank;
    Ok((believed(text, expected, bank), explain(text, bank)))
}

/// How the payment's challenge has ended: its own, or that of the wallet's purchase whose token the
/// browser brings.
fn at_bank(turn: &Turn<'_>, payment: &Payment) -> Option<ThreeDs> {
    let state = &turn.world.state;
    if let Some(challenge) = payment.particulars.challenge.as_deref() {
        return Some(state.challenges.get(challenge)?.ended()?.how);
    }
    purchase(turn, payment)?.three_ds
}

/// What the wallet sold for this payment, whose token the browser brings.
fn purchase<'t>(turn: &'t Turn<'_>, payment: &Payment) -> Option<&'t ResultToken> {
    let posted = turn.call.fields().ok().and_then(|it| it.text("token"));
    let token = posted.as_deref().or_else(|| turn.call.query("token"))?;
    let bought = turn.world.state.result_tokens.get(token)?;
    let same = bought.order_no == payment.order_no && bought.amount == payment.paid();
    Some(bought).filter(|_| same)
}

/// A payment that waits for the wallet's purchase is paid with the one that comes back.
fn pay_with_purchase(turn: &mut Turn<'_>, id: PaymentId) {
    let waits = |it: &&Payment| {
        *it.status() == Status::AwaitingThreeDs && it.particulars.challenge.is_none()
    };
    let payment = payment(turn, id).filter(waits);
    let bought = payment.and_then(|payment| purchase(turn, payment));
    let bought = bought.map(|bought| (bought.token.clone(), bought.card().cloned()));
    let payment = turn.world.state.payments.get_mut(&id);
    if let (Some((token, card)), Some(payment)) = (bought, payment) {
        payment.particulars.pay_with(&token, card.as_ref());
    }
}

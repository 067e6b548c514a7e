//! The token services of both POS kinds, and the gateway's 3-D Secure start. contract: akinon §9.1–§9.3

use crate::call::flag;
use crate::call::form::Form;
use crate::clock::Timestamp;
use crate::domain::checkout::{Session, Step};
use crate::domain::decision::Point;
use crate::domain::money::Money;
use crate::domain::particulars::{Callback, Line, Particulars};
use crate::domain::payment::{NewPayment, Payment, PaymentId, Phase, Status, TransactionId};
use crate::domain::shop::{PaymentOption, PosKind, Shop};
use crate::domain::token::{Reference, ReferenceState};
use crate::refusal::{Refusal, TokenFault, Why};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::surface::akinon::envelope::Extras;
use crate::surface::akinon::{checkout, session};
use crate::surface::bearer::{self, Claims};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Rows of the services.
pub const ENDPOINTS: &[Endpoint] = &[
    service(
        "/orders/masterpass-rest-token",
        "akinon.masterpass.token",
        wallet_token,
    )
    .told(token::<WalletToken>),
    service(
        "/orders/craftgate-masterpass-token",
        "akinon.craftgate.token",
        gateway_token,
    )
    .told(token::<GatewayToken>),
    service(
        "/orders/craftgate-masterpass-init",
        "akinon.craftgate.init",
        init,
    )
    .told(|spec| {
        spec.need_query(&[("reference_id", Form::Text)]);
        spec.json::<Initialised>(200);
    }),
];

const fn service(
    path: &'static str,
    name: &'static str,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    let known = (Evidence::Documented, &[Point::Token] as &[Point]);
    Endpoint::of(Method::GET, (path, name), known, handle)
}

fn token<T: JsonSchema>(spec: &mut Spec<'_>) {
    spec.query(&[("three_d", Form::Flag), ("msisdn_validated", Form::Flag)]);
    spec.json::<T>(200);
}

/// The BIN that a gateway's token is for until the customer's own is known.
const LISTING_BIN: &str = "123456";

#[derive(Debug, Serialize, JsonSchema)]
struct WalletToken {
    msisdn: String,
    token: String,
    extras: Extras,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GatewayToken {
    msisdn: String,
    token: String,
    reference_id: String,
    order_no: String,
    extras: Extras,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Initialised {
    payment_id: u64,
    return_url: String,
}

fn wallet_token(turn: &mut Turn<'_>) -> Answer {
    let (session, option) = paying_with(turn, PosKind::Wallet)?;
    let claims = claims(turn, &session, &option)?;
    let token = bearer::give(turn.world, &claims);
    let extras = Extras { bank_ica: None };
    Ok(Reply::json(
        StatusCode::OK,
        &WalletToken {
            msisdn: claims.msisdn.into(),
            token,
            extras,
        },
    ))
}

/// Before the order-no page a token lists cards only; after it, it pays for the customer's card.
fn gateway_token(turn: &mut Turn<'_>) -> Answer {
    let (session, option) = paying_with(turn, PosKind::Gateway)?;
    let mut claims = claims(turn, &session, &option)?;
    let world = &mut *turn.world;
    let totals = session.totals(&world.scenario.shop);
    let c = &session.checkout;
    let payable = c.attempt.is_some();
    let lifetime = world.scenario.settings.akinon.reference_lifetime;
    let reference = Reference {
        id: world.ids.handle(),
        order_no: world.ids.gateway_order_no(world.clock.now()),
        bin: c
            .card
            .as_ref()
            .filter(|_| payable)
            .map_or(LISTING_BIN, |c| &*c.bin)
            .into(),
        installment: c
            .installment
            .as_ref()
            .filter(|_| payable)
            .map_or(1, |i| i.count),
        price: totals.order,
        paid: if payable {
            totals.payable
        } else {
            totals.order
        },
        three_d: claims.three_d,
        payable,
        expires_at: world.now().plus(lifetime),
        state: ReferenceState::Issued,
        draft: None,
    };
    // The wallet is to know the order by the gateway's number, not by the shop's.
    claims.order_no = payable.then(|| reference.order_no.clone());
    let answer = GatewayToken {
        msisdn: claims.msisdn.to_string(),
        token: bearer::give(world, &claims),
        reference_id: reference.id.to_string(),
        order_no: reference.order_no.to_string(),
        extras: Extras { bank_ica: None },
    };
    checkout::supersede_reference(turn);
    session::open(turn).checkout.reference = Some(reference.id.to_string());
    turn.world
        .state
        .references
        .put(reference.id.clone(), reference);
    Ok(Reply::json(StatusCode::OK, &answer))
}

/// Starts 3-D Secure for a reference. Asking again gives the same payment.
fn init(turn: &mut Turn<'_>) -> Answer {
    let (session, option) = paying_with(turn, PosKind::Gateway)?;
    let id = turn.call.query("reference_id").map(str::to_owned);
    let id = id.ok_or_else(|| Refusal::field("reference_id", Why::Missing));
    let id = id.map_err(|_| Refusal::Token(TokenFault::Unknown))?;
    let paid = session.totals(&turn.world.scenario.shop).payable;
    let world = &mut *turn.world;
    let now = world.now();
    let reference = world
        .state
        .references
        .get_mut(&*id)
        .ok_or(Refusal::Token(TokenFault::Unknown))?;
    is_of(&session, reference)?;
    reference.check(paid, now).map_err(Refusal::Token)?;
    if !reference.three_d {
        return Err(Refusal::ThreeDsMixUp);
    }
    let failed = |payment: &PaymentId| {
        let payment = world.state.payments.get(payment);
        payment.is_none_or(|payment| matches!(payment.status(), Status::Failed(_)))
    };
    // One reference leads to one address, without `?`, as clients append it unencoded.
    let (base, key) = (turn.call.base(), &id[..8]);
    let payment = match reference.state {
        ReferenceState::Initialised(payment) if !failed(&payment) => payment,
        ReferenceState::Initialised(_)
        | ReferenceState::Issued
        | ReferenceState::Used
        | ReferenceState::Superseded => {
            let goods = Goods::of(&session, &world.scenario.shop, reference.price);
            let payment = world.ids.payment();
            let begun = (payment, world.ids.transactions(goods.items.len()), now);
            let mut begun = Payment::new(new_payment(reference, &option, (begun, goods)))?;
            begun.begin_challenge()?;
            begun.particulars.page_key = Some(key.into());
            begun.particulars.callback = Some(way_back(&base, payment).into());
            reference.state = ReferenceState::Initialised(payment);
            world.state.payments.put(payment, begun);
            payment
        }
    };
    let return_url = format!("{base}/payment/v2/masterpass-payments/3ds-callback/{payment}-{key}");
    Ok(Reply::json(
        StatusCode::OK,
        &Initialised {
            payment_id: payment,
            return_url,
        },
    ))
}

/// The browser comes back to the last page of the checkout. The fields of the second generation
/// always name the payment. contract: akinon §9.7, craftgate §3.8
fn way_back(base: &str, payment: PaymentId) -> Callback {
    let page = "page=MasterpassRestCompletePage&responseCode=0000&three_d_secure=true";
    Callback {
        url: format!("{base}/orders/checkout/?{page}&paymentId={payment}"),
        version: 2,
    }
}

/// What the shopper buys, as the gateway hears of it: the basket's lines, then the shipping.
#[derive(Debug, Default)]
pub struct Goods {
    /// the price of each
    pub items: Vec<Money>,
    /// what each one is called
    pub particulars: Box<Particulars>,
}

impl Goods {
    /// Nothing by name when it is not all that is paid for.
    pub fn of(session: &Session, shop: &Shop, price: Money) -> Self {
        let zero = Money::zero(price.currency());
        let items = session.items(shop);
        let sum = items.iter().try_fold(zero, |sum, item| sum.plus(*item));
        if sum != Some(price) {
            return Self::default();
        }
        let products = session
            .basket
            .iter()
            .filter(|line| line.total(shop).is_some());
        let products = products.filter_map(|line| shop.product(line.product));
        let products = products.map(|product| (&product.name, &product.sku));
        let option = session.checkout.shipping_option;
        let option = option.and_then(|pk| shop.shipping_option(pk));
        let shipping = option.map(|option| (&option.name, &option.slug));
        let lines = products.chain(shipping).take(items.len());
        let line = |(name, external_id): (&String, &String)| Line {
            name: Some(name.into()),
            external_id: Some(external_id.as_str().into()),
            ..Line::default()
        };
        let attempt = session.checkout.attempt.as_ref();
        let particulars = Particulars {
            external_id: attempt.map(|attempt| attempt.order_no.as_str().into()),
            lines: lines.map(line).collect(),
            ..Particulars::default()
        };
        Self {
            items,
            particulars: Box::new(particulars),
        }
    }
}

/// What a reference will pay for.
pub fn new_payment(
    reference: &Reference,
    option: &PaymentOption,
    ((id, transactions, at), goods): ((PaymentId, TransactionId, Timestamp), Goods),
) -> NewPayment {
    NewPayment {
        id,
        transactions,
        order_no: reference.order_no.as_str().into(),
        price: reference.price,
        paid: reference.paid,
        installment: reference.installment,
        bin: reference.bin.as_str().into(),
        phase: phase(option),
        three_d: reference.three_d,
        items: goods.items,
        at,
        particulars: goods.particulars,
    }
}

/// Whether an option's money is taken at once. contract: akinon §8
pub const fn phase(option: &PaymentOption) -> Phase {
    if option.provision_enabled {
        Phase::Provision
    } else {
        Phase::Sale
    }
}

/// Whether a reference is the session's own, or was before a later one took its place: those of
/// other shoppers and of the gateway's API are not known here.
pub fn is_of(session: &Session, reference: &Reference) -> Result<(), Refusal> {
    let own = session.checkout.reference.as_deref() == Some(&*reference.id);
    match own || reference.state == ReferenceState::Superseded {
        true => Ok(()),
        false => Err(Refusal::Token(TokenFault::Unknown)),
    }
}

/// The caller's session, when it has chosen an option with a POS of this kind, and no scenario
/// says that the service is down.
fn paying_with(
    turn: &mut Turn<'_>,
    kind: PosKind,
) -> Result<(Session, Arc<PaymentOption>), Refusal> {
    if !session::is_known(turn) {
        return Err(Refusal::NotAuthenticated);
    }
    if let Some(fault) = turn.verdict.token {
        return Err(Refusal::Token(fault));
    }
    let session = session::open(turn).clone();
    let option = checkout::option_of(&session, &turn.world.scenario.shop).cloned();
    match option {
        Some(option) if option.pos_kind == kind && session.next_step() > Step::PaymentOption => {
            Ok((session, option))
        }
        Some(_) | None => Err(Refusal::WrongOrder),
    }
}

/// `three_d` false or absent leaves the POS's own value in force. contract: akinon §9.1
fn claims(
    turn: &mut Turn<'_>,
    session: &Session,
    option: &PaymentOption,
) -> Result<Claims, Refusal> {
    let truth = |name| match turn.call.query(name) {
        None => Ok(false),
        Some(text) => {
            flag(text).ok_or_else(|| Refusal::field(name, Why::Malformed("true or false")))
        }
    };
    let three_d = truth("three_d")? || option.three_d_enabled;
    let msisdn_validated = truth("msisdn_validated")?;
    let world = &mut *turn.world;
    let settings = &world.scenario.settings.masterpass;
    let now = world.clock.now();
    Ok(Claims {
        merchant: settings.merchant_id.as_str().into(),
        user: session
            .customer
            .map_or_else(|| turn.caller.clone(), |pk| pk.to_string())
            .into(),
        msisdn: session::phone(session, &world.scenario.shop)
            .unwrap_or_default()
            .into(),
        msisdn_validated,
        three_d,
        otp: false,
        order_no: session
            .checkout
            .attempt
            .as_ref()
            .map(|a| a.order_no.clone())
            .map(Into::into),
        iat: now.seconds(),
        exp: now.plus(settings.bearer_lifetime).seconds(),
        jti: world.ids.uuid().to_string(),
    })
}

//! A card is checked by taking a small amount and giving it back, and then stored.
//! contract: craftgate §5.3, §5.4

use crate::domain::decision::Point;
use crate::domain::hosted::{Hosted, Purpose, Ways};
use crate::domain::money::Amount;
use crate::domain::particulars::{Callback, Particulars, Provider, Source};
use crate::domain::payment::{NewPayment, Payment};
use crate::domain::published::Operation;
use crate::domain::stored_card::NewCard;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::new_payment::{ask, begin, charge, first_digits};
use crate::surface::craftgate::stored_cards::StoredCardBody;
use crate::surface::craftgate::{body, callback, card, checkout_init, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

const fn row(
    method: Method,
    path: &'static str,
    (name, points): (&'static str, &'static [Point]),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (Evidence::Observed, points), handle)
}

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::POST,
        "/payment/v1/cards/verify",
        (
            "craftgate.card_verify.verify",
            &[Point::Page, Point::ThreeDsInit, Point::Authorization],
        ),
        verify,
    )
    .told(write::one::<Verified>),
    row(
        Method::POST,
        "/payment/v1/checkout-card-verify/init",
        ("craftgate.card_verify.init", &[Point::Page]),
        init,
    )
    .told(write::one::<checkout_init::Opened>),
    row(
        Method::GET,
        "/payment/v1/checkout-card-verify/{token}",
        ("craftgate.card_verify.retrieve", &[Point::Page]),
        retrieve,
    )
    .told(write::one::<CheckedCard<'_>>),
];

/// How a card is checked. contract: craftgate §10 CardVerificationAuthType
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Charged,
    ThreeDs,
    None,
}

const CHECKS: &[(&str, Check)] = &[
    ("NON_THREE_DS", Check::Charged),
    ("THREE_DS", Check::ThreeDs),
    ("NONE", Check::None),
];

/// How, and the payment that does it.
fn read(turn: &Turn<'_>, fields: &mut Fields<'_>) -> (Check, NewPayment) {
    const CHECK: &str = "paymentAuthenticationType";
    let check = fields.word(CHECK, CHECKS);
    if check.is_none() && !fields.has(CHECK) {
        fields.fail(CHECK, Code::FieldMissing);
    }
    let currency = fields.need_currency("currency");
    let price: Amount = fields.need_amount("verificationPrice", currency);
    let particulars = Particulars {
        merchant: Some(turn.caller.as_str().into()),
        conversation_id: fields.reference("conversationId"),
        provider: Provider::Bank,
        price: Some(price.clone()),
        paid: Some(price.clone()),
        checks_card: true,
        ..Particulars::default()
    };
    let draft = NewPayment::carrying(price.money(), particulars);
    (check.unwrap_or(Check::None), draft)
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Verified {
    card_user_key: Option<String>,
    card_token: Option<String>,
    html_content: Option<String>,
    redirect_url: Option<String>,
    merchant_callback_url: Option<String>,
    refund_status: Option<&'static str>,
    card_verify_status: &'static str,
}

fn verify(turn: &mut Turn<'_>) -> Answer {
    let (check, draft, callback_url, card) = body::read(turn, |fields| {
        let (check, draft) = read(turn, fields);
        let callback_url = match check {
            Check::ThreeDs => Some(fields.need_url("callbackUrl")),
            Check::Charged | Check::None => fields.url("callbackUrl"),
        };
        let card = fields.need_object("card", |fields| {
            let card = card::open(turn, fields);
            card::cvc(turn, fields, card.as_ref().map(|card| &card.pan));
            card
        });
        (check, draft, callback_url, card.flatten())
    })?;
    let card = card.ok_or(Code::FieldMissing)?;
    let (keys, html_content) = match check {
        Check::None => (Some(card::keep(turn, card).keys), None),
        Check::Charged => {
            let payment = payment(turn, draft, card)?;
            let said = ask(turn, &payment, Operation::Payment);
            let stored = charge(turn, payment, &said)?.particulars.stored;
            (stored.map(|keys| *keys), None)
        }
        Check::ThreeDs => {
            let url = callback_url.clone().unwrap_or_default();
            let html = challenge(turn, (draft, url), card)?;
            (None, Some(html))
        }
    };
    let (user, token) = keys.map(|keys| (keys.user, keys.token)).unzip();
    write::data(&Verified {
        card_user_key: user,
        card_token: token,
        card_verify_status: match html_content {
            Some(_) => "THREE_DS_PENDING",
            None => "SUCCESS",
        },
        html_content,
        redirect_url: None,
        merchant_callback_url: callback_url,
        refund_status: (check == Check::Charged).then_some("SUCCESS"),
    })
}

/// The payment that checks `card`, which is stored once it succeeds.
fn payment(turn: &mut Turn<'_>, mut draft: NewPayment, card: NewCard) -> Result<Payment, Refusal> {
    let at = turn.world.now();
    let particulars = &mut draft.particulars;
    particulars.pan = Some(card.pan.clone());
    particulars.last_four = Some(card.pan.last_four().into());
    particulars.holder_name = Some(card.holder.as_str().into());
    let bin = first_digits(&card.pan);
    particulars.to_store = Some(Box::new(card));
    let ids = &mut turn.world.ids;
    Payment::new(NewPayment {
        id: ids.payment(),
        transactions: ids.transactions(1),
        order_no: ids.order_no(at),
        bin: bin.into(),
        at,
        ..draft
    })
}

/// The bank's page comes first: what leads there. The card is stored on the way back, and the shop
/// is told as of any payment with 3-D Secure, since what it is really sent is not public (inferred);
/// the payment that it is told of carries the keys of the card.
fn challenge(
    turn: &mut Turn<'_>,
    (mut draft, url): (NewPayment, String),
    card: NewCard,
) -> Result<String, Refusal> {
    draft.three_d = true;
    draft.particulars.callback = Some(Callback { url, version: 1 }.into());
    let payment = payment(turn, draft, card)?;
    let said = ask(turn, &payment, Operation::ThreeDsInit);
    let id = begin(turn, payment, &said)?.id;
    callback::html_content(turn, id)
}

fn init(turn: &mut Turn<'_>) -> Answer {
    let settings = &turn.world.scenario.settings.craftgate;
    let (now, usual) = (turn.world.now(), settings.checkout_lifetime);
    let hosted = body::read(turn, |fields| {
        let (check, mut draft) = read(turn, fields);
        draft.particulars.source = Source::CheckoutForm;
        let ways = Ways {
            card: true,
            counts: vec![1],
            three_ds: check == Check::ThreeDs,
            user: fields.text("cardUserKey").map(Into::into),
            store: true,
            ..Ways::default()
        };
        let ttl = checkout_init::lifetime(fields).unwrap_or(usual);
        let callback_url = fields.need_url("callbackUrl");
        let mut hosted = Hosted::new(draft, ways, callback_url, now.plus(ttl));
        hosted.purpose = match check {
            Check::Charged | Check::ThreeDs => Purpose::ChargedCard,
            Check::None => Purpose::Card,
        };
        hosted
    })?;
    checkout_init::open(turn, hosted)
}

#[derive(Serialize, JsonSchema)]
struct CheckedCard<'a> {
    token: &'a str,
    card: Option<StoredCardBody>,
}

/// The card, once it is stored.
fn retrieve(turn: &mut Turn<'_>) -> Answer {
    let hosted = checkout_init::own(turn, Hosted::wants_card)?;
    let cards = &turn.world.state.stored_cards;
    let keys = hosted.card.as_ref();
    let card = keys.and_then(|keys| cards.find(&hosted.merchant, keys));
    write::data(&CheckedCard {
        token: turn.param("token"),
        card: card.map(|card| StoredCardBody::of(turn, card)),
    })
}

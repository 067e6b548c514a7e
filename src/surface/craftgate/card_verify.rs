//! A card is checked by taking a small amount and giving it back, and then stored.
//! contract: craftgate §5.3, §5.4

use crate::domain::decision::Point;
use crate::domain::hosted::{Hosted, Purpose, Ways};
use crate::domain::money::Amount;
use crate::domain::particulars::{Particulars, Provider, Source, StoredKeys};
use crate::domain::payment::{NewPayment, Payment};
use crate::domain::published::Operation;
use crate::domain::stored_card::NewCard;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::dialect::not_mocked;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::new_payment::{ask, charge};
use crate::surface::craftgate::stored_cards::StoredCardBody;
use crate::surface::craftgate::{body, card, checkout_init, owned, write};
use http::Method;
use serde::Serialize;

const fn row(
    method: Method,
    path: &'static str,
    (name, points): (&'static str, &'static [Point]),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint {
        method,
        path,
        page: None,
        name,
        evidence: Evidence::Observed,
        points,
        handle,
    }
}

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::POST,
        "/payment/v1/cards/verify",
        (
            "craftgate.card_verify.verify",
            &[Point::Page, Point::Authorization],
        ),
        verify,
    ),
    row(
        Method::POST,
        "/payment/v1/checkout-card-verify/init",
        ("craftgate.card_verify.init", &[Point::Page]),
        init,
    ),
    row(
        Method::GET,
        "/payment/v1/checkout-card-verify/{token}",
        ("craftgate.card_verify.retrieve", &[Point::Page]),
        retrieve,
    ),
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
        merchant: Some(turn.caller.clone()),
        conversation_id: fields.reference("conversationId"),
        provider: Provider::Bank,
        price: Some(price.clone()),
        paid: Some(price.clone()),
        ..Particulars::default()
    };
    let draft = NewPayment {
        particulars: Box::new(particulars),
        ..NewPayment::of(price.money())
    };
    (check.unwrap_or(Check::None), draft)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verified {
    card_user_key: String,
    card_token: String,
    html_content: Option<String>,
    redirect_url: Option<String>,
    merchant_callback_url: Option<String>,
    refund_status: Option<&'static str>,
    card_verify_status: &'static str,
}

fn verify(turn: &mut Turn<'_>) -> Answer {
    let (check, draft, callback_url, card) = body::read(turn, |fields| {
        let (check, draft) = read(turn, fields);
        let callback_url = fields.url("callbackUrl");
        let card = fields.need_object("card", |fields| {
            let card = card::open(turn, fields);
            card::cvc(turn, fields, card.as_ref().map(|card| &card.pan));
            card
        });
        (check, draft, callback_url, card.flatten())
    })?;
    let card = card.ok_or(Code::FieldMissing)?;
    let keys = match check {
        // What the shop's address is sent after the bank's page is not public.
        Check::ThreeDs => return not_mocked(turn),
        Check::None => card::keep(turn, card).keys,
        Check::Charged => charged(turn, draft, card)?,
    };
    write::data(&Verified {
        card_user_key: keys.user,
        card_token: keys.token,
        html_content: None,
        redirect_url: None,
        merchant_callback_url: callback_url,
        refund_status: (check == Check::Charged).then_some("SUCCESS"),
        card_verify_status: "SUCCESS",
    })
}

/// Takes the price and gives it back. Err when the bank declines: then nothing is stored.
fn charged(turn: &mut Turn<'_>, draft: NewPayment, card: NewCard) -> Result<StoredKeys, Refusal> {
    let at = turn.world.now();
    let mut draft = draft;
    draft.particulars.pan = Some(card.pan.clone());
    draft.particulars.last_four = Some(card.pan.last_four().to_owned());
    draft.particulars.holder_name = Some(card.holder.clone());
    let ids = &mut turn.world.ids;
    let payment = Payment::new(NewPayment {
        id: ids.payment(),
        transactions: ids.transactions(1),
        order_no: ids.order_no(at),
        bin: card.pan.digits().chars().take(8).collect(),
        at,
        ..draft
    })?;
    let said = ask(turn, &payment, Operation::Payment);
    let id = charge(turn, payment, &said)?.id;
    owned::payment_mut(turn, id)?.reverse(at)?;
    Ok(card::keep(turn, card).keys)
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
            user: fields.text("cardUserKey"),
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

/// The card, once it is stored.
fn retrieve(turn: &mut Turn<'_>) -> Answer {
    #[derive(Serialize)]
    struct Page<'a> {
        token: &'a str,
        card: Option<StoredCardBody>,
    }
    let hosted = checkout_init::own(turn, Hosted::wants_card)?;
    let cards = &turn.world.state.stored_cards;
    let keys = hosted.card.as_ref();
    let card = keys.and_then(|keys| cards.find(&hosted.merchant, keys));
    write::data(&Page {
        token: turn.param("token"),
        card: card.map(|card| StoredCardBody::of(turn, card)),
    })
}

//! The wallet's payments: completed at once, or after the bank's page. contract: craftgate §3.5, §3.6

use crate::domain::decision::Point;
use crate::domain::particulars::{Callback, Provider};
use crate::domain::payment::{NewPayment, Payment, PaymentId};
use crate::domain::published::Operation;
use crate::domain::token::{Reference, ReferenceState};
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::callback::{charge, page_key};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::new_payment::{begin, callback_version};
use crate::surface::craftgate::payment_body::PaymentBody;
use crate::surface::craftgate::way_back::OF_WALLET;
use crate::surface::craftgate::{body, decide, owned, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::POST,
        path: "/payment/v2/masterpass-payments/complete",
        page: None,
        name: "craftgate.masterpass.complete",
        evidence: Evidence::Documented,
        points: &[
            Point::Page,
            Point::Token,
            Point::Authorization,
            Point::Webhook,
        ],
        handle: complete,
        spec: write::one::<PaymentBody<'_>>,
    },
    Endpoint {
        method: Method::POST,
        path: "/payment/v2/masterpass-payments/3ds-init",
        page: None,
        name: "craftgate.masterpass.3ds_init",
        evidence: Evidence::Documented,
        points: &[Point::Page, Point::Token, Point::ThreeDsInit],
        handle: init,
        spec: write::one::<Initialised>,
    },
    Endpoint {
        method: Method::POST,
        path: "/payment/v2/masterpass-payments/3ds-complete",
        page: None,
        name: "craftgate.masterpass.3ds_complete",
        evidence: Evidence::Documented,
        points: &[Point::Page, Point::Authorization, Point::Webhook],
        handle: complete_three_d,
        spec: write::one::<PaymentBody<'_>>,
    },
];

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Initialised {
    payment_id: PaymentId,
    return_url: String,
}

/// Money moves here. What the bank declines is kept as a payment that failed.
fn complete(turn: &mut Turn<'_>) -> Answer {
    let (id, token) = body::read(turn, |fields| {
        (fields.need_text("referenceId"), fields.need_text("token"))
    })?;
    let reference = usable(turn, &id)?;
    if reference.three_d {
        return Err(Code::TokenNotAccepted.into());
    }
    let mut draft = draft(reference.clone())?;
    draft.particulars.callback = None;
    let mut payment = Payment::new(numbered(turn, draft))?;
    let world = &*turn.world;
    let careful = (world.scenario.settings.strict_tokens, world.now());
    let order = (&*reference.order_no, reference.paid);
    let bought = world.state.bought(&token, order, careful);
    if let Some(bought) = bought.map_err(|_| Code::TokenNotAccepted)? {
        payment.particulars.pay_with(&bought.token, bought.card());
    }
    let payment = keep(turn, &id, payment);
    charge(turn, payment, Operation::Payment)?;
    told(turn, payment)
}

/// The payment begins here, and waits for the bank's page. The wallet may ask for 3-D Secure
/// whether the shop did or not.
fn init(turn: &mut Turn<'_>) -> Answer {
    let (id, url, version) = body::read(turn, |fields| {
        let id = fields.need_text("referenceId");
        (id, fields.need_url("callbackUrl"), callback_version(fields))
    })?;
    let reference = usable(turn, &id)?;
    let mut draft = draft(reference)?;
    draft.three_d = true;
    let asked = draft.particulars.callback.as_ref();
    let version = version.max(asked.map_or(1, |callback| callback.version));
    draft.particulars.callback = Some(Callback { url, version }.into());
    let said = decide::bank(turn, Operation::ThreeDsInit, None);
    let payment = Payment::new(numbered(turn, draft))?;
    let payment_id = keep(turn, &id, payment.clone());
    begin(turn, payment, &said)?;
    // No `?` in it: clients append it unencoded.
    let key = page_key(turn, payment_id)?;
    let return_url = format!("{}{OF_WALLET}/{key}", turn.call.base());
    write::data(&Initialised {
        payment_id,
        return_url,
    })
}

fn complete_three_d(turn: &mut Turn<'_>) -> Answer {
    let id = body::read(turn, |fields| fields.need_id("paymentId"))?;
    if owned::payment(turn, id)?.particulars.provider != Provider::CardWallet {
        return Err(Code::PaymentNotFound.into());
    }
    owned::verified(turn, id)?;
    charge(turn, id, Operation::ThreeDsComplete)?;
    told(turn, id)
}

/// The caller's reference, which nobody has used yet.
fn usable(turn: &Turn<'_>, id: &str) -> Result<Reference, Refusal> {
    if let Some(fault) = turn.verdict.token {
        return Err(Refusal::Token(fault));
    }
    let reference = turn.world.state.references.get(id);
    let reference = reference.ok_or(Code::ReferenceInvalid)?;
    let draft = reference.draft.as_ref();
    let owner = draft.and_then(|draft| draft.particulars.merchant.as_deref());
    if owner != Some(&turn.caller) || reference.state != ReferenceState::Issued {
        return Err(Code::ReferenceInvalid.into());
    }
    reference
        .check(reference.paid, turn.world.now())
        .map_err(Refusal::Token)?;
    Ok(reference.clone())
}

fn draft(reference: Reference) -> Result<NewPayment, Refusal> {
    let draft = reference.draft.ok_or(Code::ReferenceInvalid)?;
    Ok(*draft)
}

/// Gives it its numbers.
fn numbered(turn: &mut Turn<'_>, mut draft: NewPayment) -> NewPayment {
    draft.at = turn.world.now();
    draft.id = turn.world.ids.payment();
    draft.transactions = turn.world.ids.transactions(draft.items.len());
    draft
}

/// Writes the payment down; its reference is used up.
fn keep(turn: &mut Turn<'_>, reference: &str, payment: Payment) -> PaymentId {
    let (id, state) = (payment.id, &mut turn.world.state);
    if let Some(reference) = state.references.get_mut(reference) {
        reference.use_up();
    }
    state.payments.put(id, payment);
    id
}

fn told(turn: &Turn<'_>, id: PaymentId) -> Answer {
    let payment = owned::payment(turn, id)?;
    write::data(&PaymentBody::of(turn, payment))
}

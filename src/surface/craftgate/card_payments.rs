//! Payments by card. contract: craftgate §5.1, §5.2, §4.8

use crate::call::form::Form;
use crate::domain::decision::{Authorization, Decline, Point};
use crate::domain::payment::{Failure, Payment};
use crate::domain::published::Operation;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::new_payment::{Wanted, ask, begin, charge};
use crate::surface::craftgate::payment_body::{PaymentBody, status};
use crate::surface::craftgate::{body, callback, decide, owned, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

const fn row(
    method: Method,
    (path, name): (&'static str, &'static str),
    points: &'static [Point],
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (Evidence::Documented, points), handle)
}

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::POST,
        ("/payment/v1/card-payments", "craftgate.card_payment.create"),
        &[Point::Page, Point::Authorization, Point::Webhook],
        create,
    )
    .told(write::one::<PaymentBody<'_>>),
    row(
        Method::POST,
        (
            "/payment/v1/card-payments/3ds-init",
            "craftgate.card_payment.3ds_init",
        ),
        &[Point::Page, Point::ThreeDsInit],
        init,
    )
    .told(write::one::<Begun>),
    row(
        Method::POST,
        (
            "/payment/v1/card-payments/3ds-complete",
            "craftgate.card_payment.3ds_complete",
        ),
        &[Point::Page, Point::Authorization, Point::Webhook],
        complete,
    )
    .told(write::one::<PaymentBody<'_>>),
    row(
        Method::POST,
        (
            "/payment/v1/card-payments/{paymentId}/post-auth",
            "craftgate.card_payment.post_auth",
        ),
        &[Point::Page, Point::Capture],
        post_auth,
    )
    .told(|spec| {
        spec.body(&[("paidPrice", Form::Number)]);
        write::one::<PaymentBody<'_>>(spec);
    }),
    row(
        Method::GET,
        (
            "/payment/v1/card-payments/{id}",
            "craftgate.card_payment.retrieve",
        ),
        &[Point::Page],
        retrieve,
    )
    .told(write::one::<PaymentBody<'_>>),
];

fn wanted(turn: &Turn<'_>, three_d: bool) -> Result<Wanted, Refusal> {
    let wanted = body::read(turn, |fields| Wanted::read(turn, fields, three_d))?;
    wanted.ok_or_else(|| Code::FieldMissing.into())
}

/// A rule's word, else the house's own decline, else the bank's answer.
fn said(
    turn: &mut Turn<'_>,
    payment: &Payment,
    (operation, declined): (Operation, Option<Decline>),
) -> Authorization {
    match (decide::ruled(turn, operation), declined) {
        (None, Some(why)) => Authorization::Declined(why),
        (None | Some(_), _) => ask(turn, payment, operation),
    }
}

/// Charged at once, without 3-D Secure.
fn create(turn: &mut Turn<'_>) -> Answer {
    let wanted = wanted(turn, false)?;
    let declined = wanted.checked(turn)?;
    let payment = wanted.payment(turn)?;
    let said = said(turn, &payment, (Operation::Payment, declined));
    let payment = charge(turn, payment, &said)?;
    write::data(&PaymentBody::of(turn, &payment))
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Begun {
    html_content: String,
    payment_id: u64,
    redirect_url: Option<String>,
    payment_status: &'static str,
    additional_action: &'static str,
}

/// 3-D Secure begins: the shop shows a page that leads to the bank's.
fn init(turn: &mut Turn<'_>) -> Answer {
    let wanted = wanted(turn, true)?;
    let declined = wanted.checked(turn)?;
    let payment = wanted.payment(turn)?;
    let said = said(turn, &payment, (Operation::ThreeDsInit, declined));
    let payment = begin(turn, payment, &said)?;
    write::data(&Begun {
        html_content: callback::html_content(turn, payment.id)?,
        payment_id: payment.id,
        redirect_url: None,
        payment_status: status(&payment),
        additional_action: "SHOW_HTML_CONTENT",
    })
}

/// Charged after the bank's page; once.
fn complete(turn: &mut Turn<'_>) -> Answer {
    let id = body::read(turn, |fields| fields.need_id("paymentId"))?;
    let payment = owned::verified(turn, id)?.clone();
    let said = ask(turn, &payment, Operation::ThreeDsComplete);
    let payment = charge(turn, payment, &said)?;
    write::data(&PaymentBody::of(turn, &payment))
}

/// What was reserved is taken, all or in part or up to half as much again. A bank that declines
/// leaves it reserved; what has lapsed cannot be taken any more.
fn post_auth(turn: &mut Turn<'_>) -> Answer {
    let id = owned::path_id(turn, "paymentId", Code::PaymentNotFound)?;
    let mut payment = owned::payment(turn, id)?.clone();
    let currency = payment.paid().currency();
    let amount = body::read(turn, |fields| {
        let has = fields.has("paidPrice");
        has.then(|| fields.need_amount("paidPrice", currency))
    })?;
    let at = turn.world.now();
    let money = amount
        .as_ref()
        .map_or(payment.authorized(), |amount| amount.money());
    let lifetime = turn.world.scenario.settings.craftgate.preauth_lifetime;
    let until = payment.reserved_until(lifetime);
    payment.capture(money, at)?;
    if until.is_some_and(|until| until <= at) {
        return Err(Refusal::Declined(Decline::ExpiredProvision));
    }
    let said = ask(turn, &payment, Operation::PostAuth);
    if let Some(why) = Failure::of(&said) {
        return Err(why.refusal());
    }
    if amount.is_some() {
        payment.particulars.paid = amount;
    }
    turn.world.state.payments.put(id, payment.clone());
    write::data(&PaymentBody::of(turn, &payment))
}

/// Any payment of the merchant, however it was made.
fn retrieve(turn: &mut Turn<'_>) -> Answer {
    let id = owned::path_id(turn, "id", Code::PaymentNotFound)?;
    let payment = owned::payment(turn, id)?;
    write::data(&PaymentBody::of(turn, payment))
}

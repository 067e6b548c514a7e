//! The hosted checkout page, as the shop's backend sees it. contract: craftgate §5.3, §3.11

use crate::domain::decision::Point;
use crate::domain::hosted::{Hosted, Purpose};
use crate::domain::payment::Status;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::checkout_init::Opened;
use crate::surface::craftgate::dialect::not_mocked;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::payment_body::PaymentBody;
use crate::surface::craftgate::{body, checkout_init, new_payment, owned, write};
use http::Method;

const fn row(
    method: Method,
    path: &'static str,
    (name, handle): (&'static str, fn(&mut Turn<'_>) -> Answer),
) -> Endpoint {
    Endpoint::of(
        method,
        (path, name),
        (Evidence::Documented, &[Point::Page]),
        handle,
    )
}

const ONE: &str = "/payment/v1/checkout-payments/{token}";

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::POST,
        "/payment/v1/checkout-payments/init",
        ("craftgate.checkout.init", init),
    )
    .told(write::one::<Opened>),
    row(Method::GET, ONE, ("craftgate.checkout.retrieve", retrieve))
        .told(write::one::<PaymentBody<'_>>),
    row(Method::DELETE, ONE, ("craftgate.checkout.expire", expire)).told(write::none),
];

fn is_payment(page: &Hosted) -> bool {
    page.purpose == Purpose::Payment
}

fn init(turn: &mut Turn<'_>) -> Answer {
    let deposit = body::peek(turn.call, |fields| {
        fields.is("depositPayment") || fields.is("depositPayments")
    });
    if deposit == Some(true) {
        return not_mocked(turn);
    }
    let hosted = checkout_init::read(turn, false)?;
    checkout_init::open(turn, hosted)
}

/// The payment that was tried last, whether it succeeded or not.
fn retrieve(turn: &mut Turn<'_>) -> Answer {
    let hosted = checkout_init::own(turn, is_payment)?;
    let tried = hosted.last().and_then(|id| owned::payment(turn, id).ok());
    let over = |status: &Status| match status {
        Status::Created | Status::AwaitingThreeDs | Status::Authenticated(_) => false,
        Status::Authorized | Status::Captured | Status::Voided | Status::Failed(_) => true,
    };
    match tried.filter(|payment| over(payment.status())) {
        Some(payment) => write::data(&PaymentBody::of(turn, payment)),
        None if hosted.is_known(turn.world.now()) => Err(Code::CheckoutNotCompleted.into()),
        None => Err(Code::CheckoutTokenUnknown.into()),
    }
}

fn expire(turn: &mut Turn<'_>) -> Answer {
    let last = checkout_init::own(turn, is_payment)?.last();
    let token = turn.param("token").to_owned();
    if let Some(hosted) = turn.world.state.hosted.get_mut(&token) {
        hosted.withdraw();
    }
    new_payment::abandon(turn, last);
    write::nothing()
}

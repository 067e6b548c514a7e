//! What befalls a payment although nobody calls: its 3-D Secure challenge is over, and nobody came back.

use crate::domain::decision::Point;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::{text, webhooks};
use http::{Method, StatusCode};

/// The rows.
pub const TIMED: &[Endpoint] = &[Endpoint::of(
    Method::POST,
    ("", "craftgate.page.three_ds_timeout"),
    (Evidence::Inferred, &[Point::Webhook]),
    |turn| {
        abandoned(turn)?;
        Ok(Reply::empty(StatusCode::NO_CONTENT))
    },
)];

/// The payment has failed; its merchant is told as if the browser had brought it.
fn abandoned(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let id = text::id(turn.param("paymentId")).ok_or(Code::PaymentNotFound)?;
    webhooks::verified(turn, id, false);
    Ok(())
}

//! A price that several payments share, on one hosted page. contract: craftgate §5.3

use crate::domain::decision::Point;
use crate::domain::hosted::Purpose;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::checkout_init::{self, Opened};
use crate::surface::craftgate::write::{self, Date, Decimal, data};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::POST,
        path: "/payment/v1/multi-payments/init",
        page: None,
        name: "craftgate.multi_payment.init",
        evidence: Evidence::Observed,
        points: &[Point::Page],
        handle: init,
        spec: write::one::<Opened>,
    },
    Endpoint {
        method: Method::GET,
        path: "/payment/v1/multi-payments/{token}",
        page: None,
        name: "craftgate.multi_payment.retrieve",
        evidence: Evidence::Observed,
        points: &[Point::Page],
        handle: retrieve,
        spec: write::one::<MultiPayment<'_>>,
    },
];

/// The newest client reads `price`, the released one `paidPrice`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MultiPayment<'a> {
    id: u64,
    multi_payment_status: &'static str,
    token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    price: Decimal,
    paid_price: Decimal,
    remaining_amount: Decimal,
    token_expire_date: Date,
    payment_ids: &'a [u64],
}

fn init(turn: &mut Turn<'_>) -> Answer {
    let mut hosted = checkout_init::read(turn, true)?;
    hosted.purpose = Purpose::Parts;
    checkout_init::open(turn, hosted)
}

fn retrieve(turn: &mut Turn<'_>) -> Answer {
    let hosted = checkout_init::own(turn, |page| page.in_parts())?;
    let said = &hosted.draft.particulars;
    data(&MultiPayment {
        id: hosted.id,
        multi_payment_status: match hosted.is_settled() {
            true => "COMPLETED",
            false => "CREATED",
        },
        token: turn.param("token"),
        conversation_id: said.conversation_id.as_deref(),
        external_id: said.external_id.as_deref(),
        price: Decimal::echo(hosted.draft.price, said.price.as_ref()),
        paid_price: Decimal::echo(hosted.draft.paid, said.paid.as_ref()),
        remaining_amount: Decimal::echo(hosted.remaining(), said.paid.as_ref()),
        token_expire_date: Date(hosted.expires_at),
        payment_ids: hosted.paid(),
    })
}

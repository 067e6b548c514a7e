//! Loans and overdrafts: known, and not mocked. contract: masterpass §3.3

use crate::domain::decision::Point;
use crate::refusal::{Refusal, WalletFault};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use http::Method;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::POST,
        ("/credit-bff/api/Loan/geturl", "masterpass.loan.url"),
    ),
    row(
        Method::GET,
        ("/credit-bff/{*rest}", "masterpass.loan.overdraft"),
    ),
];

const fn row(method: Method, known: (&'static str, &'static str)) -> Endpoint {
    let points = &[Point::Page, Point::Token];
    Endpoint::of(method, known, (Evidence::Observed, points), not_mocked).told(|spec| spec.later())
}

fn not_mocked(_: &mut Turn<'_>) -> Answer {
    Err(Refusal::Wallet(WalletFault::Unsupported))
}

//! The merchant's backend gives back: voids, refunds. contract: masterpass §8.3

use super::caller::claims;
use super::codes;
use super::envelope::{language, success, told};
use super::said::{MOST_TEXT, Said};
use crate::domain::decision::Point;
use crate::domain::receipt::Receipt;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::masterpass::wallet::{self, GivenBack};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        ("/payment/api/Payment/void", "masterpass.payment.void"),
        void,
    )
    .told(told::<Voided>),
    row(
        ("/payment/api/Payment/refund", "masterpass.payment.refund"),
        refund,
    )
    .told(told::<Refunded>),
];

const fn row(known: (&'static str, &'static str), handle: fn(&mut Turn<'_>) -> Answer) -> Endpoint {
    let points = &[Point::Page, Point::Token, Point::Refund];
    Endpoint::of(Method::POST, known, (Evidence::Observed, points), handle)
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Voided {
    acquirer_retrieval_number: String,
    auth_code: String,
    order_id: String,
    retrieval_reference_number: String,
    payment_retrieval_reference_number: String,
    currency_code: &'static str,
    payment_amount: String,
    account_key: Option<String>,
    terminal_group_id: Option<String>,
    terminal_group_name: Option<&'static str>,
    response_code: &'static str,
    description: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Refunded {
    #[serde(flatten)]
    voided: Voided,
    ica_number: String,
    amount: String,
    transaction_date: String,
}

impl Voided {
    fn of(turn: &Turn<'_>, given: &GivenBack, terminal_group: Option<String>) -> Self {
        let number = |receipt: Option<&Receipt>| {
            receipt.map_or_else(String::new, |receipt| receipt.host_reference())
        };
        let GivenBack { payment, refund } = given;
        let receipt = refund.receipt.as_ref();
        let phone = claims(turn).map(|claims| claims.msisdn.clone()).ok();
        Self {
            acquirer_retrieval_number: number(receipt),
            auth_code: receipt.map_or_else(String::new, |receipt| receipt.auth_code()),
            order_id: payment.order_no.to_string(),
            retrieval_reference_number: number(receipt),
            payment_retrieval_reference_number: number(payment.particulars.receipt.as_ref()),
            currency_code: payment.paid().currency().code(),
            payment_amount: payment.paid().minor().to_string(),
            account_key: phone.filter(|phone| !phone.is_empty()).map(Into::into),
            terminal_group_id: terminal_group,
            terminal_group_name: None,
            response_code: codes::DONE,
            description: codes::DONE_TEXT.of(language(turn)),
        }
    }
}

fn void(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let order_id = said.need("orderId", MOST_TEXT);
    let terminal_group = said.text("terminalGroupId", MOST_TEXT);
    said.day("transactionDate");
    said.check()?;
    let given = wallet::void(turn, &order_id)?;
    let voided = Voided::of(turn, &given, terminal_group);
    Ok(success(turn, &voided))
}

/// Without an amount, all that is left.
fn refund(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let order_id = said.need("orderId", MOST_TEXT);
    let terminal_group = said.text("terminalGroupId", MOST_TEXT);
    said.day("orderDate");
    let amount = said.amount("amount");
    said.check()?;
    let given = wallet::refund(turn, &order_id, amount)?;
    let refunded = Refunded {
        voided: Voided::of(turn, &given, terminal_group),
        ica_number: turn.world.scenario.settings.bank.ica.to_string(),
        amount: given.refund.amount.minor().to_string(),
        transaction_date: given.refund.at.turkey_digits()[..8].to_owned(),
    };
    Ok(success(turn, &refunded))
}

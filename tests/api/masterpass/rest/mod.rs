//! The wallet's new generation. Tests whose names begin with `row_` are those of the contract's table
//! of scenarios (masterpass §11), by its numbers.

pub mod accounts;
pub mod backend;
pub mod cors;
pub mod envelope;
pub mod passwords;
pub mod payments;
pub mod recurring;
pub mod three_ds;
pub mod tokens;
pub mod wire;

use crate::support::wallet::{authorized, wanted};
use crate::support::{Answer, Shopper, app};
use serde_json::json;

/// A page of the default customer with a token, under these rules.
fn page(rules: &str) -> Shopper {
    page_of(rules, crate::support::wallet::PHONE)
}

/// As [`page`], of somebody else.
fn page_of(rules: &str, phone: &str) -> Shopper {
    let mut shopper = Shopper::new(&app(rules));
    authorized(&mut shopper, &wanted(phone, json!({})));
    shopper
}

/// Status and `exception.code`, of an answer that keeps the rules of errors.
fn refused(answer: &Answer) -> (u16, String) {
    assert_eq!(
        answer.at("statusCode"),
        &json!(answer.status),
        "{}",
        answer.text
    );
    assert!(answer.at("result").is_null(), "{}", answer.text);
    assert!(answer.at("exception").is_object(), "{}", answer.text);
    assert_ne!(answer.text_at("exception.message"), "", "{}", answer.text);
    (answer.status, answer.text_at("exception.code"))
}

fn no(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Status and `result.responseCode`, of an answer that keeps the rules of results.
fn said(answer: &Answer) -> (u16, String) {
    assert_eq!(
        answer.at("statusCode"),
        &json!(answer.status),
        "{}",
        answer.text
    );
    assert!(answer.at("exception").is_null(), "{}", answer.text);
    let location = answer.header("content-location");
    let wanted = match answer.status {
        202 => "/user-authorization/api/Otp/verify",
        _ => "",
    };
    assert_eq!(location, wanted, "{}", answer.text);
    (answer.status, answer.text_at("result.responseCode"))
}

fn yes(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

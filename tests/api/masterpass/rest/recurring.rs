//! What is paid again and again.

use super::{no, page, refused, said, yes};
use crate::support::wallet::{PHONE, call, verify, with};
use http::Method;
use serde_json::json;

#[test]
fn orders_begin_change_and_end() {
    let mut page = page("");
    let order = json!({"accountKey": PHONE, "authenticationMethod": "None", "amountLimit": 5000,
        "requestReferenceNumber": "1", "cardAlias": "Maaş kartım", "productId": "p-1", "expiryDate": "20301231"});
    let missing = no(404, "ORDER_NOT_FOUND");
    let target = "/account/api/RecurringOrder";
    for (method, good) in [
        (Method::PUT, false),
        (Method::DELETE, false),
        (Method::POST, true),
        (Method::PUT, true),
        (Method::DELETE, true),
        (Method::DELETE, false),
    ] {
        let answer = call(&mut page, method.clone(), target, &order);
        match good {
            true => assert_eq!(said(&answer), yes(200, "0000"), "{method}"),
            false => assert_eq!(refused(&answer), missing, "{method}"),
        }
    }
    let no_card = with(order.clone(), json!({"cardAlias": "x"}));
    let answer = call(&mut page, Method::POST, target, &no_card);
    assert_eq!(refused(&answer), no(404, "CARD_NOT_FOUND"));
    let wrong = with(order, json!({"amountLimit": "x", "productId": null}));
    let answer = call(&mut page, Method::POST, target, &wrong);
    assert_eq!(refused(&answer), no(400, "VALIDATION_ERROR"));
    assert_eq!(
        answer
            .at("exception.validationErrors")
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

/// What a rule asks for comes first; the order begins when it is given.
#[test]
fn an_order_begins_when_all_that_is_asked_for_is_given() {
    let rules = "[[rule]]\nwhen = { endpoint = \"masterpass.recurring.*\" }\nthen = { asks = [\"wallet_otp\"] }";
    let mut page = page(rules);
    let order = json!({"accountKey": PHONE, "authenticationMethod": "None", "amountLimit": 5000,
        "requestReferenceNumber": "1", "cardAlias": "Maaş kartım", "productId": "p-1", "expiryDate": "20301231"});
    let target = "/account/api/RecurringOrder";
    let unknown = call(&mut page, Method::DELETE, target, &order);
    assert_eq!(refused(&unknown), no(404, "ORDER_NOT_FOUND"));
    let asked = call(&mut page, Method::POST, target, &order);
    assert_eq!(said(&asked), yes(202, "5008"));
    let missing = call(&mut page, Method::PUT, target, &order);
    assert_eq!(refused(&missing), no(404, "ORDER_NOT_FOUND"));
    let given = verify(&mut page, &asked, "123456");
    assert_eq!(said(&given), yes(200, "0000"));
    let there = call(&mut page, Method::PUT, target, &order);
    assert_eq!(said(&there), yes(202, "5008"));
}

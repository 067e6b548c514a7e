//! What is paid again and again.

use super::{no, page, refused, said, yes};
use crate::support::wallet::{PHONE, call, with};
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

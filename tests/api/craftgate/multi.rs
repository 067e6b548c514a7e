//! A price that several payments share.

use crate::support::merchant::{HOST, Merchant};
use crate::support::{Shopper, app};
use serde_json::json;

#[test]
pub fn parts_are_paid_until_nothing_is_left() {
    let app = app("");
    let (mut merchant, mut shopper) = (Merchant::new(&app), Shopper::new(&app));
    let order = json!({"price": 100.00, "paidPrice": 100.00, "currency": "TRY",
        "callbackUrl": "https://shop.example/multi", "conversationId": "c-1", "externalId": "e-1",
        "items": [{"name": "Shoe", "price": 100.00}]});
    let opened = merchant.post("/payment/v1/multi-payments/init", &order);
    assert_eq!(opened.status, 200, "{}", opened.text);
    let token = opened.text_at("data.token");
    let url = opened.text_at("data.pageUrl");
    let target = url
        .strip_prefix(&format!("http://{HOST}"))
        .unwrap()
        .to_owned();
    let path = format!("/payment/v1/multi-payments/{token}");
    let pay = |number: &str, part: &str| {
        format!(
            "method=card&cardHolderName=Haluk+Demir&cardNumber={number}&expireMonth=07&\
             expireYear=2044&cvc=000&amount={part}&action=pay"
        )
    };
    for (number, part, status, rest, paid) in [
        ("5258640000000001", "33,33", 200, "66.67", 1),
        ("5100050000006661", "10", 200, "66.67", 1),
        ("5258640000000001", "66.68", 422, "66.67", 1),
        ("5258640000000001", "0", 422, "66.67", 1),
        ("5258640000000001", "x", 422, "66.67", 1),
        ("5209220000000002", "0.01", 200, "66.66", 2),
    ] {
        let page = shopper.post_form(&target, &pay(number, part));
        assert_eq!(page.status, status, "{part}: {}", page.text);
        assert!(page.text.contains("checkout-page"), "{part}");
        let answer = merchant.get(&path);
        assert_eq!(answer.text_at("data.remainingAmount"), rest, "{part}");
        assert_eq!(answer.text_at("data.multiPaymentStatus"), "CREATED");
        assert_eq!(
            answer.at("data.paymentIds").as_array().unwrap().len(),
            paid,
            "{part}"
        );
    }
    let page = shopper.post_form(&target, &pay("5258640000000001", ""));
    assert!(
        page.text.contains("action=\"https://shop.example/multi\""),
        "{}",
        page.text
    );
    let answer = merchant.get(&path);
    assert_eq!(answer.text_at("data.multiPaymentStatus"), "COMPLETED");
    assert_eq!(*answer.at("data.remainingAmount"), json!(0));
    assert_eq!(answer.at("data.paymentIds").as_array().unwrap().len(), 3);
    assert_eq!(answer.text_at("data.token"), token);
    let other = merchant.get(&format!("/payment/v1/checkout-payments/{token}"));
    assert_eq!(
        other.text_at("errors.errorCode"),
        "4600",
        "it is no checkout payment"
    );
    assert_eq!(merchant.get("/payment/v1/multi-payments/x").status, 404);
}

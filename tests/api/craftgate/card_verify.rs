//! Cards that are checked before they are stored.

use crate::support::merchant::{HOST, Merchant};
use crate::support::{Shopper, bare as app};
use serde_json::{Value, json};

const VERIFY: &str = "/payment/v1/cards/verify";

fn request(number: &str, how: &str) -> Value {
    json!({"card": {"cardHolderName": "Haluk Demir", "cardNumber": number, "expireYear": "2044",
                    "expireMonth": "07", "cvc": "000", "cardAlias": "mine"},
           "paymentAuthenticationType": how, "verificationPrice": 1.00, "currency": "TRY",
           "callbackUrl": "https://shop.example/verified"})
}

#[test]
fn a_card_is_checked_and_stored() {
    let mut merchant = Merchant::new(&app(""));
    for (how, refund) in [("NON_THREE_DS", json!("SUCCESS")), ("NONE", Value::Null)] {
        let answer = merchant.post(VERIFY, &request("5258640000000001", how));
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.text_at("data.cardVerifyStatus"), "SUCCESS");
        assert_eq!(*answer.at("data.refundStatus"), refund);
        let (user, token) = (
            answer.text_at("data.cardUserKey"),
            answer.text_at("data.cardToken"),
        );
        let found = merchant.get(&format!("/payment/v1/cards?cardUserKey={user}"));
        assert_eq!(
            found.text_at("data.items.0.cardToken"),
            token,
            "{}",
            found.text
        );
    }
    let answer = merchant.post(VERIFY, &request("5100050000006661", "NON_THREE_DS"));
    assert_eq!(answer.text_at("errors.errorGroup"), "NOT_SUFFICIENT_FUNDS");
    let found = merchant.get("/payment/v1/cards");
    assert_eq!(
        *found.at("data.totalSize"),
        json!(2),
        "nothing is stored of a declined card"
    );
    assert_eq!(
        merchant
            .post(VERIFY, &request("5258640000000001", "THREE_DS"))
            .status,
        501
    );
    merchant.header("lang", "en");
    let said = merchant
        .post(VERIFY, &json!({}))
        .text_at("errors.errorDescription");
    for field in [
        "card",
        "paymentAuthenticationType",
        "verificationPrice",
        "currency",
    ] {
        assert!(said.contains(&format!("{field}: required")), "{said}");
    }
}

#[test]
fn a_card_is_checked_on_a_page() {
    let app = app("");
    let (mut merchant, mut shopper) = (Merchant::new(&app), Shopper::new(&app));
    for how in ["NON_THREE_DS", "NONE"] {
        let mut wanted = request("", how);
        wanted.as_object_mut().unwrap().remove("card");
        let opened = merchant.post("/payment/v1/checkout-card-verify/init", &wanted);
        assert_eq!(opened.status, 200, "{}", opened.text);
        let (token, url) = (opened.text_at("data.token"), opened.text_at("data.pageUrl"));
        let target = url
            .strip_prefix(&format!("http://{HOST}"))
            .unwrap()
            .to_owned();
        let path = format!("/payment/v1/checkout-card-verify/{token}");
        assert_eq!(*merchant.get(&path).at("data.card"), Value::Null);
        let card = |number: &str| {
            format!(
                "method=card&cardHolderName=Haluk+Demir&cardNumber={number}&expireMonth=07&\
                 expireYear=2044&cvc=000&action=pay"
            )
        };
        if how == "NON_THREE_DS" {
            shopper.post_form(&target, &card("5100050000006661"));
            assert_eq!(*merchant.get(&path).at("data.card"), Value::Null);
        }
        let page = shopper.post_form(&target, &card("5258640000000001"));
        assert!(
            page.text
                .contains("action=\"https://shop.example/verified\""),
            "{}",
            page.text
        );
        let answer = merchant.get(&path);
        assert_eq!(answer.text_at("data.token"), token);
        assert_eq!(
            answer.text_at("data.card.lastFourDigits"),
            "0001",
            "{how} {}",
            answer.text
        );
    }
    assert_eq!(
        merchant.get("/payment/v1/checkout-card-verify/x").status,
        404
    );
}

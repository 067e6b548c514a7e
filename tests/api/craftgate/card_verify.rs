//! Cards that are checked before they are stored.

use super::cards::{PAYMENTS, posted, refusal, visit, with};
use crate::support::merchant::{HOST, Merchant};
use crate::support::{Answer, Shopper, bare as app};
use serde_json::{Value, json};

const VERIFY: &str = "/payment/v1/cards/verify";

fn request(number: &str, how: &str) -> Value {
    json!({"card": {"cardHolderName": "Haluk Demir", "cardNumber": number, "expireYear": "2044",
                    "expireMonth": "07", "cvc": "000", "cardAlias": "mine"},
           "paymentAuthenticationType": how, "verificationPrice": 1.00, "currency": "TRY",
           "callbackUrl": "https://shop.example/verified"})
}

#[test]
pub fn a_card_is_checked_and_stored() {
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

/// How many cards are stored.
fn stored(merchant: &mut Merchant) -> Value {
    merchant
        .get("/payment/v1/cards")
        .at("data.totalSize")
        .clone()
}

#[test]
pub fn a_card_is_checked_at_its_bank() {
    let mut merchant = Merchant::new(&app(""));
    let wanted = with(
        request("5258640000000001", "THREE_DS"),
        "/conversationId",
        json!("check-7"),
    );
    let begun = merchant.post(VERIFY, &wanted);
    assert_eq!(begun.status, 200, "{}", begun.text);
    assert_eq!(begun.text_at("data.cardVerifyStatus"), "THREE_DS_PENDING");
    assert_eq!(
        begun.text_at("data.merchantCallbackUrl"),
        "https://shop.example/verified"
    );
    for absent in ["cardUserKey", "cardToken", "refundStatus"] {
        assert_eq!(
            *begun.at(&format!("data.{absent}")),
            Value::Null,
            "{absent}"
        );
    }
    assert_eq!(
        stored(&mut merchant),
        json!(0),
        "not before the bank's page"
    );
    let page = visit(&merchant, &begun, "succeeds");
    assert!(
        page.text
            .contains("action=\"https://shop.example/verified\""),
        "{}",
        page.text
    );
    assert_eq!(posted(&page, "status"), "SUCCESS");
    assert_eq!(
        posted(&page, "completeStatus"),
        "COMPLETED",
        "nothing is left to do"
    );
    assert_eq!(posted(&page, "conversationId"), "check-7");
    assert_eq!(posted(&page, "hash").len(), 64);
    let id = posted(&page, "paymentId");
    let payment = merchant.get(&format!("{PAYMENTS}/{id}"));
    let user = payment.text_at("data.cardUserKey");
    let found = merchant.get(&format!("/payment/v1/cards?cardUserKey={user}"));
    assert_eq!(
        found.at("data.items.0.cardToken"),
        payment.at("data.cardToken")
    );
    assert_eq!(
        found.text_at("data.items.0.cardAlias"),
        "mine",
        "{}",
        found.text
    );
    let reported = merchant.get(&format!("/payment-reporting/v1/payments/{id}"));
    assert_eq!(
        reported.text_at("data.refundStatus"),
        "FULLY_REFUNDED",
        "{}",
        reported.text
    );
    let again = visit(&merchant, &begun, "succeeds");
    assert_eq!(posted(&again, "callbackStatus"), "ALREADY_RETURNED");
    assert_eq!(stored(&mut merchant), json!(1), "once");
    let complete = merchant.post(
        &format!("{PAYMENTS}/3ds-complete"),
        &json!({"paymentId": id}),
    );
    assert_eq!(refusal(&complete).0, "4302", "nothing is left to complete");
    let bare = with(
        request("5258640000000001", "THREE_DS"),
        "/callbackUrl",
        Value::Null,
    );
    assert_eq!(refusal(&merchant.post(VERIFY, &bare)).0, "4001");
}

#[test]
pub fn a_check_that_fails_stores_nothing() {
    let mut merchant = Merchant::new(&app(r#"
        [[rule]]
        when = { endpoint = "craftgate.page.three_ds_return", bin = "520922" }
        then = { decline = "lost_card" }
        [[rule]]
        when = { endpoint = "craftgate.card_verify.verify", three_d = true, amount = "1.00", nth = 4 }
        then = { decline = "three_ds_init_error" }"#));
    for (number, pressed) in [
        ("5258640000000001", "cancelled"),
        ("5258640000000001", "half"),
        ("5209220000000002", "succeeds"),
    ] {
        let begun = merchant.post(VERIFY, &request(number, "THREE_DS"));
        let page = visit(&merchant, &begun, pressed);
        assert_eq!(posted(&page, "status"), "FAILURE", "{number} {pressed}");
    }
    let answer = merchant.post(VERIFY, &request("5258640000000001", "THREE_DS"));
    assert_eq!(
        (answer.status, refusal(&answer).1),
        (422, "THREEDS_INIT_ERROR".to_owned())
    );
    assert_eq!(stored(&mut merchant), json!(0));
    assert_eq!(
        *merchant
            .get("/payment-reporting/v1/payments?paymentStatus=FAILURE")
            .at("data.totalSize"),
        json!(4)
    );
}

/// The shopper follows the page to the bank, presses a button there and comes back.
fn by_way_of_the_bank(shopper: &mut Shopper, sent: &Answer, pressed: &str) -> Answer {
    assert_eq!(sent.status, 303, "{}", sent.text);
    let bank = sent.header("location");
    let bank = bank[bank.find("/bank/").unwrap()..].to_owned();
    let ended = shopper.post_form(&bank, &format!("outcome={pressed}"));
    let back = ended.header("location");
    let page = shopper.get(&back[back.find("/payment").unwrap()..]);
    let (_, back) = page.text.split_once("/pay/return").expect(&page.text);
    let (query, _) = back.split_once('"').unwrap();
    let query = query.replace("&#38;", "&");
    shopper.post_form(&format!("/pay/return{query}"), "")
}

#[test]
pub fn a_card_is_checked_on_a_page_and_at_its_bank() {
    let app = app("");
    let (mut merchant, mut shopper) = (Merchant::new(&app), Shopper::new(&app));
    let wanted = with(request("", "THREE_DS"), "/card", Value::Null);
    let opened = merchant.post("/payment/v1/checkout-card-verify/init", &wanted);
    let (token, url) = (opened.text_at("data.token"), opened.text_at("data.pageUrl"));
    let target = url.strip_prefix(&format!("http://{HOST}")).unwrap();
    let path = format!("/payment/v1/checkout-card-verify/{token}");
    for (pressed, last_four) in [("fails", Value::Null), ("succeeds", json!("0001"))] {
        let sent = shopper.post_form(
            target,
            "method=card&cardHolderName=Haluk+Demir&cardNumber=5258640000000001&expireMonth=07&\
             expireYear=2044&cvc=000&action=pay",
        );
        assert_eq!(*merchant.get(&path).at("data.card"), Value::Null);
        let page = by_way_of_the_bank(&mut shopper, &sent, pressed);
        assert!(
            page.text
                .contains("action=\"https://shop.example/verified\""),
            "{}",
            page.text
        );
        assert_eq!(
            *merchant.get(&path).at("data.card.lastFourDigits"),
            last_four,
            "{pressed}"
        );
    }
    let paid = merchant.get("/payment-reporting/v1/payments?paymentStatus=SUCCESS");
    assert_eq!(
        paid.text_at("data.items.0.refundStatus"),
        "FULLY_REFUNDED",
        "{}",
        paid.text
    );
    assert_eq!(stored(&mut merchant), json!(1));
}

#[test]
pub fn a_card_is_checked_on_a_page() {
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

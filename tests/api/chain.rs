//! One chain, one sandbox: from the shop's token through wallet and bank to the thank-you page, in all
//! six transaction types, as transcripts. Only what the wallet really issued counts there.

use crate::flows::{thanked, told};
use crate::support::walk::{PLAIN, Plan, complete, to_order_no};
use crate::support::wallet::{
    DIRECT, KEPT, SAVED, access, challenge, kept, post, saved, to_bank, typed, verify, wait,
};
use crate::support::{Answer, Shopper, app};
use serde_json::Value;

pub const SHOP: &str =
    "http://127.0.0.1:4242/orders/checkout/?page=MasterpassRestCompletePage&three_d_secure=true";

/// Up to the order number, with the shop's token for the browser: the phone, and the order number.
pub fn begun(plan: Plan) -> (Shopper, String, String) {
    let mut shopper = Shopper::new(&app("[settings]\nstrict_tokens = true"));
    let order_no = to_order_no(&mut shopper, plan);
    let target = format!(
        "/orders/masterpass-rest-token/?three_d={}&msisdn_validated=true",
        plan.three_d
    );
    let token = shopper.get(&target);
    assert_eq!(token.status, 200, "{}", token.text);
    shopper.header("authorization", &token.text_at("token"));
    let phone = token.text_at("msisdn");
    let list = access(&mut shopper, &phone);
    assert_eq!(list.status, 200, "{}", list.text);
    (shopper, phone, order_no)
}

/// The bank is content with challenge `id`, and the browser brings its fields to the shop.
pub fn by_the_bank(shopper: &mut Shopper, id: &str) -> Answer {
    let told = challenge(shopper, id, Some("succeeds"));
    let url = told.text_at("return.url");
    let (_, target) = url.split_once("127.0.0.1").unwrap();
    let target = target.trim_start_matches(":4242");
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in told.at("return.fields").as_object().unwrap() {
        form.append_pair(name, value.as_str().unwrap());
    }
    shopper.post_form(target, &form.finish())
}

/// The way on from the wallet's answer: a password where one is asked for, the bank's page, the shop.
fn ends(shopper: &mut Shopper, mut answer: Answer, kind: &str) -> Answer {
    if matches!(&*answer.text_at("result.responseCode"), "5001" | "5008") {
        answer = verify(shopper, &answer, "123456");
    }
    if kind.ends_with("_3D") {
        let id = to_bank(shopper, &answer, SHOP);
        return by_the_bank(shopper, &id);
    }
    assert_eq!(
        answer.text_at("result.responseCode"),
        "0000",
        "{}",
        answer.text
    );
    complete(shopper, &answer.text_at("result.token"), kind)
}

pub fn plan(bin: &'static str, stored: bool, three_d: bool) -> Plan {
    Plan {
        bin,
        stored,
        three_d,
        ..PLAIN
    }
}

/// Tells the whole story of a purchase whose body `body` makes of phone and order number.
fn story(plan: Plan, (target, kind): (&str, &str), body: impl FnOnce(&str, &str) -> Value) {
    let (mut shopper, phone, order_no) = begun(plan);
    let answer = post(&mut shopper, target, &body(&phone, &order_no));
    let thanks = ends(&mut shopper, answer, kind);
    thanked(&mut shopper, &thanks);
    if kind.starts_with("REGISTER") {
        let list = access(&mut shopper, &phone);
        assert!(
            list.text.contains("Yeni kartım"),
            "it is kept: {}",
            list.text
        );
    }
    let name = kind.to_lowercase().replace('_', "-");
    told(&shopper, &format!("wallet-{name}.txt"));
}

#[test]
pub fn purchase() {
    story(
        plan("520922", true, false),
        (SAVED, "PURCHASE"),
        |phone, order_no| saved(phone, "Bonus kartım", order_no),
    );
}

#[test]
pub fn purchase_3d() {
    story(
        plan("525864", true, true),
        (SAVED, "PURCHASE_3D"),
        |phone, order_no| saved(phone, "Maaş kartım", order_no),
    );
}

#[test]
pub fn direct_purchase() {
    story(
        plan("513662", false, false),
        (DIRECT, "DIRECT_PURCHASE"),
        |phone, order_no| typed(phone, "BANK OTP", order_no),
    );
}

#[test]
pub fn direct_purchase_3d() {
    story(
        plan("440247", false, true),
        (DIRECT, "DIRECT_PURCHASE_3D"),
        |phone, order_no| typed(phone, "OTP THEN THREE D", order_no),
    );
}

#[test]
pub fn register_and_purchase() {
    story(
        plan("413226", false, false),
        (KEPT, "REGISTER_AND_PURCHASE"),
        |phone, order_no| kept(phone, ("DIRECT", "Yeni kartım"), order_no),
    );
}

#[test]
pub fn register_and_purchase_3d() {
    story(
        plan("554548", false, true),
        (KEPT, "REGISTER_AND_PURCHASE_3D"),
        |phone, order_no| kept(phone, ("THREE D", "Yeni kartım"), order_no),
    );
}

/// Amounts and order numbers count to the end, and so does the way that was taken.
#[test]
pub fn what_does_not_fit_is_refused_at_the_shop() {
    let (mut shopper, phone, order_no) = begun(plan("413226", false, false));
    let body = crate::support::wallet::with(
        typed(&phone, "DIRECT", &order_no),
        serde_json::json!({"amount": 9_999}),
    );
    let cheap = post(&mut shopper, DIRECT, &body);
    let refused = complete(
        &mut shopper,
        &cheap.text_at("result.token"),
        "DIRECT_PURCHASE",
    );
    assert_ne!(refused.at("errors"), &Value::Null, "{}", refused.text);
    let good = post(&mut shopper, DIRECT, &typed(&phone, "DIRECT", &order_no));
    let token = good.text_at("result.token");
    let other = complete(&mut shopper, &token, "PURCHASE");
    assert_ne!(other.at("errors"), &Value::Null, "{}", other.text);
    let thanks = complete(&mut shopper, &token, "DIRECT_PURCHASE");
    thanked(&mut shopper, &thanks);
    let voided = post(
        &mut shopper,
        "/payment/api/Payment/void",
        &serde_json::json!({"OrderId": order_no, "MerchantId": "mockpos-merchant"}),
    );
    assert_eq!(
        voided.status, 200,
        "the wallet's backend sees it: {}",
        voided.text
    );
}

/// A password, then the shop's own token, are no good any more once their time is over.
#[test]
pub fn a_password_and_a_bearer_token_expire() {
    let (mut shopper, phone, order_no) = begun(plan("513662", false, false));
    let asked = post(&mut shopper, DIRECT, &typed(&phone, "BANK OTP", &order_no));
    let code = asked.text_at("result.responseCode");
    assert!(matches!(&*code, "5001" | "5008"), "{}", asked.text);
    wait(&mut shopper, "3m");
    let late = verify(&mut shopper, &asked, "123456");
    assert_ne!(late.status, 200, "{}", late.text);
    assert_eq!(access(&mut shopper, &phone).status, 200, "{}", late.text);
    wait(&mut shopper, "27m");
    assert_eq!(access(&mut shopper, &phone).status, 401);
    told(&shopper, "expiry-wallet.txt");
}

/// What was bought and not completed in time is not bought.
#[test]
pub fn a_result_token_expires() {
    let (mut shopper, phone, order_no) = begun(plan("513662", false, false));
    let asked = post(&mut shopper, DIRECT, &typed(&phone, "BANK OTP", &order_no));
    let bought = verify(&mut shopper, &asked, "123456");
    assert_eq!(
        bought.text_at("result.responseCode"),
        "0000",
        "{}",
        bought.text
    );
    let token = bought.text_at("result.token");
    wait(&mut shopper, "30m");
    let late = complete(&mut shopper, &token, "DIRECT_PURCHASE");
    assert_ne!(late.page(), "ThankYouPage", "{}", late.text);
    told(&shopper, "expiry-result-token.txt");
}

//! Bearer tokens: row 25, who gets one, and for whom it is good.

use super::{no, page, refused};
use crate::support::walk::{PLAIN, to_order_no};
use crate::support::wallet::{
    MERCHANT, PHONE, SAVED, access, authorized, generate, post, saved, wait, wanted,
};
use crate::support::{Shopper, app};
use serde_json::{Value, json};

#[test]
fn row_25_missing_bad_or_expired() {
    let app_ = app("[masterpass]\nbearer_lifetime = \"1m\"");
    let mut page = Shopper::new(&app_);
    assert_eq!(refused(&access(&mut page, PHONE)), no(401, "UNAUTHORIZED"));
    authorized(&mut page, &wanted(PHONE, json!({})));
    assert_eq!(access(&mut page, PHONE).status, 200);
    wait(&mut page, "61s");
    assert_eq!(
        refused(&access(&mut page, PHONE)),
        no(401, "TOKEN_HAS_EXPIRED")
    );
    for bad in ["Bearer x", "Bearer a.b.c", "Basic eA==", "x"] {
        page.header("authorization", bad);
        assert_eq!(
            refused(&access(&mut page, PHONE)),
            no(401, "UNAUTHORIZED"),
            "{bad}"
        );
    }
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.account.access\" }\nthen = { token = \"expired\" }";
    let mut page = super::page(rule);
    assert_eq!(
        refused(&access(&mut page, PHONE)),
        no(401, "TOKEN_HAS_EXPIRED")
    );
    // Any text will do where a scenario says so, but for none.
    let mut page = Shopper::new(&app("[masterpass]\nrest_tokens = \"any\""));
    assert_eq!(access(&mut page, PHONE).status, 401);
    page.header("authorization", "Bearer whatever");
    assert_eq!(access(&mut page, PHONE).status, 200);
}

#[test]
fn a_token_without_its_scheme_is_one_too() {
    let mut page = Shopper::new(&app(""));
    let token = generate(&mut page, &wanted(PHONE, json!({}))).text_at("result.accessToken");
    page.header("authorization", token.strip_prefix("Bearer ").unwrap());
    assert_eq!(access(&mut page, PHONE).status, 200);
}

#[test]
fn a_token_is_for_one_phone_and_one_order() {
    let mut page = Shopper::new(&app(""));
    authorized(&mut page, &wanted(PHONE, json!({"OrderNo": "1001"})));
    let other = access(&mut page, "905551110008");
    assert_eq!(refused(&other), no(403, "FORBIDDEN"));
    assert_eq!(
        access(&mut page, "0532 123 45 67").status,
        200,
        "however it is written"
    );
    let order = post(&mut page, SAVED, &saved(PHONE, "Maaş kartım", "1002"));
    assert_eq!(refused(&order), no(400, "VALIDATION_ERROR"));
    assert_eq!(
        order.text_at("exception.validationErrors.0.field"),
        "orderNo"
    );
    let good = post(&mut page, SAVED, &saved(PHONE, "Maaş kartım", "1001"));
    assert_eq!(good.status, 200, "{}", good.text);
}

#[test]
fn a_backend_shows_its_number_and_secret() {
    let mut backend = Shopper::new(&app(""));
    for (client, secret, good) in [
        (MERCHANT, "mockpos-secret", true),
        (MERCHANT, MERCHANT, true),
        (MERCHANT, "x", false),
        (MERCHANT, "", false),
        ("x", "mockpos-secret", false),
        ("", "", false),
    ] {
        backend.header("ClientId", client).header("Secret", secret);
        let answer = post(
            &mut backend,
            "/merchant/api/token/generate",
            &wanted(PHONE, json!({})),
        );
        match good {
            true => assert_eq!(answer.status, 200, "{}", answer.text),
            false => assert_eq!(
                refused(&answer),
                no(401, "UNAUTHORIZED"),
                "{client} {secret}"
            ),
        }
    }
    for (changes, fields) in [
        (json!({"AccountKey": null, "UserId": null}), 2),
        (json!({"MerchantId": "another"}), 1),
    ] {
        let answer = generate(&mut backend, &wanted(PHONE, changes));
        assert_eq!(refused(&answer), no(400, "VALIDATION_ERROR"));
        let errors = answer.at("exception.validationErrors").as_array().unwrap();
        assert_eq!(errors.len(), fields, "{}", answer.text);
    }
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.backend.token\" }\nthen = { token = \"unavailable\" }";
    let down = generate(&mut Shopper::new(&app(rule)), &wanted(PHONE, json!({})));
    assert_eq!(refused(&down), no(503, "SERVICE_UNAVAILABLE"));
}

/// One chain: what the shop's platform gives out is taken here.
#[test]
fn tokens_of_the_shops_platform_are_taken() {
    let mut shopper = Shopper::new(&app(""));
    let order_no = to_order_no(&mut shopper, PLAIN);
    let token = shopper.get("/orders/masterpass-rest-token/?three_d=true&msisdn_validated=true");
    shopper.header("authorization", &token.text_at("token"));
    let phone = token.text_at("msisdn");
    assert_eq!(access(&mut shopper, &phone).status, 200);
    let asked = post(
        &mut shopper,
        SAVED,
        &saved(&phone, "Maaş kartım", &order_no),
    );
    assert_eq!(
        asked.text_at("result.responseCode"),
        "5010",
        "it asks for 3-D Secure"
    );
    let other = post(&mut shopper, SAVED, &saved(&phone, "Maaş kartım", "1001"));
    assert_eq!(
        refused(&other),
        no(400, "VALIDATION_ERROR"),
        "the order's number counts"
    );
}

#[test]
fn rules_see_what_a_call_is_about() {
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.*\", pos_kind = \"masterpass\", msisdn = \"905321234567\", order_no = \"10*\", installment = 3, three_d = false, transaction_type = \"PURCHASE\", card_alias = \"Maaş*\", bin = \"52586400\", amount = \"100.00\", stored_card = true }\nthen = { error = { code = \"MY_CODE\", description = \"because\" } }";
    let mut page = page(rule);
    let mut body = saved(PHONE, "Maaş kartım", "1001");
    assert_eq!(post(&mut page, SAVED, &body).status, 200, "one instalment");
    body["installmentCount"] = Value::from(3);
    let forced = post(&mut page, SAVED, &body);
    assert_eq!(refused(&forced), no(400, "MY_CODE"));
    assert_eq!(forced.text_at("exception.message"), "because");
    assert!(forced.decided_by().starts_with("rule test.toml:"));
}

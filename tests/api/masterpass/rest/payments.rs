//! Purchases in the browser: rows 18 to 21, 26 and 27.

use super::{no, page, page_of, refused, said, yes};
use crate::support::wallet::{
    DIRECT, KEPT, OUTCOMES, PHONE, SAVED, access, authorized, kept, post, saved, typed, verify,
    wanted, with,
};
use crate::support::{Answer, Shopper, app};
use serde_json::{Value, json};

const SOMEBODY: &str = "905559990000";

/// The three ways on: at once, after a password, by the bank's page.
fn three_ways(mut begin: impl FnMut(&str) -> (Shopper, Answer)) {
    let (_, done) = begin("DIRECT");
    assert_eq!(said(&done), yes(200, "0000"));
    assert_ne!(done.at("result.token"), &Value::Null);
    assert_eq!(done.text_at("result.maskedNumber"), "413226******0003");
    assert_eq!(done.text_at("result.terminalGroupId"), "G1");
    assert_eq!(done.text_at("result.retrievalReferenceNumber").len(), 12);
    for url in ["url3d", "url3dSuccess", "url3dFail"] {
        assert_eq!(
            done.at("result").get(url),
            Some(&Value::Null),
            "there, and null"
        );
    }
    let (mut page, asked) = begin("BANK OTP");
    assert_eq!(said(&asked), yes(202, "5001"));
    let done = verify(&mut page, &asked, "123456");
    assert_eq!(said(&done), yes(200, "0000"));
    assert_ne!(done.at("result.token"), &Value::Null);
    let (_, away) = begin("THREE D");
    assert_eq!(said(&away), yes(202, "5010"));
    let base = "http://127.0.0.1/user-authorization/";
    let url = away.text_at("result.url3d");
    let id = url
        .strip_prefix(&format!("{base}mp-3d-acs-form?token="))
        .unwrap();
    assert_eq!(id.len(), 36, "{url}");
    let success = format!("{base}mp-3d-client-success");
    assert_eq!(away.text_at("result.url3dSuccess"), success);
    let fail = format!("{base}mp-3d-client-error");
    assert_eq!(away.text_at("result.url3dFail"), fail);
}

#[test]
pub fn row_18_saved_card() {
    three_ways(|alias| {
        let mut page = page_of("", OUTCOMES);
        let answer = post(&mut page, SAVED, &saved(OUTCOMES, alias, "1001"));
        (page, answer)
    });
    for (asks, code) in [
        ("[]", yes(200, "0000")),
        ("[\"bank_otp\"]", yes(202, "5001")),
        ("[\"three_ds\"]", yes(202, "5010")),
    ] {
        let rule = format!(
            "[[rule]]\nwhen = {{ endpoint = \"masterpass.payment.request\", stored_card = true, bin = \"525864\", amount = \"100.00\" }}\nthen = {{ asks = {asks} }}"
        );
        let answer = post(
            &mut page(&rule),
            SAVED,
            &saved(PHONE, "Maaş kartım", "1001"),
        );
        assert_eq!(said(&answer), code);
    }
}

#[test]
pub fn row_19_typed_card() {
    three_ways(|name| {
        let mut page = page_of("", SOMEBODY);
        let answer = post(&mut page, DIRECT, &typed(SOMEBODY, name, "1001"));
        assert_eq!(access(&mut page, SOMEBODY).status, 404, "nothing is kept");
        (page, answer)
    });
    let open = json!({"cardNumber": "5136620000000001", "cardHolderName": "Ayşe"});
    let body = with(typed(PHONE, "", "1001"), open);
    let answer = post(&mut page(""), DIRECT, &body);
    assert_eq!(
        said(&answer),
        yes(202, "5001"),
        "by its number, where that can be read"
    );
    let rule = "[[rule]]\nwhen = { transaction_type = \"DIRECT_PURCHASE\", card_name = \"AYSE*\" }\nthen = { asks = [\"bank_otp\"] }";
    let answer = post(
        &mut page(rule),
        DIRECT,
        &typed(PHONE, "AYSE YILMAZ", "1001"),
    );
    assert_eq!(said(&answer), yes(202, "5001"));
}

#[test]
pub fn row_20_typed_card_that_is_kept() {
    let mut pages = Vec::new();
    three_ways(|name| {
        let mut page = page_of("", SOMEBODY);
        let body = kept(SOMEBODY, (name, "Yeni"), "1001");
        let answer = post(&mut page, KEPT, &body);
        pages.push((name.to_owned(), answer.status));
        (page, answer)
    });
    assert_eq!(pages.len(), 3);
    let mut page = page_of("", SOMEBODY);
    let body = kept(SOMEBODY, ("BANK OTP", "Yeni"), "1001");
    let asked = post(&mut page, KEPT, &body);
    assert_eq!(access(&mut page, SOMEBODY).status, 404, "not yet");
    verify(&mut page, &asked, "123456");
    let list = access(&mut page, SOMEBODY);
    assert_eq!(
        list.text_at("result.cards.0.cardAlias"),
        "Yeni",
        "{}",
        list.text
    );
    // Paid, and not kept.
    let mut page = page_of("", SOMEBODY);
    let body = kept(SOMEBODY, ("SAVE FAILS", "Yeni"), "1001");
    let paid = post(&mut page, KEPT, &body);
    assert_eq!(said(&paid), yes(200, "0000"));
    assert!(paid.text_at("result.description").contains("kaydedilemedi"));
    assert_eq!(
        access(&mut page, SOMEBODY).at("result.cards.0"),
        &Value::Null
    );
    let known = kept(PHONE, ("DIRECT", "Maaş kartım"), "1001");
    let refusal = post(&mut super::page(""), KEPT, &known);
    assert_eq!(refused(&refusal), no(400, "CARD_ALREADY_EXISTS"));
}

#[test]
pub fn row_21_password_then_three_d() {
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.payment.request\" }\nthen = { asks = [\"wallet_otp\", \"bank_otp\", \"three_ds\"] }";
    for (rules, alias, codes) in [
        ("", "OTP THEN THREE D", &["5001"][..]),
        ("", "FULL CHAIN", &["5008", "5001"]),
        (rule, "DIRECT", &["5008", "5001"]),
    ] {
        let mut page = page_of(rules, OUTCOMES);
        let mut asked = post(&mut page, SAVED, &saved(OUTCOMES, alias, "1001"));
        for code in codes {
            assert_eq!(said(&asked), yes(202, code));
            assert_eq!(asked.at("result.url3d"), &Value::Null);
            asked = verify(&mut page, &asked, "123456");
        }
        assert_eq!(said(&asked), yes(202, "5010"));
        assert!(
            asked
                .text_at("result.url3d")
                .contains("/mp-3d-acs-form?token=")
        );
        let typed = verify(&mut page, &asked, "123456");
        assert_eq!(
            refused(&typed),
            no(400, "PAYMENT_IS_NOT_VERIFIED"),
            "no code will do"
        );
    }
}

#[test]
pub fn row_26_account_must_be_linked_first() {
    let refusal = no(404, "ACCOUNT_NOT_LINKED_TO_MERCHANT");
    let phone = "905551110006";
    let mut page = page_of("", phone);
    let unlinked = post(&mut page, SAVED, &saved(phone, "Kartım", "1001"));
    assert_eq!(refused(&unlinked), refusal);
    let mut page = page_of("", OUTCOMES);
    let by_card = post(&mut page, SAVED, &saved(OUTCOMES, "LINK REQUIRED", "1001"));
    assert_eq!(refused(&by_card), refusal);
    let by_name = post(&mut page, DIRECT, &typed(OUTCOMES, "LINK REQUIRED", "1001"));
    assert_eq!(refused(&by_name), refusal);
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.payment.request\" }\nthen = { wallet = \"not_linked\" }";
    let by_rule = post(
        &mut super::page(rule),
        SAVED,
        &saved(PHONE, "Maaş kartım", "1001"),
    );
    assert_eq!(refused(&by_rule), refusal);
}

/// Not of this generation by the contract, but nothing hinders it.
#[test]
pub fn row_27_pins_codes_devices_and_loans() {
    for (alias, code, answers) in [
        ("MPIN", "5002", true),
        ("DEFINE MPIN", "5015", true),
        ("CVV", "5013", true),
        ("DEVICE OTP", "5007", true),
        ("LOAN", "5009", false),
    ] {
        let mut page = page_of("", OUTCOMES);
        let asked = post(&mut page, SAVED, &saved(OUTCOMES, alias, "1001"));
        assert_eq!(said(&asked), yes(202, code));
        let next = verify(&mut page, &asked, "123456");
        match answers {
            true => assert_eq!(said(&next), yes(200, "0000"), "{alias}"),
            false => assert_eq!(refused(&next), no(400, "PAYMENT_IS_NOT_VERIFIED")),
        }
    }
    let mut page = page("");
    let loan = post(&mut page, "/credit-bff/api/Loan/geturl", &json!({}));
    assert_eq!(refused(&loan), no(501, "NOT_SUPPORTED"));
    let overdraft = page.get("/credit-bff/api/Loan/overdraft?x=1");
    assert_eq!(refused(&overdraft), no(501, "NOT_SUPPORTED"));
}

#[test]
pub fn the_token_or_the_page_asks_for_three_d_or_a_password() {
    for (token, more, code) in [
        (json!({"Secure3dType": "THREE_DS"}), json!({}), "5010"),
        (json!({"AuthenticationMethod": "3D"}), json!({}), "5010"),
        (json!({"AuthenticationMethod": "OTP"}), json!({}), "5001"),
        (
            json!({"AuthenticationMethod": "OTP"}),
            json!({"secure3DModel": "3D"}),
            "5001",
        ),
        (json!({}), json!({"secure3DModel": "Secure3D"}), "5010"),
        (json!({}), json!({"authenticationMethod": "OTP"}), "5001"),
        (json!({}), json!({"secure3DModel": "NotDefined"}), "0000"),
    ] {
        let mut page = Shopper::new(&app(""));
        authorized(&mut page, &wanted(PHONE, token.clone()));
        let body = with(saved(PHONE, "Maaş kartım", "1001"), more);
        let answer = post(&mut page, SAVED, &body);
        assert_eq!(answer.text_at("result.responseCode"), code, "{token}");
        let own = post(&mut page, SAVED, &saved(PHONE, "Bonus kartım", "1001"));
        assert_eq!(said(&own), yes(202, "5001"), "what the card wants stands");
    }
}

#[test]
pub fn a_purchase_is_read_strictly() {
    let mut page = page("");
    let good = || saved(PHONE, "Maaş kartım", "1001");
    for changes in [
        json!({"amount": "10000"}),
        json!({"installmentCount": 0}),
        json!({"installmentCount": null, "currencyCode": null}),
        json!({"cardAlias": "Maa%C5%9F%20kart%C4%B1m"}),
        json!({"accountKey": "+90 532 123 45 67"}),
        json!({"unknown": {"a": [1]}, "subMerchant": [], "orderDetails": null}),
    ] {
        let answer = post(&mut page, SAVED, &with(good(), changes.clone()));
        assert_eq!(said(&answer), yes(200, "0000"), "{changes}");
    }
    for (changes, field) in [
        (json!({"amount": 0}), "amount"),
        (json!({"amount": 100.5}), "amount"),
        (json!({"amount": "1e3"}), "amount"),
        (json!({"amount": null}), "amount"),
        (json!({"orderNo": null}), "orderNo"),
        (json!({"accountKey": null}), "accountKey"),
        (json!({"cardAlias": ""}), "cardAlias"),
        (json!({"installmentCount": 37}), "installmentCount"),
        (json!({"currencyCode": "XXX"}), "currencyCode"),
    ] {
        let answer = post(&mut page, SAVED, &with(good(), changes.clone()));
        assert_eq!(refused(&answer), no(400, "VALIDATION_ERROR"), "{changes}");
        assert_eq!(answer.text_at("exception.validationErrors.0.field"), field);
        assert_eq!(answer.at("exception.validationErrors.1"), &Value::Null);
    }
    let missing = post(&mut page, SAVED, &saved(PHONE, "no such card", "1001"));
    assert_eq!(refused(&missing), no(404, "CARD_NOT_FOUND"));
}

//! What the merchant's backend does: rows 28 to 31, saving afterwards, unlinking.

use super::{no, page, page_of, refused, said, yes};
use crate::support::wallet::{
    DIRECT, OUTCOMES, PHONE, SAVED, access, authorized, complete, completion, post, saved, typed,
    verify, wait, wanted, with,
};
use crate::support::{Answer, Shopper, app};
use serde_json::{Value, json};

/// A purchase that is ready to be completed: its payment token.
fn bought(shopper: &mut Shopper, phone: &str, alias: &str) -> String {
    let done = post(shopper, SAVED, &saved(phone, alias, "1001"));
    assert_eq!(said(&done), yes(200, "0000"));
    done.text_at("result.token")
}

fn paid(rules: &str) -> Shopper {
    let mut page = page(rules);
    let token = bought(&mut page, PHONE, "Maaş kartım");
    let done = complete(&mut page, &token, json!({}));
    assert_eq!(done.status, 200, "{}", done.text);
    page
}

fn void(shopper: &mut Shopper) -> Answer {
    let body = json!({"MerchantId": "mockpos-merchant", "OrderId": "1001", "TransactionDate": "20260102", "TerminalGroupId": "G1"});
    post(shopper, "/payment/api/Payment/void", &body)
}

fn refund(shopper: &mut Shopper, amount: Value) -> Answer {
    let body = json!({"MerchantId": "mockpos-merchant", "OrderId": "1001", "OrderDate": "20260102", "TerminalGroupId": "G1"});
    post(
        shopper,
        "/payment/api/Payment/refund",
        &with(body, json!({ "Amount": amount })),
    )
}

#[test]
fn a_purchase_is_completed() {
    for target in ["Payment", "RegisterAndPurchase"] {
        let mut page = page("");
        let token = bought(&mut page, PHONE, "Maaş kartım");
        let target = format!("/payment/api/{target}/complete");
        let done = post(&mut page, &target, &completion(&token));
        assert_eq!(done.status, 200, "{}", done.text);
        let want = json!({"merchantId": "mockpos-merchant", "orderId": "1001",
            "maskedNumber": "525864******0001", "transactionToken": token,
            "expirationDate": "3012", "preauthStatus": null});
        assert_eq!(done.at("result"), &want);
    }
}

/// A token for one holder completes nothing of another's.
#[test]
fn a_purchase_is_completed_for_its_holder() {
    let mut page = page_of("", OUTCOMES);
    let token = bought(&mut page, OUTCOMES, "DIRECT");
    authorized(&mut page, &wanted(PHONE, json!({})));
    let refused = complete(&mut page, &token, json!({}));
    assert_eq!(super::refused(&refused), no(400, "PAYMENT_IS_NOT_VERIFIED"));
    authorized(&mut page, &wanted(OUTCOMES, json!({})));
    let done = complete(&mut page, &token, json!({}));
    assert_eq!(done.status, 200, "{}", done.text);
}

#[test]
fn row_28_bank_declines_at_completion() {
    let rule = |then: &str| {
        format!(
            "[[rule]]\nwhen = {{ endpoint = \"masterpass.payment.complete\", bin = \"525864\", nth = 1 }}\nthen = {{ {then} }}"
        )
    };
    for (rules, phone, alias, (code, message)) in [
        (
            rule("decline = \"insufficient_funds\""),
            PHONE,
            "Maaş kartım",
            ("51", "Yetersiz bakiye"),
        ),
        (
            rule("decline = \"blocked_card\""),
            PHONE,
            "Maaş kartım",
            ("BLOCKED_CARD", "Banka işlemi reddetti"),
        ),
        (
            rule("response_code = \"Q7\", description = \"Limit yok\""),
            PHONE,
            "Maaş kartım",
            ("Q7", "Limit yok"),
        ),
        (
            String::new(),
            OUTCOMES,
            "DECLINED",
            ("51", "Yetersiz bakiye"),
        ),
        (
            String::new(),
            OUTCOMES,
            "NO RESPONSE",
            ("193", "Bankadan yanıt alınamadı"),
        ),
    ] {
        let mut page = page_of(&rules, phone);
        let token = bought(&mut page, phone, alias);
        let declined = complete(&mut page, &token, json!({}));
        assert_eq!(refused(&declined), no(400, "VPOS_ERROR"));
        assert_eq!(declined.text_at("exception.vposErrorCode"), code);
        assert_eq!(declined.text_at("exception.vposErrorMessage"), message);
        assert_eq!(declined.text_at("exception.acquirerIcaNumber"), "2030");
        assert_eq!(
            declined.text_at("exception.retrievalReferenceNumber").len(),
            12
        );
        assert_eq!(refused(&void(&mut page)), no(404, "PAYMENT_NOT_FOUND"));
        if !rules.is_empty() {
            let again = complete(&mut page, &token, json!({}));
            assert_eq!(again.status, 200, "the token is still good: {}", again.text);
        }
    }
}

/// A backend that is tested alone has no wallet to get tokens from.
#[test]
fn a_token_that_nobody_gave_pays_once_unless_the_scenario_is_strict() {
    let mut page = page("");
    assert_eq!(complete(&mut page, "any", json!({})).status, 200);
    let again = complete(&mut page, "any", json!({}));
    assert_eq!(refused(&again), no(400, "PAYMENT_IS_NOT_VERIFIED"));
    let rules = "[[rule]]\nthen = { decline = \"stolen_card\" }";
    let mut page = self::page(rules);
    let declined = complete(&mut page, "any", json!({}));
    assert_eq!(declined.at("result"), &Value::Null, "{}", declined.text);
}

#[test]
fn row_29_another_order_or_amount_used_or_not_verified() {
    let refusal = no(400, "PAYMENT_IS_NOT_VERIFIED");
    let mut page = page("");
    let token = bought(&mut page, PHONE, "Maaş kartım");
    let order = complete(&mut page, &token, json!({"OrderId": "1002"}));
    assert_eq!(refused(&order), refusal);
    assert_eq!(order.at("exception.details"), &json!(["4057"]));
    for amount in [json!("9999"), json!(1)] {
        let amount = complete(&mut page, &token, json!({ "Amount": amount }));
        assert_eq!(refused(&amount), refusal);
    }
    assert_eq!(
        complete(&mut page, &token, json!({})).status,
        200,
        "nothing was used up"
    );
    let again = complete(&mut page, &token, json!({}));
    assert_eq!(refused(&again), refusal);
    // Before its password, before the bank's page.
    for alias in ["Bonus kartım", "Maximum kartım"] {
        let asked = post(&mut page, SAVED, &saved(PHONE, alias, "1001"));
        let early = complete(&mut page, &asked.text_at("result.token"), json!({}));
        assert_eq!(refused(&early), refusal, "{alias}");
    }
    let mut strict = self::page("[settings]\nstrict_tokens = true");
    let unknown = complete(&mut strict, "no such token", json!({}));
    assert_eq!(refused(&unknown), no(400, "TOKEN_IS_NOT_VALID"));
    for (then, want) in [
        ("wallet = \"not_verified\"", refusal.clone()),
        ("wallet = \"order_mismatch\"", refusal.clone()),
        ("wallet = \"amount_mismatch\"", refusal.clone()),
        ("token = \"used\"", refusal.clone()),
        ("token = \"expired\"", no(401, "TOKEN_HAS_EXPIRED")),
    ] {
        let rule = format!(
            "[[rule]]\nwhen = {{ endpoint = \"masterpass.payment.complete\" }}\nthen = {{ {then} }}"
        );
        let mut page = page_of(&rule, PHONE);
        let token = bought(&mut page, PHONE, "Maaş kartım");
        assert_eq!(
            refused(&complete(&mut page, &token, json!({}))),
            want,
            "{then}"
        );
    }
    let mut page = page_of(
        "[masterpass]\npayment_token_lifetime = \"1m\"\nbearer_lifetime = \"1h\"",
        PHONE,
    );
    let token = bought(&mut page, PHONE, "Maaş kartım");
    wait(&mut page, "61s");
    let late = complete(&mut page, &token, json!({}));
    assert_eq!(refused(&late), no(401, "TOKEN_HAS_EXPIRED"));
}

#[test]
fn row_30_money_is_taken_and_nobody_hears_of_it() {
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.payment.complete\", nth = 1 }\nwire = { fault = \"reset\", delay = \"30s\", when = \"after_commit\" }";
    let mut page = page(rule);
    let token = bought(&mut page, PHONE, "Maaş kartım");
    let lost = complete(&mut page, &token, json!({}));
    assert!(lost.dropped && lost.delay == 30_000);
    let again = complete(&mut page, &token, json!({}));
    assert_eq!(
        refused(&again),
        no(400, "PAYMENT_IS_NOT_VERIFIED"),
        "it was used"
    );
    assert_eq!(void(&mut page).status, 200, "the money had moved");
    let slow = "[[rule]]\nwhen = { endpoint = \"masterpass.payment.complete\" }\nthen = { decline = \"no_response\" }\nwire = { delay = \"20s\" }";
    let mut page = page_of(slow, PHONE);
    let token = bought(&mut page, PHONE, "Maaş kartım");
    let slow = complete(&mut page, &token, json!({}));
    assert_eq!(
        (slow.delay, slow.text_at("exception.vposErrorCode")),
        (20_000, "193".to_owned())
    );
}

#[test]
fn row_31_voids_and_refunds() {
    let mut page = paid("");
    let voided = void(&mut page);
    assert_eq!(said(&voided), yes(200, "0000"));
    for (field, want) in [
        ("orderId", json!("1001")),
        ("currencyCode", json!("TRY")),
        ("paymentAmount", json!("10000")),
        ("accountKey", json!(PHONE)),
        ("terminalGroupId", json!("G1")),
    ] {
        assert_eq!(
            voided.at("result").get(field),
            Some(&want),
            "{}",
            voided.text
        );
    }
    for field in [
        "acquirerRetrievalNumber",
        "retrievalReferenceNumber",
        "paymentRetrievalReferenceNumber",
    ] {
        assert_eq!(voided.text_at(&format!("result.{field}")).len(), 12);
    }
    let state = no(400, "PAYMENT_STATE_IS_NOT_VALID");
    assert_eq!(refused(&void(&mut page)), state, "once");
    assert_eq!(
        refused(&refund(&mut page, json!("1"))),
        state,
        "nothing is left"
    );
    // A void that is refused, then a refund: by rule, by the day.
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.payment.void\" }\nthen = { decline = \"refund_decline\" }";
    let mut page = paid(rule);
    let no_void = void(&mut page);
    assert_eq!(refused(&no_void), no(400, "VPOS_ERROR"));
    assert_eq!(no_void.text_at("exception.vposErrorCode"), "REFUND_DECLINE");
    assert_eq!(said(&refund(&mut page, json!("10000"))), yes(200, "0000"));
    let mut page = paid("[masterpass]\nbearer_lifetime = \"24h\"");
    wait(&mut page, "23h");
    assert_eq!(refused(&void(&mut page)), state, "another day");
    assert_eq!(
        said(&refund(&mut page, Value::Null)),
        yes(200, "0000"),
        "all that is left"
    );
}

#[test]
fn row_31_parts_are_given_back_until_nothing_is_left() {
    let mut page = paid("");
    let part = refund(&mut page, json!("4000"));
    assert_eq!(said(&part), yes(200, "0000"));
    assert_eq!(part.text_at("result.amount"), "4000");
    assert_eq!(part.text_at("result.icaNumber"), "2030");
    assert_eq!(part.text_at("result.transactionDate"), "20260102");
    assert_eq!(
        refused(&void(&mut page)),
        no(400, "PAYMENT_STATE_IS_NOT_VALID")
    );
    let amount = no(400, "AMOUNT_IS_NOT_VALID");
    assert_eq!(refused(&refund(&mut page, json!(6001))), amount);
    assert_eq!(refund(&mut page, json!(6000)).status, 200);
    assert_eq!(
        refused(&refund(&mut page, json!(1))),
        amount,
        "a double refund"
    );
    assert_eq!(refused(&refund(&mut page, Value::Null)), amount);
    let bad = json!({"OrderId": "1001", "OrderDate": "2.1.2026", "Amount": "0"});
    let bad = post(&mut page, "/payment/api/Payment/refund", &bad);
    assert_eq!(refused(&bad), no(400, "VALIDATION_ERROR"));
    assert_eq!(
        bad.at("exception.validationErrors")
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let unknown = post(
        &mut page,
        "/payment/api/Payment/void",
        &json!({"OrderId": "x"}),
    );
    assert_eq!(refused(&unknown), no(404, "PAYMENT_NOT_FOUND"));
}

#[test]
fn a_card_that_has_paid_is_kept_afterwards() {
    const TARGET: &str = "/account/api/PurchaseAndRegister";
    let phone = "905559990000";
    let app = app("");
    let mut page = Shopper::new(&app);
    authorized(
        &mut page,
        &wanted(phone, json!({"IsMsisdnValidated": false})),
    );
    let asked = post(&mut page, DIRECT, &typed(phone, "BANK OTP", "1001"));
    let keep = |token: String, more: Value| {
        let body =
            json!({"accountKey": phone, "userId": "1", "accountAliasName": "Yeni", "token": token});
        with(body, more)
    };
    let early = keep(asked.text_at("result.token"), json!({}));
    let early = post(&mut page, TARGET, &early);
    assert_eq!(refused(&early), no(400, "TOKEN_IS_NOT_VALID"));
    let done = verify(&mut page, &asked, "123456");
    let token = done.text_at("result.token");
    let vouched = json!({"isMsisdnValidatedByMerchant": true});
    let kept = post(&mut page, TARGET, &keep(token.clone(), vouched.clone()));
    assert_eq!(said(&kept), yes(200, "0000"));
    let list = access(&mut page, phone);
    assert_eq!(
        list.text_at("result.cards.0.cardAlias"),
        "Yeni",
        "{}",
        list.text
    );
    let twice = post(&mut page, TARGET, &keep(token.clone(), vouched.clone()));
    assert_eq!(refused(&twice), no(400, "CARD_ALREADY_EXISTS"));
    authorized(&mut page, &wanted(PHONE, json!({})));
    let other = with(keep(token, vouched), json!({ "accountKey": PHONE }));
    let other = post(&mut page, TARGET, &other);
    assert_eq!(
        refused(&other),
        no(400, "PAYMENT_IS_NOT_VERIFIED"),
        "another's purchase"
    );
}

#[test]
fn an_account_is_unlinked_once() {
    let mut page = page("");
    let body = json!({"MerchantId": "mockpos-merchant", "AccountKey": PHONE, "UserId": "1", "OrderNo": "1001"});
    let gone = post(&mut page, "/account/api/Account/Unlink", &body);
    assert_eq!(gone.status, 200, "{}", gone.text);
    let refusal = no(404, "ACCOUNT_NOT_LINKED_TO_MERCHANT");
    assert_eq!(refused(&access(&mut page, PHONE)), refusal);
    let again = post(&mut page, "/account/api/Account/Unlink", &body);
    assert_eq!(refused(&again), refusal);
}

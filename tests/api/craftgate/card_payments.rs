//! Payments by card, from their fields to their capture.

use super::cards::{
    CARDS, COMPLETE, INIT, PAYMENTS, order, order_3d, posted, refusal, visit, with,
};
use crate::support::bare as app;
use crate::support::merchant::Merchant;
use serde_json::{Value, json};

const YKB: &str = "5258640000000001";
const DEBIT: &str = "4796810000000002";

#[test]
fn the_vendors_example_pays() {
    let mut merchant = Merchant::new(&app(""));
    let answer = merchant.post(PAYMENTS, &order(YKB));
    assert_eq!(answer.status, 200, "{}", answer.text);
    for (path, want) in [
        ("data.price", json!(100)),
        ("data.paidPrice", json!(100)),
        ("data.walletPrice", json!(0)),
        ("data.currency", json!("TRY")),
        ("data.installment", json!(1)),
        ("data.conversationId", json!("order-7")),
        ("data.paymentType", json!("CARD_PAYMENT")),
        ("data.paymentProvider", json!("BANK")),
        ("data.paymentSource", json!("API")),
        ("data.paymentGroup", json!("LISTING_OR_SUBSCRIPTION")),
        ("data.paymentPhase", json!("AUTH")),
        ("data.paymentStatus", json!("SUCCESS")),
        ("data.isThreeDS", json!(false)),
        ("data.merchantCommissionRate", json!(0)),
        ("data.bankCommissionRateAmount", json!(0)),
        ("data.paidWithStoredCard", json!(false)),
        ("data.binNumber", json!("525864")),
        ("data.lastFourDigits", json!("0001")),
        ("data.cardHolderName", json!("Haluk Demir")),
        ("data.cardType", json!("CREDIT_CARD")),
        ("data.cardAssociation", json!("MASTER_CARD")),
        ("data.cardBrand", json!("World")),
        ("data.pos.alias", json!("67-ykb-12")),
        ("data.paymentTransactions.1.name", json!("Item 2")),
        ("data.paymentTransactions.2.externalId", json!("c")),
        ("data.paymentTransactions.3", Value::Null),
        ("data.cardUserKey", Value::Null),
        ("data.cardToken", Value::Null),
        ("data.fraudId", Value::Null),
        ("data.fraudAction", Value::Null),
        ("data.paymentError", Value::Null),
    ] {
        assert_eq!(*answer.at(path), want, "{path}");
    }
    assert!(answer.at("data.authCode").is_string());
    let again = merchant.get(&format!("{PAYMENTS}/{}", answer.at("data.id")));
    assert_eq!(again.json, answer.json);
    assert!(
        !answer.text.contains(YKB),
        "the number is no part of an answer"
    );
}

#[test]
fn amounts_come_back_as_written() {
    let mut merchant = Merchant::new(&app(""));
    let body = order(YKB).to_string();
    let body = body
        .replace("\"price\":100", "\"price\":100.0")
        .replace("\"paidPrice\":100", "\"paidPrice\":\"105.50\"");
    let answer = merchant.send(http::Method::POST, PAYMENTS, &body);
    let want = r#""price":100.0,"paidPrice":105.50,"walletPrice":0,"#;
    assert!(answer.text.contains(want), "{}", answer.text);
    assert!(
        answer
            .text
            .contains(r#""merchantCommissionRate":5.5,"merchantCommissionRateAmount":5.5"#)
    );
}

#[test]
fn what_is_wrong_with_a_request_is_said() {
    let mut merchant = Merchant::new(&app(""));
    merchant.header("lang", "en");
    for (pointer, value, code) in [
        ("/price", Value::Null, "4001"),
        ("/currency", json!("XYZ"), "4002"),
        ("/items", json!([]), "4011"),
        ("/items", json!([{"price": 99}]), "4010"),
        ("/items", json!([{"price": 110}, {"price": -10}]), "4012"),
        ("/paidPrice", json!(0), "4012"),
        ("/installment", json!(0), "4012"),
        ("/conversationId", json!("-1"), "4013"),
        ("/externalId", json!("+1"), "4013"),
        ("/walletPrice", json!(10), "4014"),
        ("/paymentGroup", json!("GOODS"), "4002"),
        ("/paymentPhase", json!("POST_AUTH"), "4002"),
        ("/card", Value::Null, "4001"),
        ("/card/cardNumber", Value::Null, "4001"),
        ("/card/cardNumber", json!("5258640000000002"), "4150"),
        ("/card/cardNumber", json!("4242424242424242"), "4155"),
        ("/card/cardHolderName", json!("A<b>"), "4151"),
        ("/card/cardHolderName", json!("Haluk 123456"), "4151"),
        ("/card/expireYear", json!("2025"), "4152"),
        ("/card/expireYear", json!("44"), "4152"),
        ("/card/expireMonth", json!("13"), "4153"),
        ("/card/cvc", json!("0000"), "4154"),
        ("/card/cvc", json!("abc"), "4154"),
        ("/card/cvc", Value::Null, "4001"),
        (
            "/card",
            json!({"cardUserKey": "u", "cardToken": "t"}),
            "4500",
        ),
        ("/card", json!({"secureFieldsToken": "t"}), "4156"),
        ("/card", json!({"encryptedCard": {"cardData": "x"}}), "4156"),
        (
            "/card",
            json!({"tokenizedCard": {"type": "APPLE_PAY"}}),
            "4156",
        ),
    ] {
        let answer = merchant.post(PAYMENTS, &with(order(YKB), pointer, value));
        let want = (code.to_owned(), String::new());
        assert_eq!(
            (answer.status, refusal(&answer)),
            (422, want),
            "{pointer}: {}",
            answer.text
        );
    }
    let amex = with(order("375623000000006"), "/card/cvc", json!("000"));
    assert_eq!(refusal(&merchant.post(PAYMENTS, &amex)).0, "4154");
    let wallet = with(
        with(order(YKB), "/walletPrice", json!(10)),
        "/buyerMemberId",
        json!(1),
    );
    assert_eq!(refusal(&merchant.post(PAYMENTS, &wallet)).0, "4015");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut merchant = Merchant::new(&app(""));
    let past = with(order(YKB), "/card/expireYear", json!("2010"));
    let answer = merchant.post(PAYMENTS, &past);
    let want = json!({"errors": {
        "errorCode": "4152",
        "errorDescription": "Kart son kullanma yılı \"2010\" geçersiz",
    }});
    assert_eq!(answer.json, want, "word for word as documented");
    merchant.header("lang", "en");
    let wrong = with(
        with(past, "/card/cvc", json!("1")),
        "/paidPrice",
        Value::Null,
    );
    let answer = merchant.post(PAYMENTS, &with(wrong, "/items", Value::Null));
    let want = "paidPrice: required; items: At least one item is required; The card's expiry year \
                \"2010\" is not valid";
    assert_eq!(answer.text_at("errors.errorDescription"), want);
}

#[test]
fn a_decline_is_final_and_kept() {
    let mut merchant = Merchant::new(&app(""));
    let first = merchant.post(PAYMENTS, &order(YKB));
    let answer = merchant.post(PAYMENTS, &order("5100050000006661"));
    let want = ("10051".to_owned(), "NOT_SUFFICIENT_FUNDS".to_owned());
    assert_eq!((answer.status, refusal(&answer)), (422, want));
    assert_eq!(answer.decided_by(), "test card");
    let next = first.at("data.id").as_u64().unwrap() + 1;
    let kept = merchant.get(&format!("{PAYMENTS}/{next}"));
    assert_eq!(kept.text_at("data.paymentStatus"), "FAILURE");
    let group = kept.text_at("data.paymentError.errorGroup");
    assert_eq!(group, "NOT_SUFFICIENT_FUNDS");
    assert_eq!(*kept.at("data.authCode"), Value::Null);
    let invalid = with(order(YKB), "/card/cvc", json!("1"));
    assert_eq!(merchant.post(PAYMENTS, &invalid).status, 422);
    let none = merchant.get(&format!("{PAYMENTS}/{}", next + 1));
    assert_eq!((none.status, refusal(&none).0), (404, "9001".to_owned()));
}

#[test]
fn a_key_pays_once() {
    let mut merchant = Merchant::new(&app(""));
    for pan in [YKB, "5100050000006661"] {
        let first = merchant.post_once(pan, PAYMENTS, &order(pan));
        let again = merchant.post_once(pan, PAYMENTS, &order(pan));
        assert_eq!((again.status, again.text), (first.status, first.text));
        let other = merchant.post_once(pan, PAYMENTS, &order("5209220000000002"));
        assert_eq!(refusal(&other).0, "1005");
    }
}

#[test]
fn a_rule_goes_before_the_table() {
    let mut merchant = Merchant::new(&app(r#"
        [[rule]]
        when = { endpoint = "craftgate.card_payment.create", bin = "525864" }
        then = { decline = "requires_three_ds" }
        [[rule]]
        when = { endpoint = "craftgate.card_payment.create", bin = "510005" }
        then = { approve = true }
        [[rule]]
        when = { endpoint = "craftgate.card_payment.3ds_init", bin = "525864" }
        then = { decline = "three_ds_init_error" }"#));
    let answer = merchant.post(PAYMENTS, &order(YKB));
    assert_eq!(refusal(&answer).1, "REQUIRES_3DS");
    let answer = merchant.post(PAYMENTS, &order("5100050000006661"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = merchant.post(INIT, &order_3d(YKB));
    assert_eq!(refusal(&answer).1, "THREEDS_INIT_ERROR");
}

#[test]
fn parts_need_a_card_that_may() {
    let mut merchant = Merchant::new(&app("[craftgate]\nforce_three_ds_for_debit = true"));
    let not_allowed = "DEBIT_CARDS_INSTALLMENT_NOT_ALLOWED";
    for (card, parts, code, group) in [
        (YKB, 3, "", ""),
        (YKB, 5, "4170", ""),
        (DEBIT, 1, "10217", "DEBIT_CARDS_REQUIRES_3DS"),
        (DEBIT, 2, "10313", not_allowed),
        ("4111111111111111", 2, "4170", ""),
        ("5400010000000004", 2, "4160", ""),
        ("5400010000000004", 1, "", ""),
    ] {
        let answer = merchant.post(PAYMENTS, &with(order(card), "/installment", json!(parts)));
        let want = (code.to_owned(), group.to_owned());
        assert_eq!(refusal(&answer), want, "{card} {parts}: {}", answer.text);
    }
    let begun = merchant.post(INIT, &order_3d(DEBIT));
    assert_eq!(begun.status, 200, "{}", begun.text);
    let parts = with(order_3d(DEBIT), "/installment", json!(2));
    assert_eq!(refusal(&merchant.post(INIT, &parts)).1, not_allowed);
}

#[test]
fn a_payment_stores_its_card() {
    let mut merchant = Merchant::new(&app(""));
    let storing = |pan: &str| {
        with(
            order(pan),
            "/card/storeCardAfterSuccessPayment",
            json!(true),
        )
    };
    let declined = merchant.post(PAYMENTS, &storing("5100050000006661"));
    assert_eq!(declined.status, 422);
    assert_eq!(*merchant.get(CARDS).at("data.totalSize"), json!(0));
    let answer = merchant.post(PAYMENTS, &storing(YKB));
    let keys = json!({
        "cardUserKey": answer.at("data.cardUserKey"), "cardToken": answer.at("data.cardToken"),
    });
    assert_eq!(*answer.at("data.paidWithStoredCard"), json!(false));
    let answer = merchant.post(PAYMENTS, &with(order(YKB), "/card", keys.clone()));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(*answer.at("data.paidWithStoredCard"), json!(true));
    assert_eq!(*answer.at("data.cardToken"), Value::Null);
    assert_eq!(answer.text_at("data.cardHolderName"), "Haluk Demir");
    // The same card of the same user is stored once, also with 3-D Secure.
    let again = with(
        order_3d(YKB),
        "/card/storeCardAfterSuccessPayment",
        json!(true),
    );
    let again = with(again, "/card/cardUserKey", keys["cardUserKey"].clone());
    let begun = merchant.post(INIT, &again);
    visit(&merchant, &begun, "succeeds");
    let done = merchant.post(COMPLETE, &json!({"paymentId": begun.at("data.paymentId")}));
    assert_eq!(
        *done.at("data.cardToken"),
        keys["cardToken"],
        "{}",
        done.text
    );
    assert_eq!(*merchant.get(CARDS).at("data.totalSize"), json!(1));
}

#[test]
fn rewards_are_for_some_families() {
    let mut merchant = Merchant::new(&app(""));
    let reward =
        json!({"type": "REWARD_MONEY", "reward": {"cardRewardMoney": 12.35, "firmRewardMoney": 1}});
    let spend = |pan: &str| with(order(pan), "/card/loyalty", reward.clone());
    let answer = merchant.post(PAYMENTS, &spend("4043080000000003"));
    assert_eq!(*answer.at("data.loyalty"), reward, "{}", answer.text);
    for pan in ["4032800000000007", "5188961939192544"] {
        let answer = merchant.post(PAYMENTS, &spend(pan));
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(refusal(&merchant.post(PAYMENTS, &spend(YKB))).0, "4171");
    let wrong = with(
        spend("4043080000000003"),
        "/card/loyalty/type",
        json!("GIFT"),
    );
    assert_eq!(refusal(&merchant.post(PAYMENTS, &wrong)).0, "4002");
    let wrong = with(spend("4043080000000003"), "/card/loyalty/type", Value::Null);
    assert_eq!(refusal(&merchant.post(PAYMENTS, &wrong)).0, "4001");
}

#[test]
fn three_d_secure_goes_step_by_step() {
    let mut merchant = Merchant::new(&app(""));
    let needs = merchant.post(INIT, &order(YKB));
    assert_eq!(refusal(&needs).0, "4001", "{}", needs.text);
    let bad = with(order(YKB), "/callbackUrl", json!("javascript:alert(1)"));
    assert_eq!(refusal(&merchant.post(INIT, &bad)).0, "4200");
    let begun = merchant.post(INIT, &order_3d(YKB));
    assert_eq!(begun.text_at("data.paymentStatus"), "INIT_THREEDS");
    assert_eq!(begun.text_at("data.additionalAction"), "SHOW_HTML_CONTENT");
    assert_eq!(*begun.at("data.redirectUrl"), Value::Null);
    let id = begun.at("data.paymentId").clone();
    let complete = |merchant: &mut Merchant| {
        let answer = merchant.post(COMPLETE, &json!({"paymentId": id}));
        let code = refusal(&answer).0;
        (code, answer)
    };
    let mut other = merchant.get(&format!("{PAYMENTS}/{id}"));
    assert_eq!(other.text_at("data.paymentStatus"), "INIT_THREEDS");
    assert_eq!(complete(&mut merchant).0, "4302", "too early");
    let page = visit(&merchant, &begun, "succeeds");
    assert_eq!(posted(&page, "completeStatus"), "WAITING");
    assert!(
        page.text.contains("https://shop.example/cg/3ds?order=7"),
        "{}",
        page.text
    );
    other = merchant.get(&format!("{PAYMENTS}/{id}"));
    assert_eq!(other.text_at("data.paymentStatus"), "CALLBACK_THREEDS");
    let (_, done) = complete(&mut merchant);
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(*done.at("data.isThreeDS"), json!(true));
    assert_eq!(*done.at("data.mdStatus"), json!(1));
    assert_eq!(done.text_at("data.paymentStatus"), "SUCCESS");
    assert_eq!(complete(&mut merchant).0, "4302", "once");
    let unknown = merchant.post(COMPLETE, &json!({"paymentId": "1"}));
    assert_eq!(
        (unknown.status, refusal(&unknown).0),
        (404, "9001".to_owned())
    );
    let begun = merchant.post(INIT, &order_3d(YKB));
    let page = visit(&merchant, &begun, "fails");
    assert_eq!(posted(&page, "status"), "FAILURE");
    let answer = merchant.post(COMPLETE, &json!({"paymentId": begun.at("data.paymentId")}));
    assert_eq!(
        (answer.status, refusal(&answer)),
        (422, ("4302".to_owned(), String::new()))
    );
}

const TWO: &str = r#"
    [[merchant]]
    name = "half"
    api_key = "half"
    secret_key = "s"
    half_threeds = true
    [[merchant]]
    name = "pays at once"
    api_key = "pay"
    secret_key = "s"
    three_ds_model = "3dpay""#;

#[test]
fn merchants_differ_in_what_they_take() {
    let app = app(TWO);
    let mut half = Merchant::with_keys(&app, "half", "s");
    let begun = half.post(INIT, &order_3d(YKB));
    visit(&half, &begun, "half");
    let id = json!({"paymentId": begun.at("data.paymentId")});
    let done = half.post(COMPLETE, &id);
    assert_eq!(*done.at("data.mdStatus"), json!(4), "{}", done.text);
    let mut at_once = Merchant::with_keys(&app, "pay", "s");
    let storing = with(
        order_3d(YKB),
        "/card/storeCardAfterSuccessPayment",
        json!(true),
    );
    let begun = at_once.post(INIT, &storing);
    let page = visit(&at_once, &begun, "succeeds");
    assert_eq!(posted(&page, "completeStatus"), "COMPLETED");
    let target = format!("{PAYMENTS}/{}", begun.at("data.paymentId"));
    let paid = at_once.get(&target);
    assert_eq!(paid.text_at("data.paymentStatus"), "SUCCESS");
    assert!(paid.at("data.cardToken").is_string(), "{}", paid.text);
    let id = json!({"paymentId": begun.at("data.paymentId")});
    assert_eq!(refusal(&at_once.post(COMPLETE, &id)).0, "4302");
    // What one merchant has, another does not see.
    assert_eq!(half.get(&target).status, 404);
    assert_eq!(half.post(COMPLETE, &id).status, 404);
    assert_eq!(*half.get(CARDS).at("data.totalSize"), json!(0));
}

#[test]
fn a_capture_takes_at_most_half_as_much_again() {
    let mut merchant = Merchant::new(&app(""));
    for (amount, code, paid) in [
        (json!({}), "", "100"),
        (json!({"paidPrice": 60.50}), "", "60.5"),
        (json!({"paidPrice": "150.00"}), "", "150.0"),
        (json!({"paidPrice": 150.01}), "4402", ""),
        (json!({"paidPrice": 0}), "4012", ""),
    ] {
        let wanted = with(order(YKB), "/paymentPhase", json!("PRE_AUTH"));
        let reserved = merchant.post(PAYMENTS, &wanted);
        assert_eq!(reserved.text_at("data.paymentPhase"), "PRE_AUTH");
        let target = format!("{PAYMENTS}/{}/post-auth", reserved.at("data.id"));
        let answer = merchant.post(&target, &amount);
        assert_eq!(refusal(&answer).0, code, "{}", answer.text);
        if code.is_empty() {
            assert_eq!(answer.text_at("data.paidPrice"), paid);
            assert_eq!(answer.text_at("data.paymentPhase"), "POST_AUTH");
            assert_eq!(answer.at("data.id"), reserved.at("data.id"));
            assert_eq!(refusal(&merchant.post(&target, &amount)).0, "4401", "once");
        }
    }
    let sale = merchant.post(PAYMENTS, &order(YKB));
    let target = format!("{PAYMENTS}/{}/post-auth", sale.at("data.id"));
    assert_eq!(
        refusal(&merchant.post(&target, &json!({}))).0,
        "4401",
        "of a sale"
    );
    let unknown = merchant.post(&format!("{PAYMENTS}/1/post-auth"), &json!({}));
    assert_eq!(
        (unknown.status, refusal(&unknown).0),
        (404, "9001".to_owned())
    );
}

#[test]
fn a_declined_capture_leaves_the_money_reserved() {
    let mut merchant = Merchant::new(&app(r#"
        [[rule]]
        when = { endpoint = "craftgate.card_payment.post_auth", nth = 2 }
        then = { decline = "expired_provision" }"#));
    let wanted = with(order_3d(YKB), "/paymentPhase", json!("PRE_AUTH"));
    let begun = merchant.post(INIT, &wanted);
    let id = begun.at("data.paymentId");
    let target = format!("{PAYMENTS}/{id}/post-auth");
    assert_eq!(
        refusal(&merchant.post(&target, &json!({}))).0,
        "4401",
        "not completed"
    );
    visit(&merchant, &begun, "succeeds");
    let done = merchant.post(COMPLETE, &json!({"paymentId": id}));
    assert_eq!(done.text_at("data.paymentPhase"), "PRE_AUTH");
    let answer = merchant.post(&target, &json!({}));
    assert_eq!(refusal(&answer).1, "EXPIRED_PROVISION", "{}", answer.text);
    let still = merchant.get(&format!("{PAYMENTS}/{id}"));
    assert_eq!(still.text_at("data.paymentPhase"), "PRE_AUTH");
    let answer = merchant.post(&target, &json!({}));
    assert_eq!(
        answer.text_at("data.paymentPhase"),
        "POST_AUTH",
        "{}",
        answer.text
    );
}

#[test]
fn cards_of_a_scenarios_own_bins_are_test_cards() {
    let mut merchant = Merchant::new(&app(
        "[[bin]]\nprefix = \"424242\"\nprogram = \"World\"\nkind = \"credit\"",
    ));
    let answer = merchant.post(PAYMENTS, &order("4242424242424242"));
    assert_eq!(answer.text_at("data.cardBrand"), "World", "{}", answer.text);
}

#[test]
fn a_rule_hears_of_the_stored_cards_bin() {
    let mut merchant = Merchant::new(&app(r#"
        [[rule]]
        when = { endpoint = "craftgate.card_payment.create", bin = "525864", stored_card = true }
        then = { decline = "lost_card" }"#));
    let storing = with(
        order(YKB),
        "/card/storeCardAfterSuccessPayment",
        json!(true),
    );
    let answer = merchant.post(PAYMENTS, &storing);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let keys = json!({
        "cardUserKey": answer.at("data.cardUserKey"), "cardToken": answer.at("data.cardToken"),
    });
    let answer = merchant.post(PAYMENTS, &with(order(YKB), "/card", keys));
    assert_eq!(refusal(&answer).1, "LOST_CARD", "{}", answer.text);
}

#[test]
fn a_wallets_payment_is_found_and_captured_here_too() {
    let mut merchant = Merchant::new(&app(""));
    let mut create = with(order(YKB), "/paymentPhase", json!("PRE_AUTH"));
    create = with(create, "/card", Value::Null);
    let asked = json!({
        "userId": "shop-user-7", "msisdn": "905551112233", "binNumber": "525864",
        "forceThreeDS": false, "createPayment": create,
    });
    let reference = merchant.post("/payment/v2/masterpass-payments/generate-token", &asked);
    let redeem = json!({
        "referenceId": reference.at("data.referenceId"), "token": reference.at("data.token"),
    });
    let paid = merchant.post("/payment/v2/masterpass-payments/complete", &redeem);
    assert_eq!(paid.status, 200, "{}", paid.text);
    let target = format!("{PAYMENTS}/{}", paid.at("data.id"));
    let found = merchant.get(&target);
    assert_eq!(found.text_at("data.paymentProvider"), "MASTERPASS");
    assert_eq!(found.text_at("data.paymentPhase"), "PRE_AUTH");
    let taken = merchant.post(&format!("{target}/post-auth"), &json!({"paidPrice": 120}));
    assert_eq!(*taken.at("data.paidPrice"), json!(120), "{}", taken.text);
}

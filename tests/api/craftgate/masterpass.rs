//! The wallet through the gateway: token, completion, 3-D Secure.

use crate::support::merchant::Merchant;
use crate::support::{Answer, app};
use mockpos::app::App;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};

const V2: &str = "/payment/v2/masterpass-payments";
const CALLBACK: &str = "https://shop.example/cg/3ds?order=1001&a=b";

/// What the vendor's example asks for.
fn wanted() -> Value {
    json!({"msisdn": "905551112233", "userId": "shop-user-7", "binNumber": "404308",
        "forceThreeDS": false, "masterpassIntegrationVersion": 2,
        "createPayment": {"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY",
            "paymentGroup": "LISTING_OR_SUBSCRIPTION", "paymentPhase": "AUTH",
            "conversationId": "order-1001", "externalId": "basket-1001",
            "items": [{"name": "Shoe", "externalId": "i-1", "price": 30},
                {"name": "Bag", "externalId": "i-2", "price": 50},
                {"name": "Belt", "externalId": "i-3", "price": 20}]}})
}

/// With one field of the request, or of `createPayment`, changed.
fn with(path: &str, value: Value) -> Value {
    let mut wanted = wanted();
    *wanted.pointer_mut(path).unwrap() = value;
    wanted
}

pub fn reference(merchant: &mut Merchant) -> String {
    let answer = merchant.post(&format!("{V2}/generate-token"), &wanted());
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text_at("data.referenceId")
}

fn complete(merchant: &mut Merchant, reference: &str) -> Answer {
    let body = json!({"referenceId": reference, "token": "B19E"});
    merchant.post(&format!("{V2}/complete"), &body)
}

/// 3ds-init: the payment, and the path that the browser comes back to.
pub fn begin(merchant: &mut Merchant) -> (u64, String) {
    let body = json!({"referenceId": reference(merchant), "callbackUrl": CALLBACK});
    let answer = merchant.post(&format!("{V2}/3ds-init"), &body);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let url = answer.text_at("data.returnUrl");
    assert!(!url.contains(['?', '&', '#']), "{url}");
    let path = url.strip_prefix("http://127.0.0.1:4242").unwrap();
    (
        answer.at("data.paymentId").as_u64().unwrap(),
        path.to_owned(),
    )
}

fn complete_three_d(merchant: &mut Merchant, id: u64) -> Answer {
    merchant.post(&format!("{V2}/3ds-complete"), &json!({ "paymentId": id }))
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.text_at("errors.errorCode"))
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn an_account_is_that_of_a_customer() {
    let mut merchant = Merchant::new(&app(""));
    for (phone, known) in [
        ("905321234567", true),
        ("5321234567", true),
        ("903000000000", false),
    ] {
        let body = json!({ "masterpassGsmNumber": phone });
        let answer = merchant.post("/payment/v1/masterpass-payments/check-user", &body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        let flag = |name: &str| answer.at(&format!("data.{name}")).as_bool().unwrap();
        assert!(flag("isEligibleToUseMasterpass"));
        assert_eq!(flag("hasMasterpassAccount"), known, "{phone}");
        assert_eq!(
            flag("hashAnyCardSavedInMasterpassAccount"),
            known,
            "{phone}"
        );
        let status = answer.text_at("data.accountStatus");
        assert_eq!(status.contains('1'), known, "{status}");
    }
    let answer = merchant.post("/payment/v1/masterpass-payments/check-user", &json!({}));
    assert_eq!(code(&answer), refused(422, "4001"));
}

#[test]
fn a_token_is_for_one_order() {
    let mut merchant = Merchant::new(&app(""));
    let path = format!("{V2}/generate-token");
    let mut own = wanted();
    own["createPayment"]["bankOrderId"] = json!("SHOP-1");
    own["binNumber"] = json!(404_308);
    let answer = merchant.post(&path, &own);
    assert_eq!(answer.text_at("data.orderNo"), "SHOP-1");
    let answer = merchant.post(&path, &wanted());
    assert!(
        answer.text_at("data.orderNo").starts_with("MP"),
        "{}",
        answer.text
    );
    assert!(!answer.text_at("data.token").is_empty());
    assert!(!answer.text_at("data.terminalGroupId").is_empty());
    let account = json!({"msisdn": "905551112233", "userId": "shop-user-7"});
    let answer = merchant.post("/payment/v2/masterpass-accounts/generate-token", &account);
    assert!(answer.text_at("data.token").len() > 20, "{}", answer.text);
}

#[test]
fn what_is_wrong_with_a_request_is_said() {
    let mut merchant = Merchant::new(&app(""));
    for (request, want) in [
        (json!({}), "4001"),
        (with("/msisdn", json!("12")), "4303"),
        (with("/binNumber", json!("12")), "4002"),
        (with("/masterpassIntegrationVersion", json!(3)), "4002"),
        (with("/createPayment/price", json!(101)), "4010"),
        (with("/createPayment/paidPrice", json!(0)), "4012"),
        (with("/createPayment/paidPrice", json!(-1)), "4012"),
        (with("/createPayment/currency", json!("XYZ")), "4002"),
        (with("/createPayment/items", json!([])), "4011"),
        (with("/createPayment/conversationId", json!("-x")), "4013"),
        (with("/createPayment", json!(null)), "4001"),
    ] {
        let answer = merchant.post(&format!("{V2}/generate-token"), &request);
        assert_eq!(code(&answer), refused(422, want), "{request}");
    }
    let mut foreign = with("/createPayment/installment", json!(3));
    foreign["binNumber"] = json!("540001");
    let answer = merchant.post(&format!("{V2}/generate-token"), &foreign);
    assert_eq!(code(&answer), refused(422, "4160"));
    let mut reward = wanted();
    reward["loyalty"] = json!({"type": "REWARD_MONEY", "reward": {"cardRewardMoney": 12.35}});
    assert_eq!(
        merchant
            .post(&format!("{V2}/generate-token"), &reward)
            .status,
        200
    );
    reward["binNumber"] = json!("525864");
    let answer = merchant.post(&format!("{V2}/generate-token"), &reward);
    assert_eq!(code(&answer), refused(422, "4171"));
}

#[test]
fn a_completion_moves_the_money_once() {
    let mut merchant = Merchant::new(&app(""));
    let id = reference(&mut merchant);
    let no_token = merchant.post(&format!("{V2}/complete"), &json!({ "referenceId": id }));
    assert_eq!(code(&no_token), refused(422, "4001"), "nothing is used up");
    let answer = complete(&mut merchant, &id);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let payment = answer.at("data");
    for (name, want) in [
        ("paymentProvider", json!("MASTERPASS")),
        ("paymentStatus", json!("SUCCESS")),
        ("isThreeDS", json!(false)),
        ("paidPrice", json!(100)),
        ("conversationId", json!("order-1001")),
        ("binNumber", json!("404308")),
    ] {
        assert_eq!(payment[name], want, "{name}");
    }
    assert_eq!(payment["paymentTransactions"][2]["name"], "Belt");
    for name in [
        "cardUserKey",
        "cardToken",
        "fraudId",
        "fraudAction",
        "paymentError",
    ] {
        assert!(payment.get(name).is_none(), "{name}");
    }
    assert_eq!(code(&complete(&mut merchant, &id)), refused(422, "4300"));
    assert_eq!(
        code(&complete(&mut merchant, "unknown")),
        refused(422, "4300")
    );
}

#[test]
fn a_reference_is_its_merchants() {
    let merchants = r#"
        [[merchant]]
        name = "a"
        api_key = "api-key"
        secret_key = "secret-key"
        [[merchant]]
        name = "b"
        api_key = "other"
        secret_key = "s""#;
    let app = app(merchants);
    let (mut one, mut other) = (Merchant::new(&app), Merchant::with_keys(&app, "other", "s"));
    let id = reference(&mut one);
    assert_eq!(code(&complete(&mut other, &id)), refused(422, "4300"));
    let (payment, back) = begin(&mut one);
    one.get(&back);
    assert_eq!(
        code(&complete_three_d(&mut other, payment)),
        refused(404, "9001")
    );
    assert_eq!(complete(&mut one, &id).status, 200);
}

#[test]
fn a_decline_is_final() {
    let rules = r#"
        [[rule]]
        when.endpoint = "craftgate.masterpass.complete"
        then.decline = "NOT_SUFFICIENT_FUNDS"
        [[rule]]
        when.endpoint = "craftgate.masterpass.3ds_complete"
        then.decline = "LOST_CARD""#;
    let mut merchant = Merchant::new(&app(rules));
    let id = reference(&mut merchant);
    let answer = complete(&mut merchant, &id);
    assert_eq!(code(&answer), refused(422, "10051"));
    assert_eq!(answer.text_at("errors.errorGroup"), "NOT_SUFFICIENT_FUNDS");
    assert_eq!(code(&complete(&mut merchant, &id)), refused(422, "4300"));
    let (payment, back) = begin(&mut merchant);
    merchant.get(&back);
    let answer = complete_three_d(&mut merchant, payment);
    assert_eq!(answer.text_at("errors.errorGroup"), "LOST_CARD");
    assert_eq!(
        code(&complete_three_d(&mut merchant, payment)),
        refused(422, "4302")
    );
}

#[test]
fn the_same_key_gets_the_same_answer() {
    let mut merchant = Merchant::new(&app(""));
    let body = json!({"referenceId": reference(&mut merchant), "token": "t"});
    let path = format!("{V2}/complete");
    let first = merchant.post_once("k", &path, &body);
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(merchant.post_once("k", &path, &body).text, first.text);
}

#[test]
fn strict_tokens_are_those_of_the_wallet() {
    let mut merchant = Merchant::new(&app("[settings]\nstrict_tokens = true"));
    let id = reference(&mut merchant);
    assert_eq!(code(&complete(&mut merchant, &id)), refused(422, "4301"));
}

#[test]
fn asked_for_three_d_it_is_not_completed_without() {
    let mut merchant = Merchant::new(&app(""));
    let forced = with("/forceThreeDS", json!(true));
    let answer = merchant.post(&format!("{V2}/generate-token"), &forced);
    let id = answer.text_at("data.referenceId");
    assert_eq!(code(&complete(&mut merchant, &id)), refused(422, "4301"));
}

#[test]
fn three_d_is_completed_after_the_banks_page() {
    let mut merchant = Merchant::new(&app(""));
    let (id, back) = begin(&mut merchant);
    assert_eq!(
        code(&complete_three_d(&mut merchant, id)),
        refused(422, "4302"),
        "too early"
    );
    assert_eq!(
        code(&complete_three_d(&mut merchant, 1)),
        refused(404, "9001")
    );
    // Nobody opens the page that comes back: so it is with native apps.
    assert_eq!(merchant.get(&back).status, 200);
    let text = merchant.post(
        &format!("{V2}/3ds-complete"),
        &json!({"paymentId": id.to_string()}),
    );
    assert_eq!(text.status, 200, "{}", text.text);
    for (name, want) in [
        ("isThreeDS", json!(true)),
        ("mdStatus", json!(1)),
        ("paymentStatus", json!("SUCCESS")),
        ("paymentProvider", json!("MASTERPASS")),
    ] {
        assert_eq!(text.at(&format!("data.{name}")), &want, "{name}");
    }
    assert_eq!(
        code(&complete_three_d(&mut merchant, id)),
        refused(422, "4302")
    );
}

#[test]
fn callbacks_go_to_plain_urls_only() {
    let mut merchant = Merchant::new(&app(""));
    let id = reference(&mut merchant);
    for url in [
        "javascript:alert(1)",
        "//evil.example",
        "ftp://x",
        "https://a@b/",
        "shop",
    ] {
        let body = json!({"referenceId": id, "callbackUrl": url});
        let answer = merchant.post(&format!("{V2}/3ds-init"), &body);
        assert_eq!(code(&answer), refused(422, "4200"), "{url}");
    }
    assert_eq!(
        complete(&mut merchant, &id).status,
        200,
        "nothing was used up"
    );
}

#[test]
fn a_challenge_may_not_even_begin() {
    let rules = r#"
        [[rule]]
        when.endpoint = "craftgate.masterpass.3ds_init"
        then.decline = "THREEDS_INIT_ERROR""#;
    let mut merchant = Merchant::new(&app(rules));
    let id = reference(&mut merchant);
    let body = json!({"referenceId": id, "callbackUrl": CALLBACK});
    let answer = merchant.post(&format!("{V2}/3ds-init"), &body);
    assert_eq!(answer.text_at("errors.errorGroup"), "THREEDS_INIT_ERROR");
    let answer = merchant.post(&format!("{V2}/3ds-init"), &body);
    assert_eq!(code(&answer), refused(422, "4300"));
}

#[test]
fn rewards_are_those_of_the_card() {
    let mut merchant = Merchant::new(&app(""));
    let body =
        json!({"msisdn": "905551112233", "binNumber": "404809", "cardName": "YKB Test Kart"});
    let answer = merchant.post(&format!("{V2}/loyalties/retrieve"), &body);
    let want = json!({"data": {"cardBrand": "World",
        "cardIssuerBankName": "YAPI VE KREDİ BANKASI A.Ş.", "cardIssuerBankId": 67,
        "force3ds": false, "pos": {"id": 12, "name": "ykb", "alias": "67-ykb-12", "bankId": 67},
        "loyalties": [{"type": "REWARD_MONEY",
            "reward": {"cardRewardMoney": 33.82, "firmRewardMoney": 25.00}},
            {"type": "ADDITIONAL_INSTALLMENT"}, {"type": "POSTPONING_INSTALLMENT"}]}});
    assert_eq!(answer.json, want, "{}", answer.text);
    assert!(
        answer.text.contains("\"firmRewardMoney\":25.00"),
        "{}",
        answer.text
    );
    let answer = merchant.post(&format!("{V2}/loyalties/retrieve"), &json!({}));
    assert_eq!(code(&answer), refused(422, "4001"));
}

/// What 64 merchants get who do the same at the same moment: how many times each status and code.
fn together(app: &Arc<App>, path: &str, body: &Value) -> BTreeMap<(u16, String), usize> {
    let barrier = Barrier::new(64);
    let mut counts = BTreeMap::new();
    std::thread::scope(|scope| {
        let one = || {
            let mut merchant = Merchant::new(app);
            barrier.wait();
            code(&merchant.post(path, body))
        };
        let all: Vec<_> = (0..64).map(|_| scope.spawn(one)).collect();
        for thread in all {
            *counts.entry(thread.join().unwrap()).or_default() += 1;
        }
    });
    counts
}

#[test]
fn of_64_completions_one_succeeds() {
    let app = app("");
    let mut merchant = Merchant::new(&app);
    let id = reference(&mut merchant);
    let body = json!({"referenceId": id, "token": "t"});
    let counts = together(&app, &format!("{V2}/complete"), &body);
    let want = [(refused(200, "null"), 1), (refused(422, "4300"), 63)];
    assert_eq!(counts, BTreeMap::from(want));

    let (id, back) = begin(&mut merchant);
    merchant.get(&back);
    let counts = together(
        &app,
        &format!("{V2}/3ds-complete"),
        &json!({ "paymentId": id }),
    );
    let want = [(refused(200, "null"), 1), (refused(422, "4302"), 63)];
    assert_eq!(counts, BTreeMap::from(want));
}

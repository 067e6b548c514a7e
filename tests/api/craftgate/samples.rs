//! What the vendor's public samples ask for by number: they run to a real answer.

use crate::craftgate::refunds::{ITEM_REFUNDS, PAYMENTS, pay};
use crate::support::app;
use crate::support::merchant::Merchant;
use serde_json::{Value, json};

const REFUNDS: &str = "/payment/v1/refunds";
const REPORTS: &str = "/payment-reporting/v1/payments";
const CHECKOUT: &str = "/payment/v1/checkout-payments/456d1297-908e-4bd6-a13b-4be31a6e47d5";
const MULTI: &str = "/payment/v1/multi-payments/6d7e66b5-9b1c-4c1d-879a-2557b651096e";

fn keys() -> Value {
    json!({"cardUserKey": "fac377f2-ab15-4696-88d2-5e71b27ec378",
           "cardToken": "11a078c4-3c32-4796-90b1-51ee5517a212"})
}

fn one() -> Value {
    json!({"paymentId": 1})
}

/// Where to look, and what is there.
fn reads() -> [(String, &'static str, Value); 13] {
    let report = |rest: &str| format!("{REPORTS}/{rest}");
    let cards = format!(
        "/payment/v1/cards?cardUserKey={}&cardToken={}",
        keys()["cardUserKey"].as_str().unwrap(),
        keys()["cardToken"].as_str().unwrap()
    );
    [
        (format!("{PAYMENTS}/1"), "paymentStatus", json!("SUCCESS")),
        (
            format!("{PAYMENTS}/1"),
            "createdDate",
            json!("2026-01-02T06:04:05"),
        ),
        (
            format!("{PAYMENTS}/1"),
            "paymentTransactions.1.id",
            json!(2),
        ),
        (report("1"), "refundablePrice", json!(100)),
        (report("1/transactions"), "items.0.id", json!(1)),
        (report("1/refunds"), "items", json!([])),
        (report("1/transactions/1/refunds"), "items", json!([])),
        (format!("{REFUNDS}/1"), "refundType", json!("CANCEL")),
        (format!("{ITEM_REFUNDS}/1"), "refundPrice", json!(20)),
        (CHECKOUT.to_owned(), "id", json!(1)),
        (MULTI.to_owned(), "paymentIds", json!([1])),
        (report("?x=1").replace("/?", "?"), "items.2.id", json!(1)),
        (cards, "items.0.cardAlias", json!("My YKB Card")),
    ]
}

/// What may be done with them, each in a fresh sandbox.
fn calls() -> [(&'static str, Value); 9] {
    [
        (REFUNDS, one()),
        ("/payment/v1/refunds/mark-as-refunded", one()),
        (
            ITEM_REFUNDS,
            json!({"paymentTransactionId": 1, "refundPrice": 20}),
        ),
        (
            ITEM_REFUNDS,
            json!({"paymentTransactionId": 2, "refundPrice": 20}),
        ),
        (
            "/payment/v1/refund-transactions/mark-as-refunded",
            json!({"paymentTransactionId": 1, "refundPrice": 20}),
        ),
        ("/payment/v1/cards/delete", keys()),
        (
            "/payment/v1/cards/update",
            json!({"cardUserKey": keys()["cardUserKey"], "cardToken": keys()["cardToken"],
                   "expireYear": "2044", "expireMonth": "07"}),
        ),
        (
            "/payment/v1/cards/clone",
            json!({"sourceCardUserKey": "c356a934-3460-46f4-ba76-3ecea197de6a",
                   "sourceCardToken": "e6f66ad4-cf05-48df-b6ff-09186980848e",
                   "targetMerchantId": 1}),
        ),
        (PAYMENTS, {
            let mut paid = super::refunds::order("5258640000000001", &json!({}));
            paid["card"] = keys();
            paid
        }),
    ]
}

#[test]
fn samples_are_there() {
    let mut merchant = Merchant::new(&app(""));
    for (target, path, want) in reads() {
        let answer = merchant.get(&target);
        assert_eq!(answer.status, 200, "{target}: {}", answer.text);
        assert_eq!(answer.at(&format!("data.{path}")), &want, "{target} {path}");
    }
}

#[test]
fn samples_may_be_worked_with() {
    let app = app("");
    for (nth, (target, body)) in calls().iter().enumerate() {
        let mut merchant = Merchant::new(&app).in_sandbox(&format!("s{nth}"));
        let answer = merchant.post(target, body);
        assert!(
            matches!(answer.status, 200 | 204),
            "{target}: {}",
            answer.text
        );
    }
    let mut merchant = Merchant::new(&app);
    let both = json!({"paymentTransactionIds": [1, 2], "isTransactional": true});
    for what in ["approve", "disapprove"] {
        let target = format!("/payment/v1/payment-transactions/{what}");
        let answer = merchant.post(&target, &both);
        for item in 0..2 {
            let path = format!("data.items.{item}.approvalStatus");
            assert_eq!(answer.at(&path), "SUCCESS", "{what}: {}", answer.text);
        }
    }
    assert_eq!(merchant.delete(CHECKOUT).status, 204);
    assert_eq!(merchant.get(CHECKOUT).status, 200, "it was paid before");
}

#[test]
fn a_scenario_may_start_empty() {
    let app = app("[craftgate]\nsamples = false");
    let mut merchant = Merchant::new(&app);
    for target in [
        format!("{PAYMENTS}/1"),
        format!("{REPORTS}/1"),
        format!("{REPORTS}/1/transactions"),
        format!("{REFUNDS}/1"),
        format!("{ITEM_REFUNDS}/1"),
        CHECKOUT.to_owned(),
        MULTI.to_owned(),
    ] {
        assert_eq!(merchant.get(&target).status, 404, "{target}");
    }
    assert_eq!(merchant.post(REFUNDS, &one()).status, 404);
    for target in [REPORTS, "/payment/v1/cards"] {
        assert_eq!(merchant.get(target).at("data.totalSize"), 0, "{target}");
    }
}

#[test]
fn new_payments_have_other_numbers_and_are_newer() {
    let mut merchant = Merchant::new(&app(""));
    let (id, item) = pay(&mut merchant, "5258640000000001", &json!({}));
    assert!(id > 3 && item > 9, "{id} {item}");
    let all = merchant.get(REPORTS);
    let ids: Vec<_> = (0..4)
        .map(|nth| all.at(&format!("data.items.{nth}.id")).as_u64())
        .collect();
    assert_eq!(ids, [Some(id), Some(3), Some(2), Some(1)]);
    assert_eq!(all.at("data.totalSize"), 4);
}

#[test]
fn samples_are_the_first_merchants() {
    let merchants = "[[merchant]]\napi_key = \"one\"\n[[merchant]]\napi_key = \"two\"";
    let app = app(merchants);
    for (key, want) in [("one", 200), ("two", 404)] {
        let mut merchant = Merchant::with_keys(&app, key, "secret-key");
        for target in [
            format!("{PAYMENTS}/1"),
            format!("{REFUNDS}/1"),
            CHECKOUT.to_owned(),
        ] {
            assert_eq!(merchant.get(&target).status, want, "{key} {target}");
        }
    }
}

#[test]
fn a_reset_restores_them() {
    let app = app("");
    let mut merchant = Merchant::new(&app);
    let first = merchant.get(&format!("{REPORTS}/1")).json;
    assert_eq!(merchant.post(REFUNDS, &one()).status, 200);
    let again = merchant.post(REFUNDS, &one());
    assert_eq!(again.at("errors.errorGroup"), "MAY_HAVE_ALREADY_REFUNDED");
    merchant.post("/payment/v1/cards/delete", &keys());
    let reset = merchant.post("/__mockpos/reset", &json!({}));
    assert!(reset.status < 300, "{}", reset.text);
    assert_eq!(merchant.get(&format!("{REPORTS}/1")).json, first);
    assert_eq!(merchant.get("/payment/v1/cards").at("data.totalSize"), 3);
}

#[test]
fn the_page_counts_only_what_somebody_paid() {
    let mut merchant = Merchant::new(&app(""));
    let mut shown = |want: &str| {
        merchant.get(REPORTS);
        merchant.header("accept", "text/html");
        let page = merchant.get("/");
        merchant.header("accept", "");
        let count = format!("<dt>Payments</dt><dd>{want}</dd>");
        assert!(page.text.contains(&count), "{}", page.text);
        pay(&mut merchant, "5258640000000001", &json!({}));
    };
    shown("0");
    shown("1");
}

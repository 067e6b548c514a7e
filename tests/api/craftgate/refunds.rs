//! Giving back: whole, by item, marked; at once; and what is refused.

use crate::support::merchant::Merchant;
use crate::support::{Answer, bare as app};
use serde_json::{Value, json};
use std::sync::{Arc, Barrier};

pub const PAYMENTS: &str = "/payment/v1/card-payments";
const REFUNDS: &str = "/payment/v1/refunds";
pub const ITEM_REFUNDS: &str = "/payment/v1/refund-transactions";
pub const GOOD: &str = "5258640000000001";

/// An order of 100 in three items, paid with this card; `more` is put on top.
pub fn order(pan: &str, more: &Value) -> Value {
    let mut order = json!({
        "price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1,
        "paymentGroup": "LISTING_OR_SUBSCRIPTION", "conversationId": "order-1001",
        "card": {"cardHolderName": "Haluk Demir", "cardNumber": pan, "expireYear": "2044",
                 "expireMonth": "07", "cvc": "000"},
        "items": [{"name": "Shoe", "price": 30}, {"name": "Bag", "price": 50}, {"name": "Belt", "price": 20}],
    });
    for (key, value) in more.as_object().unwrap() {
        order[key] = value.clone();
    }
    order
}

/// The payment's number and the number of its first item.
pub fn pay(merchant: &mut Merchant, pan: &str, more: &Value) -> (u64, u64) {
    let answer = merchant.post(PAYMENTS, &order(pan, more));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let number = |path: &str| answer.at(path).as_u64().unwrap();
    (number("data.id"), number("data.paymentTransactions.0.id"))
}

/// The number of the error.
pub fn code(answer: &Answer) -> String {
    answer.text_at("errors.errorCode")
}

fn report(merchant: &mut Merchant, id: u64) -> (String, String) {
    let answer = merchant.get(&format!("/payment-reporting/v1/payments/{id}"));
    (
        answer.text_at("data.refundStatus"),
        answer.text_at("data.refundablePrice"),
    )
}

#[test]
pub fn an_untouched_payment_is_cancelled_on_its_day() {
    let mut merchant = Merchant::new(&app(""));
    let (id, _) = pay(&mut merchant, GOOD, &json!({}));
    let ask =
        json!({"paymentId": id, "conversationId": "refund-1001", "refundDestinationType": "CARD"});
    let answer = merchant.post(REFUNDS, &ask);
    assert_eq!(answer.status, 200, "{}", answer.text);
    for (path, want) in [
        ("conversationId", json!("refund-1001")),
        ("createdDate", json!("2026-01-02T06:04:05")),
        ("status", json!("SUCCESS")),
        ("refundPrice", json!(100)),
        ("refundBankPrice", json!(100)),
        ("refundWalletPrice", json!(0)),
        ("refundType", json!("CANCEL")),
        ("refundDestinationType", json!("PROVIDER")),
        ("authCode", json!("780122")),
        ("currency", json!("TRY")),
        ("paymentId", json!(id)),
        ("paymentTransactionRefunds", json!([])),
    ] {
        assert_eq!(answer.at(&format!("data.{path}")), &want, "{path}");
    }
    let refund = answer.text_at("data.id");
    assert_eq!(
        merchant.get(&format!("{REFUNDS}/{refund}")).json,
        answer.json
    );
    assert_eq!(
        code(&merchant.get(&format!("{ITEM_REFUNDS}/{refund}"))),
        "9002"
    );
    assert_eq!(
        report(&mut merchant, id),
        ("FULLY_REFUNDED".to_owned(), "0".to_owned())
    );
    let again = merchant.post(REFUNDS, &json!({"paymentId": id}));
    assert_eq!(
        again.text_at("errors.errorGroup"),
        "MAY_HAVE_ALREADY_REFUNDED"
    );
}

#[test]
pub fn the_rest_of_a_payment_goes_back_item_by_item() {
    let mut merchant = Merchant::new(&app(""));
    let (id, first) = pay(&mut merchant, GOOD, &json!({}));
    let part = merchant.post(
        ITEM_REFUNDS,
        &json!({"paymentTransactionId": first + 1, "refundPrice": 20.50}),
    );
    assert_eq!(part.text_at("data.refundPrice"), "20.5", "{}", part.text);
    assert_eq!(
        report(&mut merchant, id),
        ("PARTIAL_REFUNDED".to_owned(), "79.5".to_owned())
    );
    let rest = merchant.post(REFUNDS, &json!({"paymentId": id, "conversationId": "r"}));
    assert_eq!(rest.text_at("data.refundType"), "REFUND", "{}", rest.text);
    assert!(rest.at("data.id").is_null() && rest.at("data.authCode").is_null());
    assert_eq!(rest.at("data.refundPrice"), &json!(79.5));
    let parts = rest
        .at("data.paymentTransactionRefunds")
        .as_array()
        .unwrap();
    let parts: Vec<_> = parts
        .iter()
        .map(|part| {
            (
                part["paymentTransactionId"].as_u64().unwrap(),
                part["refundPrice"].clone(),
            )
        })
        .collect();
    let want = [
        (first, json!(30)),
        (first + 1, json!(29.5)),
        (first + 2, json!(20)),
    ];
    assert_eq!(parts, want);
    assert_eq!(
        report(&mut merchant, id),
        ("FULLY_REFUNDED".to_owned(), "0".to_owned())
    );
}

#[test]
pub fn an_item_goes_back_in_parts_down_to_nothing() {
    let mut merchant = Merchant::new(&app(""));
    let (id, first) = pay(&mut merchant, GOOD, &json!({"paidPrice": 110.00}));
    // The first item's share is 33.
    for (ask, want) in [
        (json!({"refundPrice": 20.00}), "200 20.0"),
        (json!({"refundPrice": 13.01}), "422 4400"),
        (json!({"refundPrice": 0}), "422 4012"),
        (json!({"refundPrice": -1}), "422 4012"),
        (json!({"refundPrice": "1.001"}), "422 4002"),
        (json!({"refundPrice": 13}), "200 13"),
        (json!({"refundPrice": 0.01}), "422 4400"),
        (json!({}), "422 4400"),
    ] {
        let mut ask = ask;
        ask["paymentTransactionId"] = json!(first);
        let answer = merchant.post(ITEM_REFUNDS, &ask);
        let said = match answer.status {
            200 => answer.text_at("data.refundPrice"),
            _ => code(&answer),
        };
        assert_eq!(format!("{} {said}", answer.status), want, "{ask}");
    }
    let rest = merchant.post(ITEM_REFUNDS, &json!({"paymentTransactionId": first + 1}));
    assert_eq!(rest.at("data.refundPrice"), &json!(55));
    let refund = rest.text_at("data.id");
    assert_eq!(
        merchant.get(&format!("{ITEM_REFUNDS}/{refund}")).json,
        rest.json
    );
    assert_eq!(report(&mut merchant, id).1, "22");
}

#[test]
pub fn what_cannot_go_back_says_why() {
    let mut merchant = Merchant::new(&app(""));
    let (held, held_item) = pay(&mut merchant, GOOD, &json!({"paymentPhase": "PRE_AUTH"}));
    let answer = merchant.post(ITEM_REFUNDS, &json!({"paymentTransactionId": held_item}));
    assert_eq!(code(&answer), "4403", "what is only reserved");
    let cancelled = merchant.post(REFUNDS, &json!({"paymentId": held}));
    assert_eq!(cancelled.text_at("data.refundType"), "CANCEL");
    let answer = merchant.post(ITEM_REFUNDS, &json!({"paymentTransactionId": held_item}));
    assert_eq!(
        answer.text_at("errors.errorGroup"),
        "MAY_HAVE_ALREADY_REFUNDED"
    );
    let failed = merchant.post(PAYMENTS, &order("5100560000006669", &json!({})));
    assert_eq!(failed.status, 422);
    let search = merchant.get("/payment-reporting/v1/payments?paymentStatus=FAILURE");
    let failed = search.at("data.items.0.id").clone();
    let answer = merchant.post(REFUNDS, &json!({"paymentId": failed}));
    assert_eq!(
        answer.text_at("errors.errorGroup"),
        "NON_REFUNDABLE_PAYMENT"
    );
    for (path, ask, want) in [
        (REFUNDS, json!({"paymentId": 1}), "404 9001"),
        (ITEM_REFUNDS, json!({"paymentTransactionId": 1}), "404 9003"),
        (REFUNDS, json!({"conversationId": "-1"}), "422 4001"),
        (
            REFUNDS,
            json!({"paymentId": 1, "refundDestinationType": "MOON"}),
            "422 4002",
        ),
        (ITEM_REFUNDS, json!({}), "422 4001"),
        (
            "/payment/v1/refund-transactions/mark-as-refunded",
            json!({"paymentTransactionId": held_item}),
            "422 4001",
        ),
        (
            "/payment/v1/refunds/refund-waiting-payment",
            json!({"paymentId": 1}),
            "404 9001",
        ),
    ] {
        let answer = merchant.post(path, &ask);
        assert_eq!(
            format!("{} {}", answer.status, code(&answer)),
            want,
            "{path} {ask}"
        );
    }
    let answer = merchant.post(REFUNDS, &json!({"conversationId": "-1"}));
    let said = answer.text_at("errors.errorDescription");
    assert!(
        said.contains("paymentId") && said.contains("conversationId"),
        "{said}"
    );
}

#[test]
pub fn the_bank_may_say_no_and_nothing_moves() {
    let rules = r#"
        [[rule]]
        when = { endpoint = "craftgate.refund.item", nth = 1 }
        then = { decline = "RequestTimeout" }"#
        .replace("RequestTimeout", "request_timeout");
    let mut merchant = Merchant::new(&app(&rules));
    let (good, item) = pay(&mut merchant, GOOD, &json!({}));
    let ask = json!({"paymentTransactionId": item, "refundPrice": 10});
    let refused = merchant.post(ITEM_REFUNDS, &ask);
    assert_eq!(
        refused.text_at("errors.errorGroup"),
        "REQUEST_TIMEOUT",
        "{}",
        refused.text
    );
    assert_eq!(report(&mut merchant, good).0, "NOT_REFUNDED");
    assert_eq!(merchant.post(ITEM_REFUNDS, &ask).status, 200);
    for (pan, group) in [
        ("5428040000006667", "ARCHIVED_PAYMENT"),
        ("5530900000006667", "EXPIRED_PROVISION"),
        ("4320720000006666", "PAYMENT_NOT_FOUND_FOR_REFUND"),
        ("4060150000006660", "TOO_MANY_REQUESTS"),
    ] {
        let (id, item) = pay(&mut merchant, pan, &json!({}));
        for answer in [
            merchant.post(REFUNDS, &json!({"paymentId": id})),
            merchant.post(ITEM_REFUNDS, &json!({"paymentTransactionId": item})),
        ] {
            assert_eq!(answer.status, 422);
            assert_eq!(answer.text_at("errors.errorGroup"), group);
        }
        assert_eq!(report(&mut merchant, id).0, "NOT_REFUNDED");
        let found = merchant.get(&format!(
            "/payment-reporting/v1/refunds?paymentId={id}&status=FAILURE"
        ));
        assert_eq!(
            found.text_at("data.items.0.error.errorGroup"),
            group,
            "{}",
            found.text
        );
        let marked = merchant.post(
            "/payment/v1/refunds/mark-as-refunded",
            &json!({"paymentId": id}),
        );
        assert_eq!(
            marked.at("data.items").as_array().map(Vec::len),
            Some(3),
            "nobody asks the bank"
        );
        assert_eq!(report(&mut merchant, id).0, "FULLY_REFUNDED");
    }
}

#[test]
pub fn one_item_may_be_marked() {
    let mut merchant = Merchant::new(&app(""));
    let (id, item) = pay(&mut merchant, GOOD, &json!({}));
    let ask = json!({"paymentTransactionId": item, "refundPrice": 10, "conversationId": "m"});
    let marked = merchant.post("/payment/v1/refund-transactions/mark-as-refunded", &ask);
    assert_eq!(
        marked.text_at("data.conversationId"),
        "m",
        "{}",
        marked.text
    );
    assert!(marked.at("data.authCode").is_null());
    assert_eq!(report(&mut merchant, id).1, "90");
}

#[test]
pub fn an_undecided_payment_is_given_up() {
    let mut merchant = Merchant::new(&app(""));
    let more = json!({"callbackUrl": "https://shop.example/back"});
    let init = merchant.post("/payment/v1/card-payments/3ds-init", &order(GOOD, &more));
    let id = init.at("data.paymentId").clone();
    let waiting = "/payment/v1/refunds/refund-waiting-payment";
    let answer = merchant.post(waiting, &json!({"paymentId": id}));
    assert_eq!(answer.json, json!({"data": {"status": "SUCCESS"}}));
    let again = merchant.post(waiting, &json!({"paymentId": id}));
    assert_eq!(again.text_at("errors.errorGroup"), "NON_REFUNDABLE_PAYMENT");
    let complete = merchant.post(
        "/payment/v1/card-payments/3ds-complete",
        &json!({"paymentId": id}),
    );
    assert_eq!(complete.status, 422, "no charge follows");
}

#[test]
pub fn of_refunds_that_exceed_together_exactly_one_succeeds() {
    const CALLERS: usize = 8;
    let app = app("");
    let (id, item) = pay(&mut Merchant::new(&app), GOOD, &json!({}));
    let go = Arc::new(Barrier::new(CALLERS));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (app, go) = (Arc::clone(&app), Arc::clone(&go));
            std::thread::spawn(move || {
                let mut merchant = Merchant::new(&app);
                go.wait();
                let ask = json!({"paymentTransactionId": item + 1, "refundPrice": 25.01});
                let answer = merchant.post(ITEM_REFUNDS, &ask);
                (answer.status, code(&answer))
            })
        })
        .collect();
    let mut said: Vec<_> = callers
        .into_iter()
        .map(|caller| caller.join().unwrap())
        .collect();
    said.sort();
    assert_eq!(said[0], (200, "null".to_owned()));
    assert!(
        said[1..]
            .iter()
            .all(|said| *said == (422, "4400".to_owned())),
        "{said:?}"
    );
    assert_eq!(report(&mut Merchant::new(&app), id).1, "74.99");
}

#[test]
pub fn another_merchants_payment_is_not_there() {
    let app = app(
        "[[merchant]]\nname = \"a\"\napi_key = \"a\"\nsecret_key = \"sa\"\n\
         [[merchant]]\nname = \"b\"\napi_key = \"b\"\nsecret_key = \"sb\"",
    );
    let (mut a, mut b) = (
        Merchant::with_keys(&app, "a", "sa"),
        Merchant::with_keys(&app, "b", "sb"),
    );
    let (id, item) = pay(&mut a, GOOD, &json!({}));
    let refund = a.post(
        ITEM_REFUNDS,
        &json!({"paymentTransactionId": item, "refundPrice": 1}),
    );
    let refund = refund.text_at("data.id");
    for (answer, want) in [
        (b.post(REFUNDS, &json!({"paymentId": id})), "9001"),
        (
            b.post(ITEM_REFUNDS, &json!({"paymentTransactionId": item})),
            "9003",
        ),
        (b.get(&format!("{ITEM_REFUNDS}/{refund}")), "9002"),
        (
            b.get(&format!("/payment-reporting/v1/payments/{id}")),
            "9001",
        ),
        (
            b.get(&format!("/payment-reporting/v1/payments/{id}/refunds")),
            "9001",
        ),
    ] {
        assert_eq!(
            (answer.status, &*code(&answer)),
            (404, want),
            "{}",
            answer.text
        );
    }
    for path in ["payments", "refunds", "refund-transactions"] {
        let found = b.get(&format!("/payment-reporting/v1/{path}"));
        assert_eq!(found.at("data.totalSize"), &json!(0), "{path}");
    }
    assert_eq!(report(&mut a, id).1, "99");
}

#[test]
pub fn the_same_key_refunds_once() {
    let mut merchant = Merchant::new(&app(""));
    let (id, item) = pay(&mut merchant, GOOD, &json!({}));
    let ask = json!({"paymentTransactionId": item, "refundPrice": 10});
    let first = merchant.post_once("k", ITEM_REFUNDS, &ask);
    assert_eq!(merchant.post_once("k", ITEM_REFUNDS, &ask).json, first.json);
    assert_eq!(report(&mut merchant, id).1, "90");
}

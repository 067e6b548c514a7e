//! The journal: filters, pages, what an entry says, how many were waited for, and events.

use super::{admin, numbers};
use crate::support::merchant::Merchant;
use crate::support::walk::{PLAIN, complete, to_order_no};
use crate::support::{Shopper, app, bare};
use http::Method;
use serde_json::json;

#[test]
fn every_filter_chooses() {
    let app = app(r#"
        [[rule]]
        when = { endpoint = "akinon.checkout.complete" }
        then = { decline = "stolen_card" }"#);
    let mut shopper = Shopper::new(&app);
    let order_no = to_order_no(&mut shopper, PLAIN);
    complete(&mut shopper, "t", "PURCHASE");
    shopper.get("/no/such?x=1");
    let by_order = format!("order_no={order_no}");
    for (query, want) in [
        ("", vec![1, 2, 3, 4, 5, 6]),
        ("endpoint=akinon.checkout.complete", vec![5]),
        ("endpoint=akinon.*.b*", vec![2]),
        ("page=MasterpassRest*", vec![2, 3, 4, 5]),
        ("method=GET", vec![6]),
        ("method=get", vec![]),
        ("path=/no/*", vec![6]),
        ("path=/orders/checkout/", vec![1, 2, 3, 4, 5]),
        ("status=404", vec![6]),
        ("msisdn=90*", vec![2, 3, 4, 5]),
        ("bin=665544", vec![2, 3, 4, 5]),
        ("bin=6655", vec![2, 3, 4, 5]),
        ("bin=5544", vec![]),
        (&by_order, vec![5]),
        ("decided_by=rule test.toml:*", vec![5]),
        ("decided_by=default&page=*Complete*", vec![]),
        ("since=5", vec![5, 6]),
        ("before=3", vec![1, 2]),
        ("limit=2", vec![5, 6]),
        ("limit=2&before=5", vec![3, 4]),
        ("limit=0", vec![]),
    ] {
        let list = admin(&mut shopper, &format!("GET journal?{query}"));
        assert_eq!(numbers(&list.json), want, "{query}");
    }
    let page = admin(&mut shopper, "GET journal?limit=2");
    assert_eq!(
        (page.at("earlier"), page.at("next")),
        (&5.into(), &7.into())
    );
    let last = admin(&mut shopper, "GET journal?limit=2&before=3");
    assert!(last.at("earlier").is_null(), "{}", last.text);
}

#[test]
fn what_is_no_filter_is_said() {
    let mut shopper = Shopper::new(&app(""));
    for (query, says) in [
        ("colour=red", "`colour` is no filter of the journal"),
        ("since=x", "`since` is not a number: `x`"),
        ("wait=1001", "`wait` is at most 1000"),
        ("wait=1&timeout=121s", "at most 120 seconds"),
        ("wait=1&timeout=5", "at most 120 seconds"),
    ] {
        let answer = admin(&mut shopper, &format!("GET journal?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.text_at("error").contains(says), "{}", answer.text);
    }
}

#[test]
fn an_entry_says_what_the_call_was_about() {
    let app = app(r#"
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", nth = 1 }
        then = { decline = "stolen_card" }"#);
    let mut shopper = Shopper::new(&app);
    let order_no = to_order_no(&mut shopper, PLAIN);
    complete(&mut shopper, "t1", "PURCHASE");
    complete(&mut shopper, "t2", "PURCHASE");
    let list = admin(
        &mut shopper,
        "GET journal?endpoint=akinon.checkout.complete",
    );
    let [declined, paid] = [0, 1].map(|n| list.at(&format!("entries.{n}")).clone());
    assert_eq!(declined["facts"]["order_no"], order_no);
    assert_eq!(declined["facts"]["amount"], "100.00");
    assert_eq!(declined["rules"], json!(["test.toml:3"]));
    assert_eq!(declined["payments"][0]["before"], json!(null));
    assert_eq!(declined["payments"][0]["after"], "failed");
    assert_eq!(declined["trouble"], json!(null), "a decline is no mistake");
    assert_eq!(paid["rules"], json!([]));
    assert_eq!(paid["payments"][0]["after"], "captured");
    assert!(paid["answer"].as_str().unwrap().contains("ThankYouPage"));
}

#[test]
fn a_payment_is_followed_from_state_to_state() {
    let app = bare("");
    let mut merchant = Merchant::new(&app);
    let new = json!({
        "price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1,
        "paymentGroup": "LISTING_OR_SUBSCRIPTION", "paymentPhase": "PRE_AUTH",
        "card": { "cardHolderName": "A B", "cardNumber": "5258640000000001", "expireYear": "2044",
            "expireMonth": "07", "cvc": "000" },
        "items": [{ "name": "a", "price": 100 }],
    });
    let paid = merchant.post("/payment/v1/card-payments", &new);
    let id = paid.text_at("data.id");
    let item = paid.text_at("data.paymentTransactions.0.id");
    let refund = json!({ "paymentTransactionId": item.parse::<u64>().unwrap(), "refundPrice": 40 });
    let early = merchant.post("/payment/v1/refund-transactions", &refund);
    merchant.post(
        &format!("/payment/v1/card-payments/{id}/post-auth"),
        &json!({ "paidPrice": 100 }),
    );
    merchant.post("/payment/v1/refund-transactions", &refund);
    merchant.get(&format!("/payment-reporting/v1/payments/{id}"));
    let list = admin(&mut Shopper::new(&app), "GET journal");
    let states = list.at("entries").as_array().unwrap().iter();
    let states: Vec<_> = states
        .map(|entry| {
            let payment = &entry["payments"][0];
            assert_eq!(payment["id"].to_string(), id, "{entry}");
            (
                payment["before"].as_str(),
                payment["after"].as_str().unwrap(),
            )
        })
        .collect();
    let want = [
        (None, "authorized"),
        (Some("authorized"), "authorized"),
        (Some("authorized"), "captured"),
        (Some("captured"), "partly_refunded"),
        (Some("partly_refunded"), "partly_refunded"),
    ];
    assert_eq!(states, want, "{}\n{}", list.text, early.text);
}

#[test]
fn mistakes_are_told_from_refusals() {
    let app = app("");
    let mut shopper = Shopper::new(&app);
    shopper.page(
        "MasterpassRestOrderNoPage",
        &json!({ "use_three_d": false }),
    );
    shopper.get("/no/such");
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 99 }),
    );
    let mut merchant = Merchant::with_keys(&app, "api-key", "wrong-key");
    merchant.get("/installment/v1/bins/525864");
    let mut merchant = Merchant::new(&app);
    merchant.post(
        "/payment/v1/card-payments/3ds-complete",
        &json!({ "paymentId": 1 }),
    );
    merchant.send(Method::DELETE, "/payment/v1/card-payments", "");
    let list = admin(&mut shopper, "GET journal");
    let troubles: Vec<_> = (0..6)
        .map(|n| list.at(&format!("entries.{n}.trouble")).clone())
        .collect();
    let want = [
        json!({ "kind": "wrong_order", "missing": "PaymentOptionSelectionPage" }),
        json!({ "kind": "no_such_endpoint" }),
        json!(null),
        json!({ "kind": "not_admitted" }),
        json!({ "kind": "wrong_order" }),
        json!({ "kind": "no_such_endpoint" }),
    ];
    assert_eq!(troubles, want, "{}", list.text);
}

#[test]
fn a_call_that_waits_says_so_until_enough_is_there() {
    let app = app("");
    let mut shopper = Shopper::new(&app);
    shopper.get("/csrf_token/");
    let there = admin(&mut shopper, "GET journal?wait=1");
    assert_eq!((there.status, numbers(&there.json)), (200, vec![1]));
    assert!(there.at("wanted").is_null());
    let short = admin(
        &mut shopper,
        "GET journal?wait=2&endpoint=akinon.*&timeout=1s",
    );
    assert_eq!((short.status, numbers(&short.json)), (408, vec![1]));
    assert_eq!(short.at("wanted"), 2);
    shopper.get("/csrf_token/");
    let there = admin(&mut shopper, "GET journal?wait=2&limit=1");
    assert_eq!((there.status, numbers(&there.json)), (200, vec![2]));
}

#[test]
fn events_go_on_where_the_last_one_was_seen() {
    let app = app("");
    let mut shopper = Shopper::new(&app);
    (0..3).for_each(|_| drop(shopper.get("/csrf_token/")));
    shopper.header("accept", "text/event-stream");
    let mut ids = |line: &str, last: &str| -> Vec<String> {
        shopper.header("last-event-id", last);
        let answer = admin(&mut shopper, line);
        assert_eq!(answer.header("content-type"), "text/event-stream");
        let lines = answer.text.lines();
        lines
            .filter_map(|line| line.strip_prefix("id: ").map(str::to_owned))
            .collect()
    };
    for (line, last, want) in [
        ("GET journal", "", vec!["1", "2", "3"]),
        ("GET journal?since=3", "", vec!["3"]),
        ("GET journal?limit=0", "", vec![]),
        ("GET journal", "2", vec!["3"]),
        ("GET journal?limit=0", "2", vec!["3"]),
        ("GET journal", "3", vec![]),
        ("GET journal", "99", vec!["1", "2", "3"]),
        ("GET journal?method=POST", "", vec![]),
    ] {
        assert_eq!(ids(line, last), want, "{line} after {last}");
    }
}

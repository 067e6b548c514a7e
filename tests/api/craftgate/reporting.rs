//! Reports: payments, items and refunds, and every filter of their searches.

use super::refunds::{ITEM_REFUNDS, PAYMENTS, order, pay};
use crate::support::merchant::Merchant;
use crate::support::walk::{
    CRAFTGATE, PLAIN, Plan, complete_reference, craftgate_token, to_order_no,
};
use crate::support::{Answer, Shopper, bare as app};
use serde_json::{Value, json};

const REPORTS: &str = "/payment-reporting/v1";

fn ids(answer: &Answer) -> Vec<u64> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let items = answer.at("data.items").as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_u64().unwrap())
        .collect()
}

#[test]
fn a_payment_is_reported_with_what_was_given_back() {
    let mut merchant = Merchant::new(&app(""));
    let (id, item) = pay(&mut merchant, "5258640000000001", &json!({"price": 100.00}));
    merchant.post(ITEM_REFUNDS, &json!({"paymentTransactionId": item + 2}));
    let answer = merchant.get(&format!("{REPORTS}/payments/{id}"));
    for (path, want) in [
        ("id", json!(id)),
        ("paymentStatus", json!("SUCCESS")),
        ("retryCount", json!(0)),
        ("refundablePrice", json!(80)),
        ("refundStatus", json!("PARTIAL_REFUNDED")),
        ("refunds", json!([])),
        ("cardUserKey", Value::Null),
    ] {
        assert_eq!(answer.at(&format!("data.{path}")), &want, "{path}");
    }
    let items = merchant.get(&format!("{REPORTS}/payments/{id}/transactions"));
    for (n, status, rest, payout) in [
        (0, "NOT_REFUNDED", 30, "WAITING_FOR_PAYOUT"),
        (2, "FULLY_REFUNDED", 0, "CANCELLED"),
    ] {
        let at = |path: &str| items.at(&format!("data.items.{n}.{path}")).clone();
        assert_eq!(at("id"), json!(item + n));
        assert_eq!(at("refundStatus"), json!(status));
        assert_eq!(at("refundablePrice"), json!(rest));
        assert_eq!(at("payoutStatus.merchantStatus"), json!(payout));
        assert_eq!(
            at("payoutStatus.subMerchantMemberStatus"),
            json!("NO_PAYOUT")
        );
        assert_eq!(at("transactionStatusDate"), json!("2026-01-02T06:04:05"));
        assert_eq!(at("blockageResolvedDate"), json!("2026-01-03T00:00:00"));
    }
    let refunds = merchant.get(&format!(
        "{REPORTS}/payments/{id}/transactions/{}/refunds",
        item + 2
    ));
    assert_eq!(refunds.at("data.items.0.refundPrice"), &json!(20));
    assert_eq!(
        refunds.at("data.items.0.paymentType"),
        &json!("CARD_PAYMENT")
    );
    let other = merchant.get(&format!(
        "{REPORTS}/payments/{id}/transactions/{item}/refunds"
    ));
    assert_eq!(other.json, json!({"data": {"items": []}}));
    let strange = merchant.get(&format!("{REPORTS}/payments/{id}/transactions/1/refunds"));
    assert_eq!(strange.status, 404);
    assert_eq!(merchant.get(&format!("{REPORTS}/payments/x")).status, 404);
}

/// Three payments: a usual one, one in dollars, one that fails.
fn three(merchant: &mut Merchant) -> [u64; 3] {
    let more = json!({"externalId": "e-1", "paymentChannel": "WEB", "buyerMemberId": 7,
        "items": [{"price": 100, "subMerchantMemberId": 9, "subMerchantMemberPrice": 90}]});
    let (first, _) = pay(merchant, "5258640000000001", &more);
    let more = json!({"currency": "USD", "paidPrice": 120, "conversationId": "order-2"});
    let (second, _) = pay(merchant, "4111111111111111", &more);
    let failed = merchant.post(
        PAYMENTS,
        &order("5100560000006669", &json!({"conversationId": "order-3"})),
    );
    assert_eq!(failed.status, 422);
    let third = merchant.get(&format!("{REPORTS}/payments?size=1"));
    [first, second, ids(&third)[0]]
}

#[test]
fn payments_are_searched_by_everything() {
    let mut merchant = Merchant::new(&app(""));
    let [a, b, c] = three(&mut merchant);
    let report = merchant.get(&format!("{REPORTS}/payments/{a}"));
    let (order_no, pos) = (
        report.text_at("data.orderId"),
        report.text_at("data.pos.id"),
    );
    let item = report.text_at("data.paymentTransactions.0.id");
    for (query, want) in [
        (String::new(), vec![c, b, a]),
        (format!("paymentId={b}"), vec![b]),
        (format!("paymentTransactionId={item}"), vec![a]),
        ("buyerMemberId=7".into(), vec![a]),
        ("subMerchantMemberId=9".into(), vec![a]),
        ("conversationId=order-2".into(), vec![b]),
        ("externalId=e-1".into(), vec![a]),
        (format!("orderId={order_no}"), vec![a]),
        (format!("merchantPosId={pos}&externalId=e-1"), vec![a]),
        ("merchantPosId=999999".into(), vec![]),
        ("paymentType=CARD_PAYMENT".into(), vec![c, b, a]),
        ("paymentType=APM".into(), vec![]),
        ("paymentProvider=BANK".into(), vec![c, b, a]),
        ("paymentProvider=MASTERPASS".into(), vec![]),
        ("paymentStatus=FAILURE".into(), vec![c]),
        ("paymentSource=API&paymentChannel=WEB".into(), vec![a]),
        ("binNumber=525864".into(), vec![a]),
        ("lastFourDigits=1111".into(), vec![b]),
        ("currency=USD".into(), vec![b]),
        ("minPaidPrice=100.01".into(), vec![b]),
        ("maxPaidPrice=100.00&minPaidPrice=100".into(), vec![c, a]),
        ("installment=1&isThreeDS=false".into(), vec![c, b, a]),
        ("installment=2".into(), vec![]),
        ("isThreeDS=True".into(), vec![]),
        (
            "minCreatedDate=2026-01-02T03:04:05.678Z".into(),
            vec![c, b, a],
        ),
        ("minCreatedDate=2026-01-02T03:04:06Z".into(), vec![]),
        ("minCreatedDate=2026-01-02T06:04:05".into(), vec![c, b, a]),
        ("maxCreatedDate=2026-01-02T06:04:05".into(), vec![c, b, a]),
        ("maxCreatedDate=2026-01-02T06:04:04".into(), vec![]),
        ("nobodyKnows=1&PaymentID=".into(), vec![c, b, a]),
        ("page=1&size=2".into(), vec![a]),
        ("page=5".into(), vec![]),
    ] {
        let answer = merchant.get(&format!("{REPORTS}/payments?{query}"));
        assert_eq!(ids(&answer), want, "{query}");
    }
    let page = merchant.get(&format!("{REPORTS}/payments?page=1&size=2"));
    for (path, want) in [("page", 1), ("size", 2), ("totalSize", 3)] {
        assert_eq!(page.at(&format!("data.{path}")), &json!(want), "{path}");
    }
    assert_eq!(
        merchant.get(&format!("{REPORTS}/payments")).at("data.size"),
        &json!(10)
    );
    let failed = merchant.get(&format!("{REPORTS}/payments/{c}"));
    assert_eq!(
        failed.text_at("data.paymentError.errorGroup"),
        "DO_NOT_HONOUR"
    );
    assert_eq!(failed.text_at("data.refundStatus"), "NO_REFUND");
    for bad in [
        "minPaidPrice=x",
        "minCreatedDate=yesterday",
        "currency=XXX",
        "page=-1",
    ] {
        assert_eq!(
            merchant.get(&format!("{REPORTS}/payments?{bad}")).status,
            422,
            "{bad}"
        );
    }
}

#[test]
fn refunds_are_searched_by_everything() {
    let mut merchant = Merchant::new(&app(""));
    let (paid, item) = pay(
        &mut merchant,
        "5258640000000001",
        &json!({"buyerMemberId": 7}),
    );
    let (cancelled, _) = pay(&mut merchant, "5258640000000001", &json!({}));
    let mut refund = |path: &str, ask: Value| {
        let answer = merchant.post(path, &ask);
        answer.at("data.id").as_u64().unwrap()
    };
    let a = refund(
        ITEM_REFUNDS,
        json!({"paymentTransactionId": item, "refundPrice": 5, "conversationId": "x"}),
    );
    let b = refund(ITEM_REFUNDS, json!({"paymentTransactionId": item + 1}));
    let c = refund("/payment/v1/refunds", json!({"paymentId": cancelled}));
    for (path, query, want) in [
        ("refunds", String::new(), vec![c]),
        ("refunds", format!("paymentId={paid}"), vec![]),
        (
            "refunds",
            format!("id={c}&currency=TRY&status=SUCCESS"),
            vec![c],
        ),
        ("refunds", "minRefundPrice=100.01".into(), vec![]),
        (
            "refunds",
            "minPaidPrice=100&maxPaidPrice=100".into(),
            vec![c],
        ),
        ("refund-transactions", String::new(), vec![b, a]),
        (
            "refund-transactions",
            format!("paymentTransactionId={item}"),
            vec![a],
        ),
        (
            "refund-transactions",
            "conversationId=x&buyerMemberId=7".into(),
            vec![a],
        ),
        ("refund-transactions", "maxRefundPrice=5".into(), vec![a]),
        ("refund-transactions", "maxPaidPrice=5.00".into(), vec![a]),
        ("refund-transactions", "minRefundPrice=5.01".into(), vec![b]),
        (
            "refund-transactions",
            "isAfterSettlement=true".into(),
            vec![],
        ),
        (
            "refund-transactions",
            "isAfterSettlement=false&size=1".into(),
            vec![b],
        ),
        ("refund-transactions", "status=FAILURE".into(), vec![]),
        (
            "refund-transactions",
            "minCreatedDate=2026-01-02T03:04:06Z".into(),
            vec![],
        ),
        (
            "refund-transactions",
            format!("id={a}&currency=TRY"),
            vec![a],
        ),
    ] {
        let answer = merchant.get(&format!("{REPORTS}/{path}?{query}"));
        assert_eq!(ids(&answer), want, "{path}?{query}");
    }
    let one = merchant.get(&format!("{REPORTS}/refunds"));
    for absent in [
        "refundType",
        "currency",
        "paymentTransactionRefunds",
        "error",
    ] {
        assert!(
            one.at(&format!("data.items.0.{absent}")).is_null(),
            "{absent}"
        );
    }
    let of_payment = merchant.get(&format!("{REPORTS}/payments/{cancelled}/refunds"));
    assert_eq!(ids(&of_payment), [c]);
}

#[test]
fn payments_of_the_commerce_backend_are_there_too() {
    let app = app("");
    let (mut merchant, mut shopper) = (Merchant::new(&app), Shopper::new(&app));
    to_order_no(
        &mut shopper,
        Plan {
            option: CRAFTGATE,
            ..PLAIN
        },
    );
    let (reference, order_no) = craftgate_token(&mut shopper, false);
    assert_eq!(
        complete_reference(&mut shopper, &reference).page(),
        "ThankYouPage"
    );
    let found = merchant.get(&format!(
        "{REPORTS}/payments?paymentProvider=MASTERPASS&orderId={order_no}"
    ));
    let id = ids(&found)[0];
    let refunded = merchant.post("/payment/v1/refunds", &json!({"paymentId": id}));
    assert_eq!(
        refunded.text_at("data.refundType"),
        "CANCEL",
        "{}",
        refunded.text
    );
    let report = merchant.get(&format!("{REPORTS}/payments/{id}"));
    assert_eq!(report.text_at("data.refundStatus"), "FULLY_REFUNDED");
}

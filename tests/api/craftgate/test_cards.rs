//! Every published test card does in every operation what the table says.

use super::cards::{COMPLETE, INIT, PAYMENTS, order, order_3d, posted, refusal, visit, with};
use crate::support::app;
use crate::support::merchant::Merchant;
use mockpos::domain::published::{Operation, TestCard, test_cards};
use serde_json::json;

const REFUND: &str = "/payment/v1/refunds";
const REFUND_ITEM: &str = "/payment/v1/refund-transactions";

/// What the answer must be: the group of a refusal, or nothing.
fn want(card: &TestCard, operation: Operation) -> String {
    card.fails_at(operation).unwrap_or_default().to_owned()
}

fn sale(merchant: &mut Merchant, card: &TestCard) {
    let answer = merchant.post(PAYMENTS, &order(card.pan));
    let (code, group) = refusal(&answer);
    assert_eq!(
        group,
        want(card, Operation::Payment),
        "{card:?}: {}",
        answer.text
    );
    let known = code.is_empty() || code.parse::<u32>().unwrap() > 10_000;
    assert!(known, "{card:?}: {}", answer.text);
    assert_eq!(answer.status, if group.is_empty() { 200 } else { 422 });
}

/// Pays with 3-D Secure; the merchant takes half of it or not.
fn three_d(merchant: &mut Merchant, card: &TestCard, half: bool) {
    let begun = merchant.post(INIT, &order_3d(card.pan));
    let (_, group) = refusal(&begun);
    assert_eq!(
        group,
        want(card, Operation::ThreeDsInit),
        "{card:?}: {}",
        begun.text
    );
    if !group.is_empty() {
        return;
    }
    assert_eq!(
        begun.text_at("data.paymentStatus"),
        "INIT_THREEDS",
        "{}",
        begun.text
    );
    // The bank's page has no buttons where the card decides.
    let decides = card.three_ds.md_status != 1;
    let page = visit(merchant, &begun, if decides { "" } else { "succeeds" });
    let verified = card.three_ds.authenticated(half);
    let status = if verified { "SUCCESS" } else { "FAILURE" };
    assert_eq!(posted(&page, "status"), status, "{card:?}");
    let id = begun.text_at("data.paymentId");
    let answer = merchant.post(COMPLETE, &json!({"paymentId": id}));
    if !verified {
        assert_eq!(
            refusal(&answer),
            ("4302".to_owned(), String::new()),
            "{card:?}"
        );
        return;
    }
    let (_, group) = refusal(&answer);
    assert_eq!(
        group,
        want(card, Operation::ThreeDsComplete),
        "{card:?}: {}",
        answer.text
    );
    if group.is_empty() {
        assert_eq!(
            answer.text_at("data.mdStatus"),
            card.three_ds.md_status.to_string()
        );
    }
}

fn reserved(merchant: &mut Merchant, card: &TestCard) {
    let wanted = with(order(card.pan), "/paymentPhase", json!("PRE_AUTH"));
    let answer = merchant.post(PAYMENTS, &wanted);
    let (_, group) = refusal(&answer);
    assert_eq!(
        group,
        want(card, Operation::PreAuth),
        "{card:?}: {}",
        answer.text
    );
    if !group.is_empty() {
        return;
    }
    assert_eq!(answer.text_at("data.paymentPhase"), "PRE_AUTH");
    let target = format!("{PAYMENTS}/{}/post-auth", answer.at("data.id"));
    let answer = merchant.post(&target, &json!({"paidPrice": 100}));
    let (_, group) = refusal(&answer);
    assert_eq!(
        group,
        want(card, Operation::PostAuth),
        "{card:?}: {}",
        answer.text
    );
    if group.is_empty() {
        assert_eq!(answer.text_at("data.paymentPhase"), "POST_AUTH");
    }
}

/// Gives a payment back: whole, which a refusal leaves as it was, and by item.
fn refunded(merchant: &mut Merchant, card: &TestCard) {
    let paid = merchant.post(PAYMENTS, &order(card.pan));
    assert_eq!(paid.status, 200, "{card:?}: {}", paid.text);
    let (id, item) = (paid.at("data.id"), paid.at("data.paymentTransactions.0.id"));
    let wanted = want(card, Operation::Refund);
    for (target, named) in [
        (REFUND_ITEM, json!({"paymentTransactionId": item})),
        (REFUND, json!({"paymentId": id})),
    ] {
        let answer = merchant.post(target, &named);
        let (_, group) = refusal(&answer);
        assert_eq!(group, wanted, "{card:?} {target}: {}", answer.text);
        assert_eq!(answer.status, if group.is_empty() { 200 } else { 422 });
    }
    let left = merchant.get(&format!("/payment-reporting/v1/payments/{id}"));
    let status = if wanted.is_empty() {
        "FULLY_REFUNDED"
    } else {
        "NOT_REFUNDED"
    };
    assert_eq!(left.text_at("data.refundStatus"), status, "{card:?}");
}

#[test]
fn every_card_is_refunded_or_fails_as_the_table_says() {
    let mut merchant = Merchant::new(&app(r#"
        [[rule]]
        when = { endpoint = "craftgate.card_payment.create" }
        then = { approve = true }"#));
    for card in test_cards() {
        refunded(&mut merchant, card);
    }
    let fails = |card: &&TestCard| card.fails_at(Operation::Refund).is_some();
    assert!(test_cards().iter().any(|card| fails(&card)));
}

#[test]
fn every_card_pays_or_fails_as_the_table_says() {
    let mut merchant = Merchant::new(&app(""));
    for card in test_cards() {
        sale(&mut merchant, card);
    }
}

#[test]
fn every_card_passes_3d_secure_or_fails_as_the_table_says() {
    for half in [false, true] {
        let rules = format!("[settings]\nhalf_three_ds = {half}");
        let mut merchant = Merchant::new(&app(&rules));
        for card in test_cards() {
            three_d(&mut merchant, card, half);
        }
    }
}

#[test]
fn every_card_is_reserved_and_captured_or_fails_as_the_table_says() {
    let mut merchant = Merchant::new(&app(""));
    for card in test_cards() {
        reserved(&mut merchant, card);
    }
}

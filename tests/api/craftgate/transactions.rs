//! Items of payments: approved, disapproved, changed.

use super::refunds::{GOOD, ITEM_REFUNDS, PAYMENTS, code, order, pay};
use crate::support::merchant::Merchant;
use crate::support::{Answer, bare as app};
use serde_json::{Value, json};

const PATH: &str = "/payment/v1/payment-transactions";

/// Two items of 50, of which seller 9 gets 45 each.
fn market(merchant: &mut Merchant) -> (u64, u64) {
    let item = json!({"price": 50, "subMerchantMemberId": 9, "subMerchantMemberPrice": 45});
    pay(
        merchant,
        "5258640000000001",
        &json!({"paymentGroup": "PRODUCT", "items": [item, item]}),
    )
}

fn decided(merchant: &mut Merchant, verb: &str, ids: &[u64], all: bool) -> Vec<bool> {
    let ask = json!({"paymentTransactionIds": ids, "isTransactional": all});
    let answer = merchant.post(&format!("{PATH}/{verb}"), &ask);
    assert_eq!(answer.at("data.size"), &json!(ids.len()), "{}", answer.text);
    let items = answer.at("data.items").as_array().unwrap();
    let done = |(item, id): (&Value, &u64)| {
        assert_eq!(item["paymentTransactionId"], json!(id));
        let done = item["approvalStatus"] == "SUCCESS";
        assert_eq!(item["failedReason"].is_null(), done, "{item}");
        done
    };
    items.iter().zip(ids).map(done).collect()
}

fn items(merchant: &mut Merchant, id: u64) -> Answer {
    merchant.get(&format!("/payment-reporting/v1/payments/{id}/transactions"))
}

#[test]
fn no_seller_gets_more_than_the_item_costs() {
    let mut merchant = Merchant::new(&app(""));
    for (share, want) in [(json!(100), None), (json!("100.01"), Some("4700"))] {
        let item = json!({"price": 100, "subMerchantMemberId": 9, "subMerchantMemberPrice": share});
        let answer = merchant.post(PAYMENTS, &order(GOOD, &json!({"items": [item]})));
        match want {
            None => assert_eq!(answer.status, 200, "{}", answer.text),
            Some(want) => {
                assert_eq!((answer.status, &*code(&answer)), (422, want));
                let said = answer.text_at("errors.errorDescription");
                assert!(
                    said.starts_with("items[0].subMerchantMemberPrice: "),
                    "{said}"
                );
            }
        }
    }
    let nothing = json!({"price": 0, "subMerchantMemberPrice": 1});
    let answer = merchant.post(PAYMENTS, &order(GOOD, &json!({"items": [nothing]})));
    assert_eq!(code(&answer), "4012", "the price itself is wrong");
}

#[test]
fn items_are_approved_alone_or_together() {
    let mut merchant = Merchant::new(&app(""));
    let (id, first) = market(&mut merchant);
    let (_, listing) = pay(&mut merchant, "5258640000000001", &json!({}));
    let both = [first, first + 1];
    let cases: &[(&str, &[u64], bool, &[bool])] = &[
        ("disapprove", &both, false, &[false, false]),
        ("approve", &[first, 1], true, &[false, false]),
        ("approve", &[first, 1], false, &[true, false]),
        ("approve", &both, true, &[false, false]),
        ("disapprove", &[first], true, &[true]),
        ("approve", &[first, first], false, &[true, false]),
        ("approve", &[first + 1], true, &[true]),
        ("disapprove", &both, true, &[true, true]),
        ("approve", &[listing], false, &[false]),
        ("disapprove", &[listing], false, &[false]),
    ];
    for (verb, ids, all, want) in cases {
        assert_eq!(
            decided(&mut merchant, verb, ids, *all),
            *want,
            "{verb} {ids:?} {all}"
        );
    }
    decided(&mut merchant, "approve", &[first], true);
    let report = items(&mut merchant, id);
    assert_eq!(report.text_at("data.items.0.transactionStatus"), "APPROVED");
    assert_eq!(
        report.text_at("data.items.1.transactionStatus"),
        "WAITING_FOR_APPROVAL"
    );
    for bad in [
        json!({}),
        json!({"paymentTransactionIds": []}),
        json!({"paymentTransactionIds": null}),
    ] {
        assert_eq!(
            code(&merchant.post(&format!("{PATH}/approve"), &bad)),
            "4001",
            "{bad}"
        );
    }
}

#[test]
fn a_sellers_share_and_day_may_change_until_approved() {
    let mut merchant = Merchant::new(&app("[craftgate]\nbank_commission_rate = \"1\""));
    let (id, first) = market(&mut merchant);
    let target = format!("{PATH}/{first}");
    let mut ask = json!({"subMerchantMemberId": 8, "subMerchantMemberPrice": 33.30});
    let answer = merchant.put(&target, &ask);
    assert_eq!(answer.status, 200, "{}", answer.text);
    for (path, want) in [
        ("id", json!(first)),
        ("subMerchantMemberId", json!(8)),
        ("subMerchantMemberPrice", json!(33.3)),
        ("subMerchantMemberPayoutRate", json!(66.6)),
        ("subMerchantMemberPayoutAmount", json!(33.3)),
        ("merchantPayoutAmount", json!(16.2)),
        ("payout.merchantPayoutAmount", json!(16.2)),
        ("blockageResolvedDate", json!("2026-01-03T00:00:00")),
    ] {
        assert_eq!(answer.at(&format!("data.{path}")), &want, "{path}");
    }
    assert_eq!(
        code(&merchant.put(&target, &ask)),
        "4700",
        "nothing changes"
    );
    ask["blockageResolvedDate"] = json!("2026-01-01T09:00:00");
    let answer = merchant.put(&target, &ask);
    assert_eq!(
        answer.text_at("data.blockageResolvedDate"),
        "2026-01-01T09:00:00",
        "{}",
        answer.text
    );
    for (bad, want) in [
        (
            json!({"subMerchantMemberId": 8, "subMerchantMemberPrice": 50.01}),
            "4700",
        ),
        (json!({"subMerchantMemberId": 8}), "4001"),
        (
            json!({"subMerchantMemberId": 8, "subMerchantMemberPrice": 0}),
            "4012",
        ),
    ] {
        assert_eq!(code(&merchant.put(&target, &bad)), want, "{bad}");
    }
    let waits =
        |answer: &Answer| answer.text_at("data.items.0.payoutStatus.subMerchantMemberStatus");
    assert_eq!(waits(&items(&mut merchant, id)), "WAITING_FOR_PAYOUT");
    decided(&mut merchant, "approve", &[first], true);
    assert_eq!(
        waits(&items(&mut merchant, id)),
        "PAYOUT_COMPLETED",
        "its day had come"
    );
    ask["subMerchantMemberId"] = json!(7);
    assert_eq!(code(&merchant.put(&target, &ask)), "4700", "approved");
    assert_eq!(
        decided(&mut merchant, "disapprove", &[first], true),
        [false],
        "paid out"
    );
    let refund = merchant.post(ITEM_REFUNDS, &json!({"paymentTransactionId": first}));
    assert_eq!(refund.at("data.isAfterSettlement"), &json!(true));
    let other = merchant.put(&format!("{PATH}/{}", first + 1), &ask);
    assert_eq!(code(&other), "4700", "the payment is refunded in part");
    let (_, plain) = pay(
        &mut merchant,
        "5258640000000001",
        &json!({"paymentGroup": "PRODUCT"}),
    );
    assert_eq!(
        code(&merchant.put(&format!("{PATH}/{plain}"), &ask)),
        "4700",
        "no marketplace"
    );
    assert_eq!(code(&merchant.put(&format!("{PATH}/1"), &ask)), "9003");
}

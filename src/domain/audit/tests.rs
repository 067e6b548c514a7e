//! Random runs raise no false alarm, and each planted violation is found.

use super::*;
use crate::clock::Timestamp;
use crate::domain::decision::{Authorization, ThreeDs};
use crate::domain::money::Currency;
use crate::domain::payment::{Damage, NewPayment, Phase};
use crate::domain::tests::config;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_micros(1_767_366_000_000_000);
/// A day and more later: a payment can no longer be voided.
const LATER: Timestamp = Timestamp::from_micros(1_767_466_000_000_000);

fn lira(minor: i64) -> Money {
    Money::new(minor, Currency::TRY)
}

/// One random move; amounts go from nothing to too much.
#[derive(Debug, Clone)]
enum Act {
    Begin,
    Return(u8),
    Authorize(bool),
    Capture(i64),
    Void,
    Reverse,
    Refund(i64),
    RefundItem(usize, Option<i64>),
}

fn act() -> impl Strategy<Value = Act> {
    let minor = || prop_oneof![-1..3_i64, 1..20_000_i64];
    prop_oneof![
        2 => Just(Act::Begin),
        2 => (0..9_u8).prop_map(Act::Return),
        4 => (0..8_u8).prop_map(|n| Act::Authorize(n > 0)),
        3 => minor().prop_map(Act::Capture),
        1 => Just(Act::Void),
        1 => Just(Act::Reverse),
        4 => minor().prop_map(Act::Refund),
        5 => (0..5_usize, proptest::option::of(minor())).prop_map(|(i, m)| Act::RefundItem(i, m)),
    ]
}

/// A bookkeeper's own numbers: what the bank took, and what it gave back.
#[derive(Debug, Default, PartialEq, Eq)]
struct Books {
    authorized: i64,
    captured: i64,
    returned: i64,
}

impl Books {
    /// What a move that went well means to them.
    fn note(&mut self, act: &Act, (before, after): (&Payment, &Payment)) {
        match act {
            Act::Authorize(_) => {
                self.authorized = before.paid().minor();
                let at_once = before.phase == Phase::Sale;
                self.captured = if at_once { self.authorized } else { 0 };
            }
            Act::Capture(minor) => self.captured = *minor,
            Act::Void | Act::Reverse => self.returned = self.captured,
            Act::Refund(minor) | Act::RefundItem(_, Some(minor)) => self.returned += minor,
            Act::RefundItem(item, None) => self.returned += before.items()[*item].rest().minor(),
            Act::Begin | Act::Return(_) => assert_eq!(before.ledger(), after.ledger()),
        }
    }
}

fn perform(payment: &mut Payment, act: &Act) -> bool {
    let done = match act {
        Act::Begin => payment.begin_challenge(),
        Act::Return(md) => payment.authenticate(ThreeDs::of_md_status(*md), true),
        Act::Authorize(true) => payment.authorize(&Authorization::Approved, NOW),
        Act::Authorize(false) => {
            let why = crate::refusal::Decline::LostCard;
            payment.authorize(&Authorization::Declined(why), NOW)
        }
        Act::Capture(minor) => payment.capture(lira(*minor), NOW),
        Act::Void => payment.void(NOW).map(drop),
        Act::Reverse => payment.reverse(LATER).map(drop),
        Act::Refund(minor) => payment.refund(lira(*minor), NOW).map(drop),
        Act::RefundItem(i, minor) => payment.refund_item(*i, minor.map(lira), NOW).map(drop),
    };
    done.is_ok()
}

fn fresh((sale, three_d): (bool, bool), items: &[i64], paid: i64) -> Payment {
    Payment::new(NewPayment {
        paid: lira(paid),
        installment: 3,
        phase: if sale { Phase::Sale } else { Phase::Provision },
        three_d,
        items: items.iter().copied().map(lira).collect(),
        ..NewPayment::of(lira(items.iter().sum()))
    })
    .unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_runs_raise_no_false_alarm(
        kind in any::<(bool, bool)>(),
        items in proptest::collection::vec(1..5_000_i64, 1..4),
        paid in 1..12_000_i64,
        acts in proptest::collection::vec(act(), 0..40),
        plant in (0..Damage::ALL.len(), 1..1_000_i64),
    ) {
        let mut payment = fresh(kind, &items, paid);
        let mut books = Books::default();
        for act in &acts {
            let before = payment.clone();
            if perform(&mut payment, act) {
                books.note(act, (&before, &payment));
            }
            prop_assert_eq!(audit(&payment), [], "after {:?}", act);
            let said = Books {
                authorized: payment.authorized().minor(),
                captured: payment.captured().minor(),
                returned: payment.refunded().minor(),
            };
            prop_assert_eq!(&said, &books, "after {:?}", act);
        }
        // Whatever state it is in, a violation that is planted now is found.
        let (damage, by) = (Damage::ALL[plant.0], plant.1);
        let damaged = payment.damaged(damage, by);
        let rules: Vec<Rule> = audit(&damaged).iter().map(|found| found.rule).collect();
        prop_assert!(rules.contains(&rule(damage)), "{:?} by {}: {:?}", damage, by, rules);
    }
}

/// What each damage breaks.
const fn rule(damage: Damage) -> Rule {
    match damage {
        Damage::Currency => Rule::OneCurrency,
        Damage::SaysAuthorized => Rule::AuthorizedAsMoved,
        Damage::SaysCaptured => Rule::CapturedAsMoved,
        Damage::Captures => Rule::CapturedWithinAuthorized,
        Damage::Refunds => Rule::RefundedWithinCaptured,
        Damage::Releases => Rule::ReleasedWithinAuthorized,
        Damage::Price => Rule::PricesAddUp,
        Damage::Share => Rule::SharesAddUp,
        Damage::ItemRefunded => Rule::ItemRefundedWithinShare,
        Damage::Parts => Rule::PartsAgree,
    }
}

#[test]
fn the_rest_of_the_rules_are_broken_by_hand() {
    let mut paid = fresh((true, false), &[3_000, 7_000], 10_500);
    paid.authorize(&Authorization::Approved, NOW).unwrap();
    let rules = |payment: &Payment| -> Vec<Rule> {
        audit(payment).iter().map(|found| found.rule).collect()
    };
    // An item that says it gave something back, and nothing was moved for it.
    let said = paid.damaged(Damage::ItemRefunded, 1);
    assert!(
        rules(&said).contains(&Rule::ItemRefundedAsMoved),
        "{said:?}"
    );
    assert!(rules(&said).contains(&Rule::RefundedAsMoved), "{said:?}");
    // Money moved for a payment that was never decided.
    let moved = fresh((true, false), &[100], 100).damaged(Damage::Refunds, 1);
    assert!(rules(&moved).contains(&Rule::NothingMoved), "{moved:?}");
}

#[test]
fn the_parts_of_an_order_are_those_of_its_payment() {
    let mut payment = fresh((true, false), &[10_000], 10_500);
    payment.authorize(&Authorization::Approved, NOW).unwrap();
    let rules = |total, monthly, count| -> Vec<Rule> {
        let order = crate::domain::order::tests::order(lira(total), lira(monthly), count);
        let found = audit_order(&order, &payment);
        found.iter().map(|found| found.rule).collect()
    };
    assert_eq!(rules(10_500, 3_500, 3), []);
    assert_eq!(rules(10_500, 3_501, 3), [Rule::PartsAddUp; 1]);
    assert_eq!(rules(10_400, 3_467, 3), [Rule::PartsAddUp; 1]);
    assert_eq!(rules(10_500, 5_250, 2), [Rule::PartsAgree; 1]);
}

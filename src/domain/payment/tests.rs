//! Every move from every state, and the sums by hand.

use super::*;
use crate::domain::decision::Decline;
use crate::domain::ledger::MAX_MOVES;
use crate::domain::money::Currency;

const HOUR: i64 = 3_600_000_000;
/// 2026-01-02 in Turkey, at 18:00.
pub(super) const TODAY: Timestamp = Timestamp::from_micros(1_767_366_000_000_000);

pub(super) fn lira(minor: i64) -> Money {
    Money::new(minor, Currency::TRY)
}

pub(super) fn draft(phase: Phase, three_d: bool, items: &[i64], paid: i64) -> NewPayment {
    NewPayment {
        id: 7,
        transactions: 70,
        order_no: "1001".into(),
        price: lira(items.iter().sum()),
        paid: lira(paid),
        installment: 3,
        bin: "525864".into(),
        phase,
        three_d,
        items: items.iter().copied().map(lira).collect(),
        at: TODAY,
        particulars: Box::default(),
    }
}

/// Items of 30, 50 and 20 lira for 105.
fn fresh(phase: Phase, three_d: bool) -> Payment {
    Payment::new(draft(phase, three_d, &[3_000, 5_000, 2_000], 10_500)).unwrap()
}

fn sale() -> Payment {
    let mut payment = fresh(Phase::Sale, false);
    payment.authorize(&Authorization::Approved, TODAY).unwrap();
    payment
}

fn provision() -> Payment {
    let mut payment = fresh(Phase::Provision, false);
    payment.authorize(&Authorization::Approved, TODAY).unwrap();
    payment
}

pub(super) fn three_ds(md_status: u8) -> ThreeDs {
    ThreeDs::of_md_status(md_status)
}

pub(super) fn declined(why: Decline) -> Authorization {
    Authorization::Declined(why)
}

fn part(item: usize, minor: i64) -> Part {
    let amount = lira(minor);
    Part { item, amount }
}

fn lines(payment: &Payment) -> Vec<(Kind, Option<u16>, i64)> {
    let line = |line: &Move| (line.kind, line.item, line.amount.minor());
    payment.ledger().iter().map(line).collect()
}

type Step = fn(&mut Payment) -> Result<(), Refusal>;

const STEPS: &[(&str, Step)] = &[
    ("begin", Payment::begin_challenge),
    ("authenticate", |p| p.authenticate(ThreeDs::SUCCESS, false)),
    ("authorize", |p| {
        p.authorize(&Authorization::Approved, TODAY)
    }),
    ("decline", |p| {
        match p.authorize(&declined(Decline::LostCard), TODAY) {
            Err(Refusal::Declined(Decline::LostCard)) => Ok(()),
            other => other,
        }
    }),
    ("fail", |p| {
        p.fail(Failure::ResponseCode {
            code: "x".to_owned(),
            description: None,
        })
    }),
    ("capture", |p| p.capture(lira(1), TODAY)),
    ("void", |p| p.void(TODAY).map(drop)),
    ("refund", |p| p.refund(lira(1), TODAY).map(drop)),
    ("refund_rest", |p| p.refund_rest(TODAY).map(drop)),
    ("refund_item", |p| p.refund_item(0, None, TODAY).map(drop)),
    ("reverse", |p| p.reverse(TODAY).map(drop)),
];

#[test]
fn each_state_allows_its_moves_and_no_other() {
    let mut waiting = fresh(Phase::Sale, true);
    waiting.begin_challenge().unwrap();
    let mut back = waiting.clone();
    back.authenticate(ThreeDs::SUCCESS, false).unwrap();
    let mut failed = waiting.clone();
    failed.authenticate(three_ds(0), false).unwrap_err();
    let (mut voided, mut released) = (sale(), provision());
    voided.void(TODAY).unwrap();
    released.void(TODAY).unwrap();
    let (mut partly, mut wholly) = (sale(), sale());
    partly.refund(lira(100), TODAY).unwrap();
    wholly.refund_rest(TODAY).unwrap();
    let cases: &[(&str, Payment, &[&str])] = &[
        (
            "created",
            fresh(Phase::Sale, false),
            &["authorize", "decline", "fail"],
        ),
        (
            "created for 3-D Secure",
            fresh(Phase::Sale, true),
            &["begin", "fail"],
        ),
        ("at the bank's page", waiting, &["authenticate", "fail"]),
        ("authenticated", back, &["authorize", "decline", "fail"]),
        ("authorized", provision(), &["capture", "void", "reverse"]),
        (
            "captured",
            sale(),
            &["void", "refund", "refund_rest", "refund_item", "reverse"],
        ),
        (
            "refunded in part",
            partly,
            &["refund", "refund_rest", "refund_item", "reverse"],
        ),
        ("voided", voided, &[]),
        ("released", released, &[]),
        ("failed", failed, &[]),
    ];
    for (state, payment, allowed) in cases {
        for (name, step) in STEPS {
            let mut after = payment.clone();
            let want = if allowed.contains(name) {
                Ok(())
            } else {
                Err(Refusal::IllegalState)
            };
            assert_eq!(step(&mut after), want, "{name} when {state}");
            assert_eq!(
                after == *payment,
                want.is_err(),
                "{name} when {state} changes"
            );
        }
    }
    for (name, step) in STEPS {
        let mut after = wholly.clone();
        assert!(step(&mut after).is_err(), "{name} when nothing is left");
        assert_eq!(after, wholly, "{name} when nothing is left");
    }
    assert_eq!(wholly.refund_rest(TODAY), Err(Refusal::Amount));
}

#[test]
fn a_draft_must_add_up() {
    for (what, items, paid, want) in [
        ("good", &[3_000, 7_000][..], 10_500, Ok(())),
        ("an item for nothing", &[100, 0], 100, Ok(())),
        ("cheaper than its goods", &[100], 50, Ok(())),
        ("free", &[0], 100, Err(Refusal::Amount)),
        ("nothing paid", &[100], 0, Err(Refusal::Amount)),
        ("negative", &[100], -1, Err(Refusal::Amount)),
        ("negative item", &[200, -100], 100, Err(Refusal::Amount)),
        ("most", &[MAX_MINOR], MAX_MINOR, Ok(())),
        ("too dear", &[MAX_MINOR + 1], 1, Err(Refusal::Amount)),
        ("too much", &[1], MAX_MINOR + 1, Err(Refusal::Amount)),
        ("many", &[1; MAX_ITEMS], 1, Ok(())),
        ("too many", &[1; MAX_ITEMS + 1], 1, Err(Refusal::Full)),
    ] {
        let draft = draft(Phase::Sale, false, items, paid);
        assert_eq!(Payment::new(draft).map(drop), want, "{what}");
    }
    let good = || draft(Phase::Sale, false, &[3_000, 7_000], 10_500);
    let mut whole = good();
    whole.items.clear();
    assert_eq!(Payment::new(whole).unwrap().items().len(), 1);
    let (mut other_sum, mut other_currency) = (good(), good());
    other_sum.price = lira(9_999);
    other_currency.paid = Money::new(10_500, Currency::USD);
    assert_eq!(Payment::new(other_sum), Err(Refusal::Amount));
    assert_eq!(Payment::new(other_currency), Err(Refusal::Amount));
}

#[test]
fn the_bank_or_the_challenge_says_no_for_good() {
    let mut payment = fresh(Phase::Sale, false);
    let code = Authorization::ResponseCode {
        code: "1409".to_owned(),
        description: None,
    };
    let refusal = payment.authorize(&code, TODAY).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::ResponseCode {
            code: "1409".to_owned(),
            description: None
        }
    );
    let failure = Failure::ResponseCode {
        code: "1409".to_owned(),
        description: None,
    };
    assert_eq!(failure.refusal(), refusal);
    assert_eq!(*payment.status(), Status::Failed(failure));
    assert_eq!(payment.refund_status(), RefundStatus::Impossible);
    assert_eq!(lines(&payment), []);
    for (md_status, half_allowed, passes) in [
        (0, true, false),
        (1, false, true),
        (2, false, false),
        (4, false, false),
        (4, true, true),
        (7, true, false),
    ] {
        let mut payment = fresh(Phase::Sale, true);
        payment.begin_challenge().unwrap();
        let got = payment.authenticate(three_ds(md_status), half_allowed);
        let want = if passes {
            Ok(())
        } else {
            Err(Refusal::ThreeDsFailed(md_status))
        };
        assert_eq!(got, want, "mdStatus {md_status}");
    }
}

#[test]
fn a_sale_is_refunded_until_nothing_is_left() {
    let mut payment = sale();
    let paid: Vec<i64> = payment
        .items()
        .iter()
        .map(|item| item.paid.minor())
        .collect();
    assert_eq!(paid, [3_150, 5_250, 2_100]);
    assert_eq!(payment.refund_status(), RefundStatus::Nothing);
    assert_eq!(
        payment.refund_item(1, Some(lira(5_251)), TODAY),
        Err(Refusal::Amount)
    );
    assert_eq!(
        payment.refund_item(1, Some(lira(0)), TODAY),
        Err(Refusal::Amount)
    );
    assert_eq!(
        payment.refund_item(1, Some(lira(-1)), TODAY),
        Err(Refusal::Amount)
    );
    let dollar = Money::new(1, Currency::USD);
    assert_eq!(
        payment.refund_item(1, Some(dollar), TODAY),
        Err(Refusal::Amount)
    );
    let nowhere = payment.refund_item(3, None, TODAY);
    assert_eq!(nowhere, Err(Refusal::NotFound(Thing::Product)));
    assert_eq!(
        payment.refund_item(1, Some(lira(5_000)), TODAY),
        Ok(part(1, 5_000))
    );
    assert_eq!(payment.refund_status(), RefundStatus::Partial);
    assert_eq!(payment.void(TODAY), Err(Refusal::IllegalState));
    assert_eq!(payment.refund_item(1, None, TODAY), Ok(part(1, 250)));
    assert_eq!(payment.refund_item(1, None, TODAY), Err(Refusal::Amount));
    assert_eq!(payment.refund(lira(5_251), TODAY), Err(Refusal::Amount));
    assert_eq!(
        payment.refund(lira(1_000), TODAY),
        Ok(vec![part(0, 600), part(2, 400)])
    );
    assert_eq!(payment.refundable(), lira(4_250));
    assert_eq!(
        payment.refund_rest(TODAY),
        Ok(vec![part(0, 2_550), part(2, 1_700)])
    );
    assert_eq!(payment.refund_status(), RefundStatus::Full);
    assert_eq!(
        (payment.captured(), payment.refunded()),
        (lira(10_500), lira(10_500))
    );
    assert_eq!(
        lines(&payment),
        [
            (Kind::Authorize, None, 10_500),
            (Kind::Capture, None, 10_500),
            (Kind::Refund, Some(1), 5_000),
            (Kind::Refund, Some(1), 250),
            (Kind::Refund, Some(0), 600),
            (Kind::Refund, Some(2), 400),
            (Kind::Refund, Some(0), 2_550),
            (Kind::Refund, Some(2), 1_700),
        ]
    );
}

#[test]
fn a_provision_is_captured_up_to_half_as_much_again() {
    for (minor, want) in [
        (0, Err(Refusal::Amount)),
        (-1, Err(Refusal::Amount)),
        (1, Ok(())),
        (10_500, Ok(())),
        (15_750, Ok(())),
        (15_751, Err(Refusal::Amount)),
    ] {
        let mut payment = provision();
        assert_eq!(payment.refund_status(), RefundStatus::Nothing);
        assert_eq!(
            (payment.captured(), payment.refundable()),
            (lira(0), lira(10_500))
        );
        assert_eq!(payment.capture(lira(minor), TODAY), want, "{minor}");
        if want.is_ok() {
            assert_eq!(payment.paid(), lira(minor));
            assert_eq!(
                (payment.authorized(), payment.captured()),
                (lira(10_500), lira(minor))
            );
            let shared: i64 = payment.items().iter().map(|item| item.paid.minor()).sum();
            assert_eq!(shared, minor);
            assert_eq!(payment.capture(lira(1), TODAY), Err(Refusal::IllegalState));
        }
    }
    let mut most = Payment::new(draft(Phase::Provision, false, &[1], MAX_MINOR)).unwrap();
    most.authorize(&Authorization::Approved, TODAY).unwrap();
    assert_eq!(
        most.capture(lira(MAX_MINOR + 1), TODAY),
        Err(Refusal::Amount)
    );
    assert_eq!(most.capture(lira(MAX_MINOR), TODAY), Ok(()));
}

#[test]
fn a_whole_payment_is_voided_on_its_day_and_refunded_later() {
    let midnight = TODAY.micros() + 6 * HOUR;
    let (evening, next_day) = (
        Timestamp::from_micros(midnight - 1),
        Timestamp::from_micros(midnight),
    );
    let all = vec![part(0, 3_150), part(1, 5_250), part(2, 2_100)];
    let mut payment = sale();
    assert_eq!(payment.reverse(evening), Ok(Reversal::Voided(lira(10_500))));
    assert_eq!(
        (payment.refunded(), payment.refundable()),
        (lira(10_500), lira(0))
    );
    assert_eq!(payment.refund_status(), RefundStatus::Full);
    assert_eq!(lines(&payment).last(), Some(&(Kind::Void, None, 10_500)));
    assert_eq!(payment.reverse(evening), Err(Refusal::IllegalState));
    assert_eq!(sale().reverse(next_day), Ok(Reversal::Refunded(all)));
    let mut touched = sale();
    touched.refund_item(2, None, TODAY).unwrap();
    let rest = vec![part(0, 3_150), part(1, 5_250)];
    assert_eq!(touched.reverse(evening), Ok(Reversal::Refunded(rest)));
    let mut reserved = provision();
    assert_eq!(
        reserved.reverse(next_day),
        Ok(Reversal::Voided(lira(10_500)))
    );
    assert_eq!(
        (reserved.captured(), reserved.refunded()),
        (lira(0), lira(0))
    );
    assert_eq!(
        lines(&reserved).last(),
        Some(&(Kind::Release, None, 10_500))
    );
    let mut captured_late = provision();
    captured_late.capture(lira(500), next_day).unwrap();
    assert_eq!(
        captured_late.reverse(next_day),
        Ok(Reversal::Voided(lira(500)))
    );
}

#[test]
fn a_full_ledger_refuses_and_changes_nothing() {
    let mut payment = sale();
    while payment.ledger().len() < MAX_MOVES - 1 {
        payment.refund_item(1, Some(lira(1)), TODAY).unwrap();
    }
    let before = payment.clone();
    assert_eq!(payment.refund_rest(TODAY), Err(Refusal::Full));
    assert_eq!(payment, before);
    assert_eq!(payment.refund_item(0, None, TODAY), Ok(part(0, 3_150)));
    assert_eq!(payment.refund_item(2, None, TODAY), Err(Refusal::Full));
}

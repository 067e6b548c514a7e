//! A random machine against a plain model: whatever is done, the sums agree.

use super::tests::{TODAY, declined, draft, lira, three_ds};
use super::*;
use crate::domain::decision::Decline;
use crate::domain::tests::config;
use proptest::prelude::*;

/// One random move.
#[derive(Debug, Clone)]
enum Act {
    Begin,
    Authenticate(u8, bool),
    Approve,
    Decline,
    Fail,
    Capture(i64),
    Void,
    Refund(i64),
    RefundItem(usize, Option<i64>),
    RefundRest,
}

fn act() -> impl Strategy<Value = Act> {
    let minor = || prop_oneof![-1..3_i64, 1..20_000_i64];
    prop_oneof![
        2 => Just(Act::Begin),
        2 => (0..9_u8, any::<bool>()).prop_map(|(md, half)| Act::Authenticate(md, half)),
        2 => Just(Act::Authenticate(1, false)),
        5 => Just(Act::Approve),
        1 => Just(Act::Decline),
        1 => Just(Act::Fail),
        3 => minor().prop_map(Act::Capture),
        1 => Just(Act::Void),
        4 => minor().prop_map(Act::Refund),
        6 => (0..5_usize, proptest::option::of(minor())).prop_map(|(i, m)| Act::RefundItem(i, m)),
        1 => Just(Act::RefundRest),
    ]
}

fn perform(payment: &mut Payment, act: &Act) -> bool {
    let done = match act {
        Act::Begin => payment.begin_challenge(),
        Act::Authenticate(md, half) => payment.authenticate(three_ds(*md), *half),
        Act::Approve => payment.authorize(&Authorization::Approved, TODAY),
        Act::Decline => payment.authorize(&declined(Decline::DoNotHonour), TODAY),
        Act::Fail => payment.fail(Failure::Declined(Decline::NoResponse)),
        Act::Capture(minor) => payment.capture(lira(*minor), TODAY),
        Act::Void => payment.void(TODAY).map(drop),
        Act::Refund(minor) => payment.refund(lira(*minor), TODAY).map(drop),
        Act::RefundItem(i, minor) => payment.refund_item(*i, minor.map(lira), TODAY).map(drop),
        Act::RefundRest => payment.refund_rest(TODAY).map(drop),
    };
    done.is_ok()
}

/// What a payment is to a bookkeeper: one word and some numbers.
#[derive(Debug, Clone)]
struct Model {
    word: &'static str,
    three_d: bool,
    sale: bool,
    paid: i64,
    authorized: i64,
    captured: i64,
    refunded: i64,
}

impl Model {
    /// Whether the move is allowed, and what it makes of the numbers. `rest` is what the payment
    /// says is left of an item.
    fn perform(&mut self, act: &Act, rest: impl Fn(usize) -> Option<i64>) -> bool {
        let left = self.captured - self.refunded;
        match (act, self.word) {
            (Act::Begin, "created") if self.three_d => self.is("waiting"),
            (Act::Authenticate(md, half), "waiting") => {
                let passes = *md == 1 || (*half && (2..=4).contains(md));
                self.is(if passes { "back" } else { "failed" });
                passes
            }
            (Act::Approve, "created" | "back") if self.may_pay() => {
                self.authorized = self.paid;
                self.captured = if self.sale { self.paid } else { 0 };
                self.is(if self.sale { "captured" } else { "authorized" })
            }
            (Act::Decline, "created" | "back") if self.may_pay() => !self.is("failed"),
            (Act::Fail, "created" | "waiting" | "back") => self.is("failed"),
            (Act::Capture(minor), "authorized") if *minor > 0 && 2 * minor <= 3 * self.paid => {
                self.captured = *minor;
                self.is("captured")
            }
            (Act::Void, "authorized") => self.is("voided"),
            (Act::Void, "captured") if self.refunded == 0 => {
                self.refunded = self.captured;
                self.is("voided")
            }
            (Act::Refund(minor), "captured") => self.refund(*minor, left),
            (Act::RefundRest, "captured") => self.refund(left, left),
            (Act::RefundItem(i, minor), "captured") => {
                rest(*i).is_some_and(|rest| self.refund(minor.unwrap_or(rest), rest))
            }
            _ => false,
        }
    }

    fn is(&mut self, word: &'static str) -> bool {
        self.word = word;
        true
    }

    fn may_pay(&self) -> bool {
        self.three_d == (self.word == "back")
    }

    fn refund(&mut self, minor: i64, limit: i64) -> bool {
        let fits = minor > 0 && minor <= limit;
        self.refunded += if fits { minor } else { 0 };
        fits
    }
}

fn word(status: &Status) -> &'static str {
    match status {
        Status::Created => "created",
        Status::AwaitingThreeDs => "waiting",
        Status::Authenticated(_) => "back",
        Status::Authorized => "authorized",
        Status::Captured => "captured",
        Status::Voided => "voided",
        Status::Failed(_) => "failed",
    }
}

fn total(payment: &Payment, kind: Kind) -> i64 {
    let lines = payment.ledger().iter().filter(|line| line.kind == kind);
    lines.map(|line| line.amount.minor()).sum()
}

/// The sums agree with each other, with the ledger and with the model.
fn check(payment: &Payment, model: &Model) {
    let (captured, refunded) = (payment.captured().minor(), payment.refunded().minor());
    let authorized = payment.authorized().minor();
    assert_eq!(word(payment.status()), model.word);
    assert_eq!(
        (authorized, captured, refunded),
        (model.authorized, model.captured, model.refunded)
    );
    assert!(0 <= refunded && refunded <= captured && 2 * captured <= 3 * authorized);
    assert_eq!(total(payment, Kind::Authorize), authorized);
    assert_eq!(total(payment, Kind::Capture), captured);
    assert_eq!(
        total(payment, Kind::Refund) + total(payment, Kind::Void),
        refunded
    );
    let released = if model.word == "voided" && captured == 0 {
        authorized
    } else {
        0
    };
    assert_eq!(total(payment, Kind::Release), released);
    let items = payment.items();
    let shared: i64 = items.iter().map(|item| item.paid.minor()).sum();
    assert_eq!(shared, payment.paid().minor());
    for (i, item) in items.iter().enumerate() {
        assert!(item.refunded.minor() >= 0 && item.refunded <= item.paid);
        let lines = payment.ledger().iter().filter(|line| line.is_of(i));
        let booked: i64 = lines.map(|line| line.amount.minor()).sum();
        assert!(booked == item.refunded.minor() || total(payment, Kind::Void) > 0);
    }
    let full = captured > 0 && refunded == captured || model.word == "voided";
    assert_eq!(payment.refund_status() == RefundStatus::Full, full);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_random_machine_agrees_with_its_model(
        (sale, three_d) in any::<(bool, bool)>(),
        items in proptest::collection::vec(0..5_000_i64, 1..4),
        paid in 1..12_000_i64,
        acts in proptest::collection::vec(act(), 0..40),
    ) {
        let phase = if sale { Phase::Sale } else { Phase::Provision };
        let draft = draft(phase, three_d, &items, paid);
        prop_assume!(draft.price.is_positive());
        let mut payment = Payment::new(draft).unwrap();
        let mut model = Model {
            word: "created", three_d, sale, paid, authorized: 0, captured: 0, refunded: 0,
        };
        for act in &acts {
            let before = payment.clone();
            let over = matches!(model.word, "failed" | "voided");
            let rest = |i: usize| before.items().get(i).map(|item| item.rest().minor());
            let allowed = model.perform(act, rest);
            prop_assert_eq!(perform(&mut payment, act), allowed, "{:?}", act);
            prop_assert!(!over || payment == before, "{:?} after the end", act);
            check(&payment, &model);
        }
    }
}

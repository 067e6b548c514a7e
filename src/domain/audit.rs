//! What can be said of a payment from outside: a word for where it stands, and whether its sums agree
//! with each other and with its history.

use crate::domain::ledger::{Kind, Move};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::payment::{Payment, Status, capture_limit};

/// One word for where a payment stands.
pub fn standing(payment: &Payment) -> &'static str {
    payment.standing().word()
}

/// A sum that does not agree with another, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// which rule is broken
    pub rule: Rule,
    /// what should be, or the most that may be
    pub limit: i64,
    /// what is
    pub found: i64,
}

/// What must hold of every payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// all amounts are of one currency; the numbers are those of amounts
    OneCurrency,
    /// what is said to be authorised is what was authorised
    AuthorizedAsMoved,
    /// what is said to be captured is what was captured
    CapturedAsMoved,
    /// what is said to be refunded is what was given back
    RefundedAsMoved,
    /// no more is captured than authorised, or half as much again after a reservation
    CapturedWithinAuthorized,
    /// no more is given back than captured
    RefundedWithinCaptured,
    /// no more is released than authorised, and nothing of what was captured
    ReleasedWithinAuthorized,
    /// the prices of the items add up to that of the payment
    PricesAddUp,
    /// the shares of the items add up to what is paid
    SharesAddUp,
    /// no item gives back more than its share
    ItemRefundedWithinShare,
    /// what an item has given back is what was moved for it
    ItemRefundedAsMoved,
    /// there is at least one part, and an order has as many as its payment
    PartsAgree,
    /// the parts of an order add up to what is paid
    PartsAddUp,
    /// a payment that failed, or was not decided, has moved nothing
    NothingMoved,
}

impl Rule {
    /// Every rule.
    pub const ALL: &[Self] = &[
        Self::OneCurrency,
        Self::AuthorizedAsMoved,
        Self::CapturedAsMoved,
        Self::RefundedAsMoved,
        Self::CapturedWithinAuthorized,
        Self::RefundedWithinCaptured,
        Self::ReleasedWithinAuthorized,
        Self::PricesAddUp,
        Self::SharesAddUp,
        Self::ItemRefundedWithinShare,
        Self::ItemRefundedAsMoved,
        Self::PartsAgree,
        Self::PartsAddUp,
        Self::NothingMoved,
    ];
}

/// What is found so far.
struct Findings(Vec<Violation>);

impl Findings {
    fn equal(&mut self, rule: Rule, found: i64, limit: i64) {
        self.check(rule, (found, limit), found == limit);
    }

    fn within(&mut self, rule: Rule, found: i64, limit: i64) {
        self.check(rule, (found, limit), (0..=limit).contains(&found));
    }

    fn check(&mut self, rule: Rule, (found, limit): (i64, i64), holds: bool) {
        if !holds {
            self.0.push(Violation { rule, limit, found });
        }
    }
}

/// What each kind of move comes to.
struct Sums {
    authorized: i64,
    captured: i64,
    released: i64,
    voided: i64,
    refunded: i64,
}

impl Sums {
    fn of(moves: &[Move]) -> Self {
        let sum = |kind| {
            let moves = moves.iter().filter(|line| line.kind == kind);
            moves.map(|line| line.amount.minor()).sum()
        };
        Self {
            authorized: sum(Kind::Authorize),
            captured: sum(Kind::Capture),
            released: sum(Kind::Release),
            voided: sum(Kind::Void),
            refunded: sum(Kind::Refund),
        }
    }
}

/// Every rule that a payment breaks, told from its history and not from what it says of itself.
pub fn audit(payment: &Payment) -> Vec<Violation> {
    let mut found = Findings(Vec::new());
    currencies(payment, &mut found);
    let sums = Sums::of(payment.ledger());
    let given_back = sums.voided + sums.refunded;
    let minor = |money: Money| money.minor();
    found.equal(
        Rule::AuthorizedAsMoved,
        minor(payment.authorized()),
        sums.authorized,
    );
    found.equal(
        Rule::CapturedAsMoved,
        minor(payment.captured()),
        sums.captured,
    );
    found.equal(Rule::RefundedAsMoved, minor(payment.refunded()), given_back);
    let authorized = Money::new(sums.authorized, payment.paid().currency());
    let limit = capture_limit(authorized).minor();
    found.within(Rule::CapturedWithinAuthorized, sums.captured, limit);
    found.within(Rule::RefundedWithinCaptured, given_back, sums.captured);
    let releasable = if sums.captured > 0 {
        0
    } else {
        sums.authorized
    };
    found.within(Rule::ReleasedWithinAuthorized, sums.released, releasable);
    items(payment, sums.voided > 0, &mut found);
    let parts = i64::from(payment.installment);
    found.check(Rule::PartsAgree, (parts, 1), parts >= 1);
    if !has_moved(payment.status()) {
        let moves = i64::try_from(payment.ledger().len()).unwrap_or(i64::MAX);
        found.equal(Rule::NothingMoved, moves, 0);
    }
    found.0
}

const fn has_moved(status: &Status) -> bool {
    match status {
        Status::Created
        | Status::AwaitingThreeDs
        | Status::Authenticated(_)
        | Status::Failed(_) => false,
        Status::Authorized | Status::Captured | Status::Voided => true,
    }
}

fn currencies(payment: &Payment, found: &mut Findings) {
    let currency = payment.paid().currency();
    let own = [payment.price, payment.authorized(), payment.captured()];
    let items = payment.items().iter();
    let items = items.flat_map(|item| [item.price, item.paid, item.refunded]);
    let moved = payment.ledger().iter().map(|line| line.amount);
    let all = own.into_iter().chain(items).chain(moved);
    let others = all.filter(|money| money.currency() != currency).count();
    let others = i64::try_from(others).unwrap_or(i64::MAX);
    found.equal(Rule::OneCurrency, others, 0);
}

/// A payment that was voided gives its items back without a line for each.
fn items(payment: &Payment, voided: bool, found: &mut Findings) {
    let items = payment.items();
    let prices = items.iter().map(|item| item.price.minor()).sum();
    let shares = items.iter().map(|item| item.paid.minor()).sum();
    found.equal(Rule::PricesAddUp, prices, payment.price.minor());
    found.equal(Rule::SharesAddUp, shares, payment.paid().minor());
    for (position, item) in items.iter().enumerate() {
        let refunded = item.refunded.minor();
        found.within(Rule::ItemRefundedWithinShare, refunded, item.paid.minor());
        let lines = payment.ledger().iter();
        let lines = lines.filter(|line| line.is_of(position));
        let moved = lines.map(|line| line.amount.minor()).sum();
        if !voided {
            found.equal(Rule::ItemRefundedAsMoved, refunded, moved);
        }
    }
}

/// Every rule that an order breaks together with its payment. A part is rounded, so that all of them
/// are off by less than half a unit each.
pub fn audit_order(order: &Order, payment: &Payment) -> Vec<Violation> {
    let mut found = Findings(Vec::new());
    let plan = &order.installment;
    let (count, parts) = (i64::from(plan.count), i64::from(payment.installment));
    found.equal(Rule::PartsAgree, count, parts);
    let total = plan.total.minor();
    found.equal(Rule::PartsAddUp, total, payment.authorized().minor());
    let sum = plan.monthly.minor().saturating_mul(count);
    found.check(
        Rule::PartsAddUp,
        (sum, total),
        (sum - total).abs() * 2 <= count,
    );
    let foreign = plan.total.currency() != payment.paid().currency();
    found.equal(Rule::OneCurrency, i64::from(foreign), 0);
    found.0
}

#[cfg(test)]
mod tests;

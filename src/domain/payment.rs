//! A payment and the moves it may make. Each move is one step: checked and done, or refused.

use crate::clock::Timestamp;
use crate::domain::decision::{Authorization, ThreeDs};
use crate::domain::items::{Item, Items, Part};
use crate::domain::ledger::{Kind, Ledger, Move};
use crate::domain::money::{MAX_MINOR, Money};
use crate::domain::particulars::Particulars;
use crate::refusal::{Refusal, Thing};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::time::Duration;

mod draft;

pub use crate::domain::status::{Failure, Phase, RefundStatus, Standing, Status};
pub use draft::NewPayment;

#[cfg(test)]
pub use damage::Damage;

/// Identifies a payment in its sandbox.
pub type PaymentId = u64;

/// Identifies an item of a payment in its sandbox.
pub type TransactionId = u64;

/// How many items a payment may have.
pub const MAX_ITEMS: usize = 1_000;

/// How a payment was given back as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversal {
    /// on its own day and untouched: as if it had never been
    Voided(Money),
    /// what was left, item by item
    Refunded(Vec<Part>),
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// its number
    pub id: PaymentId,
    /// the number of its first item; the others count on
    pub transactions: TransactionId,
    /// the number that bank and shop know it by
    pub order_no: CompactString,
    /// what the goods cost
    pub price: Money,
    /// number of parts
    pub installment: u32,
    /// first digits of the card
    pub bin: CompactString,
    /// captured at once, or later
    pub phase: Phase,
    /// asked for 3-D Secure
    pub three_d: bool,
    /// when it began
    pub created_at: Timestamp,
    /// what it carries besides its money
    pub particulars: Particulars,
    status: Status,
    three_ds: Option<ThreeDs>,
    paid: Money,
    authorized: Money,
    captured: Money,
    items: Items,
    ledger: Ledger,
}

impl Payment {
    /// A payment about which nothing is decided. Err when an amount is not positive, the items do
    /// not add up to the price, currencies differ, or there are too many items.
    pub fn new(new: NewPayment) -> Result<Self, Refusal> {
        let (price, paid) = (new.price, new.paid);
        let nothing = Money::zero(paid.currency());
        let most = Money::new(MAX_MINOR, paid.currency());
        let prices = match new.items.len() {
            0 => vec![price],
            1..=MAX_ITEMS => new.items,
            _ => return Err(Refusal::Full),
        };
        let sum = prices.iter().try_fold(nothing, |sum, item| {
            sum.plus(*item).filter(|_| *item >= nothing)
        });
        if sum != Some(price) || !within(price, most) || !within(paid, most) {
            return Err(Refusal::Amount);
        }
        Ok(Self {
            id: new.id,
            transactions: new.transactions,
            order_no: new.order_no,
            price,
            installment: new.installment,
            bin: new.bin,
            phase: new.phase,
            three_d: new.three_d,
            created_at: new.at,
            particulars: *new.particulars,
            status: Status::Created,
            three_ds: None,
            paid,
            authorized: nothing,
            captured: nothing,
            items: Items::new(&prices, paid),
            ledger: Ledger::default(),
        })
    }

    /// Where it stands.
    pub const fn status(&self) -> &Status {
        &self.status
    }

    /// How 3-D Secure ended, once it has.
    pub const fn three_ds(&self) -> Option<ThreeDs> {
        self.three_ds
    }

    /// The position of the item with that number.
    pub fn position(&self, id: TransactionId) -> Option<usize> {
        let position = usize::try_from(id.checked_sub(self.transactions)?).ok()?;
        (position < self.items().len()).then_some(position)
    }

    /// What the card pays, commission included; after a capture, what was captured.
    pub const fn paid(&self) -> Money {
        self.paid
    }

    /// Authorised in all.
    pub const fn authorized(&self) -> Money {
        self.authorized
    }

    /// Captured in all.
    pub const fn captured(&self) -> Money {
        self.captured
    }

    /// Given back of what was captured.
    pub fn refunded(&self) -> Money {
        self.items.refunded()
    }

    /// What may still be given back: all that is reserved or captured, less what was refunded.
    pub fn refundable(&self) -> Money {
        match self.status {
            Status::Authorized => self.authorized,
            Status::Captured => {
                let rest = self.captured.minus(self.refunded());
                rest.expect("no more is refunded than was captured")
            }
            Status::Created
            | Status::AwaitingThreeDs
            | Status::Authenticated(_)
            | Status::Voided
            | Status::Failed(_) => Money::zero(self.paid.currency()),
        }
    }

    /// How much was given back. contract: craftgate §11.2
    pub fn refund_status(&self) -> RefundStatus {
        match self.status {
            Status::Created
            | Status::AwaitingThreeDs
            | Status::Authenticated(_)
            | Status::Failed(_) => RefundStatus::Impossible,
            Status::Authorized => RefundStatus::Nothing,
            Status::Voided => RefundStatus::Full,
            Status::Captured if !self.refunded().is_positive() => RefundStatus::Nothing,
            Status::Captured if self.refundable().is_positive() => RefundStatus::Partial,
            Status::Captured => RefundStatus::Full,
        }
    }

    /// Where it stands, in one word.
    pub fn standing(&self) -> Standing {
        Standing::of(&self.status, self.refund_status())
    }

    /// The items of the basket, in its order.
    pub fn items(&self) -> &[Item] {
        self.items.as_slice()
    }

    /// Every move of money, oldest first.
    pub fn ledger(&self) -> &[Move] {
        self.ledger.moves()
    }

    /// Until when what is reserved can be taken, where reservations last so long. None: nothing is reserved.
    pub fn reserved_until(&self, lifetime: Duration) -> Option<Timestamp> {
        let reserved = self.status == Status::Authorized;
        let since = self.ledger.last_at(Kind::Authorize);
        since.filter(|_| reserved).map(|at| at.plus(lifetime))
    }

    /// The holder goes to the bank's page.
    pub fn begin_challenge(&mut self) -> Result<(), Refusal> {
        if self.status != Status::Created || !self.three_d {
            return Err(Refusal::IllegalState);
        }
        self.status = Status::AwaitingThreeDs;
        Ok(())
    }

    /// The challenge is over. Err when the payment is not at the bank's page, or fails here.
    pub fn authenticate(&mut self, three_ds: ThreeDs, half_allowed: bool) -> Result<(), Refusal> {
        if self.status != Status::AwaitingThreeDs {
            return Err(Refusal::IllegalState);
        }
        self.three_ds = Some(three_ds);
        if three_ds.authenticated(half_allowed) {
            self.status = Status::Authenticated(three_ds);
            return Ok(());
        }
        Err(self.end(Failure::ThreeDs(three_ds)))
    }

    /// The bank answers. Err when it declines, which is final, or when the payment is not ready.
    pub fn authorize(&mut self, answer: &Authorization, at: Timestamp) -> Result<(), Refusal> {
        let ready = match self.status {
            Status::Created => !self.three_d,
            Status::Authenticated(_) => true,
            Status::AwaitingThreeDs
            | Status::Authorized
            | Status::Captured
            | Status::Voided
            | Status::Failed(_) => false,
        };
        if !ready {
            return Err(Refusal::IllegalState);
        }
        match Failure::of(answer) {
            None => self.approve(at),
            Some(why) => Err(self.end(why)),
        }
    }

    /// It fails before money moved: the challenge could not begin, or nobody came back in time.
    pub fn fail(&mut self, why: Failure) -> Result<(), Refusal> {
        match self.status {
            Status::Created | Status::AwaitingThreeDs | Status::Authenticated(_) => {
                self.status = Status::Failed(why);
                Ok(())
            }
            Status::Authorized | Status::Captured | Status::Voided | Status::Failed(_) => {
                Err(Refusal::IllegalState)
            }
        }
    }

    /// Takes `amount` of what was reserved, or a little more: see [`capture_limit`].
    pub fn capture(&mut self, amount: Money, at: Timestamp) -> Result<(), Refusal> {
        if self.status != Status::Authorized {
            return Err(Refusal::IllegalState);
        }
        if !within(amount, capture_limit(self.authorized)) {
            return Err(Refusal::Amount);
        }
        self.take(amount, at)
    }

    /// Releases what was reserved, or gives back all of what was captured, as long as none was
    /// refunded. The amount.
    pub fn void(&mut self, at: Timestamp) -> Result<Money, Refusal> {
        let (kind, amount) = match self.status {
            Status::Authorized => (Kind::Release, self.authorized),
            Status::Captured if !self.refunded().is_positive() => (Kind::Void, self.captured),
            Status::Created
            | Status::AwaitingThreeDs
            | Status::Authenticated(_)
            | Status::Captured
            | Status::Voided
            | Status::Failed(_) => return Err(Refusal::IllegalState),
        };
        self.record(kind, amount, at)?;
        if kind == Kind::Void {
            self.items.give_back(&self.items.parts(amount));
        }
        self.status = Status::Voided;
        Ok(amount)
    }

    /// Gives back all that is left, item by item.
    pub fn refund_rest(&mut self, at: Timestamp) -> Result<Vec<Part>, Refusal> {
        self.refund(self.refundable(), at)
    }

    /// Gives back `amount`, in proportion to what is left of each item.
    pub fn refund(&mut self, amount: Money, at: Timestamp) -> Result<Vec<Part>, Refusal> {
        self.check_refund(amount, self.refundable())?;
        let parts = self.items.parts(amount);
        self.give_back(&parts, at)?;
        Ok(parts)
    }

    /// Gives back `amount` of the item at that position, or all that is left of it.
    pub fn refund_item(
        &mut self,
        item: usize,
        amount: Option<Money>,
        at: Timestamp,
    ) -> Result<Part, Refusal> {
        let rest = self.items().get(item).map(Item::rest);
        let rest = rest.ok_or(Refusal::NotFound(Thing::Product))?;
        let amount = amount.unwrap_or(rest);
        self.check_refund(amount, rest)?;
        let part = Part { item, amount };
        self.give_back(&[part], at)?;
        Ok(part)
    }

    /// Gives the payment back as a whole: voids it where that is still possible (reserved only, or
    /// captured today in Turkey and untouched), else refunds the rest. contract: craftgate §4.5
    pub fn reverse(&mut self, at: Timestamp) -> Result<Reversal, Refusal> {
        if self.is_of_day(at) && !self.refunded().is_positive() {
            return self.void(at).map(Reversal::Voided);
        }
        self.refund_rest(at).map(Reversal::Refunded)
    }

    /// Whether what was captured was so on this day in Turkey: voids end with it.
    pub fn is_of_day(&self, at: Timestamp) -> bool {
        let day = |moment: Timestamp| moment.turkey().date();
        let captured_at = self.ledger.last_at(Kind::Capture);
        captured_at.is_none_or(|then| day(then) == day(at))
    }

    fn end(&mut self, why: Failure) -> Refusal {
        let refusal = why.refusal();
        self.status = Status::Failed(why);
        refusal
    }

    fn approve(&mut self, at: Timestamp) -> Result<(), Refusal> {
        self.record(Kind::Authorize, self.paid, at)?;
        self.authorized = self.paid;
        self.status = Status::Authorized;
        match self.phase {
            Phase::Sale => self.take(self.paid, at),
            Phase::Provision => Ok(()),
        }
    }

    fn take(&mut self, amount: Money, at: Timestamp) -> Result<(), Refusal> {
        self.record(Kind::Capture, amount, at)?;
        self.captured = amount;
        self.paid = amount;
        self.items = self.items.sharing(amount);
        self.status = Status::Captured;
        Ok(())
    }

    fn record(&mut self, kind: Kind, amount: Money, at: Timestamp) -> Result<(), Refusal> {
        let line = Move::whole(kind, amount, at);
        self.ledger.record(std::iter::once(line))
    }

    fn check_refund(&self, amount: Money, limit: Money) -> Result<(), Refusal> {
        if self.status != Status::Captured {
            return Err(Refusal::IllegalState);
        }
        if !within(amount, limit) {
            return Err(Refusal::Amount);
        }
        Ok(())
    }

    fn give_back(&mut self, parts: &[Part], at: Timestamp) -> Result<(), Refusal> {
        let line = |part: &Part| Move {
            kind: Kind::Refund,
            item: Some(place(part.item)),
            amount: part.amount,
            at,
        };
        self.ledger.record(parts.iter().map(line))?;
        self.items.give_back(parts);
        Ok(())
    }
}

/// The most that may be taken of what was reserved: half as much again. contract: craftgate §4.8
pub fn capture_limit(reserved: Money) -> Money {
    let limit = reserved.minor() + reserved.minor() / 2;
    Money::new(limit.min(MAX_MINOR), reserved.currency())
}

/// A position as the ledger has it: there are at most [`MAX_ITEMS`].
fn place(item: usize) -> u16 {
    u16::try_from(item).unwrap_or(u16::MAX)
}

/// More than nothing, and at most `limit` of the same currency.
fn within(amount: Money, limit: Money) -> bool {
    amount.is_positive() && amount <= limit
}

#[cfg(test)]
mod damage;
#[cfg(test)]
mod machine;
#[cfg(test)]
mod tests;

//! What was given back, or refused to be: one record for each, by its number.

use crate::clock::Timestamp;
use crate::domain::money::{Amount, Money};
use crate::domain::payment::{Failure, PaymentId};
use crate::domain::receipt::Receipt;
use crate::domain::shelf::CAPACITY;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// Identifies a refund in its sandbox.
pub type RefundId = u64;

/// Where the money goes. contract: craftgate §10 RefundDestinationType
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Destination {
    /// back to the card
    #[default]
    Provider,
    /// to the buyer's wallet
    Wallet,
}

/// What the shop says about a refund.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// the shop's own, echoed
    pub conversation_id: Option<String>,
    /// where the money goes
    pub destination: Destination,
    /// the merchant bears it, not the seller
    pub charge_from_me: bool,
    /// how much, as written
    pub written: Option<Amount>,
}

/// One refund, of an item or of a payment that was cancelled as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// its number
    pub id: RefundId,
    /// of which payment
    pub payment: PaymentId,
    /// of which item, by position; None: of the payment as a whole
    pub item: Option<usize>,
    /// how much
    pub amount: Money,
    /// what the shop said
    pub wish: Wish,
    /// the item had been paid out before
    pub after_settlement: bool,
    /// what the bank gave; None: nobody asked it, or it refused
    pub receipt: Option<Receipt>,
    /// why no money moved; None: it did
    pub failure: Option<Failure>,
    /// when
    pub at: Timestamp,
}

/// Refunds of items (true) and of whole payments have numbers of their own.
type Key = (RefundId, bool);

/// The refunds of a sandbox, by their numbers and by their payments; the oldest makes room.
#[derive(Debug, Clone)]
pub struct Refunds {
    by_id: BTreeMap<Key, Refund>,
    by_payment: BTreeSet<(PaymentId, Key)>,
    capacity: usize,
}

impl Refunds {
    /// Room for at most `capacity` refunds.
    pub fn new(capacity: usize) -> Self {
        Self {
            by_id: BTreeMap::new(),
            by_payment: BTreeSet::new(),
            capacity: capacity.max(1),
        }
    }

    /// Adds a refund; the oldest makes room. Numbers only grow.
    pub fn put(&mut self, refund: Refund) {
        let key = (refund.id, refund.item.is_some());
        self.by_payment.insert((refund.payment, key));
        self.by_id.insert(key, refund);
        if self.by_id.len() > self.capacity {
            self.oldest_makes_room();
        }
    }

    fn oldest_makes_room(&mut self) {
        if let Some((key, oldest)) = self.by_id.pop_first() {
            self.by_payment.remove(&(oldest.payment, key));
        }
    }

    /// Another bound from now on; the oldest go when there are too many.
    pub fn bound(&mut self, capacity: usize) {
        self.capacity = capacity.max(1);
        while self.by_id.len() > self.capacity {
            self.oldest_makes_room();
        }
    }

    /// How many there are.
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The refund of a whole payment with that number.
    pub fn whole(&self, id: RefundId) -> Option<&Refund> {
        self.by_id.get(&(id, false))
    }

    /// The refund of an item with that number.
    pub fn of_item(&self, id: RefundId) -> Option<&Refund> {
        self.by_id.get(&(id, true))
    }

    /// Those of one payment, newest first.
    pub fn of_payment(&self, payment: PaymentId) -> impl Iterator<Item = &Refund> {
        let (first, last) = ((0, false), (RefundId::MAX, true));
        let range = self.by_payment.range((payment, first)..=(payment, last));
        range.rev().filter_map(|(_, key)| self.by_id.get(key))
    }

    /// All, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Refund> {
        self.by_id.values().rev()
    }
}

impl Serialize for Refunds {
    /// As a list by number: the rest follows from it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            by_id,
            by_payment: _,
            capacity: _,
        } = self;
        serializer.collect_seq(by_id.values())
    }
}

impl<'de> Deserialize<'de> for Refunds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Refund>::deserialize(deserializer)?;
        let mut refunds = Self::new(CAPACITY);
        list.into_iter().for_each(|refund| refunds.put(refund));
        Ok(refunds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn refund(id: RefundId, payment: PaymentId) -> Refund {
        Refund {
            id,
            payment,
            item: None,
            amount: Money::new(1, Currency::TRY),
            wish: Wish::default(),
            after_settlement: false,
            receipt: None,
            failure: None,
            at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn refunds_are_found_by_number_and_payment() {
        let mut refunds = Refunds::new(3);
        for (id, payment) in [(1, 7), (2, 8), (3, 7), (4, 7)] {
            refunds.put(refund(id, payment));
        }
        let ids = |found: &mut dyn Iterator<Item = &Refund>| -> Vec<RefundId> {
            found.map(|refund| refund.id).collect()
        };
        assert_eq!(refunds.whole(1), None, "the oldest has made room");
        assert!(refunds.whole(2).is_some() && refunds.of_item(2).is_none());
        assert_eq!(ids(&mut refunds.of_payment(7)), [4, 3]);
        assert_eq!(ids(&mut refunds.of_payment(8)), [2]);
        assert_eq!(ids(&mut refunds.of_payment(9)), [0; 0]);
        assert_eq!(ids(&mut refunds.newest_first()), [4, 3, 2]);
    }
}

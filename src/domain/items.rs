//! The items of a payment: each one's share of what the card pays, and what was given back of it.

use crate::domain::money::Money;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// One item of the basket, with its share of the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// what it costs
    pub price: Money,
    /// its share of what the card pays
    pub paid: Money,
    /// given back of that
    pub refunded: Money,
}

impl Item {
    /// What may still be given back of it.
    pub fn rest(&self) -> Money {
        let rest = self.paid.minus(self.refunded);
        rest.expect("no more is refunded than was paid")
    }
}

/// So much of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// the item's position, from 0
    pub item: usize,
    /// how much
    pub amount: Money,
}

/// The items of one payment, in the order of the basket; at least one. Most have one: it lies in the payment itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Items(SmallVec<[Item; 1]>);

impl Items {
    /// Items with these prices, of which none is below nothing, that share `paid`.
    pub(super) fn new(prices: &[Money], paid: Money) -> Self {
        let refunded = Money::zero(paid.currency());
        let item = |(price, paid)| Item {
            price,
            paid,
            refunded,
        };
        let prices = prices.iter().copied();
        let shares = paid.shares(&prices.clone().collect::<Vec<_>>());
        let mut items = SmallVec::new();
        prices.zip(shares).for_each(|it| items.push(item(it)));
        Self(items)
    }

    /// The same items, nothing refunded yet, sharing another amount.
    pub(super) fn sharing(&self, paid: Money) -> Self {
        let prices: Vec<Money> = self.0.iter().map(|item| item.price).collect();
        Self::new(&prices, paid)
    }

    pub(super) fn as_slice(&self) -> &[Item] {
        &self.0
    }

    /// Given back in all.
    pub(super) fn refunded(&self) -> Money {
        let refunded = self.0.iter().map(|item| item.refunded);
        let sum = refunded.reduce(|sum, part| {
            let sum = sum.plus(part);
            sum.expect("no more is refunded than was paid")
        });
        sum.expect("there is at least one item")
    }

    /// `amount` in proportion to what is left of each item; those that give nothing are left out.
    pub(super) fn parts(&self, amount: Money) -> Vec<Part> {
        let rests: Vec<Money> = self.0.iter().map(Item::rest).collect();
        let shares = amount.allocate(&rests).into_iter().enumerate();
        let parts = shares.map(|(item, amount)| Part { item, amount });
        parts.filter(|part| part.amount.is_positive()).collect()
    }

    /// Books what is given back; each part is at most the rest of its item.
    pub(super) fn give_back(&mut self, parts: &[Part]) {
        for part in parts {
            let refunded = &mut self.0[part.item].refunded;
            let sum = refunded.plus(part.amount);
            *refunded = sum.expect("no more is refunded than was paid");
        }
    }
}

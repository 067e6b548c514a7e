//! The payments of a sandbox, by their number, by the numbers of their items, and by order number.

use crate::domain::audit::{audit, standing};
use crate::domain::chains::Chains;
use crate::domain::payment::{Payment, PaymentId, Status, TransactionId};
use crate::domain::shelf::{CAPACITY, Number};
use crate::domain::timed::{Moments, Timed};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::mem;

/// How many payments are remembered as touched.
const TOUCHES: usize = 8;

/// A payment that somebody has reached for, to change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// which
    pub id: PaymentId,
    /// where it stood then; None: it was not there
    pub before: Option<&'static str>,
}

/// A bounded store; the oldest payment makes room.
#[derive(Debug)]
pub struct Payments {
    /// since somebody asked, each payment once
    touched: Vec<Touch>,
    by_id: Timed<PaymentId, Payment>,
    by_order: Chains,
    capacity: usize,
}

impl Payments {
    /// Room for at most `capacity` payments.
    pub fn new(capacity: usize) -> Self {
        Self {
            touched: Vec::new(),
            by_id: Timed::new(capacity),
            by_order: Chains::new(0),
            capacity: capacity.max(1),
        }
    }

    /// Another bound from now on; the oldest go when there are too many.
    pub fn bound(&mut self, capacity: usize) {
        self.capacity = capacity.max(1);
        let surplus = self.len().saturating_sub(self.capacity);
        for (_, payment) in self.by_id.iter().take(surplus) {
            self.by_order.pop(&payment.order_no);
        }
        self.by_id.bound(self.capacity);
    }

    /// Puts `payment` under `id`, in place of an earlier one; the oldest makes room. The numbers of items only grow.
    pub fn put(&mut self, id: PaymentId, payment: Payment) {
        self.touch(id);
        if let Some(known) = self.get(&id) {
            let same = known.order_no == payment.order_no;
            self.by_id.put(id, payment);
            if !same {
                self.order();
            }
            return;
        }
        if self.len() >= self.capacity
            && let Some((_, oldest)) = self.by_id.iter().next()
        {
            self.by_order.pop(&oldest.order_no);
        }
        self.by_order.push(&payment.order_no);
        self.by_id.put(id, payment);
    }

    /// All by their order numbers anew.
    fn order(&mut self) {
        self.by_order = Chains::new(self.by_id.first());
        let numbers = self.by_id.iter().map(|(_, payment)| &payment.order_no);
        numbers.for_each(|number| self.by_order.push(number));
    }

    /// As [`Self::put`], but as the oldest payment; when there is no room it is not kept.
    pub fn put_oldest(&mut self, id: PaymentId, payment: Payment) {
        if self.len() < self.capacity && self.get(&id).is_none() {
            self.by_id.put_oldest(id, payment);
            self.order();
        }
    }

    /// The payment with that number.
    pub fn get(&self, id: &PaymentId) -> Option<&Payment> {
        self.by_id.at(self.place(id)?).map(|(_, payment)| payment)
    }

    /// The payment with that number, to change.
    pub fn get_mut(&mut self, id: &PaymentId) -> Option<&mut Payment> {
        let place = self.place(id)?;
        self.touch(*id);
        self.by_id.at_mut(place)
    }

    /// Where the payment with that number is. Numbers are given out one after the other: unless some were given in
    /// vain since, it is as far from the newest as its number. So nothing is read for it but the payment itself.
    fn place(&self, id: &PaymentId) -> Option<Number> {
        let likely = || {
            let (place, newest) = self.by_id.last()?;
            place.checked_sub_unsigned(newest.checked_sub(*id)?)
        };
        let is = |place: &Number| self.by_id.at(*place).is_some_and(|(at, _)| at == id);
        likely().filter(is).or_else(|| self.by_id.number(id))
    }

    /// The payment whose reservation has just lapsed.
    pub fn take_lapsed(&mut self) -> Option<PaymentId> {
        self.by_id.take()
    }

    /// Since when money is reserved.
    pub fn passing(&mut self) -> &mut dyn Moments {
        &mut self.by_id
    }

    /// What was touched since this was asked last, in that order.
    pub fn take_touched(&mut self) -> Vec<Touch> {
        mem::take(&mut self.touched)
    }

    /// What was touched since then.
    pub fn touched(&self) -> &[Touch] {
        &self.touched
    }

    fn touch(&mut self, id: PaymentId) {
        let known = self.touched.iter().any(|touch| touch.id == id);
        if !known && self.touched.len() < TOUCHES {
            let before = self.get(&id).map(standing);
            self.touched.push(Touch { id, before });
        }
    }

    /// The payment that the item with that number belongs to, and the item's position.
    pub fn of_item(&self, id: TransactionId) -> Option<(PaymentId, usize)> {
        let (payment, it) = self.by_id.last_before(|it| it.transactions <= id)?;
        Some((*payment, it.position(id)?))
    }

    /// The newest payment of that order for which money was authorised.
    pub fn of_order(&self, order_no: &str) -> Option<&Payment> {
        let mut payments = self.of_number(order_no);
        payments.find(|payment| payment.authorized().is_positive())
    }

    /// The newest payment of that order that waits for 3-D Secure.
    pub fn awaited(&self, order_no: &str) -> Option<&Payment> {
        let mut payments = self.of_number(order_no);
        payments.find(|payment| *payment.status() == Status::AwaitingThreeDs)
    }

    /// All payments of that order, newest first.
    pub fn of_number<'a>(&'a self, order_no: &str) -> impl Iterator<Item = &'a Payment> {
        let all = self.by_order.numbers(order_no);
        let newest_first = all.filter_map(|number| self.by_id.at(number).map(|(_, it)| it));
        newest_first.filter(move |payment| payment.order_no == order_no)
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&PaymentId, &Payment)> {
        self.by_id.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}

impl Serialize for Payments {
    /// As a list, oldest first: the rest follows from it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            touched: _,
            by_id,
            by_order: _,
            capacity: _,
        } = self;
        serializer.collect_seq(by_id.iter().map(|(_, payment)| payment))
    }
}

impl<'de> Deserialize<'de> for Payments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Payment>::deserialize(deserializer)?;
        let (given, mut payments) = (list.len(), Self::new(CAPACITY));
        if !list.is_sorted_by(|a, b| a.transactions < b.transactions) {
            return Err(D::Error::custom("the numbers of items do not grow"));
        }
        for payment in list {
            if let Some(violation) = audit(&payment).first() {
                let (id, rule) = (payment.id, violation.rule);
                return Err(D::Error::custom(format!(
                    "payment {id}: {rule:?} is broken"
                )));
            }
            payments.put(payment.id, payment);
        }
        payments.touched.clear();
        match payments.len() == given {
            true => Ok(payments),
            false => Err(D::Error::custom("too many payments, or two of one number")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::domain::decision::Authorization;
    use crate::domain::money::{Currency, Money};
    use crate::domain::payment::NewPayment;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_micros(0);

    fn payment(id: PaymentId, transactions: TransactionId, items: i64) -> Payment {
        let price = Money::new(100 * items, Currency::TRY);
        let items = (0..items).map(|_| Money::new(100, Currency::TRY));
        Payment::new(NewPayment {
            id,
            transactions,
            items: items.collect(),
            ..NewPayment::of(price)
        })
        .unwrap()
    }

    #[test]
    fn an_order_leads_to_its_newest_payment_with_money() {
        let mut payments = Payments::new(3);
        let at = Timestamp::from_micros(0);
        for (id, paid) in [(7, true), (8, true), (9, false)] {
            let mut payment = payment(id, 100 + id, 1);
            payment.order_no = "A".into();
            if paid {
                payment.authorize(&Authorization::Approved, at).unwrap();
            }
            payments.put(id, payment);
        }
        let id = |payments: &Payments, order| payments.of_order(order).map(|p| p.id);
        assert_eq!(id(&payments, "A"), Some(8));
        assert_eq!(id(&payments, "B"), None);
        for id in [10, 11] {
            payments.put(id, payment(id, 100 + id, 1));
        }
        assert_eq!(id(&payments, "A"), None, "those have made room");
        assert_eq!(payments.by_order.numbers("A").count(), 1, "9 is left");
    }

    #[test]
    fn an_item_leads_to_its_payment() {
        let mut payments = Payments::new(2);
        payments.put(7, payment(7, 100, 2));
        payments.put(8, payment(8, 102, 1));
        for (id, want) in [
            (99, None),
            (100, Some((7, 0))),
            (101, Some((7, 1))),
            (102, Some((8, 0))),
            (103, None),
        ] {
            assert_eq!(payments.of_item(id), want, "{id}");
        }
        payments.put(9, payment(9, 103, 1));
        assert_eq!(payments.of_item(100), None, "the oldest has made room");
        assert_eq!(payments.of_item(103), Some((9, 0)));
        assert_eq!(payments.len(), 2);
    }

    proptest! {
        #[test]
        fn a_number_leads_to_its_payment(ids in vec(0..12_u64, 0..20), capacity in 1..6_usize) {
            let (mut payments, mut known) = (Payments::new(capacity), Vec::new());
            for id in ids {
                payments.put(id, payment(id, 100, 1));
                if !known.contains(&id) {
                    known.push(id);
                }
                if known.len() > capacity {
                    known.remove(0);
                }
                for id in 0..12 {
                    let found = payments.get(&id).map(|payment| payment.id);
                    prop_assert_eq!(found, Some(id).filter(|id| known.contains(id)));
                    prop_assert_eq!(payments.get_mut(&id).map(|payment| payment.id), found);
                }
            }
        }
    }

    #[test]
    fn what_is_reached_for_is_told_once() {
        let mut payments = Payments::new(9);
        payments.put(7, payment(7, 100, 1));
        payments.get(&7);
        let first = payments.get_mut(&7).unwrap();
        first
            .authorize(&crate::domain::decision::Authorization::Approved, NOW)
            .unwrap();
        assert!(payments.get_mut(&8).is_none());
        let touch = |id, before| Touch { id, before };
        assert_eq!(payments.take_touched(), [touch(7, None)]);
        payments.get_mut(&7).unwrap();
        assert_eq!(payments.take_touched(), [touch(7, Some("captured"))]);
        assert_eq!(payments.take_touched(), []);
    }
}

//! A shopper's way from basket to order, step by step. Repeating a step undoes what follows it.

use crate::clock::Timestamp;
use crate::domain::installment::{Installment, Terms};
use crate::domain::money::Money;
use crate::domain::shop::{Address, BasketLine, Shop};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A shopper, known by a session id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// logged in as this customer
    pub customer: Option<u32>,
    /// or known by mail and phone alone
    pub guest: Option<Guest>,
    /// what is in the basket
    pub basket: Vec<BasketLine>,
    /// this shopper's own addresses, beside those of the scenario
    pub addresses: Vec<Arc<Address>>,
    /// how far the checkout is
    pub checkout: Checkout,
    /// the last order, for a completion that is sent twice
    pub placed: Option<Box<Placed>>,
    /// an order took the basket: the next look finds it filled again
    pub refill_due: bool,
    /// it is over then, unless somebody calls before
    pub expires_at: Timestamp,
}

/// Who buys without an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    /// mail
    pub email: String,
    /// msisdn
    pub phone: String,
}

/// The steps of a checkout, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// who is buying
    Identity,
    /// how to receive
    Delivery,
    /// where to send
    Address,
    /// how to ship
    Shipping,
    /// how to pay
    PaymentOption,
    /// which card
    Bin,
    /// in how many parts
    Installment,
    /// under which order number
    OrderNo,
    /// the payment itself
    Complete,
}

/// What was chosen so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkout {
    /// how to receive
    pub delivery_option: Option<u32>,
    /// where to send goods
    pub shipping_address: Option<u32>,
    /// where to send the bill
    pub billing_address: Option<u32>,
    /// how to ship
    pub shipping_option: Option<u32>,
    /// how to pay
    pub payment_option: Option<u32>,
    /// which card
    pub card: Option<CardChoice>,
    /// in how many parts
    pub installment: Option<Installment>,
    /// under which order number
    pub attempt: Option<Attempt>,
    /// what the shopper wrote to the shop
    pub note: Option<String>,
    /// the gateway's latest reference
    pub reference: Option<String>,
}

/// The card, as far as the shop knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardChoice {
    /// its first digits
    pub bin: String,
    /// picked from the wallet
    pub stored: bool,
    /// in how many parts it may pay; None: as the tables have it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Vec<Terms>>,
}

/// One attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// the number to give to the bank
    pub order_no: String,
    /// whether 3-D Secure is asked for
    pub three_d: bool,
}

/// An order that was placed, with what completed it and what the shopper saw then.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    /// the token or payment id that completed it
    pub by: String,
    /// its number
    pub order_no: String,
    /// a secret that stands for it
    pub token: String,
    /// what was in the basket
    pub basket: Vec<BasketLine>,
    /// what was chosen
    pub checkout: Checkout,
}

/// What a checkout costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// the goods
    pub basket: Money,
    /// sending them
    pub shipping: Money,
    /// both
    pub order: Money,
    /// both, and the commission of the chosen installments: what the card pays
    pub payable: Money,
}

impl Session {
    /// The first step that is still to do.
    pub fn next_step(&self) -> Step {
        let c = &self.checkout;
        let done = [
            (
                Step::Identity,
                self.customer.is_some() || self.guest.is_some(),
            ),
            (Step::Delivery, c.delivery_option.is_some()),
            (
                Step::Address,
                c.shipping_address.is_some() && c.billing_address.is_some(),
            ),
            (Step::Shipping, c.shipping_option.is_some()),
            (Step::PaymentOption, c.payment_option.is_some()),
            (Step::Bin, c.card.is_some()),
            (Step::Installment, c.installment.is_some()),
            (Step::OrderNo, c.attempt.is_some()),
        ];
        let missing = done.iter().find(|(_, done)| !done);
        missing.map_or(Step::Complete, |(step, _)| *step)
    }

    /// Forgets everything after `step`; the step itself stays.
    pub fn undo_after(&mut self, step: Step) {
        let c = &mut self.checkout;
        if step < Step::Address {
            c.shipping_address = None;
            c.billing_address = None;
        }
        if step < Step::Shipping {
            c.shipping_option = None;
        }
        if step < Step::PaymentOption {
            c.payment_option = None;
        }
        if step < Step::Bin {
            c.card = None;
            c.reference = None;
        }
        if step < Step::Installment {
            c.installment = None;
        }
        if step < Step::OrderNo {
            c.attempt = None;
        }
    }

    /// What it all costs. Amounts beyond what is counted stop at that bound.
    pub fn totals(&self, shop: &Shop) -> Totals {
        let zero = Money::zero(shop.currency());
        let basket = self.basket.iter().filter_map(|line| line.total(shop));
        let basket = basket.fold(zero, |sum, line| sum.plus(line).unwrap_or(sum));
        let option = self
            .checkout
            .shipping_option
            .and_then(|pk| shop.shipping_option(pk));
        let shipping = option.map_or(zero, |option| option.amount);
        let order = basket.plus(shipping).unwrap_or(basket);
        let payable = self
            .checkout
            .installment
            .as_ref()
            .map_or(order, |i| i.total);
        Totals {
            basket,
            shipping,
            order,
            payable,
        }
    }

    /// What a payment is for: the price of each line, and shipping when it costs something.
    pub fn items(&self, shop: &Shop) -> Vec<Money> {
        let lines = self.basket.iter().filter_map(|line| line.total(shop));
        let shipping = Some(self.totals(shop).shipping).filter(|amount| amount.is_positive());
        lines.chain(shipping).collect()
    }

    /// An address this shopper may use.
    pub fn address<'a>(&'a self, shop: &'a Shop, pk: u32) -> Option<&'a Arc<Address>> {
        self.all_addresses(shop).find(|a| a.pk == pk)
    }

    /// Every address this shopper may use; those of the scenario belong to customers only.
    pub fn all_addresses<'a>(&'a self, shop: &'a Shop) -> impl Iterator<Item = &'a Arc<Address>> {
        let known = if self.customer.is_some() {
            &shop.addresses[..]
        } else {
            &[]
        };
        known.iter().chain(&self.addresses)
    }

    /// Everything chosen and bought goes; `placed` remembers it.
    pub fn place(&mut self, by: String, order_no: String, token: String) {
        let basket = std::mem::take(&mut self.basket);
        let checkout = std::mem::take(&mut self.checkout);
        self.placed = Some(Box::new(Placed {
            by,
            order_no,
            token,
            basket,
            checkout,
        }));
        self.refill_due = true;
    }
}

impl BasketLine {
    /// What this line costs; None when the product is gone or the sum too large.
    pub fn total(&self, shop: &Shop) -> Option<Money> {
        shop.product(self.product)?.price.times(self.quantity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn session() -> Session {
        let lira = |minor| Money::new(minor, Currency::TRY);
        let (total, monthly) = (lira(10_500), lira(3_500));
        let rate = "5".parse().unwrap();
        let installment = Installment {
            pk: 2,
            count: 3,
            total,
            monthly,
            rate,
            label: None,
        };
        Session {
            customer: Some(1),
            checkout: Checkout {
                delivery_option: Some(1),
                shipping_address: Some(1),
                billing_address: Some(1),
                shipping_option: Some(1),
                payment_option: Some(1),
                card: Some(CardChoice {
                    bin: "665544".into(),
                    stored: false,
                    terms: None,
                }),
                installment: Some(installment),
                attempt: Some(Attempt {
                    order_no: "7".into(),
                    three_d: false,
                }),
                ..Checkout::default()
            },
            ..Session::default()
        }
    }

    #[test]
    fn repeating_a_step_undoes_what_follows_and_nothing_else() {
        let steps = [
            (Step::Delivery, Step::Address),
            (Step::Address, Step::Shipping),
            (Step::Shipping, Step::PaymentOption),
            (Step::PaymentOption, Step::Bin),
            (Step::Bin, Step::Installment),
            (Step::Installment, Step::OrderNo),
            (Step::OrderNo, Step::Complete),
        ];
        for (repeated, next) in steps {
            let mut session = session();
            assert_eq!(session.next_step(), Step::Complete);
            session.undo_after(repeated);
            assert_eq!(session.next_step(), next, "after {repeated:?}");
        }
    }
}

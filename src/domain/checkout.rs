//! A shopper's way from basket to order, step by step. Repeating a step undoes what follows it.

use crate::domain::installment::Installment;
use crate::domain::shop::{Address, BasketLine};

/// A shopper, known by a session id.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// logged in as this customer
    pub customer: Option<u32>,
    /// or known by mail and phone alone
    pub guest: Option<Guest>,
    /// what is in the basket
    pub basket: Vec<BasketLine>,
    /// addresses this shopper has, those of the scenario first
    pub addresses: Vec<Address>,
    /// how far the checkout is
    pub checkout: Checkout,
    /// the last order, for a completion that is sent twice
    pub placed: Option<Placed>,
}

/// Who buys without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Default)]
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
    /// references given out since the payment option was chosen
    pub references: Vec<String>,
}

/// The card, as far as the shop knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardChoice {
    /// its first digits
    pub bin: String,
    /// picked from the wallet
    pub stored: bool,
}

/// One attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// the number to give to the bank
    pub order_no: String,
    /// whether 3-D Secure is asked for
    pub three_d: bool,
}

/// An order, with what completed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// the token, reference or payment id that completed it
    pub by: String,
    /// its number
    pub order_no: String,
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
            c.references.clear();
        }
        if step < Step::Installment {
            c.installment = None;
        }
        if step < Step::OrderNo {
            c.attempt = None;
        }
    }
}

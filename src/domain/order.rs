//! An order that was placed.

use crate::clock::Timestamp;
use crate::domain::installment::Installment;
use crate::domain::money::Money;
use crate::domain::payment::PaymentId;
use crate::domain::shop::{Address, BasketLine, PaymentOption, ShippingOption};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An order that was placed; it never changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// counts from 1 in a sandbox
    pub id: u32,
    /// 16 digits
    pub number: String,
    /// who bought, when logged in
    pub customer: Option<u32>,
    /// the buyer's mail
    pub email: String,
    /// what was bought
    pub lines: Vec<BasketLine>,
    /// goods and shipping
    pub amount: Money,
    /// of which shipping
    pub shipping_amount: Money,
    /// how it is paid off
    pub installment: Installment,
    /// first digits of the card
    pub bin: String,
    /// how it was paid
    pub payment_option: Arc<PaymentOption>,
    /// how it ships
    pub shipping_option: Option<Arc<ShippingOption>>,
    /// where goods go
    pub shipping_address: Option<Arc<Address>>,
    /// where the bill goes
    pub billing_address: Option<Arc<Address>>,
    /// the payment behind it
    pub payment: PaymentId,
    /// what the shopper wrote
    pub note: Option<String>,
    /// when
    pub created_at: Timestamp,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::money::Percent;
    use crate::domain::shop::PosKind;

    /// An order that is paid off in so many parts.
    pub fn order(total: Money, monthly: Money, count: u32) -> Order {
        Order {
            id: 1,
            number: String::new(),
            customer: None,
            email: String::new(),
            lines: Vec::new(),
            amount: total,
            shipping_amount: Money::zero(total.currency()),
            installment: Installment {
                pk: 1,
                count,
                total,
                monthly,
                rate: Percent::ZERO,
                label: None,
            },
            bin: String::new(),
            payment_option: Arc::new(PaymentOption {
                pk: 1,
                name: String::new(),
                slug: String::new(),
                payment_type: String::new(),
                pos_slug: String::new(),
                pos_kind: PosKind::Gateway,
                three_d_enabled: false,
                provision_enabled: false,
            }),
            shipping_option: None,
            shipping_address: None,
            billing_address: None,
            payment: 1,
            note: None,
            created_at: Timestamp::from_micros(0),
        }
    }
}

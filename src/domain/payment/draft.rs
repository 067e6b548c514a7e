//! What a payment is made of, before it is one.

use super::{PaymentId, Phase, TransactionId};
use crate::clock::Timestamp;
use crate::domain::money::Money;
use crate::domain::particulars::Particulars;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// What a payment is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// its number
    pub id: PaymentId,
    /// the number of its first item; the others count on
    pub transactions: TransactionId,
    /// the number that bank and shop know it by
    pub order_no: CompactString,
    /// what the goods cost
    pub price: Money,
    /// what the card pays, commission included
    pub paid: Money,
    /// number of parts
    pub installment: u32,
    /// first digits of the card
    pub bin: CompactString,
    /// captured at once, or later
    pub phase: Phase,
    /// asked for 3-D Secure
    pub three_d: bool,
    /// prices of the basket's items, adding up to `price`; empty: one item
    pub items: Vec<Money>,
    /// when it begins
    pub at: Timestamp,
    /// what it carries besides its money
    pub particulars: Box<Particulars>,
}

impl NewPayment {
    /// A single payment of `price` without commission, to be filled in.
    pub fn of(price: Money) -> Self {
        Self::carrying(price, Particulars::default())
    }

    /// As [`Self::of`], with what it carries.
    pub fn carrying(price: Money, particulars: Particulars) -> Self {
        Self {
            id: 0,
            transactions: 0,
            order_no: CompactString::default(),
            price,
            paid: price,
            installment: 1,
            bin: CompactString::default(),
            phase: Phase::Sale,
            three_d: false,
            items: Vec::new(),
            at: Timestamp::from_micros(0),
            particulars: Box::new(particulars),
        }
    }
}

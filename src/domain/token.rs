//! References and result tokens: given out once, good for one order, amount and time.

use crate::clock::Timestamp;
use crate::domain::money::Money;
use crate::domain::payment::PaymentId;
use crate::refusal::TokenFault;

/// Where a gateway's reference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceState {
    /// given out
    Issued,
    /// 3-D Secure was begun for this payment
    Initialised(PaymentId),
    /// redeemed
    Used,
    /// a later one took its place
    Superseded,
}

/// A gateway's handle for a payment that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// the handle
    pub id: String,
    /// the order number it is for
    pub order_no: String,
    /// first digits of the card it is for
    pub bin: String,
    /// number of parts it is for
    pub installment: u32,
    /// what the goods cost
    pub price: Money,
    /// what the card will pay
    pub paid: Money,
    /// whether 3-D Secure is asked for
    pub three_d: bool,
    /// good for paying; false: for listing cards only
    pub payable: bool,
    /// good until then
    pub expires_at: Timestamp,
    /// where it stands
    pub state: ReferenceState,
}

impl Reference {
    /// Whether it may be used for `paid` at `now`. Err says what is wrong with it.
    pub fn check(&self, paid: Money, now: Timestamp) -> Result<(), TokenFault> {
        match self.state {
            ReferenceState::Used => return Err(TokenFault::Used),
            ReferenceState::Superseded => return Err(TokenFault::Superseded),
            ReferenceState::Issued | ReferenceState::Initialised(_) => {}
        }
        if !self.payable {
            return Err(TokenFault::Superseded);
        }
        if now >= self.expires_at {
            return Err(TokenFault::Expired);
        }
        if self.paid != paid {
            return Err(TokenFault::Mismatch);
        }
        Ok(())
    }
}

/// What a wallet gives after a purchase, for the shop's backend to complete with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultToken {
    /// the token
    pub token: String,
    /// the order number of the purchase
    pub order_no: String,
    /// the amount of the purchase
    pub amount: Money,
    /// whether the purchase succeeded
    pub successful: bool,
    /// whether it was completed
    pub used: bool,
    /// good until then
    pub expires_at: Timestamp,
}

impl Reference {
    /// A later one takes its place, unless it has been redeemed.
    pub fn supersede(&mut self) {
        if self.state != ReferenceState::Used {
            self.state = ReferenceState::Superseded;
        }
    }
}

impl ResultToken {
    /// Whether it may complete this order. Err says what is wrong with it.
    pub fn check(&self, order_no: &str, amount: Money, now: Timestamp) -> Result<(), TokenFault> {
        if self.used {
            return Err(TokenFault::Used);
        }
        if now >= self.expires_at {
            return Err(TokenFault::Expired);
        }
        if self.order_no != order_no || self.amount != amount {
            return Err(TokenFault::Mismatch);
        }
        if !self.successful {
            return Err(TokenFault::NotSuccessful);
        }
        Ok(())
    }
}

//! A payment and the moves it may make. Each move is one step: checked and done, or refused.

use crate::clock::Timestamp;
use crate::domain::decision::{Authorization, ThreeDs};
use crate::domain::money::Money;
use crate::refusal::{Decline, Refusal};

/// Identifies a payment in its sandbox.
pub type PaymentId = u64;

/// Whether money is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// authorised and captured in one step
    Sale,
    /// authorised now, captured later
    Provision,
}

/// Why a payment failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// 3-D Secure ended without authentication
    ThreeDs(ThreeDs),
    /// the bank declined
    Declined(Decline),
    /// the vendor's own code
    ResponseCode(String),
}

/// Where a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// nothing decided yet
    Created,
    /// the holder is at the bank's page
    AwaitingThreeDs,
    /// back from the bank's page, not charged yet
    Authenticated(ThreeDs),
    /// reserved, not captured
    Authorized,
    /// money moved
    Captured,
    /// given back before the day's end, or released
    Voided,
    /// final: no money moved
    Failed(Failure),
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// its number
    pub id: PaymentId,
    /// the number that bank and shop know it by
    pub order_no: String,
    /// what the goods cost
    pub price: Money,
    /// what the card pays, commission included
    pub paid: Money,
    /// number of parts
    pub installment: u32,
    /// first digits of the card
    pub bin: String,
    /// captured at once, or later
    pub phase: Phase,
    /// asked for 3-D Secure
    pub three_d: bool,
    /// where it stands
    pub status: Status,
    /// captured so far, minor units of `paid`'s currency
    pub captured: Money,
    /// refunded so far
    pub refunded: Money,
    /// when it began
    pub created_at: Timestamp,
}

impl Payment {
    /// The challenge is over. Err when the payment is not at the bank's page.
    pub fn authenticate(&mut self, three_ds: ThreeDs, half_allowed: bool) -> Result<(), Refusal> {
        if !matches!(self.status, Status::AwaitingThreeDs) {
            return Err(Refusal::IllegalState);
        }
        if three_ds.authenticated(half_allowed) {
            self.status = Status::Authenticated(three_ds);
            Ok(())
        } else {
            self.status = Status::Failed(Failure::ThreeDs(three_ds));
            Err(Refusal::ThreeDsFailed(three_ds.md_status))
        }
    }

    /// The bank answers. Err when it declines, or when the payment is not ready for it.
    pub fn authorize(&mut self, answer: &Authorization) -> Result<(), Refusal> {
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
        match answer {
            Authorization::Approved => {
                self.status = match self.phase {
                    Phase::Sale => Status::Captured,
                    Phase::Provision => Status::Authorized,
                };
                if self.phase == Phase::Sale {
                    self.captured = self.paid;
                }
                Ok(())
            }
            Authorization::Declined(why) => {
                self.status = Status::Failed(Failure::Declined(*why));
                Err(Refusal::Declined(*why))
            }
            Authorization::ResponseCode { code, description } => {
                self.status = Status::Failed(Failure::ResponseCode(code.clone()));
                let (code, description) = (code.clone(), description.clone());
                Err(Refusal::ResponseCode { code, description })
            }
        }
    }
}

/// What a payment is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// the number that bank and shop know it by
    pub order_no: String,
    /// what the goods cost
    pub price: Money,
    /// what the card pays
    pub paid: Money,
    /// number of parts
    pub installment: u32,
    /// first digits of the card
    pub bin: String,
    /// captured at once, or later
    pub phase: Phase,
    /// asked for 3-D Secure
    pub three_d: bool,
}

impl Payment {
    /// A payment that begins now.
    pub fn new(id: PaymentId, new: NewPayment, now: Timestamp) -> Self {
        let status = if new.three_d {
            Status::AwaitingThreeDs
        } else {
            Status::Created
        };
        let zero = Money::zero(new.paid.currency());
        Self {
            id,
            order_no: new.order_no,
            price: new.price,
            paid: new.paid,
            installment: new.installment,
            bin: new.bin,
            phase: new.phase,
            three_d: new.three_d,
            status,
            captured: zero,
            refunded: zero,
            created_at: now,
        }
    }
}

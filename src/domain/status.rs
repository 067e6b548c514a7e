//! Where a payment stands, why it failed, and how much of it was given back.

use crate::domain::decision::{Authorization, ThreeDs, ThreeDsOutcome};
use crate::refusal::{Decline, Refusal};
use serde::{Deserialize, Serialize};

/// Whether money is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Phase {
    /// authorised and captured in one step
    Sale,
    /// authorised now, captured later
    Provision,
}

/// Why a payment failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Failure {
    /// 3-D Secure ended without authentication
    ThreeDs(ThreeDs),
    /// the bank declined
    Declined(Decline),
    /// the vendor's own code
    ResponseCode {
        /// the code: `1409`
        code: String,
        /// what the scenario says of it
        description: Option<String>,
    },
}

impl Failure {
    /// Nobody came back from the bank's page in time.
    pub const LATE: Self = Self::ThreeDs(ThreeDsOutcome::TimesOut.usual());

    /// What the bank's answer makes of a payment; None: it goes on.
    pub fn of(answer: &Authorization) -> Option<Self> {
        match answer {
            Authorization::Approved => None,
            Authorization::Declined(why) => Some(Self::Declined(*why)),
            Authorization::ResponseCode { code, description } => {
                let (code, description) = (code.clone(), description.clone());
                Some(Self::ResponseCode { code, description })
            }
        }
    }

    /// What to say to whoever asked for the payment.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::ThreeDs(three_ds) => Refusal::ThreeDsFailed(three_ds.md_status),
            Self::Declined(why) => Refusal::Declined(*why),
            Self::ResponseCode { code, description } => {
                let (code, description) = (code.clone(), description.clone());
                Refusal::ResponseCode { code, description }
            }
        }
    }
}

/// Where a payment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Status {
    /// nothing decided yet
    Created,
    /// the holder is at the bank's page
    AwaitingThreeDs,
    /// back from the bank's page, not charged yet
    Authenticated(ThreeDs),
    /// reserved, not captured
    Authorized,
    /// money moved; what was given back since is in the items
    Captured,
    /// final: given back before the day's end, or released
    Voided,
    /// final: no money moved
    Failed(Failure),
}

/// How much of a payment was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundStatus {
    /// there is no money to give back
    Impossible,
    /// nothing
    Nothing,
    /// a part
    Partial,
    /// all
    Full,
}

/// Where a payment stands, in one word: what of its money moved, and came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// nothing decided yet
    Created,
    /// the holder is at the bank's page
    AwaitingThreeDs,
    /// back from the bank's page, not charged yet
    Authenticated,
    /// reserved, not captured
    Authorized,
    /// money moved, and nothing came back
    Captured,
    /// a part of it came back
    PartlyRefunded,
    /// all of it came back
    Refunded,
    /// given back before the day's end, or released
    Voided,
    /// no money moved
    Failed,
}

impl Standing {
    /// Of a payment with that status, of which so much was given back.
    pub const fn of(status: &Status, refunded: RefundStatus) -> Self {
        match (status, refunded) {
            (Status::Created, _) => Self::Created,
            (Status::AwaitingThreeDs, _) => Self::AwaitingThreeDs,
            (Status::Authenticated(_), _) => Self::Authenticated,
            (Status::Authorized, _) => Self::Authorized,
            (Status::Captured, RefundStatus::Partial) => Self::PartlyRefunded,
            (Status::Captured, RefundStatus::Full) => Self::Refunded,
            (Status::Captured, RefundStatus::Nothing | RefundStatus::Impossible) => Self::Captured,
            (Status::Voided, _) => Self::Voided,
            (Status::Failed(_), _) => Self::Failed,
        }
    }

    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::AwaitingThreeDs => "awaiting_three_ds",
            Self::Authenticated => "authenticated",
            Self::Authorized => "authorized",
            Self::Captured => "captured",
            Self::PartlyRefunded => "partly_refunded",
            Self::Refunded => "refunded",
            Self::Voided => "voided",
            Self::Failed => "failed",
        }
    }
}

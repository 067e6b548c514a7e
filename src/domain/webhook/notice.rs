//! What is told, how it is to be told, and what came of it.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a merchant is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Event {
    /// a payment was charged by a call
    Charged,
    /// 3-D Secure has ended
    Verified,
    /// 3-D Secure has ended, and the money moved in the same step or did not
    VerifiedAndCharged,
    /// somebody has paid on a hosted page, or could not
    PaidOnPage,
    /// all of a price that several payments share is paid
    PaidInParts,
    /// a payment was given back as a whole
    Refunded,
    /// an item was given back
    ItemRefunded,
    /// a hosted page is done with: told at the address that was given with the page
    PageDone,
}

/// Who named the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum NamedBy {
    /// the scenario
    Settings,
    /// a call of the merchant
    Call,
}

/// What is told, to whom, where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// the merchant's API key
    pub merchant: String,
    /// where it is sent
    pub url: String,
    /// who named that
    pub named_by: NamedBy,
    /// what has happened
    pub event: Event,
    /// the number or token of what it has happened to
    pub subject: String,
    /// it went well
    pub success: bool,
    /// when
    pub at: Timestamp,
}

/// When a delivery is tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Timing {
    /// as the settings say
    #[default]
    Usual,
    /// before the answer is written, and so before the browser is back at the merchant
    BeforeCallback,
    /// when the merchant asks about what it has learned of by itself
    AfterCallback,
    /// after the next one to the same address
    AfterNext,
    /// when it is released
    Held,
    /// not at all
    Never,
}

/// How a delivery goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// when it is tried first
    pub timing: Timing,
    /// how long after what it tells; None: as the settings say
    pub delay: Option<Duration>,
    /// how often it is sent in all
    pub copies: u32,
    /// its signature does not fit
    pub forged: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            timing: Timing::Usual,
            delay: None,
            copies: 1,
            forged: false,
        }
    }
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Answer {
    /// the receiver's status, and the beginning of what it says
    Status(u16, String),
    /// none, and why
    Nothing(String),
}

impl Answer {
    /// Any 2xx. contract: craftgate §8
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Status(200..=299, _))
    }
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// when it was answered, in the sandbox's time
    pub at: Timestamp,
    /// what came of it
    pub answer: Answer,
}

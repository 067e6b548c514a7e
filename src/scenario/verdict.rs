//! What the rules say about one call.

use crate::domain::decision::{Authorization, ThreeDs, TokenFault};
use std::fmt::Write;
use std::time::Duration;

/// When a wire effect strikes, seen from the change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moment {
    /// nothing has happened yet, nor will it when the effect is a fault
    #[default]
    BeforeCommit,
    /// it has happened; the client may never learn of it
    AfterCommit,
}

/// What goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFault {
    /// the connection is closed without an answer
    Reset,
    /// this status and an empty body instead of the answer
    Http(u16),
}

/// What happens on the way, apart from what is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wire {
    /// before or after the change of state
    pub moment: Moment,
    /// how long the call is held
    pub delay: Duration,
    /// what goes wrong, if anything
    pub fault: Option<WireFault>,
}

/// A field error in the scenario's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageError {
    /// the field on the wire
    pub field: String,
    /// what to say
    pub message: String,
}

/// What the rules say about one call; None where no rule spoke.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// a token is not issued or not redeemed
    pub token: Option<TokenFault>,
    /// a field is refused
    pub page_error: Option<PageError>,
    /// how 3-D Secure ends
    pub three_ds: Option<ThreeDs>,
    /// what the bank says
    pub authorization: Option<Authorization>,
    /// what happens on the way
    pub wire: Option<Wire>,
    /// who spoke: `declines.toml:12`, in the order in which they were asked
    pub decided_by: Vec<String>,
}

impl Verdict {
    /// For the header `x-mockpos-decided-by` and the journal: the rules, or `default`.
    pub fn decided_by(&self) -> String {
        let mut text = String::new();
        for place in &self.decided_by {
            let comma = if text.is_empty() { "" } else { ", " };
            let _ = write!(text, "{comma}rule {place}");
        }
        if text.is_empty() {
            "default".to_owned()
        } else {
            text
        }
    }
}

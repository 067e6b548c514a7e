//! What a bank or a wallet decides, in the words of the payments field.

pub use crate::refusal::{Decline, TokenFault};

/// A moment of a call at which something is decided. An endpoint names the points it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// a token is issued or redeemed
    Token,
    /// a form, page or API takes its fields
    Page,
    /// 3-D Secure ends
    ThreeDs,
    /// the browser is sent back to the merchant
    Callback,
    /// money is authorised
    Authorization,
    /// 3-D Secure begins
    ThreeDsInit,
    /// what was reserved is taken
    Capture,
    /// money is given back
    Refund,
}

/// How a 3-D Secure challenge ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreeDsOutcome {
    /// the holder is authenticated
    Succeeds,
    /// the holder is not
    Fails,
    /// the holder gives up
    Cancelled,
    /// nobody answers in time
    TimesOut,
    /// attempted: holder or issuer not enrolled
    Half,
}

/// How 3-D Secure ends, with the number that the merchant sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreeDs {
    /// how it ends
    pub outcome: ThreeDsOutcome,
    /// 0 to 8 (contract: craftgate §3.8)
    pub md_status: u8,
}

impl ThreeDsOutcome {
    /// The mdStatus that stands for it when none is named: contract craftgate §3.8, masterpass §11.
    pub const fn md_status(self) -> u8 {
        match self {
            Self::Succeeds => 1,
            Self::Fails => 0,
            Self::Cancelled | Self::TimesOut => 7,
            Self::Half => 4,
        }
    }
}

impl ThreeDs {
    /// Fully authenticated.
    pub const SUCCESS: Self = Self {
        outcome: ThreeDsOutcome::Succeeds,
        md_status: 1,
    };

    /// Whether the payment may go on. `half_allowed` is the merchant's setting for 2, 3 and 4.
    pub const fn authenticated(self, half_allowed: bool) -> bool {
        match self.md_status {
            1 => true,
            2..=4 => half_allowed,
            _ => false,
        }
    }
}

/// What the bank says to an authorisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorization {
    /// yes
    Approved,
    /// no, for this reason
    Declined(Decline),
    /// the vendor's own result code, word for word
    ResponseCode {
        /// the code: `1409`
        code: String,
        /// what to show; the surface's own text when absent
        description: Option<String>,
    },
}

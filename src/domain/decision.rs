//! What a bank or a wallet decides, in the words of the payments field.

use serde::{Deserialize, Serialize};

pub use crate::refusal::{Decline, OtpFault, TokenFault, WalletFault};

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
    /// the wallet tells how an account stands
    Account,
    /// the wallet does what it is asked, or refuses
    Wallet,
    /// the wallet asks the holder for something before it goes on
    Asks,
    /// a one-time password is judged
    Otp,
    /// the merchant is told of something by itself
    Webhook,
    /// a card is told in how many parts it may pay
    Installments,
    /// a card is told which rewards it has
    Loyalty,
}

/// What a wallet asks the holder for before it goes on. contract: masterpass §4.1
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Ask {
    /// a password that the wallet sends by SMS
    WalletOtp,
    /// a password that the card's bank sends by SMS
    BankOtp,
    /// a password for a device that is new
    DeviceOtp,
    /// the wallet's PIN
    Mpin,
    /// a PIN to be, for a wallet that has none
    DefineMpin,
    /// the card's security code
    Cvv,
    /// a loan to be agreed on
    Loan,
    /// the bank's 3-D Secure page
    ThreeDs,
}

impl Ask {
    /// Whether the holder will have to type a one-time password, here or on the bank's page.
    pub const fn leads_to_otp(self) -> bool {
        match self {
            Self::WalletOtp | Self::BankOtp | Self::DeviceOtp | Self::ThreeDs => true,
            Self::Mpin | Self::DefineMpin | Self::Cvv | Self::Loan => false,
        }
    }
}

/// How a 3-D Secure challenge ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
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
    /// the bank, its network or its software fails
    TechnicalError,
    /// the browser never comes back: the page is closed, the phone dies
    NeverReturns,
    /// authenticated, and on the way back somebody breaks the hash
    BadHash,
    /// authenticated, and on the way back somebody changes the order number
    WrongOrderNo,
    /// authenticated, and on the way back somebody changes the amount
    WrongAmount,
}

/// How 3-D Secure ends, with the number that the merchant sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
            Self::Succeeds | Self::BadHash | Self::WrongOrderNo | Self::WrongAmount => 1,
            Self::Fails | Self::NeverReturns => 0,
            Self::TechnicalError => 5,
            Self::Cancelled | Self::TimesOut => 7,
            Self::Half => 4,
        }
    }

    /// Whether an end of this kind may have that mdStatus. contract: craftgate §3.8
    pub const fn takes(self, md_status: u8) -> bool {
        match self {
            Self::Succeeds | Self::BadHash | Self::WrongOrderNo | Self::WrongAmount => {
                md_status == 1
            }
            Self::Half => matches!(md_status, 2..=4),
            Self::Fails | Self::Cancelled | Self::TimesOut => matches!(md_status, 0 | 5..=8),
            Self::TechnicalError => matches!(md_status, 5..=8),
            Self::NeverReturns => false,
        }
    }

    /// This end, with its usual mdStatus.
    pub const fn usual(self) -> ThreeDs {
        ThreeDs {
            outcome: self,
            md_status: self.md_status(),
        }
    }
}

impl ThreeDs {
    /// Fully authenticated.
    pub const SUCCESS: Self = ThreeDsOutcome::Succeeds.usual();

    /// How it ended, by the mdStatus alone. contract: masterpass §7
    pub const fn of_md_status(md_status: u8) -> Self {
        let outcome = match md_status {
            1 => ThreeDsOutcome::Succeeds,
            2..=4 => ThreeDsOutcome::Half,
            5 | 6 | 8 => ThreeDsOutcome::TechnicalError,
            _ => ThreeDsOutcome::Fails,
        };
        Self { outcome, md_status }
    }

    /// Whether whoever hears of it may let the payment go on: what was tampered with on the way is
    /// not believed. `half_allowed` is the merchant's setting for 2, 3 and 4.
    pub const fn authenticated(self, half_allowed: bool) -> bool {
        match self.outcome {
            ThreeDsOutcome::Succeeds => true,
            ThreeDsOutcome::Half => half_allowed,
            ThreeDsOutcome::Fails
            | ThreeDsOutcome::Cancelled
            | ThreeDsOutcome::TimesOut
            | ThreeDsOutcome::TechnicalError
            | ThreeDsOutcome::NeverReturns
            | ThreeDsOutcome::BadHash
            | ThreeDsOutcome::WrongOrderNo
            | ThreeDsOutcome::WrongAmount => false,
        }
    }

    /// What the bank itself knows, whatever happens to the message on its way: an end that was
    /// tampered with later was a success, half authenticated is good enough for it.
    pub const fn good_at_bank(self) -> bool {
        matches!(self.md_status, 1..=4)
    }

    /// Whether the browser comes back at all.
    pub const fn returns(self) -> bool {
        !matches!(self.outcome, ThreeDsOutcome::NeverReturns)
    }
}

/// What the bank says to an authorisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
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

//! Why something is refused, in the words of the payments field. No HTTP and no sentences: each
//! surface says it in its own dialect.

use serde::{Deserialize, Serialize};

mod decline;

pub use decline::Decline;

/// Why one field of a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// not there, or empty
    Missing,
    /// there, but not of the form asked for: `"a whole number"`
    Malformed(&'static str),
    /// well formed, but not among what was offered
    NotOffered,
    /// longer than that many characters
    TooLong(u32),
    /// differs from what it must equal: `"the token in the query"`
    Differs(&'static str),
}

/// One field that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// the field's name on the wire
    pub field: &'static str,
    /// what is wrong with it
    pub why: Why,
}

/// An error in a vendor's own words: by its exact code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorError {
    /// the code: `4155`
    pub code: String,
    /// the reason for which a bank declines, when one does
    pub group: Option<Decline>,
    /// what to say; None: the surface's own text for the code
    pub description: Option<String>,
}

/// What is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// a payment
    Payment,
    /// an order
    Order,
    /// a page of a checkout, or an address
    Page,
    /// an address of a customer
    Address,
    /// an item of a basket, or a product
    Product,
}

/// What is wrong with a token, reference or code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// the service that issues it does not answer
    Unavailable,
    /// never issued here
    Unknown,
    /// its time has passed
    Expired,
    /// already redeemed
    Used,
    /// a later one has taken its place
    Superseded,
    /// issued for another amount, order or card
    Mismatch,
    /// what it stands for did not succeed
    NotSuccessful,
}

/// Why a card wallet says no. contract: masterpass §3.5, §4, §11
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum WalletFault {
    /// nobody has an account under this phone number
    NoAccount,
    /// the merchant's user is not known
    NoUser,
    /// there is an account, and this merchant has no leave to see it
    NotLinked,
    /// the account is locked
    Blocked,
    /// the number belongs to another user of this merchant
    UserConflict,
    /// the account holds no card
    NoCards,
    /// no card of that name
    CardNotFound,
    /// the account holds this card already
    CardExists,
    /// no card number, or none that passes its check
    InvalidCard,
    /// too many cards were deleted in a short time
    RepeatedDeletion,
    /// the card's bank sends no one-time passwords
    OtpUnsupported,
    /// the payment went well, keeping the card did not
    SaveFailed,
    /// a one-time password or 3-D Secure is still owed
    NotVerified,
    /// the order number is not that of the purchase
    OrderMismatch,
    /// the amount is not that of the purchase
    AmountMismatch,
    /// a part of the wallet that is not mocked
    Unsupported,
}

/// Why a one-time password is not taken. contract: masterpass §4.1, §9
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtpFault {
    /// not the one that was sent
    Wrong,
    /// its time has passed
    Expired,
    /// wrong too often: this one is of no more use
    TooManyTries,
}

/// Why the domain, or a surface before it, says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// the body cannot be read: `"not valid JSON"`
    Unreadable(&'static str),
    /// fields that are refused, all of them at once
    Invalid(Vec<Problem>),
    /// nobody, or nobody known, is calling
    NotAuthenticated,
    /// known, but not allowed: `"CSRF Failed: …"`
    Forbidden(&'static str),
    /// an earlier step has not been done
    WrongOrder,
    /// there is nothing to buy
    EmptyBasket,
    /// a token cannot be issued or redeemed
    Token(TokenFault),
    /// the card wallet says no
    Wallet(WalletFault),
    /// a one-time password is not taken
    Otp(OtpFault),
    /// a payment needs 3-D Secure and came without, or the other way round
    ThreeDsMixUp,
    /// 3-D Secure ended without authentication; the number is the mdStatus
    ThreeDsFailed(u8),
    /// the bank or the wallet declined
    Declined(Decline),
    /// a vendor's result code other than success
    ResponseCode {
        /// the code: `1409`
        code: String,
        /// what the scenario says of it
        description: Option<String>,
    },
    /// an error in a vendor's own words
    Vendor(Box<VendorError>),
    /// the scenario refuses one field, in its own words
    Scripted {
        /// the field's name on the wire; empty for the whole form
        field: String,
        /// what to say
        message: String,
    },
    /// the state does not allow the step
    IllegalState,
    /// the amount exceeds what is left, or is not positive
    Amount,
    /// not there
    NotFound(Thing),
    /// a bound of the sandbox is reached
    Full,
}

impl From<VendorError> for Refusal {
    fn from(error: VendorError) -> Self {
        Self::Vendor(Box::new(error))
    }
}

impl Refusal {
    /// One refused field.
    pub fn field(field: &'static str, why: Why) -> Self {
        Self::fields(vec![(field, why)])
    }

    /// Several refused fields.
    pub fn fields(problems: Vec<(&'static str, Why)>) -> Self {
        let problems = problems
            .into_iter()
            .map(|(field, why)| Problem { field, why });
        Self::Invalid(problems.collect())
    }
}

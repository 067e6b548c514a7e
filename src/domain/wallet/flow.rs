//! What a holder is about to do: asked for one thing after the other, until it is done.

use crate::clock::Timestamp;
use crate::domain::decision::Ask;
use crate::domain::money::Money;
use crate::domain::otp::{Otp, OtpRules};
use crate::domain::wallet::{Card, Change};
use crate::refusal::{OtpFault, Refusal, TokenFault, WalletFault};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a purchase was made. contract: masterpass §1.2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum TransactionKind {
    /// with a card that was typed
    Direct,
    /// with a card of the wallet
    Saved,
    /// with a card that was typed and is kept
    Registering,
}

impl TransactionKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Direct, Self::Saved, Self::Registering];

    /// `DIRECT_PURCHASE`, or with 3-D Secure `DIRECT_PURCHASE_3D`.
    pub const fn code(self, three_d: bool) -> &'static str {
        match (self, three_d) {
            (Self::Direct, false) => "DIRECT_PURCHASE",
            (Self::Direct, true) => "DIRECT_PURCHASE_3D",
            (Self::Saved, false) => "PURCHASE",
            (Self::Saved, true) => "PURCHASE_3D",
            (Self::Registering, false) => "REGISTER_AND_PURCHASE",
            (Self::Registering, true) => "REGISTER_AND_PURCHASE_3D",
        }
    }

    /// Every code: each kind without 3-D Secure and with it.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        let both = |kind: &Self| [kind.code(false), kind.code(true)];
        Self::ALL.iter().flat_map(both)
    }
}

/// A purchase in the wallet; its money moves when the merchant completes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// how it is made
    pub kind: TransactionKind,
    /// whose wallet
    pub msisdn: CompactString,
    /// for which merchant
    pub merchant: CompactString,
    /// the merchant's user
    pub user: CompactString,
    /// the number that bank and shop know it by
    pub order_no: CompactString,
    /// how much
    pub amount: Money,
    /// number of parts
    pub installment: u32,
    /// with which card
    pub card: Card,
    /// the result token that it will have
    pub token: Arc<str>,
}

/// What is done when all that was asked for has been given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Operation {
    /// a merchant gets leave to see the account
    Link,
    /// a card is kept in the account
    Register(Box<Card>),
    /// money may move
    Purchase(Arc<Purchase>),
    /// the account belongs to another user of the merchant from now on
    ChangeUser(String),
    /// the account has another phone number from now on
    ChangeNumber(String),
    /// a card of the merchant's own programme moves into the account, by its name
    MoveIn(String),
    /// what is paid again and again changes
    Recur(Box<Change>),
    /// nothing: the holder shows who they are
    Confirm,
}

/// Something that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// whose
    pub msisdn: CompactString,
    /// for which merchant
    pub merchant: CompactString,
    /// the merchant's user
    pub user: CompactString,
    /// what is done at the end
    pub operation: Operation,
    /// the password that is owed, if one is
    pub otp: Otp,
    /// what is still to be asked for, the present one first
    asks: Vec<Ask>,
    superseded: bool,
}

impl Flow {
    /// Begins with the first of `asks`.
    pub fn new(
        (msisdn, merchant, user): (&str, &str, &str),
        operation: Operation,
        asks: Vec<Ask>,
        otp: Otp,
    ) -> Self {
        Self {
            msisdn: msisdn.into(),
            merchant: merchant.into(),
            user: user.into(),
            operation,
            otp,
            asks,
            superseded: false,
        }
    }

    /// What is asked for now; None: nothing more.
    pub fn asked(&self) -> Option<Ask> {
        self.asks.first().copied()
    }

    /// Whether a later validation token stands for it.
    pub(in crate::domain) const fn check(&self) -> Result<(), Refusal> {
        if self.superseded {
            return Err(Refusal::Token(TokenFault::Superseded));
        }
        Ok(())
    }

    pub(super) const fn supersede(&mut self) {
        self.superseded = true;
    }

    /// The holder answers what is asked with a code. Ok: the next thing to ask for, or nothing. Err
    /// when the code is not taken, or no code is asked for.
    pub fn answer(
        &mut self,
        right: bool,
        said: Option<OtpFault>,
        (rules, now): (&OtpRules, Timestamp),
    ) -> Result<Option<Ask>, Refusal> {
        match self.asked() {
            None | Some(Ask::ThreeDs | Ask::Loan) => {
                return Err(Refusal::Wallet(WalletFault::NotVerified));
            }
            Some(
                Ask::WalletOtp
                | Ask::BankOtp
                | Ask::DeviceOtp
                | Ask::Mpin
                | Ask::DefineMpin
                | Ask::Cvv,
            ) => {}
        }
        self.otp.judge(right, said, now).map_err(Refusal::Otp)?;
        self.asks.remove(0);
        self.otp = Otp::sent(rules, now);
        Ok(self.asked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_asked_one_by_one() {
        let rules = OtpRules::default();
        let now = Timestamp::from_micros(0);
        let asks = vec![Ask::WalletOtp, Ask::BankOtp, Ask::ThreeDs];
        let otp = Otp::sent(&rules, now);
        let mut flow = Flow::new(("9", "m", "u"), Operation::Link, asks, otp);
        let wrong = flow.answer(false, None, (&rules, now));
        assert_eq!(wrong, Err(Refusal::Otp(OtpFault::Wrong)));
        let next = flow.answer(true, None, (&rules, now));
        assert_eq!(next, Ok(Some(Ask::BankOtp)));
        assert_eq!(flow.otp.tries_left(), 3, "a new password has its own tries");
        let next = flow.answer(true, None, (&rules, now));
        assert_eq!(next, Ok(Some(Ask::ThreeDs)));
        let no_code = flow.answer(true, None, (&rules, now));
        assert_eq!(no_code, Err(Refusal::Wallet(WalletFault::NotVerified)));
    }

    #[test]
    fn kinds_have_a_code_with_and_without_three_d_secure() {
        for kind in TransactionKind::ALL {
            assert_eq!(format!("{}_3D", kind.code(false)), kind.code(true));
        }
    }
}

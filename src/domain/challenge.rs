//! A 3-D Secure challenge at the bank's page: for whom, for how much, where the browser goes then,
//! and how it ended. Whoever ends it (a person, a call, a scenario), it ends once and alike.

use crate::clock::Timestamp;
use crate::domain::decision::ThreeDs;
use crate::domain::money::Money;
use crate::domain::otp::Otp;
use crate::domain::pan::Pan;
use crate::domain::payment::PaymentId;
use crate::domain::wallet::TransactionKind;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What a challenge is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Purpose {
    /// a wallet's purchase, by its result token
    Purchase {
        /// the result token
        token: String,
    },
    /// a gateway's payment
    Payment(PaymentId),
}

/// Values that the bank makes up for one challenge; the same however it ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// the bank's handle of the authentication
    pub md: String,
    /// transaction identifier
    pub xid: String,
    /// authentication value
    pub cavv: String,
    /// salt of the hash
    pub rnd: String,
}

/// What a challenge is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// what it is for
    pub purpose: Purpose,
    /// who is paid, as the holder reads it
    pub merchant: String,
    /// the number that bank and shop know the payment by
    pub order_no: String,
    /// how much
    pub amount: Money,
    /// number of parts
    pub installment: u32,
    /// the card
    pub card: ChallengedCard,
    /// the holder's phone, where the password goes
    pub msisdn: Option<String>,
    /// what the wallet was asked to do; None: no wallet asked
    pub kind: Option<TransactionKind>,
    /// where the browser goes then, as it was given to the last character; None: not said yet
    pub return_url: Option<String>,
}

/// A challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// opens its page: long enough that nobody guesses it
    pub id: String,
    /// for whom, for how much, and where to then
    pub asked: Asked,
    /// the password that the page asks for
    pub otp: Otp,
    /// what the bank makes up
    pub marks: Marks,
    /// when it began
    pub created_at: Timestamp,
    /// nobody waits longer
    pub expires_at: Timestamp,
    /// somebody has looked at its page: what ends it by itself was asked then, and is not asked again
    pub looked_at: bool,
    ended: Option<Ended>,
}

/// The card that is challenged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengedCard {
    /// first digits
    pub bin: String,
    /// last digits; None: not known
    pub last_four: Option<String>,
    /// its number, for the published tables; None: not known
    pub pan: Option<Pan>,
    /// from a wallet, or kept by a merchant
    pub stored: bool,
    /// how it ends with this card, where the scenario's table of cards says so
    pub three_ds: Option<ThreeDs>,
}

/// How a challenge ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// how
    pub how: ThreeDs,
    /// when
    pub at: Timestamp,
}

impl Challenge {
    /// It begins at `now`, with a password that was sent, and ends at `expires_at`.
    pub fn begin(
        id: String,
        asked: Asked,
        (otp, marks): (Otp, Marks),
        (now, expires_at): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            id,
            asked,
            otp,
            marks,
            created_at: now,
            expires_at,
            looked_at: false,
            ended: None,
        }
    }

    /// How it ended, once it has.
    pub const fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// Whether somebody is still waited for.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.expires_at
    }

    /// Where the browser goes then: the word of whoever opened the page last, while it is open. A
    /// gateway has said it at the beginning, and what has ended stays as it was told of.
    pub fn lead_to(&mut self, url: String) {
        let of_gateway = matches!(self.asked.purpose, Purpose::Payment(_));
        if self.asked.return_url.is_none() || (self.ended.is_none() && !of_gateway) {
            self.asked.return_url = Some(url);
        }
    }

    /// It ends. Err when it has ended before: the first one counts. By [`State::end_challenge`],
    /// so that the purchase learns of it.
    ///
    /// [`State::end_challenge`]: crate::domain::state::State::end_challenge
    pub(super) const fn end(&mut self, how: ThreeDs, at: Timestamp) -> Result<(), Refusal> {
        if self.ended.is_some() {
            return Err(Refusal::IllegalState);
        }
        self.ended = Some(Ended { how, at });
        Ok(())
    }
}

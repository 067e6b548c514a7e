//! What the mere passing of time ends. Nobody ends it: whoever looks later sees that its time is over.

use crate::clock::Timestamp;
use crate::domain::decision::Ask;
use crate::domain::state::State;
use crate::domain::token::ReferenceState;
use crate::domain::wallet::Flow;
use std::time::Duration;

/// What has lapsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapsed {
    /// a gateway's reference that was not redeemed
    Reference,
    /// a wallet's result token that was not redeemed
    ResultToken,
    /// a hosted page that was not paid
    HostedPage,
    /// a one-time password of a wallet, by its phone number
    WalletOtp,
    /// a one-time password of a bank, by its challenge
    BankOtp,
    /// a reservation that was not taken
    Reservation,
}

/// Something whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse {
    /// since when
    pub at: Timestamp,
    /// what
    pub what: Lapsed,
    /// which
    pub id: String,
}

impl State {
    /// What lapses after one moment and up to another, in that order; reservations last `reserved_for`.
    pub fn lapses(
        &self,
        (after, until): (Timestamp, Timestamp),
        reserved_for: Duration,
    ) -> Vec<Lapse> {
        let mut all = Vec::new();
        let mut put = |at: Timestamp, what: Lapsed, id: &str| {
            if after < at && at <= until {
                let id = id.to_owned();
                all.push(Lapse { at, what, id });
            }
        };
        for (id, reference) in self.references.iter() {
            let open = match reference.state {
                ReferenceState::Issued | ReferenceState::Initialised(_) => true,
                ReferenceState::Used | ReferenceState::Superseded => false,
            };
            if open {
                put(reference.expires_at, Lapsed::Reference, id);
            }
        }
        for (id, token) in self.result_tokens.iter().filter(|(_, token)| !token.used) {
            put(token.expires_at, Lapsed::ResultToken, id);
        }
        for (id, page) in self.hosted.iter().filter(|(_, page)| page.is_open(after)) {
            put(page.expires_at, Lapsed::HostedPage, id);
        }
        for flow in self.wallet.flows().filter(|flow| owes_password(flow)) {
            put(flow.otp.expires_at, Lapsed::WalletOtp, &flow.msisdn);
        }
        for (id, challenge) in self.challenges.iter() {
            if challenge.ended().is_none() && challenge.otp.expires_at < challenge.expires_at {
                put(challenge.otp.expires_at, Lapsed::BankOtp, id);
            }
        }
        for (id, payment) in self.payments.iter() {
            if let Some(at) = payment.reserved_until(reserved_for) {
                put(at, Lapsed::Reservation, &id.to_string());
            }
        }
        all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        all
    }

    /// The challenge that is over first because nobody answers, and when.
    pub fn next_timeout(&self) -> Option<(Timestamp, String)> {
        let open = self.challenges.iter();
        let open = open.filter(|(_, challenge)| challenge.ended().is_none());
        let first = open.min_by_key(|(_, challenge)| challenge.expires_at);
        first.map(|(id, challenge)| (challenge.expires_at, id.clone()))
    }
}

fn owes_password(flow: &Flow) -> bool {
    match flow.asked() {
        Some(Ask::WalletOtp | Ask::BankOtp | Ask::DeviceOtp) => true,
        Some(Ask::Mpin | Ask::DefineMpin | Ask::Cvv | Ask::Loan | Ask::ThreeDs) | None => false,
    }
}

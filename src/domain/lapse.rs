//! What the mere passing of time ends. Nobody ends it: whoever looks later sees that its time is over.

use crate::clock::Timestamp;
use crate::domain::challenge::{Challenge, Ended, Purpose};
use crate::domain::decision::{Ask, ThreeDsOutcome};
use crate::domain::payment::{PaymentId, Status};
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
    /// a shopper's session that nobody went on with
    Session,
    /// a token with which a browser may talk to a wallet
    WalletToken,
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
        for (id, session) in self.sessions.iter() {
            put(session.expires_at, Lapsed::Session, id);
        }
        for (id, until) in self.wallet.passes() {
            put(until, Lapsed::WalletToken, id);
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

    /// The challenge that is over first because nobody answers, or nobody comes back from it, and when.
    pub fn next_timeout(&self) -> Option<(Timestamp, String)> {
        let waited_for = |challenge: &Challenge| match challenge.ended() {
            None => true,
            // Whoever comes back brings how it ended: nobody does here.
            Some(Ended { how, .. }) => {
                let lost = !how.returns() || how.outcome == ThreeDsOutcome::TimesOut;
                lost && self.waiting_for(&challenge.id).is_some()
            }
        };
        let open = self.challenges.iter();
        let open = open.filter(|(_, challenge)| waited_for(challenge));
        let first = open.min_by_key(|(_, challenge)| challenge.expires_at);
        first.map(|(id, challenge)| (challenge.expires_at, id.clone()))
    }

    /// The merchant's payment that waits until somebody comes back from that challenge. What a commerce
    /// platform began, which names no merchant, it may begin again.
    pub fn waiting_for(&self, challenge: &str) -> Option<PaymentId> {
        let asked = &self.challenges.get(challenge)?.asked;
        let payment = match &asked.purpose {
            Purpose::Payment(id) => self.payments.get(id),
            Purpose::Purchase { .. } => self.payments.awaited(&asked.order_no),
        }?;
        let waits = *payment.status() == Status::AwaitingThreeDs;
        let waits = waits && payment.particulars.merchant.is_some();
        waits.then_some(payment.id)
    }
}

fn owes_password(flow: &Flow) -> bool {
    match flow.asked() {
        Some(Ask::WalletOtp | Ask::BankOtp | Ask::DeviceOtp) => true,
        Some(Ask::Mpin | Ask::DefineMpin | Ask::Cvv | Ask::Loan | Ask::ThreeDs) | None => false,
    }
}

//! What the mere passing of time ends. Nobody ends it: whoever looks later sees that its time is over.

use crate::clock::Timestamp;
use crate::domain::challenge::{Challenge, Ended, Purpose};
use crate::domain::checkout::Session;
use crate::domain::decision::{Ask, ThreeDsOutcome};
use crate::domain::hosted::Hosted;
use crate::domain::payment::{Payment, PaymentId, Status};
use crate::domain::state::State;
use crate::domain::timed::{Moments, Passing};
use crate::domain::token::{Reference, ReferenceState, ResultToken};
use crate::domain::wallet::{Flow, Holder, Recurring, RecurringId};
use std::sync::Arc;
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

/// Where something is that time does something to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// gateway references
    References,
    /// result tokens
    ResultTokens,
    /// hosted pages
    HostedPages,
    /// sessions
    Sessions,
    /// tokens for the wallet
    WalletTokens,
    /// what a wallet is about to do
    Flows,
    /// payments
    Payments,
    /// 3-D Secure
    Challenges,
    /// who has a wallet
    Holders,
}

/// What time has come for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ripe {
    /// this is over, and nobody need do anything
    Lapse(Lapse),
    /// nobody is waited for any longer at that challenge
    Timeout(String),
    /// that order is to be paid
    Recurring(RecurringId),
}

impl State {
    /// Everything that time does something to, in the order in which that happens where it is at once, and how long
    /// it lasts from the moment that is noted down.
    fn passing(&mut self, reserved_for: Duration) -> [(Store, Duration, &mut dyn Moments); 9] {
        let at_once = Duration::ZERO;
        let (passes, flows, holders) = self.wallet.passing();
        [
            (Store::References, at_once, &mut self.references),
            (Store::ResultTokens, at_once, &mut self.result_tokens),
            (Store::HostedPages, at_once, &mut self.hosted),
            (Store::Sessions, at_once, &mut self.sessions),
            (Store::WalletTokens, at_once, passes),
            (Store::Flows, at_once, flows),
            (Store::Payments, reserved_for, self.payments.passing()),
            (Store::Challenges, at_once, &mut self.challenges),
            (Store::Holders, at_once, holders),
        ]
    }

    /// What calls have changed is noted anew; the first moment at which something may happen. Up to `told` all has
    /// happened; reservations last `reserved_for`.
    pub fn note(&mut self, told: Timestamp, reserved_for: Duration) -> Option<Timestamp> {
        let passing = self.passing(reserved_for).into_iter();
        let first = passing.filter_map(|(_, lasts, moments)| {
            moments.refresh(told.minus(lasts));
            Some(moments.earliest()?.plus(lasts))
        });
        first.min()
    }

    /// As [`Self::note`], of all there is.
    pub fn note_all(&mut self, told: Timestamp, reserved_for: Duration) {
        for (_, lasts, moments) in self.passing(reserved_for) {
            moments.rebuild(told.minus(lasts));
        }
    }

    /// The first moment at which somebody must do something; not later than that.
    pub fn next_chore(&self) -> Option<Timestamp> {
        let moments = [self.challenges.earliest(), self.wallet.next_recurring()];
        moments.into_iter().flatten().min()
    }

    /// When something happens next, and where, if that is not later than `by`. Of several at once what ends comes
    /// before what begins. After [`Self::note`].
    pub fn next_passing(
        &mut self,
        (by, told): (Timestamp, Timestamp),
        reserved_for: Duration,
    ) -> Option<(Timestamp, Store)> {
        let passing = self.passing(reserved_for).into_iter();
        let next = passing.filter_map(|(store, lasts, moments)| {
            let at = moments.next(by.minus(lasts), told.minus(lasts))?;
            Some((at.plus(lasts), store))
        });
        let mut first: Option<(Timestamp, Store)> = None;
        for (at, store) in next {
            // A challenge is over after all that lapses at that moment, which is why it stands behind that.
            if first.is_none_or(|(earliest, _)| at < earliest) {
                first = Some((at, store));
            }
        }
        first
    }

    /// What that was; it is over with that. None: what it was about is gone.
    pub fn take_passing(&mut self, (at, store): (Timestamp, Store)) -> Option<Ripe> {
        let lapse = |what: Lapsed, id: String| Some(Ripe::Lapse(Lapse { at, what, id }));
        match store {
            Store::References => lapse(Lapsed::Reference, self.references.take()?.to_string()),
            Store::ResultTokens => {
                lapse(Lapsed::ResultToken, self.result_tokens.take()?.to_string())
            }
            Store::HostedPages => lapse(Lapsed::HostedPage, self.hosted.take()?),
            Store::Sessions => lapse(Lapsed::Session, self.sessions.take()?),
            Store::WalletTokens => lapse(Lapsed::WalletToken, self.wallet.take_pass()?),
            Store::Flows => lapse(Lapsed::WalletOtp, self.wallet.take_flow()?),
            Store::Payments => lapse(
                Lapsed::Reservation,
                self.payments.take_lapsed()?.to_string(),
            ),
            Store::Challenges => {
                let id = self.challenges.take()?;
                match self.challenges.get(&id)?.expires_at <= at {
                    true => Some(Ripe::Timeout(id)),
                    false => lapse(Lapsed::BankOtp, id),
                }
            }
            Store::Holders => self.wallet.take_recurring(at).map(Ripe::Recurring),
        }
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

/// After what has been told.
fn later(at: Timestamp, told: Timestamp) -> Option<Timestamp> {
    Some(at).filter(|at| *at > told)
}

impl Passing for Reference {
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        match self.state {
            ReferenceState::Issued | ReferenceState::Initialised(_) => later(self.expires_at, told),
            ReferenceState::Used | ReferenceState::Superseded => None,
        }
    }
}

impl Passing for ResultToken {
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        later(self.expires_at, told).filter(|_| !self.used)
    }
}

impl Passing for Hosted {
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        later(self.expires_at, told).filter(|_| self.is_open(told))
    }
}

impl Passing for Session {
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        later(self.expires_at, told)
    }
}

impl Passing for Timestamp {
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        later(*self, told)
    }
}

impl Passing for Flow {
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        let owed = self.check().is_ok() && owes_password(self);
        later(self.otp.expires_at, told).filter(|_| owed)
    }
}

impl Passing for Payment {
    /// Since when money is reserved: how long it stays so is the merchant's to say.
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        let since = self.reserved_until(Duration::ZERO)?;
        later(since, told)
    }
}

impl Passing for Challenge {
    /// The password's time is over, then the challenge's: for who has not answered, and for who does not come back.
    fn moment(&self, told: Timestamp) -> Option<Timestamp> {
        match self.ended() {
            None => {
                let password = later(self.otp.expires_at, told);
                let password = password.filter(|at| *at < self.expires_at);
                Some(password.unwrap_or(self.expires_at))
            }
            // Whoever comes back brings how it ended: nobody does here.
            Some(Ended { how, .. }) => {
                let lost = !how.returns() || how.outcome == ThreeDsOutcome::TimesOut;
                later(self.expires_at, told).filter(|_| lost)
            }
        }
    }
}

impl Passing for Arc<Holder> {
    /// What was to be paid is to be paid, however long ago that was.
    fn moment(&self, _: Timestamp) -> Option<Timestamp> {
        self.recurring.iter().filter_map(Recurring::due).min()
    }
}

fn owes_password(flow: &Flow) -> bool {
    match flow.asked() {
        Some(Ask::WalletOtp | Ask::BankOtp | Ask::DeviceOtp) => true,
        Some(Ask::Mpin | Ask::DefineMpin | Ask::Cvv | Ask::Loan | Ask::ThreeDs) | None => false,
    }
}

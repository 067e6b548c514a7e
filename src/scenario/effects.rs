//! What a rule says, ready to be said, and of which kinds of decision it speaks.

use crate::domain::decision::{
    Ask, Authorization, OtpFault, Point, ThreeDs, TokenFault, WalletFault,
};
use crate::domain::installment::Terms;
use crate::domain::particulars::Loyalty;
use crate::domain::wallet::AccountStatus;
use crate::domain::webhook::Plan;
use crate::scenario::catalog::CatalogRow;
use crate::scenario::patch::{Edit, HeaderEdit};
use crate::scenario::problem::Place;
use crate::scenario::progress::Progress;
use crate::scenario::verdict::{Callback, ScriptedError, Verdict};
use crate::scenario::wire::Strike;
use std::sync::Arc;

/// Some of the things that a rule can speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds(u32);

impl Kinds {
    pub const WIRE: Self = Self(1 << 31);
    pub const PATCH: Self = Self(1 << 30);
    pub const HEADERS: Self = Self(1 << 29);
    pub const STATE: Self = Self(1 << 28);
    /// What needs no decision: it happens at any endpoint.
    pub const ANYWHERE: Self = Self::WIRE
        .and(Self::PATCH)
        .and(Self::HEADERS)
        .and(Self::STATE);

    pub const fn of(point: Point) -> Self {
        match point {
            Point::Token => Self(1),
            Point::Page => Self(2),
            Point::ThreeDs => Self(4),
            Point::Authorization => Self(8),
            Point::ThreeDsInit => Self(16),
            Point::Capture => Self(32),
            Point::Refund => Self(64),
            Point::Callback => Self(128),
            Point::Account => Self(256),
            Point::Wallet => Self(512),
            Point::Asks => Self(1024),
            Point::Otp => Self(2048),
            Point::Webhook => Self(4096),
            Point::Installments => Self(8192),
            Point::Loyalty => Self(16384),
        }
    }

    /// What is decided only once the bank has been asked.
    pub const AT_BANK: Self = Self(8 | 16 | 32 | 64 | 128 | 4096);

    /// What a bank is asked besides to authorise.
    pub const ASIDES: Self = Self(16 | 32 | 64);

    pub fn all(points: &[Point]) -> Self {
        let kinds = points.iter().map(|point| Self::of(*point));
        kinds.fold(Self::default(), Self::and)
    }

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn has(self, point: Point) -> bool {
        !self.both(Self::of(point)).is_empty()
    }
}

/// What a rule says, ready to be said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effects {
    pub token: Option<TokenFault>,
    pub error: Option<ScriptedError>,
    pub three_ds: Option<ThreeDs>,
    pub callback: Option<Callback>,
    pub account_status: Option<AccountStatus>,
    pub wallet: Option<WalletFault>,
    pub asks: Option<Vec<Ask>>,
    pub otp: Option<OtpFault>,
    pub webhook: Option<Plan>,
    pub installments: Option<Vec<Terms>>,
    pub loyalties: Option<Vec<Loyalty>>,
    pub authorization: Option<Authorization>,
    /// to what the bank's answer is
    pub asked: Kinds,
    pub patch: Vec<Edit>,
    pub headers: Vec<HeaderEdit>,
    pub set_state: Option<Arc<str>>,
    /// where that stands
    pub state_at: Place,
    pub wire: Option<Strike>,
}

impl Effects {
    /// What it speaks of at an endpoint that decides `here`. What a rule does to the answer of a
    /// call goes with what it decides; a rule that decides nothing may do it anywhere.
    pub const fn says(&self, here: Kinds) -> Kinds {
        let decides = self.decides();
        let now = decides.both(here);
        if decides.is_empty() || !now.is_empty() {
            return now.and(self.does());
        }
        now
    }

    const fn does(&self) -> Kinds {
        const fn of(said: bool, kind: Kinds) -> Kinds {
            if said { kind } else { Kinds(0) }
        }
        of(self.wire.is_some(), Kinds::WIRE)
            .and(of(!self.patch.is_empty(), Kinds::PATCH))
            .and(of(!self.headers.is_empty(), Kinds::HEADERS))
            .and(of(self.set_state.is_some(), Kinds::STATE))
    }

    const fn decides(&self) -> Kinds {
        const fn of(said: bool, point: Point) -> Kinds {
            if said { Kinds::of(point) } else { Kinds(0) }
        }
        let asked = if self.authorization.is_some() {
            self.asked
        } else {
            Kinds(0)
        };
        of(self.token.is_some(), Point::Token)
            .and(of(self.error.is_some(), Point::Page))
            .and(of(self.three_ds.is_some(), Point::ThreeDs))
            .and(of(self.callback.is_some(), Point::Callback))
            .and(of(self.account_status.is_some(), Point::Account))
            .and(of(self.wallet.is_some(), Point::Wallet))
            .and(of(self.asks.is_some(), Point::Asks))
            .and(of(self.otp.is_some(), Point::Otp))
            .and(of(self.webhook.is_some(), Point::Webhook))
            .and(of(self.installments.is_some(), Point::Installments))
            .and(of(self.loyalties.is_some(), Point::Loyalty))
            .and(asked)
    }

    /// The bank's answer is one to an authorisation, unless the rule names only endpoints that
    /// authorise nothing: then it is one to whatever the bank is asked there. Where every endpoint
    /// that the rule names begins 3-D Secure as well, it is one to that too.
    pub fn aimed_at(mut self, rows: &[&CatalogRow]) -> Self {
        let here = rows.iter().map(|row| Kinds::all(row.points));
        let here = here.fold(Kinds::default(), Kinds::and);
        let begins = |row: &&CatalogRow| row.points.contains(&Point::ThreeDsInit);
        self.asked = if here.has(Point::Authorization) && rows.iter().all(begins) {
            Kinds::of(Point::Authorization).and(Kinds::of(Point::ThreeDsInit))
        } else if here.has(Point::Authorization) {
            Kinds::of(Point::Authorization)
        } else {
            here.both(Kinds::ASIDES)
        };
        self
    }

    /// Says `kinds`, and only those. A delay is drawn where a range is given.
    pub fn apply(&self, kinds: Kinds, progress: &mut Progress, verdict: &mut Verdict) {
        // No `..`: an effect that is not applied does not compile.
        let Self {
            token,
            error,
            three_ds,
            callback,
            account_status,
            wallet,
            asks,
            otp,
            webhook,
            installments,
            loyalties,
            authorization,
            asked,
            patch: _,     // `change`
            headers: _,   // `change`
            set_state: _, // `change`
            state_at: _,  // of no effect
            wire: _,      // `change`
        } = self;
        if kinds.has(Point::Token) {
            verdict.token = *token;
        }
        if kinds.has(Point::Page) {
            verdict.error.clone_from(error);
        }
        if kinds.has(Point::ThreeDs) {
            verdict.three_ds = *three_ds;
        }
        if kinds.has(Point::Callback) {
            verdict.callback.clone_from(callback);
        }
        if kinds.has(Point::Account) {
            verdict.account_status = *account_status;
        }
        if kinds.has(Point::Wallet) {
            verdict.wallet = *wallet;
        }
        if kinds.has(Point::Asks) {
            verdict.asks.clone_from(asks);
        }
        if kinds.has(Point::Otp) {
            verdict.otp = *otp;
        }
        if kinds.has(Point::Webhook) {
            verdict.webhook = *webhook;
        }
        if kinds.has(Point::Installments) {
            verdict.installments.clone_from(installments);
        }
        if kinds.has(Point::Loyalty) {
            verdict.loyalties.clone_from(loyalties);
        }
        let asked = kinds.both(*asked);
        if asked.has(Point::ThreeDsInit) {
            verdict.three_ds_init.clone_from(authorization);
        }
        if !asked.without(Kinds::of(Point::ThreeDsInit)).is_empty() {
            verdict.authorization.clone_from(authorization);
        }
        self.change(kinds, progress, verdict);
    }

    /// What becomes of the answer and of the sandbox, whatever is decided.
    fn change(&self, kinds: Kinds, progress: &mut Progress, verdict: &mut Verdict) {
        if !kinds.both(Kinds::PATCH).is_empty() {
            verdict.patch.clone_from(&self.patch);
        }
        if !kinds.both(Kinds::HEADERS).is_empty() {
            verdict.headers.clone_from(&self.headers);
        }
        let state = self.set_state.as_ref();
        if let Some(state) = state.filter(|_| !kinds.both(Kinds::STATE).is_empty()) {
            progress.enter(state);
        }
        if !kinds.both(Kinds::WIRE).is_empty() {
            verdict.wire = self.wire.map(|strike| strike.drawn(progress));
        }
    }
}

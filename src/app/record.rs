//! What becomes of a call in the journal: which payments it was about, and whether it was a mistake.

use crate::call::Call;
use crate::domain::audit::standing;
use crate::domain::payment::PaymentId;
use crate::domain::payments::{Payments, Touch};
use crate::journal::{AllConcerned, Concerned, Entry, Exchange, Notes, Question, TroubleKind};
use crate::refusal::{Refusal, TokenFault, WalletFault};
use crate::reply::Reply;
use crate::route::{Endpoint, Surface};
use crate::scenario::facts::Facts;
use crate::scenario::verdict::Verdict;
use crate::surface;
use crate::world::{Sandbox, World};
use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

/// What is known of a call once it is answered.
pub struct Told<'a> {
    pub surface: &'a Surface,
    pub endpoint: Option<&'static Endpoint>,
    pub facts: Facts,
    pub verdict: &'a Verdict,
    pub decided_by: Cow<'static, str>,
    pub notes: Notes,
    pub question: Question,
    pub reply: &'a Reply,
}

impl<'a> Told<'a> {
    /// Of a call that reached no endpoint.
    pub fn lost(surface: &'a Surface, question: Question, reply: &'a Reply) -> Self {
        static NOTHING: LazyLock<Verdict> = LazyLock::new(Verdict::default);
        let notes = Notes {
            trouble: Some(TroubleKind::NoSuchEndpoint),
            ..Notes::default()
        };
        Self {
            surface,
            endpoint: None,
            facts: Facts::default(),
            verdict: &NOTHING,
            decided_by: NOTHING.decided_by(),
            notes,
            question,
            reply,
        }
    }
}

/// Writes the call and its answer down, and tells who waits for it. What the journal no longer keeps is handed back.
pub fn record(sandbox: &Sandbox, world: &mut World, call: &Call, told: Told<'_>) -> Option<Entry> {
    if super::is_admin(told.surface) {
        return None;
    }
    let gone = write(world, call, (None, told));
    sandbox.ring();
    gone
}

/// Writes down what time has done at a row that nobody calls. The payments that moved.
pub fn noted(
    world: &mut World,
    call: &Call,
    (what, told): (&'static str, Told<'_>),
) -> Vec<PaymentId> {
    let touched = world.state.payments.touched();
    let moved = touched.iter().map(|touch| touch.id).collect();
    write(world, call, (Some(what), told));
    moved
}

fn write(
    world: &mut World,
    call: &Call,
    (event, told): (Option<&'static str>, Told<'_>),
) -> Option<Entry> {
    let payments = concerned(&mut world.state.payments, &told.facts);
    let row = |endpoint: &'static Endpoint| surface::row(told.surface, endpoint);
    let scenario = Arc::clone(&world.scenario);
    world.journal.record(Exchange {
        at: world.clock.now(),
        event,
        call,
        question: told.question,
        row: told.endpoint.map(row),
        facts: told.facts,
        verdict: told.verdict,
        reply: told.reply,
        decided_by: told.decided_by,
        payments,
        notes: told.notes,
        scenario: &scenario,
    })
}

/// The payments that were touched, and the one that the call names, with where each stands now.
fn concerned(payments: &mut Payments, facts: &Facts) -> AllConcerned {
    let touched = payments.take_touched();
    let standing = |id| payments.get(&id).map(standing);
    let named = facts
        .payment
        .filter(|id| touched.iter().all(|touch| touch.id != *id));
    let named = named.map(|id| Touch {
        id,
        before: standing(id),
    });
    let all = named.into_iter().chain(touched.iter().copied());
    let concerned = |Touch { id, before }| Concerned {
        id,
        before,
        after: standing(id),
    };
    let mut list = AllConcerned::new();
    all.for_each(|touch| list.push(concerned(touch)));
    list
}

/// Whether a refusal is the caller's mistake, and no rule's wish.
pub const fn mistake(refusal: &Refusal, verdict: &Verdict) -> Option<TroubleKind> {
    match refusal {
        Refusal::NotAuthenticated | Refusal::Forbidden(_) => Some(TroubleKind::NotAdmitted),
        Refusal::WrongOrder
        | Refusal::IllegalState
        | Refusal::EmptyBasket
        | Refusal::ThreeDsMixUp => Some(TroubleKind::WrongOrder),
        Refusal::Token(fault) if verdict.token.is_none() => match fault {
            TokenFault::Unknown
            | TokenFault::Used
            | TokenFault::Superseded
            | TokenFault::Mismatch => Some(TroubleKind::BadToken),
            TokenFault::Unavailable | TokenFault::Expired | TokenFault::NotSuccessful => None,
        },
        Refusal::Wallet(fault) if verdict.wallet.is_none() => match fault {
            WalletFault::NotVerified => Some(TroubleKind::WrongOrder),
            WalletFault::OrderMismatch | WalletFault::AmountMismatch => Some(TroubleKind::BadToken),
            WalletFault::NoAccount
            | WalletFault::NoUser
            | WalletFault::NotLinked
            | WalletFault::Blocked
            | WalletFault::UserConflict
            | WalletFault::NoCards
            | WalletFault::CardNotFound
            | WalletFault::CardExists
            | WalletFault::InvalidCard
            | WalletFault::RepeatedDeletion
            | WalletFault::OtpUnsupported
            | WalletFault::SaveFailed
            | WalletFault::Unsupported => None,
        },
        Refusal::Token(_)
        | Refusal::Wallet(_)
        | Refusal::Otp(_)
        | Refusal::Unreadable(_)
        | Refusal::Invalid(_)
        | Refusal::ThreeDsFailed(_)
        | Refusal::Declined(_)
        | Refusal::ResponseCode { .. }
        | Refusal::Vendor(_)
        | Refusal::Scripted { .. }
        | Refusal::Amount
        | Refusal::NotFound(_)
        | Refusal::Full => None,
    }
}

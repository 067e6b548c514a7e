//! What falls due is done by the surface whose it is: its rules are asked as at a call, though nobody calls.

use super::record::{Told, noted};
use super::{App, decide, facts};
use crate::call::Call;
use crate::clock::Timestamp;
use crate::domain::payment::PaymentId;
use crate::journal::{Question, TroubleKind};
use crate::reply::Reply;
use crate::route::Turn;
use crate::surface;
use crate::surface::admin::chore_word;
use crate::world::{Chore, Happening, Sandbox, Trail, World};
use http::{Method, StatusCode};
use std::panic::{AssertUnwindSafe, catch_unwind};

impl App {
    /// What time has come for while nobody called happens before a call is answered.
    pub(super) fn catch_up(&self, sandbox: &Sandbox, world: &mut World) {
        if !world.is_overdue() {
            return;
        }
        let (by, mut trail) = (world.now(), Trail::default());
        while let Some(due) = world.overdue(by, &mut trail) {
            self.fall_due(world, due, &mut trail);
        }
        if !trail.happened.is_empty() {
            sandbox.ring();
        }
    }

    /// Does it as of the moment at which it was due, and writes down which payments moved.
    pub(super) fn fall_due(
        &self,
        world: &mut World,
        (at, chore): (Timestamp, Chore),
        trail: &mut Trail,
    ) {
        let (decided_by, moved) = world.as_of(at, |world| self.done(world, &chore));
        for id in moved {
            trail.put(Happening::Moved {
                at,
                id,
                chore: chore.clone(),
                decided_by: decided_by.clone(),
            });
        }
    }

    /// Who decided, and which payments moved.
    fn done(&self, world: &mut World, chore: &Chore) -> (String, Vec<PaymentId>) {
        let (surface, endpoint, params) = surface::of_chore(chore);
        let call = Call::new(Method::POST, "/");
        let known = (self.router, &self.sandboxes, &self.meter);
        let mut turn = Turn::new(&call, world, (endpoint, params), known);
        let done = catch_unwind(AssertUnwindSafe(|| {
            turn.facts = facts(surface, &turn);
            turn.verdict = decide(&mut turn, &[]);
            // What the bank declines is no trouble: the payment says so.
            (endpoint.handle)(&mut turn).ok();
        }));
        if done.is_err() {
            let endpoint = endpoint.name;
            tracing::error!(endpoint, "what fell due met a bug in mockpos");
            turn.notes.trouble = Some(TroubleKind::Crashed);
        }
        let decided_by = turn.verdict.decided_by();
        let told = Told {
            surface,
            endpoint: Some(endpoint),
            facts: turn.facts,
            verdict: &turn.verdict,
            decided_by: decided_by.clone(),
            notes: turn.notes,
            question: Question::default(),
            reply: &Reply::empty(StatusCode::NO_CONTENT),
        };
        let moved = noted(turn.world, &call, (chore_word(chore), told));
        (decided_by.into_owned(), moved)
    }
}

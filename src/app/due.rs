//! What falls due is done by the surface whose it is: its rules are asked as at a call, though nobody calls.

use super::{App, decide, facts};
use crate::call::Call;
use crate::route::Turn;
use crate::surface;
use crate::world::{Chore, Happening, Trail, World};
use http::Method;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl App {
    /// Does it, and writes down which payments moved.
    pub(super) fn fall_due(&self, world: &mut World, chore: &Chore, trail: &mut Trail) {
        let (surface, endpoint, params) = surface::of_chore(chore);
        let at = world.now();
        let call = Call::new(Method::POST, "/");
        let known = (&self.router, &self.sandboxes, &self.meter);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let mut turn = Turn::new(&call, world, (endpoint, params), known);
            turn.facts = facts(surface, &turn);
            turn.verdict = decide(&mut turn, &[]);
            // What the bank declines is no trouble: the payment says so.
            (endpoint.handle)(&mut turn).ok();
            turn.verdict.decided_by()
        }));
        let decided_by = done.unwrap_or_else(|_| {
            let endpoint = endpoint.name;
            tracing::error!(endpoint, "what fell due met a bug in mockpos");
            "default".to_owned()
        });
        for touch in world.state.payments.take_touched() {
            trail.put(Happening::Moved {
                at,
                id: touch.id,
                chore: chore.clone(),
                decided_by: decided_by.clone(),
            });
        }
    }
}

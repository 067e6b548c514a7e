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
            (endpoint.handle)(&mut turn).is_ok()
        }));
        // What the bank declines is no trouble: the payment says so.
        if done.is_err() {
            tracing::error!(
                endpoint = endpoint.name,
                "what fell due met a bug in mockpos"
            );
        }
        for touch in world.state.payments.take_touched() {
            let (id, chore) = (touch.id, chore.clone());
            trail.put(Happening::Moved { at, id, chore });
        }
    }
}

//! What whoever keeps the app asks of it beside calls: who waits, what is found, what plays.

use super::App;
use crate::scenario::Scenario;
use crate::scenario::expectation::Wanted;
use crate::surface::admin::{self, Report};
use crate::world::Sandbox;
use std::sync::Arc;
use tokio::sync::watch;

impl App {
    /// Rings whenever a call was answered in that sandbox. None when there is no room for it.
    pub fn bell(&self, sandbox: &str) -> Option<watch::Receiver<()>> {
        self.sandboxes.named(sandbox).map(|sandbox| sandbox.bell())
    }

    /// The sandbox of that name, as if nobody had been there. None: there is no room for it.
    pub fn begin_anew(&self, name: &str) -> Option<Arc<Sandbox>> {
        let sandbox = self.sandboxes.named(name)?;
        let mut world = sandbox.lock();
        world.join(self.sandboxes.scenario());
        world.reset();
        drop(world);
        Some(sandbox)
    }

    /// What is found in a sandbox.
    pub fn judge(&self, sandbox: &Sandbox, wanted: &Wanted) -> Report {
        Report::of(&sandbox.lock(), self.router, wanted)
    }

    /// Why call `n` of a sandbox got its answer, in lines for people. Err: why nobody knows.
    pub fn explain(&self, sandbox: &Sandbox, n: u64) -> Result<String, String> {
        admin::explain(&sandbox.lock().journal, n, self.router)
    }

    /// What is found in every sandbox that was called, and in the default one when none was; `strict`:
    /// whatever the scenario says of that.
    pub fn verify(&self, strict: bool) -> Vec<Report> {
        let mut wanted = Wanted::default();
        if strict {
            wanted.set_strict(true);
        }
        let sandboxes = self.sandboxes.all();
        let sandboxes = sandboxes.iter();
        let found = sandboxes.map(|sandbox| self.judge(sandbox, &wanted));
        let mut found: Vec<_> = found.collect();
        let called = found.iter().filter(|report| report.calls > 0).count();
        match called {
            0 => found.truncate(1),
            _ => found.retain(|report| report.calls > 0),
        }
        found
    }

    /// Another scenario for everybody who plays the server's own; what happened so far stays.
    pub fn replay(&self, scenario: &Arc<Scenario>) {
        self.sandboxes.replay(scenario);
    }

    /// Says in the health that the scenario's files are no good, or are again.
    pub fn trouble(&self, why: Option<String>) {
        self.sandboxes.trouble(why);
    }
}

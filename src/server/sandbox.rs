//! A sandbox of a server in the same process, in the hands of a test.

use super::Error;
use super::webhook::Courier;
use crate::app::App;
use crate::domain::challenge::Challenge;
use crate::domain::decision::ThreeDsOutcome;
use crate::journal::Entry;
use crate::scenario::expectation::Wanted;
use crate::scenario::words::Words;
use crate::surface::admin::summary;
use crate::{surface, world};
use parking_lot::Mutex;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, thread};

/// A world of its own: state, scenario, time and journal. When it is dropped, what was expected must have
/// happened, and its payments must add up; it panics if not, and says what was wrong.
///
/// ```no_run
/// # async fn run(server: mockpos::Running) -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = server.sandbox("pays once");
/// sandbox.set_scenario("version = 1\n[[rule]]\nthen = { three_ds = \"succeeds\" }")?;
/// sandbox.expect(r#"endpoint = "craftgate.card_payment.3ds_complete", status = 200, count = 1"#);
/// // the shop under test is told `sandbox.url()`, and sells something
/// sandbox.advance(std::time::Duration::from_secs(15 * 60)).await;
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    app: Arc<App>,
    courier: Arc<Courier>,
    world: Arc<world::Sandbox>,
    name: String,
    url: String,
    expected: Mutex<String>,
}

impl Sandbox {
    /// The sandbox of that name, begun anew.
    pub(super) fn begin(
        (app, courier): (&Arc<App>, &Arc<Courier>),
        base: &str,
        name: &str,
    ) -> Option<Self> {
        let world = app.begin_anew(name)?;
        Some(Self {
            app: Arc::clone(app),
            courier: Arc::clone(courier),
            world,
            name: name.to_owned(),
            url: format!("{base}/~{name}"),
            expected: Mutex::default(),
        })
    }

    /// What the code under test gets for the vendors' addresses.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Plays this scenario from the next call on.
    ///
    /// # Errors
    /// When it is no good; the text says where and why.
    pub fn set_scenario(&self, toml: &str) -> Result<(), Error> {
        let scenario = super::script::compile(&[("scenario".to_owned(), toml.to_owned())]);
        let scenario = scenario.map_err(Error::Scenario)?;
        self.world.lock().play(Arc::new(scenario));
        Ok(())
    }

    /// State, journal, counters, ids and time begin again, and what was expected is forgotten. The
    /// scenario stays.
    pub fn reset(&self) {
        self.expected.lock().clear();
        self.world.lock().reset();
    }

    /// Moves its time on. What falls due happens, in order, before this is done.
    pub async fn advance(&self, by: Duration) {
        if let Some(errand) = self.app.journey(&self.name, by) {
            // None: the server is ending
            let _ = self.courier.carry(&self.name, Box::new(errand)).await;
        }
    }

    /// Ends the one 3-D Secure challenge that is open, as a scenario would say it: `succeeds`, `fails`, …
    ///
    /// # Errors
    /// When there is no such outcome, or not exactly one open challenge; the text says which.
    pub fn finish_challenge(&self, outcome: &str) -> Result<(), String> {
        let mut known = ThreeDsOutcome::WORDS.iter();
        let found = known.find(|(word, _)| *word == outcome);
        let (_, outcome) = found.ok_or_else(|| {
            let words = ThreeDsOutcome::WORDS.iter().map(|(word, _)| *word);
            let words: Vec<_> = words.collect();
            format!("unknown outcome `{outcome}`; known: {}", words.join(", "))
        })?;
        let mut world = self.world.lock();
        let now = world.now();
        let is_open = |challenge: &&Challenge| challenge.is_open(now);
        let challenges = world.state.challenges.iter().map(|(_, it)| it);
        let ids: Vec<_> = challenges.filter(is_open).map(|it| it.id.clone()).collect();
        let [id] = ids.as_slice() else {
            return Err(format!("{} challenges are open, not one", ids.len()));
        };
        let ended = world.end_challenge(id, outcome.usual());
        ended.map_err(|refusal| format!("it cannot be ended: {refusal:?}"))
    }

    /// The calls that came and what time did, oldest first: [`Entry::kind`] says which it is.
    pub fn journal(&self) -> Vec<Entry> {
        self.world.lock().journal.entries().cloned().collect()
    }

    /// The calls that fit, as soon as there are `n` of them. Who does not want to wait for ever takes
    /// `tokio::time::timeout`.
    pub async fn wait_for_calls(&self, n: usize, fits: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let mut bell = self.world.bell();
        loop {
            bell.mark_unchanged();
            let mut calls = self.journal();
            calls.retain(|call| fits(call));
            // Err: nobody will ring any more, so that what there is is all
            if calls.len() >= n || bell.changed().await.is_err() {
                return calls;
            }
        }
    }

    /// Why call `n` of the journal got its answer: each rule, and what it did not fit by; a signature that
    /// is not right beside the right one. In lines for people.
    ///
    /// # Errors
    /// When there is no such call, or it is no longer kept.
    pub fn explain(&self, n: u64) -> Result<String, String> {
        self.app.explain(&self.world, n)
    }

    /// Something that must have happened in the end: the keys of `[[expect]]`, as in
    /// `endpoint = "craftgate.*", count = 2`.
    ///
    /// # Panics
    /// When it can never be met, or cannot be read.
    #[track_caller]
    pub fn expect(&self, expectation: &str) -> &Self {
        let mut expected = self.expected.lock();
        let mut longer = expected.clone();
        let _ = write!(longer, "{{ {expectation} }}, ");
        if let Err(why) = wanted(&longer) {
            panic!("`{expectation}` is no expectation\n{why}");
        }
        *expected = longer;
        self
    }

    /// What is wrong, in lines for people; Ok: nothing is.
    ///
    /// # Errors
    /// When something expected did not happen, or a payment does not add up.
    pub fn verify(&self) -> Result<(), String> {
        let wanted = wanted(&self.expected.lock())?;
        let report = self.app.judge(&self.world, &wanted);
        match report.passed {
            true => Ok(()),
            false => Err(summary(&[report])),
        }
    }
}

/// What is to be verified; nothing but what the scenario says where nothing is expected here.
fn wanted(expected: &str) -> Result<Wanted, String> {
    if expected.is_empty() {
        return Ok(Wanted::default());
    }
    let toml = format!("expect = [ {expected}]");
    let wanted = Wanted::compile("expect", &toml, &surface::catalog());
    wanted.map_err(|problems| problems.render())
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        if let Err(why) = self.verify() {
            panic!(
                "what was expected of sandbox `{}` did not happen\n{why}",
                self.name
            );
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish()
    }
}

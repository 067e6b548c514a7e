//! The one path of every request: from a call to a reply, synchronous, under one sandbox's lock.

mod broken;
mod due;
mod errand;
mod keeper;
mod marks;
mod record;
mod steer;

pub use errand::{Errand, Step};

use crate::call::Call;
use crate::config::{Caps, PanGuard};
use crate::journal::{Question, TroubleKind};
use crate::meter::{Meter, NO_ENDPOINT};
use crate::reply::Reply;
use crate::route::{Answer, Fault, Found, Router, Script, Surface, Turn};
use crate::scenario::engine::{Asked, Rule};
use crate::scenario::facts::Facts;
use crate::scenario::patch::amend;
use crate::scenario::verdict::{Moment, Verdict, Wire};
use crate::scenario::{Catalog, Scenario};
use crate::surface;
use crate::surface::admin::{self, Access};
use crate::surface::pan_guard;
use crate::world::{Birth, Sandbox, Sandboxes};
use broken::broken;
use http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use marks::{allowing, decided, undecided, warn};
use record::{Told, mistake, record};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// The header that says who decided what happened to a call.
pub const DECIDED_BY: HeaderName = HeaderName::from_static("x-mockpos-decided-by");

/// All surfaces over all sandboxes.
#[derive(Debug)]
pub struct App {
    router: &'static Router,
    sandboxes: Sandboxes,
    access: Access,
    tickets: errand::Tickets,
    sdk: Option<Script>,
    guard: PanGuard,
    catalog: Catalog,
    meter: Arc<Meter>,
}

/// An answer, or the order to wait and come again: a delay before anything has changed.
#[derive(Debug)]
pub enum Outcome {
    /// answered
    Done(Reply),
    /// wait so long, then call [`App::resume`]
    Held(Duration, Box<Verdict>),
    /// send first what is to be sent: [`App::step`], or [`App::carry`]
    Errand(Box<Errand>),
}

/// Whether a call was counted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    First,
    Again,
}

impl App {
    /// All surfaces, with a default sandbox that plays `scenario`; `access` says who may call the
    /// admin.
    pub fn new(scenario: Arc<Scenario>, birth: Birth, access: Access) -> Self {
        Self::within(scenario, birth, access, Caps::default())
    }

    /// As [`Self::new`], with other bounds.
    pub fn within(scenario: Arc<Scenario>, birth: Birth, access: Access, caps: Caps) -> Self {
        let router = surface::router();
        let rows = router.rows().map(|(surface, row)| (surface.name, row.name));
        let meter = Arc::new(Meter::new(rows));
        Self {
            meter,
            router,
            sandboxes: Sandboxes::bounded(scenario, birth, caps),
            access,
            tickets: errand::Tickets::default(),
            sdk: None,
            guard: PanGuard::default(),
            catalog: surface::catalog(),
        }
    }

    /// Serves this file of the wallet's vendor too, in every sandbox.
    #[must_use]
    pub fn serving(mut self, sdk: Option<Script>) -> Self {
        self.sdk = sdk;
        self
    }

    /// With this guard against real card numbers.
    #[must_use]
    pub const fn guarding(mut self, guard: PanGuard) -> Self {
        self.guard = guard;
        self
    }

    /// The rows of all surfaces.
    pub const fn router(&self) -> &'static Router {
        self.router
    }

    /// What has been counted so far.
    pub const fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    /// Answers a call.
    pub fn answer(&self, call: &Call) -> Outcome {
        self.take(call, Pass::First, None)
    }

    /// The sandbox of that name, when a call of it would have to wait for another's at this moment.
    pub fn busy(&self, sandbox: &str) -> Option<Arc<Sandbox>> {
        self.sandboxes.busy(sandbox)
    }

    /// Answers a call that was answered before, and asks for that. None: it does not any more.
    pub fn again(&self, call: &Call) -> Option<Reply> {
        match self.take(call, Pass::Again, None) {
            Outcome::Done(reply) => Some(reply),
            Outcome::Held(..) | Outcome::Errand(_) => None,
        }
    }

    /// Whether the answer may take much longer than a payment's: scenarios are read, states written.
    pub fn takes_long(&self, call: &Call) -> bool {
        admin::takes_long(&call.path)
    }

    /// How much may be read of a body, where that is more than usual: of a snapshot, from who may bring one.
    pub fn body_limit(&self, call: &Call) -> Option<usize> {
        let restores = admin::is_restore(&call.method, &call.path);
        let may = restores && self.access.check(call).is_ok();
        may.then_some(admin::SNAPSHOT_LIMIT)
    }

    /// Answers a call that was held; what was decided then still holds.
    pub fn resume(&self, call: &Call, verdict: Verdict) -> Outcome {
        self.take(call, Pass::Again, Some(verdict))
    }

    /// The answer to a request that never became a call.
    pub fn fault(&self, call: &Call, fault: Fault) -> Reply {
        let surface = self.router.claimant(&call.path);
        let scenario = self.sandboxes.scenario();
        let mut reply = self.astray(surface, (surface.fault)(call, fault, &scenario));
        match fault {
            Fault::Full => reply.set(RETRY_AFTER, HeaderValue::from_static("60")),
            Fault::Busy => reply.set(RETRY_AFTER, HeaderValue::from_static("1")),
            _ => {}
        }
        reply
    }

    /// The answer to a call that reached no row.
    fn astray(&self, surface: &Surface, reply: Reply) -> Reply {
        self.counted(surface, NO_ENDPOINT, undecided(reply))
    }

    fn counted(&self, surface: &Surface, endpoint: &'static str, reply: Reply) -> Reply {
        let row = (surface.name, endpoint);
        self.meter.answered(row, reply.status.as_u16());
        reply
    }

    /// Who calls, where that is asked before any sandbox is looked for. Err: the answer of one that needs none.
    fn gate(&self, call: &Call, found: &Found) -> Result<String, Box<Reply>> {
        if !is_admin(found.surface) {
            return Ok(String::new());
        }
        let standing = self.access.check(call);
        let standing = standing
            .map_err(|why| self.astray(found.surface, admin::denied(why)))
            .map_err(Box::new)?;
        if admin::is_metrics(found) {
            let page = admin::metrics(&self.sandboxes, &self.meter);
            let page = self.counted(found.surface, admin::METRICS, undecided(page));
            return Err(Box::new(page));
        }
        Ok(standing.to_owned())
    }

    fn take(&self, call: &Call, pass: Pass, held: Option<Verdict>) -> Outcome {
        let found = self.router.find(call);
        let caller = match self.gate(call, &found) {
            Ok(caller) => caller,
            Err(reply) => return Outcome::Done(*reply),
        };
        let Some(sandbox) = self.sandboxes.named(&call.sandbox) else {
            return Outcome::Done(self.fault(call, Fault::Full));
        };
        if pass == Pass::First {
            sandbox.count();
        }
        let question = question(found.surface, call);
        // Declared before the lock is taken, and so torn down after it is released.
        let _gone;
        let mut world = sandbox.lock();
        self.catch_up(&sandbox, &mut world);
        let (endpoint, params) = match found.row {
            Ok(row) => row,
            Err(fault) => {
                let reply = (found.surface.fault)(call, fault, &world.scenario);
                let reply = self.astray(found.surface, allowing(reply, (fault, &found.allow)));
                let lost = Told::lost(found.surface, question, &reply);
                _gone = record(&sandbox, &mut world, call, lost);
                return Outcome::Done(reply);
            }
        };
        world.state.payments.take_touched();
        let known = (self.router, &self.sandboxes, &self.meter);
        let mut turn = Turn::new(call, &mut world, (endpoint, params), known);
        turn.caller = caller;
        turn.sdk = self.sdk.as_ref();
        turn.guard = self.guard;
        turn.plain = question.plain;
        let counts = pass == Pass::First || held.is_some();
        let answered = catch_unwind(AssertUnwindSafe(|| {
            self.serve(found.surface, &mut turn, held)
        }));
        let decided_by = turn.verdict.decided_by();
        let mut reply = match answered {
            Ok(Outcome::Done(reply)) => reply,
            Ok(held @ (Outcome::Held(..) | Outcome::Errand(_))) => return held,
            Err(_) => {
                turn.notes.trouble = Some(TroubleKind::Crashed);
                (found.surface.fault)(call, Fault::Crashed, &turn.world.scenario)
            }
        };
        decided(&mut reply, decided_by.clone());
        warn(&mut turn, &mut reply);
        if counts {
            reply = self.counted(found.surface, endpoint.name, reply);
        }
        let told = Told {
            surface: found.surface,
            endpoint: Some(endpoint),
            facts: turn.facts,
            verdict: &turn.verdict,
            decided_by,
            notes: turn.notes,
            question,
            reply: &reply,
        };
        _gone = record(&sandbox, turn.world, call, told);
        turn.world.keep_within_room();
        let begun = self.begin(&sandbox, turn.world, reply);
        begun.map_or_else(Outcome::Errand, Outcome::Done)
    }
}

impl App {
    /// Admission, verdict, handler; wire effects before and after it.
    fn serve(&self, surface: &Surface, turn: &mut Turn<'_>, held: Option<Verdict>) -> Outcome {
        if let Err(refusal) = (surface.admit)(turn) {
            turn.notes.trouble = Some(TroubleKind::NotAdmitted);
            return Outcome::Done(finished(surface, turn, Err(refusal)));
        }
        let resumed = held.is_some();
        if !is_admin(surface) {
            if let Err(refusal) = pan_guard::look(turn, surface) {
                return Outcome::Done(finished(surface, turn, Err(refusal)));
            }
            turn.facts = facts(surface, turn);
            turn.verdict = match held {
                Some(verdict) => verdict,
                None => match steer::asides(turn, &self.catalog) {
                    Ok(asides) => decide(turn, &asides),
                    Err(problems) => {
                        return Outcome::Done(steer::refused(surface, turn, problems));
                    }
                },
            };
        }
        let wire = turn.verdict.wire.unwrap_or_default();
        if wire.moment == Moment::BeforeCommit && wire != Wire::default() {
            if !resumed && !wire.delay.is_zero() {
                return Outcome::Held(wire.delay, Box::new(turn.verdict.clone()));
            }
            if let Some(fault) = wire.fault {
                return Outcome::Done(broken(surface, turn, (None, fault)));
            }
        }
        if let Some(ear) = &turn.call.ear {
            ear.wake();
        }
        crash(turn.call);
        let answer = (surface.answer)(turn);
        let mut reply = finished(surface, turn, answer);
        amend(&mut reply, &turn.verdict.patch, &turn.verdict.headers);
        reply.pace.scripted = !turn.verdict.patch.is_empty() || !turn.verdict.headers.is_empty();
        if wire.moment == Moment::AfterCommit {
            if let Some(fault) = wire.fault {
                reply = broken(surface, turn, (Some(reply), fault));
            }
            reply.pace.delay = wire.delay;
        }
        Outcome::Done(reply)
    }
}

/// A handler dies, in builds for tests that ask for it.
fn crash(call: &Call) {
    let wanted = cfg!(feature = "crash") && call.header("x-mockpos-crash").is_some();
    assert!(!wanted, "a test wants this handler to die");
}

/// The admin stands apart: it has a gate of its own, no rule speaks about it, and what it does is not
/// written down.
fn is_admin(surface: &Surface) -> bool {
    std::ptr::eq(surface, &raw const admin::SURFACE)
}

/// The call as the journal keeps it.
fn question(surface: &Surface, call: &Call) -> Question {
    match is_admin(surface) {
        true => Question::default(),
        false => Question::of(call),
    }
}

/// The answer, or the refusal in the surface's dialect, with what every answer of it carries.
fn finished(surface: &Surface, turn: &mut Turn<'_>, answer: Answer) -> Reply {
    let mut reply = answer.unwrap_or_else(|refusal| {
        turn.verdict.refused(&refusal);
        let mistake = || mistake(&refusal, &turn.verdict);
        turn.notes.trouble = turn.notes.trouble.or_else(mistake);
        (surface.refuse)(turn, refusal)
    });
    (surface.finish)(turn, &mut reply);
    reply
}

fn facts(surface: &Surface, turn: &Turn<'_>) -> Facts {
    let mut facts = Facts {
        endpoint: turn.endpoint.name,
        page: turn.endpoint.page,
        ..Facts::default()
    };
    (surface.facts)(turn, &mut facts);
    facts.keep((surface.knows)(turn.endpoint));
    facts
}

fn decide(turn: &mut Turn<'_>, asides: &[Rule]) -> Verdict {
    let asked = Asked {
        call: turn.call,
        facts: &turn.facts,
        points: turn.endpoint.points,
        now: turn.world.now(),
        asides,
    };
    let scenario = Arc::clone(&turn.world.scenario);
    scenario.decide(&mut turn.world.progress, &asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ClockSetting;
    use http::Method;

    #[test]
    fn the_metrics_wait_for_no_sandbox() {
        let clock = ClockSetting::Real;
        let app = App::new(Arc::default(), Birth { seed: 1, clock }, Access::default());
        let default = app.sandboxes.named("default").unwrap();
        let held = default.lock();
        let mut call = Call::new(Method::GET, "/__mockpos/metrics");
        call.headers
            .insert("host", HeaderValue::from_static("localhost"));
        call.sandbox = "never-seen".into();
        let Outcome::Done(reply) = app.answer(&call) else {
            panic!("it is answered at once");
        };
        drop(held);
        assert_eq!(reply.status, 200);
        assert_eq!(app.sandboxes.population(), 1, "nor does it begin one");
    }
}

//! The one path of every request: from a call to a reply, synchronous, under one sandbox's lock.

use crate::call::Call;
use crate::journal::Entry;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Fault, Router, Surface, Turn};
use crate::scenario::Scenario;
use crate::scenario::engine::Asked;
use crate::scenario::facts::Facts;
use crate::scenario::verdict::{Moment, Verdict, Wire, WireFault};
use crate::surface;
use crate::world::{Birth, Sandboxes, World};
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// The header that says who decided what happened to a call.
pub const DECIDED_BY: HeaderName = HeaderName::from_static("x-mockpos-decided-by");

/// All surfaces over all sandboxes.
#[derive(Debug)]
pub struct App {
    router: Router,
    sandboxes: Sandboxes,
}

/// An answer, or the order to wait and come again: a delay before anything has changed.
#[derive(Debug)]
pub enum Outcome {
    /// answered
    Done(Reply),
    /// wait so long, then call [`App::resume`]
    Held(Duration, Box<Verdict>),
}

impl App {
    /// All surfaces, with a default sandbox that plays `scenario`.
    pub fn new(scenario: Arc<Scenario>, birth: Birth) -> Self {
        let router = Router::new(surface::ALL).expect("no two rows answer the same call");
        Self {
            router,
            sandboxes: Sandboxes::new(scenario, birth),
        }
    }

    /// The rows of all surfaces.
    pub const fn router(&self) -> &Router {
        &self.router
    }

    /// Answers a call.
    pub fn answer(&self, call: &Call) -> Outcome {
        self.take(call, None)
    }

    /// Answers a call that was held; what was decided then still holds.
    pub fn resume(&self, call: &Call, verdict: Verdict) -> Reply {
        match self.take(call, Some(verdict)) {
            Outcome::Done(reply) => reply,
            Outcome::Held(..) => unreachable!("a call is held once"),
        }
    }

    /// The answer to a request that never became a call.
    pub fn fault(&self, call: &Call, fault: Fault) -> Reply {
        let mut reply = (self.router.claimant(&call.path).fault)(call, fault);
        reply.set(DECIDED_BY, HeaderValue::from_static("default"));
        reply
    }

    fn take(&self, call: &Call, held: Option<Verdict>) -> Outcome {
        let found = self.router.find(call);
        let Some(world) = self.sandboxes.named(&call.sandbox) else {
            return Outcome::Done(self.fault(call, Fault::Full));
        };
        let mut world = world.lock();
        let (endpoint, params) = match found.row {
            Ok(row) => row,
            Err(fault) => {
                let mut reply = (found.surface.fault)(call, fault);
                if let Ok(methods) = HeaderValue::from_str(&found.allow)
                    && fault == Fault::WrongMethod
                {
                    reply.set(http::header::ALLOW, methods);
                }
                return Outcome::Done(close(&mut world, None, call, (reply, "default".to_owned())));
            }
        };
        let mut turn = Turn {
            call,
            world: &mut world,
            endpoint,
            params,
            verdict: Verdict::default(),
            caller: String::new(),
            new_caller: false,
            router: &self.router,
        };
        let answered = catch_unwind(AssertUnwindSafe(|| serve(found.surface, &mut turn, held)));
        let decided_by = turn.verdict.decided_by();
        let reply = match answered {
            Ok(Outcome::Done(reply)) => reply,
            Ok(held @ Outcome::Held(..)) => return held,
            Err(_) => (found.surface.fault)(call, Fault::Crashed),
        };
        Outcome::Done(close(&mut world, Some(endpoint), call, (reply, decided_by)))
    }
}

/// Admission, verdict, handler; wire effects before and after it.
fn serve(surface: &Surface, turn: &mut Turn<'_>, held: Option<Verdict>) -> Outcome {
    if let Err(refusal) = (surface.admit)(turn) {
        return Outcome::Done(finished(surface, turn, Err(refusal)));
    }
    let resumed = held.is_some();
    turn.verdict = held.unwrap_or_else(|| decide(surface, turn));
    let wire = turn.verdict.wire.unwrap_or_default();
    if wire.moment == Moment::BeforeCommit && wire != Wire::default() {
        if !resumed && !wire.delay.is_zero() {
            return Outcome::Held(wire.delay, Box::new(turn.verdict.clone()));
        }
        if let Some(fault) = wire.fault {
            return Outcome::Done(broken(Reply::empty(StatusCode::OK), fault));
        }
    }
    let handle = turn.endpoint.handle;
    let answer = handle(turn);
    let mut reply = finished(surface, turn, answer);
    if wire.moment == Moment::AfterCommit {
        reply.pace.delay = wire.delay;
        if let Some(fault) = wire.fault {
            let delay = reply.pace.delay;
            reply = broken(reply, fault);
            reply.pace.delay = delay;
        }
    }
    Outcome::Done(reply)
}

/// The answer, or the refusal in the surface's dialect, with what every answer of it carries.
fn finished(surface: &Surface, turn: &mut Turn<'_>, answer: Answer) -> Reply {
    let mut reply = answer.unwrap_or_else(|refusal| (surface.refuse)(turn, refusal));
    (surface.finish)(turn, &mut reply);
    reply
}

fn decide(surface: &Surface, turn: &mut Turn<'_>) -> Verdict {
    let endpoint = turn.endpoint;
    let mut facts = Facts {
        endpoint: endpoint.name,
        page: endpoint.page,
        ..Facts::default()
    };
    (surface.facts)(turn, &mut facts);
    let asked = Asked {
        call: turn.call,
        facts: &facts,
        points: endpoint.points,
    };
    let scenario = Arc::clone(&turn.world.scenario);
    scenario.decide(&mut turn.world.progress, &asked)
}

fn broken(reply: Reply, fault: WireFault) -> Reply {
    match fault {
        WireFault::Reset => {
            let mut reply = reply;
            reply.pace.dropped = true;
            reply
        }
        WireFault::Http(status) => {
            Reply::empty(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY))
        }
    }
}

/// Marks the answer with who decided, and writes it down.
fn close(
    world: &mut World,
    endpoint: Option<&'static Endpoint>,
    call: &Call,
    (mut reply, decided_by): (Reply, String),
) -> Reply {
    if let Ok(value) = HeaderValue::from_str(&decided_by) {
        reply.set(DECIDED_BY, value);
    }
    if call.path.starts_with("/__mockpos") {
        return reply;
    }
    let status = if reply.pace.dropped {
        0
    } else {
        reply.status.as_u16()
    };
    world.journal.record(Entry {
        n: 0,
        at: world.clock.now().iso_micros(),
        method: call.method.to_string(),
        target: call.target[call.prefix.len()..].to_owned(),
        endpoint: endpoint.map(|e| e.name),
        page: endpoint.and_then(|e| e.page),
        request: String::from_utf8_lossy(&call.body).into_owned(),
        status,
        answer: String::from_utf8_lossy(&reply.body).into_owned(),
        decided_by,
    });
    reply
}

//! What is done before an answer is written, step by step: the world hands out what is to be sent, and
//! whoever sends it tells what came of it. Nothing here waits, and no lock is held between steps.

use super::{App, Outcome, undecided};
use crate::call::Call;
use crate::domain::webhook::{Answer, Ticket};
use crate::reply::{Order, Reply};
use crate::surface::admin;
use crate::surface::webhook::Parcel;
use crate::world::{Due, Sandbox, Trail, World};
use http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Something that is to be carried out in a sandbox.
#[derive(Debug)]
pub struct Errand {
    sandbox: Arc<Sandbox>,
    order: Order,
    reply: Reply,
    /// the answer says what happened
    tells: bool,
    trail: Trail,
    /// a step that was taken too early
    ready: Option<Box<Parcel>>,
}

/// What an errand needs next.
#[derive(Debug)]
pub enum Step {
    /// this is to be sent; then [`App::sent`]
    Send(Box<Parcel>),
    /// it is done
    Done(Box<Reply>),
}

/// Numbers the attempts of the process.
#[derive(Debug, Default)]
pub(super) struct Tickets(AtomicU64);

impl Tickets {
    fn next(&self) -> Ticket {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

impl App {
    /// The next step of an errand.
    pub fn step(&self, errand: &mut Errand) -> Step {
        let sandbox = Arc::clone(&errand.sandbox);
        let mut world = sandbox.lock();
        self.step_in(&mut world, errand)
    }

    /// Who waits is told of what happened, whatever comes next.
    fn step_in(&self, world: &mut World, errand: &mut Errand) -> Step {
        let step = self.next_step(world, errand);
        if !errand.trail.happened.is_empty() {
            errand.sandbox.ring();
        }
        step
    }

    fn next_step(&self, world: &mut World, errand: &mut Errand) -> Step {
        if let Some(parcel) = errand.ready.take() {
            return Step::Send(parcel);
        }
        let ticket = self.tickets.next();
        while let Some(due) = world.settle(&mut errand.order, ticket, &mut errand.trail) {
            match due {
                Due::Delivery(id) => {
                    if let Some(parcel) = Parcel::of(world, (id, ticket)) {
                        return Step::Send(Box::new(parcel));
                    }
                }
                Due::Chore(at, chore) => self.fall_due(world, (at, chore), &mut errand.trail),
            }
        }
        let mut reply = match errand.tells {
            true => undecided(admin::settled(world, &errand.trail)),
            false => errand.reply.clone(),
        };
        reply.pace.webhooks = world.needs_somebody();
        Step::Done(Box::new(reply))
    }

    /// What came of a step that was to be sent.
    pub fn sent(&self, errand: &mut Errand, parcel: &Parcel, answer: Answer) {
        self.meter.sent(answer.is_success());
        let mut world = errand.sandbox.lock();
        let which = (parcel.id, parcel.ticket);
        world.told(which, answer, &mut errand.trail);
    }

    /// Carries out an errand with a receiver in the process.
    pub fn carry(&self, mut errand: Errand, mut receive: impl FnMut(&Parcel) -> Answer) -> Reply {
        loop {
            match self.step(&mut errand) {
                Step::Send(parcel) => {
                    let answer = receive(&parcel);
                    self.sent(&mut errand, &parcel, answer);
                }
                Step::Done(reply) => return *reply,
            }
        }
    }

    /// Answers a call whole, with a receiver in the process; and how long it was held.
    pub fn whole(
        &self,
        call: &Call,
        receive: impl FnMut(&Parcel) -> Answer,
    ) -> (Reply, Option<Duration>) {
        let (mut outcome, mut held) = (self.answer(call), None);
        loop {
            outcome = match outcome {
                Outcome::Done(reply) => return (reply, held),
                Outcome::Errand(errand) => return (self.carry(*errand, receive), held),
                Outcome::Held(delay, verdict) => {
                    held = Some(delay);
                    self.resume(call, *verdict)
                }
            };
        }
    }

    /// To send what is due in the sandbox of that name. None: there is no room for such a sandbox.
    pub fn errand(&self, sandbox: &str) -> Option<Errand> {
        let sandbox = self.sandboxes.named(sandbox)?;
        let due = sandbox.lock().now();
        let reply = Reply::empty(StatusCode::NO_CONTENT);
        Some(Errand::new(sandbox, (Order::DueBy(due), reply), false))
    }

    /// To move the time of the sandbox of that name on. None: there is no room for such a sandbox.
    pub fn journey(&self, sandbox: &str, by: Duration) -> Option<Errand> {
        let sandbox = self.sandboxes.named(sandbox)?;
        let until = sandbox.lock().now().plus(by);
        let reply = Reply::empty(StatusCode::NO_CONTENT);
        Some(Errand::new(sandbox, (Order::Until(until), reply), true))
    }

    /// To send all that is still to be sent, in every sandbox that has some, by name.
    pub fn drains(&self) -> Vec<(String, Errand)> {
        let mut all = Vec::new();
        for sandbox in self.sandboxes.all() {
            let world = sandbox.lock();
            let (open, name) = (world.must_send(&Order::All), world.name.clone());
            drop(world);
            if open {
                let reply = Reply::empty(StatusCode::NO_CONTENT);
                all.push((name, Errand::new(sandbox, (Order::All, reply), false)));
            }
        }
        all
    }

    /// Nothing is sent any more: what nobody took until now is given up.
    pub fn give_up(&self) {
        for sandbox in self.sandboxes.all() {
            sandbox.lock().state.webhooks.give_up();
        }
    }

    /// The deliveries that somebody still waits for, as `SANDBOX/ID`.
    pub fn undelivered(&self) -> Vec<String> {
        let mut names = Vec::new();
        for sandbox in self.sandboxes.all() {
            let world = sandbox.lock();
            let open = world.state.webhooks.iter().filter(|it| it.is_open());
            names.extend(open.map(|delivery| format!("{}/{}", world.name, delivery.id)));
        }
        names
    }

    /// What the answer asks for is begun; it is the answer when nobody need send anything for it.
    pub(super) fn begin(
        &self,
        sandbox: &Arc<Sandbox>,
        world: &mut World,
        mut reply: Reply,
    ) -> Result<Reply, Box<Errand>> {
        let first = world.state.webhooks.take_first();
        world.note();
        let asked = reply.pace.order.take();
        let tells = asked.is_some();
        let order = asked.or_else(|| (!first.is_empty()).then_some(Order::These(first)));
        reply.pace.webhooks = world.needs_somebody();
        let Some(order) = order else {
            return Ok(reply);
        };
        let must_send = world.must_send(&order);
        let mut errand = Box::new(Errand::new(Arc::clone(sandbox), (order, reply), tells));
        if !must_send {
            match self.step_in(world, &mut errand) {
                Step::Done(reply) => return Ok(*reply),
                Step::Send(parcel) => errand.ready = Some(parcel),
            }
        }
        Err(errand)
    }
}

impl Errand {
    fn new(sandbox: Arc<Sandbox>, (order, reply): (Order, Reply), tells: bool) -> Self {
        Self {
            sandbox,
            order,
            reply,
            tells,
            trail: Trail::default(),
            ready: None,
        }
    }

    /// The same once more, for what has become due since.
    #[must_use]
    pub fn again(&self) -> Self {
        let order = Order::DueBy(self.sandbox.lock().now());
        Self::new(
            Arc::clone(&self.sandbox),
            (order, self.reply.clone()),
            false,
        )
    }

    /// How long until something is due by itself, of who comes again then; None: nothing is.
    pub fn rest(&self) -> Option<Duration> {
        self.sandbox.lock().rest()
    }

    /// Whether both are of the same sandbox: another one may have its name by now.
    pub fn is_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.sandbox, &other.sandbox)
    }
}

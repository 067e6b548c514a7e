//! What falls due in a sandbox happens in order: what nobody answers ends, what lapses is written down,
//! and what is to be sent is handed out, one after the other. Whoever hands it on tells what came of it.

use super::World;
use crate::clock::Timestamp;
use crate::domain::decision::ThreeDsOutcome;
use crate::domain::lapse::{Lapse, Ripe, Store};
use crate::domain::payment::PaymentId;
use crate::domain::wallet::{Recurring, RecurringId};
use crate::domain::webhook::{Answer, Attempt, Ticket, WebhookId};
use crate::journal::{TIMED_OUT, lapsed};
use crate::reply::Order;
use std::time::Duration;

/// How much of what happened is written down.
const LONGEST: usize = 1_000;

/// Something that happened on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// the mere passing of time ended it
    Lapsed(Lapse),
    /// nobody answered a 3-D Secure challenge
    TimedOut {
        /// when
        at: Timestamp,
        /// the challenge
        id: String,
    },
    /// a payment moved because something fell due
    Moved {
        /// when
        at: Timestamp,
        /// the payment
        id: PaymentId,
        /// what fell due
        chore: Chore,
        /// who decided how
        decided_by: String,
    },
    /// a delivery was tried
    Tried {
        /// which
        id: WebhookId,
        /// when, and what came of it
        attempt: Attempt,
        /// when it is tried again; None: it is not
        next: Option<Timestamp>,
    },
}

/// What falls due and is a surface's to do: its rules are asked, and its merchants are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chore {
    /// nobody came back from the bank in time: the payment has failed
    Abandoned(PaymentId),
    /// an order to pay again and again is to be paid
    Recurring(RecurringId),
}

/// What is to be done before time goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// this is to be sent
    Delivery(WebhookId),
    /// this is to be done, as of that moment
    Chore(Timestamp, Chore),
}

/// What happened on the way, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// as much as is written down
    pub happened: Vec<Happening>,
    /// how much more there was
    pub more: u64,
}

impl Trail {
    /// Writes one more down, or counts it.
    pub fn put(&mut self, happening: Happening) {
        match self.happened.len() < LONGEST {
            true => self.happened.push(happening),
            false => self.more += 1,
        }
    }
}

/// What falls due next.
enum Next {
    Delivery(Timestamp),
    Passing(Timestamp, Store),
    Nothing,
}

impl World {
    /// Does what `order` asks for, up to the next thing that others must do: a delivery goes out under
    /// `ticket`. None: all is quiet.
    pub fn settle(&mut self, order: &mut Order, ticket: Ticket, trail: &mut Trail) -> Option<Due> {
        let webhooks = &mut self.state.webhooks;
        match order {
            Order::These(ids) => {
                while !ids.is_empty() {
                    let id = ids.remove(0);
                    // it may have gone out by itself meanwhile
                    let untried = webhooks.find(id).is_some_and(|it| it.tried == 0);
                    let sent = if untried {
                        webhooks.send(id, ticket)
                    } else {
                        None
                    };
                    if sent.is_some() {
                        return sent.map(Due::Delivery);
                    }
                }
                None
            }
            Order::Again(id) => {
                let sent = id.take().and_then(|id| webhooks.send(id, ticket));
                sent.map(Due::Delivery)
            }
            Order::DueBy(by) => match self.overdue(*by, trail) {
                Some((at, chore)) => Some(Due::Chore(at, chore)),
                None => {
                    let webhooks = &mut self.state.webhooks;
                    webhooks.take(*by, ticket).map(Due::Delivery)
                }
            },
            Order::All => self.walk((None, ticket), trail),
            Order::Until(until) => self.walk((Some(*until), ticket), trail),
        }
    }

    /// Whether `order` cannot be carried out without sending, or waiting for what is under way.
    pub fn must_send(&self, order: &Order) -> bool {
        let webhooks = &self.state.webhooks;
        let due_by = |by: Timestamp| webhooks.next_due().is_some_and(|due| due <= by);
        let due = match order {
            Order::These(ids) => !ids.is_empty(),
            Order::Again(id) => id.is_some(),
            Order::DueBy(by) => due_by(*by),
            Order::All => webhooks.next_due().is_some(),
            Order::Until(until) => due_by(*until),
        };
        due || webhooks.is_sending()
    }

    /// An attempt has ended.
    pub fn answered(&mut self, (id, ticket): (WebhookId, Ticket), answer: Answer) -> Attempt {
        let at = self.now();
        let attempt = Attempt { at, answer };
        let retries = &self.scenario.settings.webhooks.retries;
        let webhooks = &mut self.state.webhooks;
        webhooks.answered((id, ticket), attempt.clone(), retries);
        attempt
    }

    /// As [`Self::answered`], and writes it down.
    pub fn told(&mut self, which: (WebhookId, Ticket), answer: Answer, trail: &mut Trail) {
        let attempt = self.answered(which, answer);
        let delivery = self.state.webhooks.find(which.0);
        trail.put(Happening::Tried {
            id: which.0,
            attempt,
            next: delivery.and_then(|delivery| delivery.due()),
        });
    }

    /// Whether time has come for something, though nobody has moved it on: a clock that stands brings nothing.
    pub fn is_overdue(&self) -> bool {
        let now = || self.clock.now();
        !self.clock.is_frozen() && self.next.is_some_and(|next| next <= now())
    }

    /// What a call has changed is noted: so nobody need look for what falls due next.
    pub fn note(&mut self) {
        self.next = self.state.note(self.settled, self.reserved_for());
    }

    /// What time has come for, the first of it by `by`, is over; the clock goes on as it does. What somebody must do
    /// is handed out, with the moment at which it was due. None: nothing more.
    pub fn overdue(&mut self, by: Timestamp, trail: &mut Trail) -> Option<(Timestamp, Chore)> {
        self.note();
        while let Some((at, store)) = self
            .state
            .next_passing((by, self.settled), self.reserved_for())
        {
            let chore = self.as_of(at, |world| world.over((at, store), trail));
            if chore.is_some() {
                return chore.map(|chore| (at, chore));
            }
            self.note();
        }
        self.settled = self.settled.max(by);
        self.note();
        None
    }

    /// `act` happens as if it were that moment; then the clock goes on as it did.
    pub fn as_of<T>(&mut self, at: Timestamp, act: impl FnOnce(&mut Self) -> T) -> T {
        let clock = self.clock;
        self.clock.stand(at);
        let done = act(self);
        self.clock = clock;
        done
    }

    /// It becomes an earlier moment. Nothing happens: what has happened stays, what is still to happen happens then.
    pub fn go_back(&mut self, at: Timestamp) {
        self.clock.set(at);
        self.settled = at;
        self.timer = None;
        self.state.note_all(at, self.reserved_for());
        self.note();
    }

    /// How long until something is due that somebody must do, in real time; None: nothing is, by itself.
    pub fn pause(&self) -> Option<Duration> {
        let wait = self.due()?.micros().saturating_sub(self.now().micros());
        if wait > 0 && self.clock.is_frozen() {
            return None;
        }
        Some(Duration::from_micros(u64::try_from(wait).unwrap_or(0)))
    }

    /// As [`Self::pause`], of who comes again after that.
    pub fn rest(&mut self) -> Option<Duration> {
        let pause = self.pause();
        self.timer = self.due().filter(|_| pause.is_some());
        pause
    }

    /// Whether somebody must come, and nobody will in time.
    pub fn needs_somebody(&self) -> bool {
        let in_time = self.timer.is_some_and(|timer| self.due() >= Some(timer));
        !in_time && self.pause().is_some()
    }

    /// When something is due that somebody must do; not later than that.
    fn due(&self) -> Option<Timestamp> {
        let moments = [self.state.webhooks.next_due(), self.state.next_chore()];
        moments.into_iter().flatten().min()
    }

    fn reserved_for(&self) -> Duration {
        self.scenario.settings.craftgate.preauth_lifetime
    }

    /// Time goes on from one thing that falls due to the next: until nothing more is to be sent, or to
    /// `until`.
    fn walk(
        &mut self,
        (until, ticket): (Option<Timestamp>, Ticket),
        trail: &mut Trail,
    ) -> Option<Due> {
        loop {
            match self.next(until) {
                Next::Delivery(at) => {
                    self.pass(at);
                    if let Some(id) = self.state.webhooks.take(self.now().max(at), ticket) {
                        return Some(Due::Delivery(id));
                    }
                }
                Next::Passing(at, store) => {
                    self.pass(at);
                    if let Some(chore) = self.over((at, store), trail) {
                        return Some(Due::Chore(at, chore));
                    }
                }
                Next::Nothing => {
                    if let Some(until) = until {
                        self.pass(until);
                        self.settled = until;
                    }
                    self.note();
                    return None;
                }
            }
        }
    }

    /// Something is over, or is to be done.
    fn over(&mut self, (at, store): (Timestamp, Store), trail: &mut Trail) -> Option<Chore> {
        // Others of that very moment are still to come.
        self.settled = self.settled.max(Timestamp::from_micros(at.micros() - 1));
        match self.state.take_passing((at, store))? {
            Ripe::Lapse(lapse) => {
                self.happened(Happening::Lapsed(lapse), trail);
                None
            }
            Ripe::Timeout(id) => self.time_out(&id, trail).map(Chore::Abandoned),
            Ripe::Recurring(id) => {
                let days = self.scenario.settings.masterpass.recurring_days;
                // Before it is paid: whatever comes of that, it is not due again today.
                self.recurring_mut(&id)?.turn(at, days);
                Some(Chore::Recurring(id))
            }
        }
    }

    /// It is told, and stands in the journal.
    fn happened(&mut self, happening: Happening, trail: &mut Trail) {
        let (at, what, id) = match &happening {
            Happening::Lapsed(Lapse { at, what, id }) => (*at, lapsed(*what), id),
            Happening::TimedOut { at, id } => (*at, TIMED_OUT, id),
            Happening::Moved { .. } | Happening::Tried { .. } => return trail.put(happening),
        };
        self.journal.note(at, (what, id));
        trail.put(happening);
    }

    /// The time of a challenge is over: it ends, if it has not, and so does the payment that waits for
    /// somebody to come back from it, which is returned.
    fn time_out(&mut self, id: &str, trail: &mut Trail) -> Option<PaymentId> {
        let at = self.now();
        let usual = ThreeDsOutcome::TimesOut.usual();
        if self.end_challenge(id, usual).is_ok() {
            let id = id.to_owned();
            self.happened(Happening::TimedOut { at, id }, trail);
        }
        let payment = self.state.waiting_for(id)?;
        let ended = self.state.challenges.get(id)?.ended();
        let how = ended.map_or(usual, |ended| ended.how);
        // Err: that is what it is, a payment that failed.
        let _ = self
            .state
            .payments
            .get_mut(&payment)?
            .authenticate(how, false);
        Some(payment)
    }

    fn recurring_mut(&mut self, id: &RecurringId) -> Option<&mut Recurring> {
        let holder = self
            .state
            .wallet
            .holder_mut(&self.scenario.wallet, &id.msisdn);
        holder.recurring_mut(&id.alias, &id.product)
    }

    /// What falls due first; of several at once what ends before what begins, and that before what is sent.
    fn next(&mut self, until: Option<Timestamp>) -> Next {
        self.note();
        let in_time = |at: &Timestamp| until.is_none_or(|until| *at <= until);
        let delivery = self.state.webhooks.next_due().filter(in_time);
        let Some(by) = delivery.or(until) else {
            return Next::Nothing;
        };
        let reserved_for = self.reserved_for();
        let passing = self.state.next_passing((by, self.settled), reserved_for);
        match (passing, delivery) {
            (Some((at, store)), _) => Next::Passing(at, store),
            (None, Some(due)) => Next::Delivery(due),
            (None, None) => Next::Nothing,
        }
    }

    /// It becomes `at`, unless it is later already.
    fn pass(&mut self, at: Timestamp) {
        if self.now() < at {
            self.clock.set(at);
            self.timer = None;
        }
    }
}

#[cfg(test)]
mod tests;

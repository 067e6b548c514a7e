//! What falls due in a sandbox happens in order: what nobody answers ends, what lapses is written down,
//! and what is to be sent is handed out, one after the other. Whoever hands it on tells what came of it.

use super::World;
use crate::clock::Timestamp;
use crate::domain::decision::ThreeDsOutcome;
use crate::domain::lapse::Lapse;
use crate::domain::payment::PaymentId;
use crate::domain::wallet::{Recurring, RecurringId};
use crate::domain::webhook::{Answer, Attempt, Ticket, WebhookId};
use crate::reply::Order;

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
    /// this is to be done
    Chore(Chore),
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
    Timeout(Timestamp, String),
    Recurring(Timestamp, RecurringId),
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
            Order::DueBy(by) => webhooks.take(*by, ticket).map(Due::Delivery),
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

    /// How long until the next attempt is due, in real time; None: not by itself.
    pub fn pause(&self) -> Option<std::time::Duration> {
        let due = self.state.webhooks.next_due()?;
        let wait = due.micros().saturating_sub(self.now().micros());
        if wait > 0 && self.clock.is_frozen() {
            return None;
        }
        let wait = u64::try_from(wait).unwrap_or(0);
        Some(std::time::Duration::from_micros(wait))
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
                    self.pass(at, trail);
                    if let Some(id) = self.state.webhooks.take(self.now().max(at), ticket) {
                        return Some(Due::Delivery(id));
                    }
                }
                Next::Timeout(at, id) => {
                    self.pass(at, trail);
                    if let Some(payment) = self.time_out(&id, trail) {
                        return Some(Due::Chore(Chore::Abandoned(payment)));
                    }
                }
                Next::Recurring(at, id) => {
                    self.pass(at, trail);
                    let days = self.scenario.settings.masterpass.recurring_days;
                    let order = self.recurring_mut(&id)?;
                    // Before it is paid: whatever comes of that, it is not due again today.
                    order.turn(at, days);
                    return Some(Due::Chore(Chore::Recurring(id)));
                }
                Next::Nothing => {
                    if let Some(until) = until {
                        self.pass(until, trail);
                    }
                    return None;
                }
            }
        }
    }

    /// The time of a challenge is over: it ends, if it has not, and so does the payment that waits for
    /// somebody to come back from it, which is returned.
    fn time_out(&mut self, id: &str, trail: &mut Trail) -> Option<PaymentId> {
        let at = self.now();
        let usual = ThreeDsOutcome::TimesOut.usual();
        if self.end_challenge(id, usual).is_ok() {
            let id = id.to_owned();
            trail.put(Happening::TimedOut { at, id });
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
    fn next(&self, until: Option<Timestamp>) -> Next {
        let in_time = |at: &Timestamp| until.is_none_or(|until| *at <= until);
        let delivery = self.state.webhooks.next_due().filter(in_time);
        if until.is_none() && delivery.is_none() {
            return Next::Nothing;
        }
        let before = |at: &Timestamp| in_time(at) && delivery.is_none_or(|due| *at <= due);
        let timeout = self.state.next_timeout().filter(|(at, _)| before(at));
        let recurring = self.state.wallet.next_recurring();
        let recurring = recurring.filter(|(at, _)| before(at));
        match (timeout, recurring, delivery) {
            (Some((over, id)), recurring, _)
                if recurring.as_ref().is_none_or(|(due, _)| over <= *due) =>
            {
                Next::Timeout(over, id)
            }
            (_, Some((due, id)), _) => Next::Recurring(due, id),
            (_, None, Some(due)) => Next::Delivery(due),
            (_, None, None) => Next::Nothing,
        }
    }

    /// It becomes `at`, unless it is later already.
    fn pass(&mut self, at: Timestamp, trail: &mut Trail) {
        let now = self.now();
        let reserved_for = self.scenario.settings.craftgate.preauth_lifetime;
        if now < at {
            for lapse in self.state.lapses((now, at), reserved_for) {
                trail.put(Happening::Lapsed(lapse));
            }
            self.clock.set(at);
        }
    }
}

#[cfg(test)]
mod tests;

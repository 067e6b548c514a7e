//! What merchants are told without asking: each delivery with its attempts, due in the sandbox's time,
//! in one order. Bounded; the oldest makes room. Nothing here sends.

mod notice;
mod written;

pub use notice::{Answer, Attempt, Event, NamedBy, Notice, Plan, Timing};

use crate::clock::Timestamp;
use crate::domain::shelf::Shelf;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Identifies a delivery in its sandbox.
pub type WebhookId = u64;

/// Identifies an attempt in the process: its answer counts only while that attempt is the last one.
pub type Ticket = u64;

/// How many deliveries a sandbox keeps.
pub const CAPACITY: usize = 10_000;

/// How long one waits at most for something else to come first. contract: craftgate §8, the vendor's own
/// wait before the first attempt
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How many attempts are kept of a delivery; the oldest makes room.
const ATTEMPTS: usize = 32;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Standing {
    /// it is tried at that moment
    Due(Timestamp),
    /// something else comes first; it is tried at that moment at the latest
    Waiting(Timestamp),
    /// until it is released
    Held,
    /// it is under way
    Sending,
    /// it was taken
    Delivered,
    /// it was tried as often as it may be
    GivenUp,
    /// it is not sent
    Withheld,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// its number
    pub id: WebhookId,
    /// what is told
    pub notice: Notice,
    /// its signature does not fit
    pub forged: bool,
    /// what was tried, oldest first
    pub attempts: Vec<Attempt>,
    /// how often it was tried
    pub tried: u32,
    standing: Standing,
    /// its place among those of the same moment
    turn: u64,
    after: Option<Timing>,
}

impl Delivery {
    /// How it stands.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// When it is tried next, if it is.
    pub const fn due(&self) -> Option<Timestamp> {
        match self.standing {
            Standing::Due(at) | Standing::Waiting(at) => Some(at),
            Standing::Held
            | Standing::Sending
            | Standing::Delivered
            | Standing::GivenUp
            | Standing::Withheld => None,
        }
    }

    /// Whether somebody still waits for it.
    pub const fn is_open(&self) -> bool {
        match self.standing {
            Standing::Due(_) | Standing::Waiting(_) | Standing::Held | Standing::Sending => true,
            Standing::Delivered | Standing::GivenUp | Standing::Withheld => false,
        }
    }

    const fn key(&self) -> Option<Key> {
        match self.due() {
            Some(at) => Some((at, self.turn, self.id)),
            None => None,
        }
    }
}

type Key = (Timestamp, u64, WebhookId);

/// The deliveries of a sandbox.
#[derive(Debug)]
pub struct Webhooks {
    all: Shelf<WebhookId, Delivery>,
    due: BTreeSet<Key>,
    /// attempts under way, and how their deliveries stood before
    under_way: BTreeMap<WebhookId, (Ticket, Standing)>,
    /// to be tried before the answer is written
    first: Vec<WebhookId>,
    last: WebhookId,
    turns: u64,
    capacity: usize,
    dropped: u64,
}

impl Webhooks {
    /// Room for at most `capacity` deliveries.
    pub fn new(capacity: usize) -> Self {
        Self {
            all: Shelf::new(capacity),
            due: BTreeSet::new(),
            under_way: BTreeMap::new(),
            first: Vec::new(),
            last: 0,
            turns: 0,
            capacity: capacity.max(1),
            dropped: 0,
        }
    }

    /// Another bound from now on; the oldest go when there are too many.
    pub fn bound(&mut self, capacity: usize) {
        self.capacity = capacity.max(1);
        while self.all.len() > self.capacity {
            self.oldest_makes_room();
            self.all.bound(self.all.len() - 1);
        }
        self.all.bound(self.capacity);
    }

    /// How many there are.
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Something is to be told; `usual` is how long after it happened when the plan says nothing.
    pub fn add(&mut self, notice: &Notice, plan: Plan, usual: Duration) {
        let mut timing = plan.timing;
        let waiting = self.waiting(|other| {
            other.after == Some(Timing::AfterNext) && other.notice.url == notice.url
        });
        if timing == Timing::AfterNext && !waiting.is_empty() {
            timing = Timing::Usual;
        }
        let at = notice.at.plus(plan.delay.unwrap_or(usual));
        let (standing, after) = match timing {
            Timing::Usual => (Standing::Due(at), None),
            Timing::BeforeCallback => (Standing::Due(notice.at), None),
            Timing::AfterCallback | Timing::AfterNext => (
                Standing::Waiting(notice.at.plus(LONGEST_WAIT)),
                Some(timing),
            ),
            Timing::Held => (Standing::Held, None),
            Timing::Never => (Standing::Withheld, None),
        };
        for _ in 0..plan.copies {
            self.last += 1;
            if timing == Timing::BeforeCallback {
                self.first.push(self.last);
            }
            self.put(Delivery {
                id: self.last,
                notice: notice.clone(),
                forged: plan.forged,
                attempts: Vec::new(),
                tried: 0,
                standing,
                turn: 0,
                after,
            });
        }
        if let Standing::Due(at) = standing {
            waiting.into_iter().for_each(|id| self.schedule(id, at));
        }
    }

    /// Those that are to be tried before the answer is written, from now on no more.
    pub fn take_first(&mut self) -> Vec<WebhookId> {
        std::mem::take(&mut self.first)
    }

    /// The merchant has asked about that: what waited for it is due.
    pub fn asked_about(&mut self, subject: &str, now: Timestamp) {
        let waiting = self.waiting(|other| {
            other.after == Some(Timing::AfterCallback) && other.notice.subject == subject
        });
        waiting.into_iter().for_each(|id| self.schedule(id, now));
    }

    /// When the next attempt is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, ..)| *at)
    }

    /// Whether an attempt is under way.
    pub fn is_sending(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// The first delivery that is due at `by` goes out.
    pub fn take(&mut self, by: Timestamp, ticket: Ticket) -> Option<WebhookId> {
        let (_, _, id) = *self.due.first().filter(|(at, ..)| *at <= by)?;
        self.send(id, ticket)
    }

    /// This one goes out, however it stands. None when there is none, or it is under way.
    pub fn send(&mut self, id: WebhookId, ticket: Ticket) -> Option<WebhookId> {
        let delivery = self.all.get_mut(&id)?;
        let before = delivery.standing;
        if before == Standing::Sending {
            return None;
        }
        if let Some(key) = delivery.key() {
            self.due.remove(&key);
        }
        delivery.standing = Standing::Sending;
        delivery.after = None;
        self.under_way.insert(id, (ticket, before));
        Some(id)
    }

    /// An attempt has ended. Without a success there is another one after the next of `retries`, unless
    /// the delivery was at its end, or held, before it. Nothing changes when it is not the last attempt.
    pub fn answered(
        &mut self,
        (id, ticket): (WebhookId, Ticket),
        attempt: Attempt,
        retries: &[Duration],
    ) {
        let last = self.under_way.get(&id);
        let Some((_, before)) = last.copied().filter(|(last, _)| *last == ticket) else {
            return;
        };
        self.under_way.remove(&id);
        let Some(delivery) = self.all.get_mut(&id) else {
            return;
        };
        let next = usize::try_from(delivery.tried).unwrap_or(usize::MAX);
        delivery.tried += 1;
        let (at, success) = (attempt.at, attempt.answer.is_success());
        if delivery.attempts.len() == ATTEMPTS {
            delivery.attempts.remove(0);
        }
        delivery.attempts.push(attempt);
        let due = retries.get(next).map(|pause| at.plus(*pause));
        match (success, before, due) {
            (true, ..) => delivery.standing = Standing::Delivered,
            (false, Standing::Due(_) | Standing::Waiting(_), Some(due)) => self.schedule(id, due),
            (false, Standing::Due(_) | Standing::Waiting(_), None) => {
                delivery.standing = Standing::GivenUp;
            }
            (
                false,
                Standing::Held
                | Standing::Sending
                | Standing::Delivered
                | Standing::GivenUp
                | Standing::Withheld,
                _,
            ) => delivery.standing = before,
        }
    }

    /// What was held is due. False when there is none, or it is not held.
    pub fn release(&mut self, id: WebhookId, now: Timestamp) -> bool {
        let held = self
            .find(id)
            .is_some_and(|it| it.standing == Standing::Held);
        if held {
            self.schedule(id, now);
        }
        held
    }

    /// The delivery with that number.
    pub fn find(&self, id: WebhookId) -> Option<&Delivery> {
        self.all.get(&id)
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.all.iter().map(|(_, delivery)| delivery)
    }

    /// How many made room.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Nobody will try again: what was still to be sent is given up. What is held back stays so.
    pub fn give_up(&mut self) {
        let due = std::mem::take(&mut self.due);
        let sending = std::mem::take(&mut self.under_way);
        let ids = due.into_iter().map(|(_, _, id)| id);
        for id in ids.chain(sending.into_keys()) {
            if let Some(delivery) = self.all.get_mut(&id) {
                delivery.standing = Standing::GivenUp;
            }
        }
    }

    fn waiting(&self, fits: impl Fn(&Delivery) -> bool) -> Vec<WebhookId> {
        let waits = |id: &WebhookId| {
            let delivery = self.find(*id)?;
            let waits = matches!(delivery.standing, Standing::Waiting(_));
            (waits && fits(delivery)).then_some(*id)
        };
        self.due.iter().filter_map(|(_, _, id)| waits(id)).collect()
    }

    /// It is no longer due, and is counted; whoever asks takes it off the shelf.
    fn oldest_makes_room(&mut self) {
        if let Some((_, oldest)) = self.all.iter().next() {
            self.dropped += 1;
            if let Some(key) = oldest.key() {
                self.due.remove(&key);
            }
        }
    }

    fn put(&mut self, delivery: Delivery) {
        if self.all.len() == self.capacity {
            self.oldest_makes_room();
        }
        let (id, due) = (delivery.id, delivery.due());
        self.all.put(id, delivery);
        if let Some(at) = due {
            self.number(id, at);
        }
    }

    /// It is due at that moment, behind those that are due then already.
    fn schedule(&mut self, id: WebhookId, at: Timestamp) {
        if let Some(delivery) = self.all.get_mut(&id) {
            if let Some(key) = delivery.key() {
                self.due.remove(&key);
            }
            delivery.standing = Standing::Due(at);
            delivery.after = None;
            self.number(id, at);
        }
    }

    fn number(&mut self, id: WebhookId, at: Timestamp) {
        self.turns += 1;
        if let Some(delivery) = self.all.get_mut(&id) {
            delivery.turn = self.turns;
            self.due.insert((at, self.turns, id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRIES: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(30)];

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn notice(subject: &str, seconds: i64) -> Notice {
        Notice {
            merchant: "m".to_owned(),
            url: "http://shop/hook".to_owned(),
            named_by: NamedBy::Settings,
            event: Event::Charged,
            subject: subject.to_owned(),
            success: true,
            at: at(seconds),
        }
    }

    fn add(webhooks: &mut Webhooks, subject: &str, timing: Timing) {
        let plan = Plan {
            timing,
            ..Plan::default()
        };
        webhooks.add(&notice(subject, 0), plan, Duration::ZERO);
    }

    /// Whom it sends at that moment, each taken.
    fn sent(webhooks: &mut Webhooks, seconds: i64) -> Vec<String> {
        let mut subjects = Vec::new();
        while let Some(id) = webhooks.take(at(seconds), 1) {
            subjects.push(webhooks.find(id).unwrap().notice.subject.clone());
            let answer = Answer::Status(200, String::new());
            let attempt = Attempt {
                at: at(seconds),
                answer,
            };
            webhooks.answered((id, 1), attempt, &RETRIES);
        }
        subjects
    }

    #[test]
    fn it_is_tried_by_the_table_and_then_given_up() {
        let mut webhooks = Webhooks::new(9);
        webhooks.add(&notice("a", 0), Plan::default(), Duration::from_secs(5));
        for (now, next) in [(5, Some(at(15))), (15, Some(at(45))), (45, None)] {
            assert_eq!(webhooks.take(at(now - 1), 7), None);
            let id = webhooks.take(at(now), 7).unwrap();
            assert!(webhooks.is_sending() && webhooks.take(at(99), 8).is_none());
            let answer = Answer::Status(500, String::new());
            let attempt = Attempt {
                at: at(now),
                answer,
            };
            webhooks.answered((id, 6), attempt.clone(), &RETRIES);
            assert!(webhooks.is_sending(), "that was another attempt");
            webhooks.answered((id, 7), attempt, &RETRIES);
            assert_eq!(webhooks.next_due(), next);
        }
        let delivery = webhooks.find(1).unwrap();
        assert_eq!(
            (delivery.standing(), delivery.tried),
            (Standing::GivenUp, 3)
        );
    }

    #[test]
    fn one_waits_for_the_next_or_for_the_merchant() {
        let mut webhooks = Webhooks::new(9);
        add(&mut webhooks, "a", Timing::AfterNext);
        add(&mut webhooks, "b", Timing::AfterCallback);
        assert_eq!(sent(&mut webhooks, 29), [""; 0]);
        add(&mut webhooks, "c", Timing::AfterNext);
        assert_eq!(sent(&mut webhooks, 0), ["c", "a"], "two change places");
        webhooks.asked_about("x", at(1));
        assert_eq!(sent(&mut webhooks, 1), [""; 0]);
        webhooks.asked_about("b", at(1));
        assert_eq!(sent(&mut webhooks, 1), ["b"]);
        add(&mut webhooks, "d", Timing::AfterNext);
        assert_eq!(sent(&mut webhooks, 30), ["d"], "it waits no longer");
    }

    #[test]
    fn held_ones_wait_and_withheld_ones_may_still_be_sent() {
        let mut webhooks = Webhooks::new(9);
        add(&mut webhooks, "a", Timing::Held);
        add(&mut webhooks, "b", Timing::Never);
        assert_eq!(sent(&mut webhooks, 99), [""; 0]);
        let fail = |webhooks: &mut Webhooks, id| {
            webhooks.send(id, 3).unwrap();
            assert_eq!(webhooks.send(id, 4), None);
            let answer = Answer::Nothing("refused".to_owned());
            webhooks.answered((id, 3), Attempt { at: at(1), answer }, &RETRIES);
            webhooks.find(id).unwrap().standing()
        };
        assert_eq!(fail(&mut webhooks, 1), Standing::Held);
        assert_eq!(fail(&mut webhooks, 2), Standing::Withheld);
        assert!(webhooks.release(1, at(2)) && !webhooks.release(1, at(2)));
        assert_eq!(sent(&mut webhooks, 2), ["a"]);
        assert_eq!(
            fail(&mut webhooks, 1),
            Standing::Delivered,
            "once is enough"
        );
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut webhooks = Webhooks::new(2);
        let plan = Plan {
            copies: 3,
            ..Plan::default()
        };
        webhooks.add(&notice("a", 0), plan, Duration::ZERO);
        assert_eq!((webhooks.find(1), webhooks.dropped()), (None, 1));
        assert_eq!(sent(&mut webhooks, 0), ["a", "a"]);
    }
}

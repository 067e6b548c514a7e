//! What falls due in a sandbox happens in order: what nobody answers ends, what lapses is written down,
//! and what is to be sent is handed out, one after the other. Whoever hands it on tells what came of it.

use super::World;
use crate::clock::Timestamp;
use crate::domain::decision::ThreeDsOutcome;
use crate::domain::lapse::Lapse;
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

/// What happened on the way, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// as much as is written down
    pub happened: Vec<Happening>,
    /// how much more there was
    pub more: u64,
}

impl Trail {
    fn put(&mut self, happening: Happening) {
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
    Nothing,
}

impl World {
    /// Does what `order` asks for, up to the next delivery that is to be sent: it goes out under `ticket`.
    /// None: all is quiet.
    pub fn settle(
        &mut self,
        order: &mut Order,
        ticket: Ticket,
        trail: &mut Trail,
    ) -> Option<WebhookId> {
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
                        return sent;
                    }
                }
                None
            }
            Order::Again(id) => id.take().and_then(|id| webhooks.send(id, ticket)),
            Order::DueBy(by) => webhooks.take(*by, ticket),
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
    ) -> Option<WebhookId> {
        loop {
            match self.next(until) {
                Next::Delivery(at) => {
                    self.pass(at, trail);
                    if let Some(id) = self.state.webhooks.take(self.now().max(at), ticket) {
                        return Some(id);
                    }
                }
                Next::Timeout(at, id) => {
                    self.pass(at, trail);
                    let how = ThreeDsOutcome::TimesOut.usual();
                    // Err: it has ended already; it was open under this lock just now.
                    self.end_challenge(&id, how).ok()?;
                    let at = self.now();
                    trail.put(Happening::TimedOut { at, id });
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

    fn next(&self, until: Option<Timestamp>) -> Next {
        let in_time = |at: &Timestamp| until.is_none_or(|until| *at <= until);
        let delivery = self.state.webhooks.next_due().filter(in_time);
        if until.is_none() && delivery.is_none() {
            return Next::Nothing;
        }
        let timeout = self.state.next_timeout().filter(|(at, _)| in_time(at));
        match (delivery, timeout) {
            (Some(due), Some((over, id))) if over <= due => Next::Timeout(over, id),
            (Some(due), _) => Next::Delivery(due),
            (None, Some((over, id))) => Next::Timeout(over, id),
            (None, None) => Next::Nothing,
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
mod tests {
    use super::*;
    use crate::domain::challenge::{Asked, Challenge, ChallengedCard, Marks, Purpose};
    use crate::domain::decision::ThreeDs;
    use crate::domain::lapse::Lapsed;
    use crate::domain::money::{Currency, Money};
    use crate::domain::otp::{Otp, OtpRules};
    use crate::domain::token::ResultToken;
    use crate::domain::webhook::{Event, NamedBy, Notice, Plan};
    use crate::world::Birth;
    use std::sync::Arc;
    use std::time::Duration;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn challenge(world: &mut World, id: &str, expires: i64) {
        let now = world.now();
        let asked = Asked {
            purpose: Purpose::Purchase {
                token: format!("t-{id}"),
            },
            merchant: "shop".to_owned(),
            order_no: "7001".to_owned(),
            amount: Money::new(100, Currency::TRY),
            installment: 1,
            card: ChallengedCard {
                bin: "525864".to_owned(),
                last_four: None,
                pan: None,
                stored: false,
                three_ds: None,
            },
            msisdn: None,
            kind: None,
            return_url: None,
        };
        let otp = Otp::sent(&OtpRules::default(), now);
        let challenge = Challenge::begin(
            id.to_owned(),
            asked,
            (otp, Marks::default()),
            (now, at(expires)),
        );
        world.state.challenges.put(id.to_owned(), challenge);
    }

    fn token(world: &mut World, id: &str, expires: i64) {
        let token = ResultToken {
            token: id.to_owned(),
            order_no: "7001".to_owned(),
            amount: Money::new(100, Currency::TRY),
            successful: true,
            three_ds: None,
            used: false,
            expires_at: at(expires),
            purchase: None,
        };
        world.state.result_tokens.put(id.to_owned(), token);
    }

    fn world() -> World {
        let clock = crate::clock::ClockSetting::Frozen(at(0));
        World::new("a", Arc::default(), Birth { seed: 1, clock })
    }

    fn tell(world: &mut World, seconds: i64) {
        let notice = Notice {
            merchant: "api-key".to_owned(),
            url: "http://shop/".to_owned(),
            named_by: NamedBy::Settings,
            event: Event::Charged,
            subject: "7".to_owned(),
            success: true,
            at: at(seconds),
        };
        let (plan, usual) = (Plan::default(), Duration::ZERO);
        world.state.webhooks.add(&notice, plan, usual);
    }

    #[test]
    fn all_that_falls_due_happens_in_order() {
        let mut world = world();
        challenge(&mut world, "late", 400);
        challenge(&mut world, "soon", 100);
        challenge(&mut world, "done", 50);
        world.end_challenge("done", ThreeDs::SUCCESS).unwrap();
        token(&mut world, "t-late", 300);
        token(&mut world, "t-never", 401);
        tell(&mut world, 250);
        let (mut order, mut trail) = (Order::Until(at(400)), Trail::default());
        assert!(world.must_send(&order));
        let id = world.settle(&mut order, 1, &mut trail).unwrap();
        assert_eq!(world.now(), at(250), "time stands where it is sent");
        let answer = Answer::Status(500, String::new());
        world.told((id, 1), answer, &mut trail);
        let id = world.settle(&mut order, 2, &mut trail).unwrap();
        assert_eq!(world.now(), at(260));
        world.told((id, 2), Answer::Status(204, String::new()), &mut trail);
        assert_eq!(world.settle(&mut order, 3, &mut trail), None);
        assert_eq!(world.now(), at(400));
        let lines: Vec<_> = trail.happened.iter().map(line).collect();
        let want = [
            "100 timed out soon",
            "180 BankOtp late",
            "250 tried 1, again at 260",
            "260 tried 1",
            "300 ResultToken t-late",
            "400 timed out late",
        ];
        assert_eq!(lines, want);
        for (id, outcome) in [
            ("soon", ThreeDsOutcome::TimesOut),
            ("done", ThreeDsOutcome::Succeeds),
        ] {
            let ended = world.state.challenges.get(id).unwrap().ended().unwrap();
            assert_eq!(ended.how.outcome, outcome, "{id}");
        }
        let token = world.state.result_tokens.get("t-late").unwrap();
        assert!(!token.successful && token.three_ds.is_some_and(|it| it.md_status == 7));
    }

    #[test]
    fn a_drain_of_all_stops_where_nothing_is_left_to_send() {
        let mut world = world();
        challenge(&mut world, "soon", 100);
        challenge(&mut world, "late", 400);
        let (mut order, mut trail) = (Order::All, Trail::default());
        assert!(!world.must_send(&order));
        assert_eq!(world.settle(&mut order, 1, &mut trail), None);
        assert_eq!((world.now(), trail.happened.len()), (at(0), 0));
        tell(&mut world, 200);
        let id = world.settle(&mut order, 1, &mut trail).unwrap();
        world.told((id, 1), Answer::Status(200, String::new()), &mut trail);
        assert_eq!(world.settle(&mut order, 2, &mut trail), None);
        assert_eq!((world.now(), trail.happened.len()), (at(200), 3));
    }

    #[test]
    fn a_long_trail_is_counted_on() {
        let mut world = world();
        for n in 0..1_500 {
            token(&mut world, &n.to_string(), 1 + n);
        }
        let (mut order, mut trail) = (Order::Until(at(9_999)), Trail::default());
        world.settle(&mut order, 1, &mut trail);
        assert_eq!((trail.happened.len(), trail.more), (LONGEST, 500));
    }

    fn line(happening: &Happening) -> String {
        match happening {
            Happening::Lapsed(Lapse { at, what, id }) => {
                assert!(*what != Lapsed::HostedPage);
                format!("{} {what:?} {id}", at.seconds())
            }
            Happening::TimedOut { at, id } => format!("{} timed out {id}", at.seconds()),
            Happening::Tried { id, attempt, next } => {
                let again =
                    next.map_or_else(String::new, |at| format!(", again at {}", at.seconds()));
                format!("{} tried {id}{again}", attempt.at.seconds())
            }
        }
    }
}

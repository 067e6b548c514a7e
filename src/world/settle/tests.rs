//! What falls due, in order.

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
        token: id.into(),
        order_no: "7001".into(),
        amount: Money::new(100, Currency::TRY),
        successful: true,
        three_ds: None,
        used: false,
        expires_at: at(expires),
        purchase: None,
    };
    world.state.result_tokens.put(id.into(), token);
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
    let id = sent(world.settle(&mut order, 1, &mut trail));
    assert_eq!(world.now(), at(250), "time stands where it is sent");
    let answer = Answer::Status(500, String::new());
    world.told((id, 1), answer, &mut trail);
    let id = sent(world.settle(&mut order, 2, &mut trail));
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
    let id = sent(world.settle(&mut order, 1, &mut trail));
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

fn sent(due: Option<Due>) -> WebhookId {
    match due {
        Some(Due::Delivery(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn line(happening: &Happening) -> String {
    match happening {
        Happening::Lapsed(Lapse { at, what, id }) => {
            assert!(*what != Lapsed::HostedPage);
            format!("{} {what:?} {id}", at.seconds())
        }
        Happening::Moved { at, id, chore, .. } => format!("{} moved {id}: {chore:?}", at.seconds()),
        Happening::TimedOut { at, id } => format!("{} timed out {id}", at.seconds()),
        Happening::Tried { id, attempt, next } => {
            let again = next.map_or_else(String::new, |at| format!(", again at {}", at.seconds()));
            format!("{} tried {id}{again}", attempt.at.seconds())
        }
    }
}

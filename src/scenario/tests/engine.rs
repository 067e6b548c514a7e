//! Which rule speaks about which call.

use super::*;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::domain::decision::{Authorization, Decline, ThreeDs, ThreeDsOutcome, TokenFault};
use crate::scenario::engine::{Asked, Progress};
use crate::scenario::facts::Facts;
use crate::scenario::verdict::{Moment, ScriptedError, Verdict, Wire, WireFault};
use http::{HeaderName, HeaderValue, Method};
use std::time::Duration;

/// One sandbox that plays a scenario.
pub(super) struct Play {
    scenario: Scenario,
    pub progress: Progress,
    pub now: Timestamp,
    /// target, media type and body of its calls
    pub call: (&'static str, &'static str, &'static str),
}

impl Play {
    pub fn new(text: &str) -> Self {
        Self {
            scenario: compile(text),
            progress: Progress::default(),
            now: Timestamp::from_micros(0),
            call: ("/x", "application/json", ""),
        }
    }

    /// Asks at the endpoint that ends so, with facts and headers.
    pub fn ask_with(
        &mut self,
        end: &str,
        facts: Facts,
        headers: &[(&'static str, &str)],
    ) -> Verdict {
        let rows = catalog().rows;
        let row = rows
            .into_iter()
            .find(|row| row.name.ends_with(end))
            .unwrap();
        let facts = Facts {
            endpoint: row.name,
            page: row.page,
            ..facts
        };
        let (target, media_type, body) = self.call;
        let mut call = Call::new(Method::POST, target);
        let media_type = HeaderValue::from_static(media_type);
        call.headers.insert("content-type", media_type);
        call.body = body.into();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            call.headers.append(HeaderName::from_static(name), value);
        }
        let asked = Asked {
            call: &call,
            facts: &facts,
            points: row.points,
            now: self.now,
            asides: &[],
        };
        self.scenario.decide(&mut self.progress, &asked)
    }

    pub fn ask(&mut self, end: &str, facts: Facts) -> Verdict {
        self.ask_with(end, facts, &[])
    }

    pub fn complete(&mut self) -> Verdict {
        self.ask(".complete", Facts::default())
    }
}

pub(super) fn declined(verdict: &Verdict) -> Option<Decline> {
    match verdict.authorization {
        Some(Authorization::Declined(reason)) => Some(reason),
        _ => None,
    }
}

#[test]
fn no_rule_decides_nothing() {
    let verdict = Play::new("").complete();
    assert_eq!(verdict.decided_by(), "default");
    assert!(verdict.authorization.is_none() && verdict.wire.is_none());
}

#[test]
fn the_first_rule_that_fits_settles_each_kind() {
    let mut play = Play::new(
        "[[rule]]\nwhen = { bin = \"999999\" }\nthen = { decline = \"lost_card\" }\n\
         [[rule]]\nthen = { decline = \"expired_card\" }\n\
         [[rule]]\nthen = { decline = \"stolen_card\", three_ds = \"half\" }\n\
         [[rule]]\nwire = { delay = \"2s\" }\n[[rule]]\nwire = { status = 503 }\n\
         [[rule]]\nthen = { token = \"used\" }\n[[rule]]\nthen = { error = { field = \"f\", message = \"m\" } }",
    );
    let verdict = play.complete();
    assert_eq!(declined(&verdict), Some(Decline::ExpiredCard));
    let half = ThreeDs {
        outcome: ThreeDsOutcome::Half,
        md_status: 4,
    };
    assert_eq!(verdict.three_ds, Some(half));
    let wire = Wire {
        moment: Moment::BeforeCommit,
        delay: Duration::from_secs(2),
        fault: None,
    };
    assert_eq!(verdict.wire, Some(wire));
    assert_eq!(verdict.token, Some(TokenFault::Used));
    let error = ScriptedError::Field {
        field: "f".to_owned(),
        message: "m".to_owned(),
    };
    assert_eq!(verdict.error, Some(error));
    let by = "rule test.toml:5, rule test.toml:7, rule test.toml:9, rule test.toml:13, rule test.toml:15";
    assert_eq!(verdict.decided_by(), by);
}

#[test]
fn a_slow_answer_is_one_after_the_commit_unless_a_rule_says_otherwise() {
    let wire = |keys: &str| {
        let verdict = Play::new(&format!("[[rule]]\nwire = {{ {keys} }}")).complete();
        verdict.wire.map(|wire| (wire.moment, wire.fault))
    };
    let slow = Some(WireFault::Slow(5));
    let (before, after) = (Moment::BeforeCommit, Moment::AfterCommit);
    assert_eq!(wire("fault = \"slow\", rate = 5"), Some((after, slow)));
    let told = "fault = \"slow\", rate = 5, when = \"before_commit\"";
    assert_eq!(wire(told), Some((before, slow)));
    let stall = Some((before, Some(WireFault::Stall)));
    assert_eq!(wire("fault = \"stall\""), stall);
}

#[test]
fn changes_of_an_answer_are_made_anywhere_but_go_with_what_is_decided() {
    let mut play = Play::new(
        "[[rule]]\nthen = { decline = \"declined\", headers = { x-a = \"1\" } }\n\
         [[rule]]\nthen = { patch = [{ set = \"a\", null = true }] }\n\
         [[rule]]\nthen = { patch = [{ remove = \"a\" }], headers = { x-a = \"2\" } }",
    );
    let changes = |verdict: Verdict| {
        let sent = verdict.headers.iter().map(|(_, value)| value.clone());
        let sent: Vec<_> = sent.flatten().collect();
        (verdict.patch.len(), sent, verdict.decided_by().into_owned())
    };
    let by = |n: &str, rules: &str| (1, vec![HeaderValue::from_str(n).unwrap()], rules.to_owned());
    let two = "rule test.toml:4, rule test.toml:6";
    assert_eq!(changes(play.ask(".read", Facts::default())), by("2", two));
    let both = "rule test.toml:2, rule test.toml:4";
    assert_eq!(changes(play.complete()), by("1", both));
}

#[test]
fn a_rule_speaks_only_where_its_decision_is_made() {
    let mut play = Play::new(
        "[[rule]]\nwhen = { bin = \"525864\", nth = 1 }\nthen = { decline = \"declined\" }\nwire = { delay = \"1s\" }",
    );
    let card = || Facts {
        bin: Some("525864".into()),
        ..Facts::default()
    };
    for end in [".bin", ".masterpass", ".read"] {
        let verdict = play.ask(end, card());
        assert_eq!(verdict.decided_by(), "default", "{end}");
        assert_eq!(verdict.wire, None, "the wire goes with the decision");
    }
    let verdict = play.ask(".complete", card());
    assert_eq!(declined(&verdict), Some(Decline::Declined));
    assert!(verdict.wire.is_some());
    assert_eq!(
        play.ask(".complete", card()).decided_by(),
        "default",
        "it was the second"
    );

    let mut play = Play::new("[[rule]]\nwire = { fault = \"reset\" }");
    for end in [".bin", ".masterpass", "order.read", "health.read"] {
        let wire = play.ask(end, Facts::default()).wire.unwrap();
        assert_eq!(wire.fault, Some(WireFault::Reset), "{end}");
    }
}

#[test]
fn nth_counts_the_calls_that_fit_all_else_in_each_sandbox() {
    let text = "[[rule]]\nthen = { decline = \"declined\" }\nwhen = { nth = [1, \"3..4\"], three_d = true }\n\
                [[rule]]\nthen = { decline = \"lost_card\" }\nwhen = { nth = 2 }\n\
                [[rule]]\nthen = { approve = true }\nwhen = { nth = \">= 3\" }";
    let mut play = Play::new(text);
    let call = |three_d| Facts {
        three_d: Some(three_d),
        ..Facts::default()
    };
    assert_eq!(play.ask(".complete", call(false)).decided_by(), "default");
    assert_eq!(play.ask(".bin", call(true)).decided_by(), "default");
    // The second call for rule 2, although rule 1 speaks: it counts what it could have said.
    let seen: Vec<_> = (0..5)
        .map(|_| play.ask(".complete", call(true)).decided_by())
        .collect();
    let expected = [
        "rule test.toml:2",
        "rule test.toml:8",
        "rule test.toml:2",
        "rule test.toml:2",
        "rule test.toml:8",
    ];
    assert_eq!(seen, expected);
    play.progress = Progress::default();
    let first = play.ask(".complete", call(true));
    assert_eq!(
        first.decided_by(),
        "rule test.toml:2",
        "another sandbox counts anew"
    );
}

#[test]
fn fail_first_then_succeed() {
    let mut play = Play::new(
        "[[rule]]\nwhen = { nth = 1 }\nthen = { response_code = \"1409\", description = \"Yetersiz\" }",
    );
    let expected = Authorization::ResponseCode {
        code: "1409".to_owned(),
        description: Some("Yetersiz".to_owned()),
    };
    assert_eq!(play.complete().authorization, Some(expected));
    assert_eq!(play.complete().authorization, None);
}

#[test]
fn the_wire_is_told_its_moment_and_fault() {
    let cases = [
        (
            "status = 503",
            Moment::BeforeCommit,
            0,
            Some(WireFault::Http(503)),
        ),
        (
            "status = 500, fault = \"http\", when = \"after_commit\"",
            Moment::AfterCommit,
            0,
            Some(WireFault::Http(500)),
        ),
        (
            "fault = \"reset\", when = \"after_commit\", delay = \"800ms\"",
            Moment::AfterCommit,
            800,
            Some(WireFault::Reset),
        ),
        (
            "delay = \"2m\", when = \"before_commit\"",
            Moment::BeforeCommit,
            120_000,
            None,
        ),
    ];
    for (text, moment, millis, fault) in cases {
        let mut play = Play::new(&format!("[[rule]]\nwire = {{ {text} }}"));
        let delay = Duration::from_millis(millis);
        assert_eq!(
            play.complete().wire,
            Some(Wire {
                moment,
                delay,
                fault
            }),
            "{text}"
        );
    }
}

#[test]
fn a_bank_that_declines_means_payments_unless_the_rule_names_something_else() {
    let declined = Some(Authorization::Declined(Decline::RefundDecline));
    let decline = "then = { decline = \"REFUND_DECLINE\" }";
    for (when, pays, begins, refunds) in [
        ("{}", true, false, false),
        ("{ endpoint = \"gateway.*\" }", true, false, false),
        ("{ endpoint = \"gateway.refund.*\" }", false, false, true),
        (
            "{ endpoint = \"gateway.payment.begin\" }",
            false,
            true,
            false,
        ),
        (
            "{ endpoint = [\"*.begin\", \"*.refund\"] }",
            false,
            true,
            true,
        ),
    ] {
        let mut play = Play::new(&format!("[[rule]]\nwhen = {when}\n{decline}"));
        for (end, hit) in [
            (".pay", pays),
            (".begin", begins),
            (".refund.refund", refunds),
        ] {
            let verdict = play.ask(end, Facts::default());
            let want = declined.clone().filter(|_| hit);
            let (asked, other) = match end {
                ".begin" => (verdict.three_ds_init, verdict.authorization),
                _ => (verdict.authorization, verdict.three_ds_init),
            };
            assert_eq!((asked, other), (want, None), "{when} at {end}");
        }
    }
}

#[test]
fn an_exact_error_is_said_by_its_code() {
    let rule = "[[rule]]\nthen = { error = { code = \"4155\", group = \"lost_card\" } }";
    let verdict = Play::new(rule).ask(".refund.refund", Facts::default());
    let error = ScriptedError::Code(crate::refusal::VendorError {
        code: "4155".to_owned(),
        group: Some(Decline::LostCard),
        description: None,
    });
    assert_eq!(verdict.error, Some(error));
}

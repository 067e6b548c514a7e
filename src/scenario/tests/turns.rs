//! Whose turn it is: sequences, counting, chance, states, time; and what must not be.

use super::engine::{Play, declined};
use crate::clock::Timestamp;
use crate::domain::decision::Decline;
use crate::domain::money::{Currency, Money};
use crate::scenario::engine::Progress;
use crate::scenario::facts::Facts;
use std::time::Duration;

/// Which of the next completions are declined: `1` each.
fn pattern(play: &mut Play, calls: usize) -> String {
    let declines = |_| declined(&play.complete()).is_some();
    let bits = (0..calls).map(declines);
    bits.map(|one| if one { '1' } else { '0' }).collect()
}

fn declining(when: &str) -> Play {
    Play::new(&format!(
        "[[rule]]\nwhen = {{ {when} }}\nthen = {{ decline = \"declined\" }}"
    ))
}

#[test]
fn a_list_is_said_in_order_and_then_no_more() {
    let list =
        "then = [{ decline = \"expired_card\" }, { decline = \"lost_card\" }, { approve = true }]";
    let said = |extra: &str, calls: usize| {
        let mut play = Play::new(&format!(
            "[[rule]]\n{list}\n{extra}\n[[rule]]\nthen = {{ decline = \"declined\" }}"
        ));
        let all = (0..calls).map(|_| declined(&play.complete()));
        all.collect::<Vec<_>>()
    };
    let list = [Some(Decline::ExpiredCard), Some(Decline::LostCard), None];
    let rest = [Some(Decline::Declined); 2];
    assert_eq!(said("", 5), [&list[..], &rest].concat());
    assert_eq!(said("repeat = false", 5), [&list[..], &rest].concat());
    assert_eq!(
        said("repeat = true", 7),
        [&list[..], &list, &list[..1]].concat()
    );
}

/// The wire goes with each of them; a step waits for a call at which it can be said.
#[test]
fn a_step_waits_for_its_endpoint() {
    let mut play = Play::new(
        "[[rule]]\nthen = [{ token = \"used\" }, { decline = \"declined\" }]\nwire = { delay = \"1s\" }",
    );
    let pay = play.ask(".pay", Facts::default());
    assert_eq!(pay.decided_by(), "default", "no token is decided there");
    let token = play.ask("token.masterpass", Facts::default());
    assert!(token.token.is_some() && token.wire.is_some());
    let token = play.ask("token.masterpass", Facts::default());
    assert_eq!(token.decided_by(), "default", "nothing to decline there");
    let pay = play.ask(".pay", Facts::default());
    assert!(declined(&pay).is_some() && pay.wire.is_some());
    assert_eq!(play.ask(".pay", Facts::default()).decided_by(), "default");
}

#[test]
fn turns_are_counted_and_kept_apart_by_sandbox() {
    for (when, calls) in [
        ("every = 3", "001001001"),
        ("every = 2, nth = \"3..6\"", "000101000"),
        ("nth = [1, 4]", "100100000"),
    ] {
        let mut play = declining(when);
        assert_eq!(pattern(&mut play, 9), calls, "{when}");
        play.progress = Progress::default();
        assert_eq!(pattern(&mut play, 9), calls, "{when}: another sandbox");
    }
}

#[test]
fn chance_follows_from_the_seed() {
    let seeded = |when: &str, seed: u64| {
        let mut play = declining(when);
        play.progress = Progress::begun(seed, Timestamp::from_micros(0));
        pattern(&mut play, 400)
    };
    let some = seeded("probability = \"12.5\"", 7);
    assert_eq!(some, seeded("probability = \"12.5\"", 7));
    assert_ne!(some, seeded("probability = \"12.5%\"", 8));
    let count = some.matches('1').count();
    assert!((30..=70).contains(&count), "{count} of 400 at 12.5 %");
    assert_eq!(seeded("probability = 0", 7).matches('1').count(), 0);
    assert_eq!(seeded("probability = 100", 7).matches('0').count(), 0);
    let third = seeded("probability = 50, every = 4", 7);
    let of_turn = third.char_indices().filter(|(_, c)| *c == '1');
    assert!(of_turn.clone().count() > 20);
    assert!(of_turn.into_iter().all(|(n, _)| n % 4 == 3));
}

#[test]
fn a_state_is_set_for_the_calls_to_come() {
    let mut play = Play::new(
        "[[rule]]\nwhen = { endpoint = \"*.refund\" }\nthen = { set_state = \"down\" }\n\
         [[rule]]\nwhen = { endpoint = \"*.read\" }\nthen = { set_state = \"start\" }\n\
         [[rule]]\nwhen = { state = \"down\" }\nthen = { decline = \"declined\" }\n\
         [[rule]]\nwhen = { state = \"start\" }\nthen = { approve = true }",
    );
    let complete = |play: &mut Play| play.complete().decided_by();
    assert_eq!(complete(&mut play), "rule test.toml:11");
    let set = play.ask("refund.refund", Facts::default());
    assert_eq!(set.decided_by(), "rule test.toml:2");
    assert_eq!(complete(&mut play), "rule test.toml:8");
    play.ask(".read", Facts::default());
    assert_eq!(complete(&mut play), "rule test.toml:11");
}

#[test]
fn a_state_that_is_set_with_a_decision_counts_from_the_next_call_on() {
    let mut play = Play::new(
        "[[rule]]\nwhen = { state = \"start\" }\nthen = { decline = \"declined\", set_state = \"up\" }\n\
         [[rule]]\nwhen = { state = \"up\" }\nthen = { token = \"used\" }",
    );
    let first = play.complete();
    assert!(declined(&first).is_some() && first.token.is_none());
    let second = play.complete();
    assert!(declined(&second).is_none() && second.token.is_some());
}

#[test]
fn time_counts_from_the_sandboxs_birth() {
    let mut play = declining("after = \"30s\", until = \"1m\"");
    let born = Timestamp::from_micros(5_000_000);
    play.progress = Progress::begun(0, born);
    for (millis, declines) in [
        (0, "0"),
        (29_999, "0"),
        (30_000, "1"),
        (59_999, "1"),
        (60_000, "0"),
    ] {
        play.now = born.plus(Duration::from_millis(millis));
        assert_eq!(pattern(&mut play, 1), declines, "{millis}");
    }
}

#[test]
fn what_must_not_be() {
    let card = |bin: &str| Facts {
        bin: Some(bin.into()),
        stored_card: Some(true),
        ..Facts::default()
    };
    let mut play = declining("not = { bin = \"525864\", stored_card = true }");
    let mut speaks = |facts: Facts| declined(&play.ask(".complete", facts)).is_some();
    assert!(!speaks(card("525864")));
    assert!(speaks(card("404308")));
    let typed = Facts {
        stored_card: Some(false),
        ..card("525864")
    };
    assert!(speaks(typed), "only one of the conditions fits");
    assert!(speaks(Facts::default()), "what is not known does not fit");

    let mut play = declining("not = { endpoint = \"akinon.*\" }");
    assert_eq!(play.complete().decided_by(), "default");
    assert_ne!(play.ask(".pay", Facts::default()).decided_by(), "default");
    let mut play = declining("not = { endpoint = \"akinon.*\", bin = \"525864\" }");
    assert_eq!(
        play.ask(".complete", card("525864")).decided_by(),
        "default"
    );
    assert_ne!(
        play.ask(".complete", card("404308")).decided_by(),
        "default"
    );
    assert_ne!(play.ask(".pay", card("525864")).decided_by(), "default");
}

#[test]
fn cards_and_money_are_known_by_their_names() {
    let facts = |bin: &str, currency| Facts {
        bin: Some(bin.into()),
        amount: Some(Money::new(100, currency)),
        ..Facts::default()
    };
    let bin = "[[bin]]\nprefix = \"665544\"\nprogram = \"Card Finans\"\nbank = \"QNB\"\n";
    for (when, bin_digits, currency, speaks) in [
        (
            "card_program = \"Card Finans\"",
            "665544",
            Currency::TRY,
            true,
        ),
        (
            "card_program = [\"Bonus\", \"Card*\"]",
            "66554400",
            Currency::TRY,
            true,
        ),
        ("card_program = \"Bonus\"", "665544", Currency::TRY, false),
        ("card_program = \"*\"", "000000", Currency::TRY, false),
        ("bank = \"QNB\"", "665544", Currency::TRY, true),
        ("bank = \"QNB\"", "525864", Currency::TRY, false),
        (
            "currency = [\"USD\", \"EUR\"]",
            "665544",
            Currency::EUR,
            true,
        ),
        ("currency = \"USD\"", "665544", Currency::TRY, false),
    ] {
        let mut play = Play::new(&format!(
            "{bin}[[rule]]\nwhen = {{ {when} }}\nthen = {{ decline = \"declined\" }}"
        ));
        let verdict = play.ask(".complete", facts(bin_digits, currency));
        assert_eq!(declined(&verdict).is_some(), speaks, "{when} {bin_digits}");
    }
    let nothing = declined(&declining("currency = \"TRY\"").complete());
    assert_eq!(nothing, None);
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = r#"{"installment":3,"card":{"name":"AYSE Y"},"items":[{"price":100.50},{"gift":true}],"a.b":"c","none":null}"#;

/// What is asked for, of a body of that media type, and whether the rule speaks.
const FIELDS: &[(&str, &str, &str, bool)] = &[
    (
        "body = { installment = \"3\" }",
        "application/json",
        JSON,
        true,
    ),
    (
        "body = { installment = [\"2\", \"3\"] }",
        "application/json",
        JSON,
        true,
    ),
    (
        "body = { installment = \"33\" }",
        "application/json",
        JSON,
        false,
    ),
    (
        "body = { \"card.name\" = \"AYSE*\" }",
        "application/json",
        JSON,
        true,
    ),
    (
        "body = { \"items.1.gift\" = \"true\" }",
        "application/json",
        JSON,
        true,
    ),
    (
        "body = { \"items.0.price\" = \"100.*\" }",
        "application/json",
        JSON,
        true,
    ),
    (
        "body = { \"items.2.price\" = \"*\" }",
        "application/json",
        JSON,
        false,
    ),
    ("body.installment = 3", "application/json", JSON, true),
    ("body.installment = 4", "application/json", JSON, false),
    (
        "body.installment = \"2..5\"",
        "application/json",
        JSON,
        true,
    ),
    (
        "body.installment = [\"> 3\", \"= 3.000\"]",
        "application/json",
        JSON,
        true,
    ),
    (
        "body.installment = \"> 3\"",
        "application/json",
        JSON,
        false,
    ),
    ("body.items.0.price = 100.5", "application/json", JSON, true),
    (
        "body.items.0.price = \">= 100.51\"",
        "application/json",
        JSON,
        false,
    ),
    ("body.items.1.gift = true", "application/json", JSON, true),
    ("body.card.name = \">= 1\"", "application/json", JSON, false),
    (
        "body.card = { name = \"AYSE*\" }",
        "application/json",
        JSON,
        true,
    ),
    ("body.a = \"0..1\"", FORM, "a=1.00", true),
    ("query.n = \"< 8\"", FORM, "", true),
    ("query.n = \"< 7\"", FORM, "", false),
    ("body = { \"a.b\" = \"c\" }", "application/json", JSON, true),
    ("body = { none = \"*\" }", "application/json", JSON, false),
    ("body = { card = \"*\" }", "application/json", JSON, false),
    (
        "body = { installment = \"*\" }",
        "application/json",
        "{",
        false,
    ),
    ("body = { a = \"1 2\", b = \"*\" }", FORM, "a=1+2&b=3", true),
    ("body = { a = \"1\", b = \"*\" }", FORM, "a=1", false),
    ("query = { three_d = \"true\" }", FORM, "", true),
    ("query = { three_d = \"false\" }", FORM, "", true),
    ("query = { three_d = \"t\" }", FORM, "", false),
    ("query = { three-d = \"*\" }", FORM, "", false),
    ("not = { query = { three_d = \"true\" } }", FORM, "", false),
];

#[test]
fn fields_of_the_call_are_asked_for_by_path() {
    for (when, media_type, body, speaks) in FIELDS.iter().copied() {
        let mut play = declining(when);
        play.call = ("/x?three_d=true&three_d=false&n=7", media_type, body);
        assert_eq!(
            declined(&play.complete()).is_some(),
            speaks,
            "{when} {body}"
        );
    }
}

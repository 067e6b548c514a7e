//! Many rules: how many are looked at for a call, and that which ones speak does not depend on the index.

use super::*;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::scenario::engine::{Asked, Progress};
use crate::scenario::facts::Facts;
use http::{HeaderValue, Method};
use std::fmt::Write;

/// So many rules for one order number each, and one for everybody.
fn many(count: usize, key: &str) -> Scenario {
    let mut text = String::new();
    for n in 0..count {
        let wanted = match key {
            "header" | "body" | "query" => format!("{key} = {{ x-n = \"v{n}\" }}"),
            "bin" => format!("bin = \"{:06}\"", 100_000 + n),
            key => format!("{key} = \"v{n}\""),
        };
        let _ = writeln!(
            text,
            "[[rule]]\nwhen = {{ endpoint = \"akinon.*\", {wanted} }}\nthen = {{ headers = {{ x-n = \"{n}\" }} }}"
        );
    }
    compile(&format!(
        "{text}\n[[rule]]\nthen = {{ headers = {{ x-n = \"any\" }} }}"
    ))
}

/// How many rules were looked at, and what the first that spoke has said.
fn asked(scenario: &Scenario, key: &str, value: &str) -> (usize, String) {
    let mut call = Call::new(Method::POST, &format!("/x?x-n={value}"));
    call.headers
        .insert("x-n", HeaderValue::from_str(value).unwrap());
    call.body = format!("{{\"x-n\": \"{value}\"}}").into();
    let text = || Some(value.to_owned());
    let only = |name: &str| text().filter(|_| key == name);
    let facts = Facts {
        endpoint: "akinon.checkout.complete",
        page: Some("MasterpassRestCompletePage"),
        order_no: only("order_no").map(Into::into),
        msisdn: only("msisdn").map(Into::into),
        card_alias: only("card_alias").map(Into::into),
        card_name: only("card_name").map(Into::into),
        bin: only("bin").map(Into::into),
        ..Facts::default()
    };
    let points = &[
        Point::Page,
        Point::Token,
        Point::ThreeDs,
        Point::Authorization,
    ];
    let asked = Asked {
        call: &call,
        facts: &facts,
        points,
        now: Timestamp::from_micros(0),
        asides: &[],
    };
    let verdict = scenario.decide(&mut Progress::default(), &asked);
    let by = verdict.decided_by().into_owned();
    (scenario.considered(&asked), by)
}

#[test]
fn a_call_looks_at_no_more_rules_than_compete_for_it() {
    for key in [
        "order_no",
        "msisdn",
        "card_alias",
        "card_name",
        "bin",
        "header",
        "body",
        "query",
    ] {
        for count in [1, 10, 1_000] {
            let scenario = many(count, key);
            let value = |n: usize| match key {
                "bin" => format!("{:06}00", 100_000 + n),
                _ => format!("v{n}"),
            };
            let last = count - 1;
            let (looked, by) = asked(&scenario, key, &value(last));
            assert_eq!(
                (looked, by),
                (2, format!("rule test.toml:{}", 2 + 3 * last)),
                "{key}"
            );
            let (looked, by) = asked(&scenario, key, &value(count));
            assert_eq!(
                (looked, by),
                (1, format!("rule test.toml:{}", 3 + 3 * count)),
                "{key}"
            );
        }
    }
}

#[test]
fn ten_thousand_are_read_and_two_are_looked_at() {
    let scenario = many(10_000, "order_no");
    assert_eq!(asked(&scenario, "order_no", "v7777").0, 2);
    assert_eq!(asked(&scenario, "order_no", "nothing").0, 1);
}

#[test]
fn of_several_exact_values_the_rarest_leads_to_a_rule() {
    let mut text = String::new();
    for n in 0..100 {
        let _ = writeln!(
            text,
            "[[rule]]\nwhen = {{ order_no = \"same\", header = {{ x-n = [\"v{n}\", \"w{n}\"] }} }}\nthen = {{ headers = {{ x-n = \"{n}\" }} }}"
        );
    }
    let scenario = compile(&text);
    assert_eq!(asked(&scenario, "order_no", "v7").0, 1);
    assert_eq!(asked(&scenario, "order_no", "w7").0, 1);
    assert_eq!(asked(&scenario, "order_no", "same").0, 0);
}

#[test]
fn a_short_bin_is_begun_by_many() {
    let scenario = compile(
        "[[rule]]\nwhen = { bin = \"525864\" }\nthen = { approve = true }\n[[rule]]\nwhen = { bin = \"52590000\" }\nthen = { approve = true }",
    );
    for (bin, by) in [
        ("5258", "rule test.toml:2"),
        ("5259", "rule test.toml:5"),
        ("525900", "rule test.toml:5"),
        ("52590001", "default"),
        ("", "default"),
    ] {
        assert_eq!(asked(&scenario, "bin", bin).1, by, "{bin}");
    }
}

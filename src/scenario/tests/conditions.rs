//! What a call must be for a rule to speak of it.

use super::engine::Play;
use crate::domain::money::{Currency, Money};
use crate::domain::payment::Standing;
use crate::domain::shop::PosKind;
use crate::scenario::facts::Facts;
use crate::scenario::words::Words;

/// What is asked for, and whether the call of the test below fits.
const CASES: &[(&str, bool)] = &[
    ("", true),
    ("endpoint = \"akinon.checkout.complete\"", true),
    ("endpoint = [\"admin.*\", \"*.complete\"]", true),
    ("endpoint = \"admin.*\"", false),
    ("page = \"MasterpassRest*Page\"", true),
    ("page = \"*Bin*\"", false),
    ("msisdn = \"905321234567\"", true),
    ("msisdn = [\"1*\", \"90532*\"]", true),
    ("msisdn = \"905321234568\"", false),
    ("bin = \"525864\"", true),
    ("bin = \"52586401\"", true),
    ("bin = [\"525865\", \"525866\"]", false),
    ("stored_card = false", true),
    ("stored_card = true", false),
    ("amount = \">= 1000.00\"", true),
    ("amount = \"> 999.99\"", true),
    ("amount = \"> 1000\"", false),
    ("amount = \"< 1000.01\"", true),
    ("amount = \"< 1000\"", false),
    ("amount = \"<= 1000\"", true),
    ("amount = \"= 1000.000\"", true),
    ("amount = \"1000.00\"", true),
    ("amount = \"1000.005\"", false),
    ("amount = \"999.99..1000.00\"", true),
    ("amount = \"1000.01..2000\"", false),
    ("amount = [\"1.00\", \"900..1000\"]", true),
    ("amount = [\"1.00\", \"< 900\"]", false),
    ("conversation_id = \"order-7\"", true),
    ("conversation_id = [\"x\", \"order-*\"]", true),
    ("conversation_id = \"order-8\"", false),
    ("payment_status = \"captured\"", true),
    ("payment_status = [\"failed\", \"captured\"]", true),
    ("payment_status = \"refunded\"", false),
    ("installment = 3", true),
    ("installment = [1, 2]", false),
    ("installment = \"2..12\"", true),
    ("installment = \"< 3\"", false),
    ("pos_kind = \"craftgate\"", true),
    ("pos_kind = [\"masterpass\"]", false),
    ("three_d = true", true),
    ("three_d = false", false),
    ("transaction_type = \"PURCHASE_3D\"", true),
    ("transaction_type = \"PURCHASE\"", false),
    ("transaction_type = \"*_3D\"", true),
    ("header = { X-Case = \"declined*\" }", true),
    ("header = { x-case = [\"a\", \"*-7\"] }", true),
    ("header = { x-case = \"second\" }", true),
    ("header = { x-case = \"declined\" }", false),
    ("header = { x-other = \"*\" }", false),
    ("bin = \"525864\", three_d = false", false),
];

#[test]
fn facts_are_asked_for_one_by_one() {
    let money = |minor| Money::new(minor, Currency::TRY);
    let facts = || Facts {
        msisdn: Some("905321234567".into()),
        bin: Some("525864".into()),
        stored_card: Some(false),
        amount: Some(money(100_000)),
        installment: Some(3),
        pos_kind: Some(PosKind::Gateway),
        three_d: Some(true),
        transaction_type: Some("PURCHASE_3D".into()),
        conversation_id: Some("order-7".into()),
        payment_status: Some(Standing::Captured),
        ..Facts::default()
    };
    let headers = [("x-case", "declined-7"), ("x-case", "second")];
    for (when, fits) in CASES.iter().copied() {
        let mut play = Play::new(&format!(
            "[[rule]]\nwhen = {{ {when} }}\nwire = {{ delay = \"1s\" }}"
        ));
        let verdict = play.ask_with(".complete", facts(), &headers);
        assert_eq!(verdict.wire.is_some(), fits, "{when}");
        // What is not known does not fit.
        let places = when.is_empty() || when.starts_with("endpoint") || when.starts_with("page");
        let verdict = play.ask(".complete", Facts::default());
        assert_eq!(verdict.wire.is_some(), fits && places, "{when}");
    }
}

#[test]
fn a_status_has_the_word_that_the_journal_uses() {
    for (word, standing) in Standing::WORDS {
        assert_eq!(*word, standing.word());
    }
}

#[test]
fn amounts_are_compared_in_their_own_currency() {
    let ask = |minor, currency| {
        let amount = Some(Money::new(minor, currency));
        let mut play =
            Play::new("[[rule]]\nwhen = { amount = \"12.5\" }\nwire = { delay = \"1s\" }");
        play.ask(
            ".read",
            Facts {
                amount,
                ..Facts::default()
            },
        )
        .wire
        .is_some()
    };
    assert!(ask(1250, Currency::TRY) && ask(12_500, Currency::KWD));
    assert!(!ask(1251, Currency::TRY) && !ask(12, Currency::JPY));
}

#[test]
fn patterns() {
    let cases = [
        ("a*c", "abc", true),
        ("a*c", "ac", true),
        ("a*c", "acb", false),
        ("*", "", true),
        ("", "", true),
        ("", "a", false),
        ("a*b*c", "a-b-c", true),
        ("a*b*c", "abc", true),
        ("a*b*c", "a-c", false),
        ("*b*", "abc", true),
        ("ab*ba", "aba", false),
        ("**", "x", true),
        ("*ş", "baş", true),
        ("a", "A", false),
    ];
    for (glob, text, fits) in cases {
        assert_eq!(
            crate::scenario::values::Glob(glob.to_owned()).matches(text),
            fits,
            "{glob} {text}"
        );
    }
}

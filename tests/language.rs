//! The scenario language from outside: what the compiler makes of one wrong character, of random scenarios and
//! of random bytes.

#![allow(clippy::unwrap_used, reason = "tests say so by panicking")]

use mockpos::cli::check::rehearse;
use mockpos::scenario::knob::{Kind, Knob, knobs};
use mockpos::scenario::steer::steer;
use mockpos::scenario::{Mistake, Problem, Scenario};
use mockpos::server::script::SHIPPED;
use mockpos::surface;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What may be changed in a file: a key of the language, or a value that it takes.
#[derive(Debug, Clone)]
struct Spot {
    span: Range<usize>,
    /// the words that may stand there; of a text none
    words: Vec<&'static str>,
    is_key: bool,
    /// the key, or that of the value
    key: String,
    /// what the value may be
    kind: Kind,
}

/// The keys of the language and their values in a table.
fn spots(table: &DeTable<'_>, knobs: &'static [Knob], found: &mut Vec<Spot>) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let Some(knob) = knobs.iter().find(|knob| knob.name == name) else {
            panic!("`{name}` is no key");
        };
        found.push(Spot {
            span: key.span(),
            words: knobs.iter().map(|knob| knob.name).collect(),
            is_key: true,
            key: name.to_owned(),
            kind: knob.kind,
        });
        values(value, (&knob.kind, name), found);
    }
}

fn values(value: &Spanned<DeValue<'_>>, (kind, key): (&'static Kind, &str), found: &mut Vec<Spot>) {
    match (value.get_ref(), kind) {
        (DeValue::Table(table), Kind::Table(knobs)) => spots(table, knobs, found),
        (DeValue::Table(table), Kind::Map(kind)) => {
            for (_, value) in table {
                values(value, (kind, key), found);
            }
        }
        (DeValue::Array(list), Kind::List(kind) | Kind::OneOrMore(kind)) => {
            for value in list {
                values(value, (kind, key), found);
            }
        }
        (_, Kind::OneOrMore(kind)) => values(value, (kind, key), found),
        (DeValue::Table(_) | DeValue::Array(_), Kind::Either(kinds)) => {
            for kind in *kinds {
                values(value, (kind, key), found);
            }
        }
        (DeValue::Table(_) | DeValue::Array(_), _) | (_, Kind::Anything) => {}
        (_, kind) => {
            let span = value.span();
            // inside of the quotes
            let inner = match value.get_ref() {
                DeValue::String(_) => span.start + 1..span.end - 1,
                _ => span,
            };
            let words = words(kind);
            found.extend((!inner.is_empty()).then(|| Spot {
                span: inner,
                words,
                is_key: false,
                key: key.to_owned(),
                kind: *kind,
            }));
        }
    }
}

fn words(kind: &Kind) -> Vec<&'static str> {
    match kind {
        Kind::Words(words) => words.to_vec(),
        Kind::Either(kinds) => kinds.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

/// The headers of tables, each line of them: TOML tells where the first of a list stands only.
fn headers(text: &str) -> Vec<Spot> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line.trim().trim_matches(['[', ']']);
        if line.starts_with('[') && knobs().iter().any(|knob| knob.name == name) {
            let start = at + line.find(name).unwrap();
            found.push(Spot {
                span: start..start + name.len(),
                words: knobs().iter().map(|knob| knob.name).collect(),
                is_key: true,
                key: name.to_owned(),
                kind: Kind::Anything,
            });
        }
        at += line.len();
    }
    found
}

/// One wrong character: the text, the line, and what stands there now. None: it is another right word.
fn wrong(text: &str, spot: &Spot, nth: usize) -> Option<(String, usize, String)> {
    let old = &text[spot.span.clone()];
    let at = nth % old.chars().count();
    let (start, c) = old.char_indices().nth(at)?;
    let other = match c {
        '0'..='8' => char::from(c as u8 + 1),
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        'a'..='y' | 'A'..='Y' => char::from(c as u8 + 1),
        _ => 'x',
    };
    let new = format!("{}{other}{}", &old[..start], &old[start + c.len_utf8()..]);
    if new == old || spot.words.contains(&&*new) {
        return None;
    }
    let changed = format!(
        "{}{new}{}",
        &text[..spot.span.start],
        &text[spot.span.end..]
    );
    let line = 1 + text[..spot.span.start].matches('\n').count();
    Some((changed, line, new))
}

/// How a wrong character is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    /// an error at its line; of a key that names it
    Error,
    /// a warning at its line
    Warning,
    /// told at another line: another one that refers to it, or an example that does not hold any more
    Elsewhere,
    Nowhere,
}

fn seen(text: &str, line: usize, (spot, new): (&Spot, &str)) -> Seen {
    let here = |problem: &&Problem| {
        let named = problem.mistake == Mistake::UnknownKey && problem.message.contains(new);
        problem.line == line && (named || !spot.is_key)
    };
    match Scenario::compile("x.toml", text, &surface::catalog()) {
        Err(found) if found.list.iter().filter(|p| !p.warning).any(|p| here(&p)) => Seen::Error,
        Err(_) => Seen::Elsewhere,
        Ok(scenario) if scenario.warnings.list.iter().any(|p| here(&p)) => Seen::Warning,
        Ok(scenario) if !scenario.warnings.is_empty() => Seen::Elsewhere,
        Ok(scenario) => match rehearse(scenario) {
            Ok(_) => Seen::Nowhere,
            Err(_) => Seen::Elsewhere,
        },
    }
}

/// What sort of thing a value is.
fn class(spot: &Spot) -> &'static str {
    match (&*spot.key, spot.kind) {
        _ if spot.is_key => "keys",
        _ if !spot.words.is_empty() => "words of a list",
        (
            "about" | "name" | "title" | "description" | "message" | "first_name" | "last_name",
            _,
        )
        | ("line" | "city" | "district" | "township" | "postcode" | "label" | "en" | "tr", _)
        | ("payment_failed" | "payment_changed" | "required" | "invalid_choice", _) => "free text",
        ("call", _) => "calls of examples",
        ("body" | "json" | "form" | "header" | "headers" | "query" | "decided_by", _) => {
            "fields and headers"
        }
        ("endpoint" | "page" | "transaction_type" | "state" | "set_state", _)
        | ("holder" | "bin" | "bank" | "program" | "card_program" | "card_alias", _)
        | ("card_name" | "msisdn" | "number" | "currency", _) => "references",
        ("code" | "response_code" | "callback_status" | "account_status", _) => "codes",
        (_, Kind::Flag) => "flags",
        (_, Kind::Integer { .. } | Kind::Number | Kind::Either(_)) => "numbers",
        (_, Kind::Text(what)) if what.contains("duration") => "durations",
        (_, Kind::Text(what)) if what.contains("amount") || what.contains("percentage") => {
            "amounts"
        }
        _ => "names and keys of one's own",
    }
}

/// One character of one key or value at a time, in every shipped scenario. `MUTATIONS=all cargo test --test
/// language -- --nocapture` tries every character, `MUTATIONS=keys` every one of the keys, `MUTATIONS=3` one of
/// every third key and value; otherwise a smaller sample, the same in each run.
#[test]
fn one_wrong_character_is_caught_where_it_stands() {
    let wanted = std::env::var("MUTATIONS").unwrap_or_default();
    let all = wanted == "all";
    let every: Option<usize> = wanted.parse().ok();
    let mut tries: Vec<(&str, Spot, usize)> = Vec::new();
    for (file, (_, text)) in SHIPPED.iter().enumerate() {
        let table = DeTable::parse(text).unwrap();
        let mut found = headers(text);
        spots(table.get_ref(), knobs(), &mut found);
        for (n, spot) in found.into_iter().enumerate() {
            let length = text[spot.span.clone()].chars().count();
            let sampled =
                (n * 7 + file).is_multiple_of(every.unwrap_or(if spot.is_key { 19 } else { 23 }));
            let nths = if all || wanted == "keys" && spot.is_key {
                0..length
            } else {
                n..n + usize::from(sampled)
            };
            tries.extend(nths.map(|nth| (*text, spot.clone(), nth)));
        }
    }
    println!("{} wrong characters", tries.len());
    let counts: Mutex<BTreeMap<(&str, Seen), usize>> = Mutex::default();
    let missed: Mutex<Vec<String>> = Mutex::default();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((text, spot, nth)) = tries.get(next.fetch_add(1, Relaxed)) {
                    let Some((changed, line, new)) = wrong(text, spot, *nth) else {
                        continue;
                    };
                    let seen = seen(&changed, line, (spot, &new));
                    let must = spot.is_key || !spot.words.is_empty();
                    if must && seen != Seen::Error {
                        let told = format!("line {line}: `{}` as `{new}`", spot.key);
                        missed.lock().unwrap().push(told);
                    }
                    let mut counts = counts.lock().unwrap();
                    *counts.entry((class(spot), seen)).or_default() += 1;
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap();
    let count = |class: &str, seen: Seen| counts.get(&(class, seen)).copied().unwrap_or(0);
    println!(
        "{:<28} {:>7} {:>7} {:>9} {:>9}",
        "", "error", "warning", "elsewhere", "nowhere"
    );
    let mut classes: Vec<&str> = counts.keys().map(|(class, _)| *class).collect();
    classes.dedup();
    for class in classes {
        let [error, warning, elsewhere, nowhere] =
            [Seen::Error, Seen::Warning, Seen::Elsewhere, Seen::Nowhere].map(|s| count(class, s));
        println!("{class:<28} {error:>7} {warning:>7} {elsewhere:>9} {nowhere:>9}");
    }
    let missed = missed.into_inner().unwrap();
    assert!(missed.is_empty(), "not caught:\n{}", missed.join("\n"));
    let right = |class: &str| count(class, Seen::Error);
    assert!(
        right("keys") >= 100 && right("words of a list") >= 5,
        "{counts:?}"
    );
}

/// One value for a knob, as TOML; by its kind where that tells, else its example.
fn value(knob: &'static Knob) -> BoxedStrategy<String> {
    let (_, example) = knob.example.split_once(" = ").unwrap();
    let example = Just(example.to_owned()).boxed();
    match knob.kind {
        Kind::Flag => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
        Kind::Integer { min, max } => (min..=max.min(1_000_000))
            .prop_map(|n| n.to_string())
            .boxed(),
        Kind::Words(words) => proptest::sample::select(words)
            .prop_map(|word| format!("\"{word}\""))
            .boxed(),
        _ => example,
    }
}

/// Some of these keys as lines of TOML.
fn some(knobs: Vec<&'static Knob>, most: usize) -> BoxedStrategy<Vec<String>> {
    let count = 0..=most.min(knobs.len());
    let chosen = proptest::sample::subsequence(knobs, count);
    let lines = chosen.prop_flat_map(|chosen| {
        let lines = chosen
            .into_iter()
            .map(|knob| value(knob).prop_map(|v| format!("{} = {v}", knob.name)));
        lines.collect::<Vec<_>>()
    });
    lines.boxed()
}

fn keys_of(kind: &Kind) -> &'static [Knob] {
    match kind {
        Kind::Table(knobs) => knobs,
        Kind::List(kind) | Kind::OneOrMore(kind) => keys_of(kind),
        _ => &[],
    }
}

fn inner(path: &[&str]) -> Vec<&'static Knob> {
    let mut keys = knobs();
    for name in path {
        let knob = keys.iter().find(|knob| knob.name == *name).unwrap();
        keys = keys_of(&knob.kind);
    }
    keys.iter().collect()
}

/// A rule that says one thing, of calls that fit some keys.
fn rule() -> BoxedStrategy<String> {
    // what the words of these are depends on the rest of the scenario, or contradicts other keys
    const NOT: [&str; 10] = [
        "endpoint",
        "page",
        "state",
        "not",
        "after",
        "until",
        "card_program",
        "bank",
        "every",
        "three_d",
    ];
    const SAYS: [&str; 5] = [
        "approve",
        "md_status",
        "description",
        "account_status",
        "patch",
    ];
    let whens: Vec<_> = inner(&["rule", "when"])
        .into_iter()
        .filter(|k| !NOT.contains(&k.name))
        .collect();
    let thens: Vec<_> = inner(&["rule", "then"])
        .into_iter()
        .filter(|k| !SAYS.contains(&k.name))
        .collect();
    let then = proptest::sample::select(thens);
    let then = then.prop_flat_map(|knob| value(knob).prop_map(|v| format!("{} = {v}", knob.name)));
    let delay = proptest::option::of("[1-9][0-9]?ms");
    (some(whens, 4), then, delay)
        .prop_map(|(when, then, delay)| {
            let mut text = String::from("[[rule]]\n");
            if !when.is_empty() {
                let _ = writeln!(text, "when = {{ {} }}", when.join(", "));
            }
            let _ = writeln!(text, "then = {{ {then} }}");
            if let Some(delay) = delay {
                let _ = writeln!(text, "wire = {{ delay = \"{delay}\" }}");
            }
            text
        })
        .boxed()
}

/// A scenario with switches and rules.
fn scenario() -> BoxedStrategy<String> {
    const TABLES: [&str; 5] = ["settings", "akinon", "otp", "bank", "masterpass"];
    let tables = TABLES.map(|name| {
        let keys = inner(&[name])
            .into_iter()
            .filter(|knob| !matches!(knob.kind, Kind::Table(_)));
        some(keys.collect(), 3).prop_map(move |lines| format!("[{name}]\n{}\n", lines.join("\n")))
    });
    let rules = proptest::collection::vec(rule(), 0..6);
    ("[a-z ş\"\\\\]{0,12}", tables, rules)
        .prop_map(|(about, tables, rules)| {
            let about = about.replace('\\', "\\\\").replace('"', "\\\"");
            format!(
                "version = 1\ndescription = \"{about}\"\n{}\n{}",
                tables.concat(),
                rules.concat()
            )
        })
        .boxed()
}

/// What a scenario is, without where it stands.
fn meaning(scenario: &Scenario) -> String {
    let all = format!(
        "{:#?}{:#?}{:#?}{:#?}{:#?}",
        scenario.description,
        scenario.settings,
        scenario.shop,
        scenario.rules,
        scenario.installments
    );
    let places = ["file: ", "start: ", "end: ", "place: \""];
    let lines = all
        .lines()
        .filter(|line| !places.iter().any(|p| line.trim_start().starts_with(p)));
    lines.collect::<Vec<_>>().join("\n")
}

fn compiled(text: &str) -> Result<Scenario, String> {
    let compiled = Scenario::compile("x.toml", text, &surface::catalog());
    compiled.map_err(|problems| problems.render())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_scenario_is_the_same_as_what_holds_of_it_in_the_end(text in scenario()) {
        let first = compiled(&text);
        prop_assert!(first.is_ok(), "{text}\n{}", first.unwrap_err());
        let first = first.unwrap();
        let printed = first.explained();
        let second = compiled(&printed);
        prop_assert!(second.is_ok(), "{printed}\n{}", second.unwrap_err());
        let second = second.unwrap();
        for (one, other) in meaning(&first).lines().zip(meaning(&second).lines()) {
            prop_assert_eq!(one, other);
        }
        let again = second.explained();
        let bare = |line: &str| line.rsplit_once(" # ").map_or("", |(text, _)| text).trim_end().to_owned();
        for (one, other) in printed.lines().zip(again.lines()) {
            prop_assert_eq!(bare(one), bare(other));
        }
        prop_assert_eq!(printed.lines().count(), again.lines().count());
    }

    #[test]
    fn no_bytes_make_the_compiler_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = compiled(&text);
        let _ = compiled(&format!("version = 1\n[[rule]]\nwhen = {{ {text} }}\nthen = {{ {text} }}"));
        let catalog = surface::catalog();
        let rows: Vec<_> = catalog.rows.iter().take(1).collect();
        if let Err(problems) = steer(("header", &text), &rows, &catalog) {
            let told = problems.brief();
            prop_assert!(told.bytes().all(|b| b == b' ' || b.is_ascii_graphic()), "{told}");
        }
    }

    #[test]
    fn no_cut_or_doubled_scenario_makes_the_compiler_panic(
        (file, from, to) in (0..SHIPPED.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        doubled in any::<bool>(),
    ) {
        let text = SHIPPED[file].1;
        let (from, to) = (from.index(text.len()), to.index(text.len()));
        let (from, to) = (text.floor_char_boundary(from.min(to)), text.ceil_char_boundary(from.max(to)));
        let middle = if doubled { text[from..to].repeat(2) } else { String::new() };
        let changed = format!("{}{middle}{}", &text[..from], &text[to..]);
        if let Err(why) = compiled(&changed) {
            prop_assert!(why.contains("error["), "{why}");
        }
    }
}

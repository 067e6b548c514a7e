//! Words that have no place: providers and wires in the domain, and the names that say nothing.

use crate::source::{Source, none, tree, words};

const PROVIDERS: &[&str] = &["craftgate", "masterpass", "akinon"];
const WIRES: &[&str] = &["hyper", "tokio", "http", "serde_json"];
const VERBS: &[&str] = &["get_", "handle_", "process_", "do_"];
const NOUNS: &[&str] = &["Manager", "Helper", "Util", "Utils"];

/// Provider names, but for a comment that names its source: `contract: akinon §9.4`.
fn providers(source: &Source) -> Vec<String> {
    let mut departures = Vec::new();
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let told = match (line.find("//"), line.find("contract")) {
            (Some(comment), Some(contract)) if comment < contract => &line[..contract],
            _ => line,
        };
        let told = told.to_lowercase();
        let named = PROVIDERS.iter().find(|name| told.contains(**name));
        departures
            .extend(named.map(|name| source.spot(start, &format!("the domain names `{name}`"))));
        start += line.len();
    }
    departures
}

fn wires(source: &Source) -> Vec<String> {
    let found = words(&source.code).filter(|(_, word)| WIRES.contains(word));
    found
        .map(|(at, word)| source.spot(at, &format!("the domain uses `{word}`")))
        .collect()
}

/// Declared names of functions and types that the dictionary of the plan rules out.
fn empty_names(source: &Source) -> Vec<String> {
    let mut declarator = "";
    let mut departures = Vec::new();
    for (at, word) in words(&source.code) {
        let wrong = match declarator {
            // `get_mut` is the standard library's word
            "fn" => word != "get_mut" && VERBS.iter().any(|verb| word.starts_with(verb)),
            "struct" | "enum" | "trait" | "type" | "mod" => NOUNS
                .iter()
                .any(|noun| word.ends_with(noun) || word == noun.to_lowercase()),
            _ => false,
        };
        if wrong {
            departures.push(source.spot(at, &format!("`{word}` says nothing")));
        }
        declarator = word;
    }
    departures
}

#[test]
fn the_domain_names_no_provider() {
    none(tree(&["src/domain"]).iter().flat_map(providers));
}

#[test]
fn the_domain_knows_no_wire() {
    none(tree(&["src/domain"]).iter().flat_map(wires));
}

#[test]
fn names_say_something() {
    none(tree(&["src"]).iter().flat_map(empty_names));
}

#[test]
fn a_provider_in_the_domain_is_a_departure() {
    let cases = [
        ("/// The ratio. contract: akinon §9.4", ""),
        ("// contract: Masterpass §3", ""),
        ("/// Half up: contract masterpass §3, craftgate §4.", ""),
        (
            "/// As Akinon does it. contract: akinon §9.4",
            "src/domain/x.rs:1: the domain names `akinon`",
        ),
        (
            "\nconst X: &str = \"Craftgate\";",
            "src/domain/x.rs:2: the domain names `craftgate`",
        ),
        (
            "fn masterpass_token() {} // contract: §1",
            "src/domain/x.rs:1: the domain names `masterpass`",
        ),
        (
            "let contract: akinon = 1;",
            "src/domain/x.rs:1: the domain names `akinon`",
        ),
    ];
    for (text, departure) in cases {
        let departures = providers(&Source::new("src/domain/x.rs", text));
        assert_eq!(departures.join("\n"), departure, "{text}");
    }
}

#[test]
fn a_wire_in_the_domain_is_a_departure() {
    let cases = [
        ("/// not http\nuse crate::refusal;", ""),
        ("fn f() { let s = \"tokio\"; }", ""),
        (
            "\nuse http::StatusCode;",
            "src/domain/x.rs:2: the domain uses `http`",
        ),
        (
            "fn f(v: &serde_json::Value) {}",
            "src/domain/x.rs:1: the domain uses `serde_json`",
        ),
    ];
    for (text, departure) in cases {
        let departures = wires(&Source::new("src/domain/x.rs", text));
        assert_eq!(departures.join("\n"), departure, "{text}");
    }
}

#[test]
fn an_empty_name_is_a_departure() {
    let cases = [
        (
            "fn target(get_: u8) {}\nfn get_mut() {}\nstruct Manage;",
            "",
        ),
        ("fn get_card() {}", "src/x.rs:1: `get_card` says nothing"),
        (
            "\nstruct CardManager;",
            "src/x.rs:2: `CardManager` says nothing",
        ),
        ("mod util;", "src/x.rs:1: `util` says nothing"),
    ];
    for (text, departure) in cases {
        let departures = empty_names(&Source::new("src/x.rs", text));
        assert_eq!(departures.join("\n"), departure, "{text}");
    }
}

//! A match on what the domain decides has no `_` arm, so that a new case cannot be overlooked.

use crate::source::{Source, close_of, first_of, none, tree, words};

/// The enums whose matches name every case.
const NAMED: &[&str] = &[
    "Refusal",
    "Decline",
    "TokenFault",
    "ThreeDsOutcome",
    "Authorization",
    "Failure",
    "Status",
];

/// The patterns of the match whose body opens at `open`, each with its place.
fn patterns(code: &str, open: usize) -> Vec<(usize, &str)> {
    let (mut at, mut found) = (open + 1, Vec::new());
    while let Some(arrow) = arrow(code, at) {
        let pattern = code[at..arrow].trim_start();
        found.push((arrow - pattern.len(), pattern.trim_end()));
        let body = arrow + 2 + code[arrow + 2..].len() - code[arrow + 2..].trim_start().len();
        let end = match code.as_bytes().get(body) {
            Some(b'{') => close_of(code, body),
            _ => first_of(code, body, b",}").filter(|end| code.as_bytes()[*end] == b','),
        };
        let Some(end) = end else { break };
        at = end + 1;
        let rest = code[at..].trim_start();
        at = code.len() - rest.strip_prefix(',').unwrap_or(rest).len();
    }
    found
}

/// The next `=>` of this match.
fn arrow(code: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let equals = first_of(code, at, b"=}").filter(|at| code.as_bytes()[*at] == b'=')?;
        if code[equals..].starts_with("=>") {
            return Some(equals);
        }
        at = equals + 1;
    }
}

/// What `Self` means at `at`: the type of the last `impl` that opens before and closes behind it.
fn self_at(code: &str, at: usize) -> &str {
    let impls = words(&code[..at]).filter(|(_, word)| *word == "impl");
    let around = impls.filter_map(|(start, _)| {
        let open = first_of(code, start, b"{")?;
        (open < at && close_of(code, open)? > at).then(|| &code[start..open])
    });
    let Some(header) = around.last() else {
        return "";
    };
    let named = header.rsplit(" for ").next().unwrap_or(header);
    let named = named.trim().trim_start_matches("impl").trim();
    words(named).next().map_or("", |(_, word)| word)
}

fn catch_alls(source: &Source) -> Vec<String> {
    let code = &source.shipped;
    let mut departures = Vec::new();
    for (at, _) in words(code).filter(|(_, word)| *word == "match") {
        let Some(open) = first_of(code, at, b"{;").filter(|open| code.as_bytes()[*open] == b'{')
        else {
            continue;
        };
        let arms = patterns(code, open);
        let name = |word| {
            if word == "Self" {
                self_at(code, at)
            } else {
                word
            }
        };
        let enums = arms.iter().flat_map(|(_, pattern)| {
            let is_path = |(at, word): &(usize, &str)| pattern[at + word.len()..].starts_with("::");
            words(pattern)
                .filter(is_path)
                .map(|(_, word)| word)
                .collect::<Vec<_>>()
        });
        let Some(of) = enums.map(name).find(|word| NAMED.contains(word)) else {
            continue;
        };
        for (at, _) in arms.iter().filter(|(_, pattern)| *pattern == "_") {
            departures.push(source.spot(*at, &format!("`_` in a match on `{of}`")));
        }
    }
    departures
}

#[test]
fn decisions_are_matched_by_name() {
    none(tree(&["src"]).iter().flat_map(catch_alls));
}

#[test]
fn arms_are_read() {
    let code = "match x { A { y, .. } if y == 1 => f(|z| { z }), B | C => { g(); }\n D => match w { _ => 1 }, &[1, 2] => {}, _ => h }";
    let found: Vec<_> = patterns(code, code.find('{').unwrap())
        .into_iter()
        .map(|(_, p)| p)
        .collect();
    assert_eq!(
        found,
        ["A { y, .. } if y == 1", "B | C", "D", "&[1, 2]", "_"]
    );
}

#[test]
fn a_catch_all_is_a_departure() {
    let cases = [
        ("match s { Status::Created => 1, Status::Voided => 2 }", ""),
        ("match s { 1 => Status::Created, _ => Status::Voided }", ""),
        ("match m { StatusCode::OK => 1, _ => 2 }", ""),
        (
            "match s { Status::Failed(_) => 1, Status::Voided if x => 2 }",
            "",
        ),
        (
            "match s {\n Status::Created => 1,\n _ => 2 }",
            "src/x.rs:3: `_` in a match on `Status`",
        ),
        (
            "match r { Err(Refusal::Full) => { 1 }\n _ => 2 }",
            "src/x.rs:2: `_` in a match on `Refusal`",
        ),
        (
            "match (a, b) { (1, Decline::LostCard) => x, _ => y }",
            "src/x.rs:1: `_` in a match on `Decline`",
        ),
        (
            "impl Status { fn f(self) { match self { Self::Created => 1, _ => 2 } } }",
            "src/x.rs:1: `_` in a match on `Status`",
        ),
        (
            "impl fmt::Display for Decline { fn f(&self) { match self { Self::LostCard => 1, _ => 2 } } }",
            "src/x.rs:1: `_` in a match on `Decline`",
        ),
        (
            "impl Other { fn f(self) { match self { Self::A => 1, _ => 2 } } }",
            "",
        ),
        (
            "match a { 1 => match s { Status::Created => 1, _ => 2 }, _ => 3 }",
            "src/x.rs:1: `_` in a match on `Status`",
        ),
    ];
    for (text, departure) in cases {
        assert_eq!(
            catch_alls(&Source::new("src/x.rs", text)).join("\n"),
            departure,
            "{text}"
        );
    }
}

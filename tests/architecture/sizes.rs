//! Files of at most 400 lines, functions of at most 70. Tests are not counted: they are tables of cases.

use crate::source::{Source, close_of, first_of, is_word, none, tree, words};
use std::ops::Range;

const FILE: usize = 400;
const FUNCTION: usize = 70;

/// The lines of a file, but for those of tests.
fn lines(source: &Source) -> usize {
    let span = |test: &Range<usize>| source.text[test.clone()].lines().count();
    source.text.lines().count() - source.tests.iter().map(span).sum::<usize>()
}

fn long_files(source: &Source) -> Vec<String> {
    let lines = lines(source);
    let departure =
        (lines > FILE).then(|| source.spot(0, &format!("{lines} lines, {FILE} at most")));
    departure.into_iter().collect()
}

fn long_functions(source: &Source) -> Vec<String> {
    let code = &source.shipped;
    let mut departures = Vec::new();
    for (at, _) in words(code).filter(|(_, word)| *word == "fn") {
        let name = code[at + 2..].trim_start();
        if !name.starts_with(is_word) {
            continue;
        }
        let body = first_of(code, at, b"{;").filter(|open| code.as_bytes()[*open] == b'{');
        let Some(end) = body.and_then(|open| close_of(code, open)) else {
            continue;
        };
        let lines = source.line(end) - source.line(at) + 1;
        if lines > FUNCTION {
            let name = words(name).next().map_or("", |(_, name)| name);
            departures.push(source.spot(
                at,
                &format!("`{name}` has {lines} lines, {FUNCTION} at most"),
            ));
        }
    }
    departures
}

#[test]
fn files_are_short() {
    none(tree(&["src", "benches"]).iter().flat_map(long_files));
}

#[test]
fn functions_are_short() {
    none(tree(&["src", "benches"]).iter().flat_map(long_functions));
}

#[test]
fn a_long_file_is_a_departure() {
    let line = "// x\n";
    let tests = format!(
        "#[cfg(test)]\nmod tests {{\n{}}}\n",
        "fn f() {}\n\n".repeat(FILE)
    );
    let code = format!("fn g() {{}}\n{}", line.repeat(FILE - 1));
    let good = [
        code.clone(),
        format!("{code}{tests}"),
        format!("{tests}{code}"),
    ];
    for text in &good {
        assert_eq!(lines(&Source::new("src/x.rs", text)), FILE);
    }
    let long = Source::new("src/x.rs", &format!("{tests}{code}{line}"));
    assert_eq!(long_files(&long), ["src/x.rs:1: 401 lines, 400 at most"]);
}

#[test]
fn a_long_function_is_a_departure() {
    let function = |lines: usize| {
        format!(
            "\npub fn f<T>(x: [u8; 2]) -> T\n{{{}}}\n",
            "\n".repeat(lines - 2)
        )
    };
    let longest = format!(
        "type F = fn(u8);\ntrait T {{ fn g(); }}{}",
        function(FUNCTION)
    );
    assert!(long_functions(&Source::new("src/x.rs", &longest)).is_empty());
    let long = Source::new("src/x.rs", &function(FUNCTION + 1));
    assert_eq!(
        long_functions(&long),
        ["src/x.rs:2: `f` has 71 lines, 70 at most"]
    );
}

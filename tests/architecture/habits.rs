//! Habits: every file says what it is; no `unwrap`, nothing put off, nothing skipped, nothing slept through.

use crate::source::{Source, none, tree};

fn unopened(source: &Source) -> Vec<String> {
    let opened = source.text.starts_with("//! ");
    let departure = (!opened).then(|| source.spot(0, "does not open with `//!`"));
    departure.into_iter().collect()
}

/// Where `needles` stand in `code`.
fn found(source: &Source, code: &str, needles: &[&str]) -> Vec<String> {
    let hits = needles.iter().flat_map(|needle| code.match_indices(needle));
    hits.map(|(at, needle)| source.spot(at, &format!("`{needle}`")))
        .collect()
}

fn unwrapped(source: &Source) -> Vec<String> {
    found(
        source,
        &source.shipped,
        &[".unwrap()", "::unwrap)", "::unwrap,"],
    )
}

fn put_off(source: &Source) -> Vec<String> {
    found(
        source,
        &source.code,
        &["#[ignore", "todo!", "unimplemented!"],
    )
}

fn slept(source: &Source) -> Vec<String> {
    found(source, &source.code, &["sleep("])
}

#[test]
fn every_file_says_what_it_is() {
    none(tree(&["src", "tests", "benches"]).iter().flat_map(unopened));
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    none(tree(&["src", "benches"]).iter().flat_map(unwrapped));
}

#[test]
fn nothing_is_put_off() {
    none(tree(&["src", "tests", "benches"]).iter().flat_map(put_off));
}

#[test]
fn no_test_sleeps() {
    none(tree(&["tests"]).iter().flat_map(slept));
}

#[test]
fn a_file_that_does_not_say_what_it_is_is_a_departure() {
    assert!(unopened(&Source::new("src/x.rs", "//! X.\n")).is_empty());
    for text in ["", "// X.", "\n//! X.", "//!"] {
        assert_eq!(
            unopened(&Source::new("src/x.rs", text)),
            ["src/x.rs:1: does not open with `//!`"]
        );
    }
}

#[test]
fn unwrap_is_a_departure() {
    let good = "// x.unwrap()\nlet s = \".unwrap()\"; x.unwrap_or(1);\n#[cfg(test)]\nmod tests { fn f() { x.unwrap() } }";
    assert!(unwrapped(&Source::new("src/x.rs", good)).is_empty());
    assert_eq!(
        unwrapped(&Source::new("src/x.rs", "\nlet y = x.unwrap();")),
        ["src/x.rs:2: `.unwrap()`"]
    );
    assert_eq!(
        unwrapped(&Source::new("src/x.rs", "a.map(Option::unwrap)")),
        ["src/x.rs:1: `::unwrap)`"]
    );
}

#[test]
fn what_is_put_off_is_a_departure() {
    assert!(
        put_off(&Source::new(
            "tests/x.rs",
            "// todo! #[ignore]\nfn todo() {}"
        ))
        .is_empty()
    );
    let late = Source::new(
        "tests/x.rs",
        "#[test]\n#[ignore = \"later\"]\nfn f() { todo!() }",
    );
    assert_eq!(
        put_off(&late),
        ["tests/x.rs:2: `#[ignore`", "tests/x.rs:3: `todo!`"]
    );
}

#[test]
fn sleep_in_a_test_is_a_departure() {
    assert!(
        slept(&Source::new(
            "tests/x.rs",
            "// sleep(1)\nlet asleep = \"sleep(\";"
        ))
        .is_empty()
    );
    assert_eq!(
        slept(&Source::new("tests/x.rs", "\nthread::sleep(D);")),
        ["tests/x.rs:2: `sleep(`"]
    );
}

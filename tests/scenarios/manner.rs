//! How a shipped file is made: what it is for in one line, three lines of why, rules, then examples; and each is listed.

use mockpos::server::script::SHIPPED;
use std::process::Command;

/// The lines between the description and what follows it.
fn why(text: &str) -> Vec<&str> {
    let lines = text
        .lines()
        .skip_while(|line| !line.starts_with("description"));
    let lines = lines.skip(1).skip_while(|line| line.is_empty());
    lines.take_while(|line| line.starts_with('#')).collect()
}

#[test]
fn every_file_says_what_it_is_for_and_why() {
    for (name, text) in SHIPPED.iter() {
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some("#:schema ../scenario.schema.json"),
            "{name}"
        );
        assert_eq!(lines.next(), Some("version = 1"), "{name}");
        let description = lines.next().unwrap();
        assert!(
            description.starts_with("description = \""),
            "{name}: {description}"
        );
        let why = why(text);
        assert_eq!(why.len(), 3, "{name}: three lines of why: {why:?}");
        let width = text.lines().filter(|line| line.starts_with('#'));
        let wide = width.filter(|line| line.chars().count() > 140);
        assert_eq!(wide.count(), 0, "{name}");
    }
}

#[test]
fn every_file_has_its_rules_before_its_examples() {
    for (name, text) in SHIPPED.iter() {
        let (_, examples) = text.split_once("\n[[example]]").unwrap();
        let mut tables = examples.lines().filter(|line| line.starts_with('['));
        assert!(tables.all(|line| line == "[[example]]"), "{name}");
    }
}

#[test]
fn every_file_is_listed_with_one_line_and_checked_by_name() {
    let mockpos = || Command::new(env!("CARGO_BIN_EXE_mockpos"));
    let listed = mockpos().arg("scenarios").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let listed: Vec<_> = listed
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .collect();
    assert_eq!(listed.len(), SHIPPED.len());
    for ((name, text), (said, about)) in SHIPPED.iter().zip(listed) {
        assert_eq!(*name, said);
        let description = format!("description = \"{}\"", about.trim());
        assert!(text.contains(&description), "{name}: {about}");
    }
    let names = SHIPPED.iter().map(|(name, _)| name);
    let checked = mockpos().arg("check").args(names).output().unwrap();
    let told = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success(), "{told}");
    assert_eq!(told.matches(": ok, ").count(), SHIPPED.len(), "{told}");
}

/// As a file to begin with, beside a schema of one's own.
#[test]
fn every_file_is_printed_by_name() {
    for (name, text) in SHIPPED.iter() {
        let mut mockpos = Command::new(env!("CARGO_BIN_EXE_mockpos"));
        let printed = mockpos.args(["scenarios", name]).output().unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        let (first, rest) = printed.split_once('\n').unwrap();
        assert_eq!(first, "#:schema scenario.schema.json", "{name}");
        assert!(text.ends_with(rest), "{name}");
    }
    let mut mockpos = Command::new(env!("CARGO_BIN_EXE_mockpos"));
    let refused = mockpos.args(["scenarios", "bank-declin"]).output().unwrap();
    let why = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{why}");
    assert!(why.contains("did you mean `bank-declines`?"), "{why}");
}

#[test]
fn endpoints_and_knobs_are_found_by_a_part_of_their_name() {
    for (args, code, wanted) in [
        (
            ["endpoints", "checkout.complete"],
            0,
            "?page=MasterpassRestCompletePage",
        ),
        (["endpoints", "Otp/verify"], 0, "masterpass.otp.verify"),
        (
            ["endpoints", "nothing.of.the.kind"],
            2,
            "no endpoint has `nothing.of.the.kind`",
        ),
        (["knobs", "when.installment"], 0, "installment = \"2..12\""),
        (
            ["knobs", "when.instalment"],
            2,
            "did you mean `installment`?",
        ),
    ] {
        let mut mockpos = Command::new(env!("CARGO_BIN_EXE_mockpos"));
        let done = mockpos.args(args).output().unwrap();
        let told = [done.stdout, done.stderr].concat();
        let told = String::from_utf8(told).unwrap();
        assert_eq!(done.status.code(), Some(code), "{args:?}: {told}");
        assert!(told.contains(wanted), "{args:?}: {told}");
    }
}

/// Whoever reads a page and goes away is no reason to crash.
#[test]
fn a_reader_may_go_away() {
    for args in [["knobs", ""], ["endpoints", ""], ["check", "--explain"]] {
        let mut mockpos = Command::new(env!("CARGO_BIN_EXE_mockpos"));
        mockpos.args(args.iter().filter(|arg| !arg.is_empty()));
        if args[0] == "check" {
            mockpos.arg("default");
        }
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let done = mockpos.stdout(writer).output().unwrap();
        let why = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && why.is_empty(), "{args:?}: {why}");
    }
}

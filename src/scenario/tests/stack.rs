//! Files that stand on others, values that files leave open, and what holds in the end.

use super::*;
use crate::scenario::compile::Input;
use crate::scenario::extends::{Base, Finder};

/// Files by name.
struct Shelf(Vec<(&'static str, String)>);

impl Finder for Shelf {
    fn key(&self, name: &str) -> String {
        name.to_owned()
    }

    fn find(&self, _: &str, _: &str, name: &str) -> Result<Base, String> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        let (name, text) = found.ok_or("there is no such file")?;
        Ok(Base {
            name: (*name).to_owned(),
            key: (*name).to_owned(),
            text: text.clone(),
        })
    }
}

fn load(files: &[(&'static str, &str)], set: &[(&str, &str)]) -> Result<Scenario, Problems> {
    let files = files
        .iter()
        .map(|(name, text)| (*name, format!("version = 1\n{text}")));
    let files: Vec<_> = files.collect();
    let (name, text) = files[0].clone();
    let input = Input {
        layers: vec![Layer {
            name: name.to_owned(),
            text,
            settled: false,
            is_base: false,
        }],
        set: set
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect(),
        finder: Some(&Shelf(files)),
    };
    Scenario::load(&input, &catalog())
}

fn titles(scenario: &Scenario) -> Vec<&str> {
    let titles = scenario.rules.iter().map(|rule| rule.place.as_str());
    titles.collect()
}

const HEAD: &str = "[[rule]]\nwire = { delay = \"1s\" }";

#[test]
fn a_file_stands_on_others_each_read_once() {
    let top = format!("extends = [\"b.toml\", \"c.toml\"]\n[settings]\nstrict = true\n{HEAD}");
    let b = format!("extends = [\"d.toml\"]\ndescription = \"b\"\n{HEAD}");
    let c =
        format!("extends = [\"d.toml\"]\n[settings]\nstrict = false\nhalf_three_ds = true\n{HEAD}");
    let d = format!(
        "description = \"d\"\n[settings]\nhalf_three_ds = false\n{HEAD}\n[[example]]\ncall = \"GET /x\""
    );
    let files = [
        ("a.toml", &*top),
        ("b.toml", &b),
        ("c.toml", &c),
        ("d.toml", &d),
    ];
    let scenario = load(&files, &[]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(scenario.name, "a.toml");
    assert_eq!(
        titles(&scenario),
        ["a.toml:5", "c.toml:6", "b.toml:4", "d.toml:5"]
    );
    assert_eq!(scenario.description, "b");
    assert!(scenario.settings.strict && scenario.settings.half_three_ds);
    assert!(scenario.examples.is_empty(), "those of the last file");
    let topped = scenario
        .topped("t.toml", &format!("version = 1\n{HEAD}"), &catalog())
        .unwrap();
    assert_eq!(titles(&topped).len(), 5);
    assert_eq!(titles(&topped)[0], "t.toml:2");
}

#[test]
fn what_cannot_be_extended_is_told_where_it_is_named() {
    let deep: Vec<(&'static str, String)> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
        .windows(2)
        .map(|pair| (pair[0], format!("extends = [\"{}\"]", pair[1])))
        .collect();
    let deep: Vec<(&'static str, &str)> =
        deep.iter().map(|(name, text)| (*name, &**text)).collect();
    for (files, place, told) in [
        (
            vec![("a", "extends = [\"x\"]")],
            ("a", 2),
            "`x`: there is no such file",
        ),
        (
            vec![("a", "extends = [\"a\"]")],
            ("a", 2),
            "stands on this file itself",
        ),
        (
            vec![("a", "extends = [\"b\"]"), ("b", "\nextends = [\"a\"]")],
            ("b", 3),
            "stands on this file itself",
        ),
        (vec![("a", "extends = \"b\"")], ("a", 2), "expected a list"),
        (
            vec![("a", "extends = [\"b\"]"), ("b", "x = 1")],
            ("b", 2),
            "unknown key `x`",
        ),
        (deep, ("i", 2), "8 deep"),
    ] {
        let found = load(&files, &[])
            .err()
            .unwrap_or_else(|| panic!("{files:?}"));
        let one = &found.list[0];
        assert_eq!((&*one.file, one.line), place, "{found}");
        assert!(one.message.contains(told), "{found}");
        assert_eq!(found.list.len(), 1, "{found}");
    }
    let alone = Scenario::compile("a", "version = 1\nextends = [\"b\"]", &catalog());
    let found = alone.err().unwrap();
    assert_eq!(found.list[0].mistake, Mistake::NotExtended, "{found}");
}

const OPEN: &str = "[variables]\ncard = { default = \"525864\", about = \"the card\" }\nwhy = { default = \"lost_card\" }\n\
                    [[rule]]\nwhen = { bin = \"${card}\", header = { x = \"$${card}-${why}-${ }\" } }\nthen = { decline = \"${why}\" }";

#[test]
fn variables_stand_in_strings() {
    let told = |set: &[(&str, &str)]| {
        let scenario = load(&[("a", OPEN)], set).unwrap_or_else(|e| panic!("{e}"));
        assert!(scenario.warnings.is_empty(), "{}", scenario.warnings);
        let explained = scenario.explained();
        let rule = explained.split("[[rule]]").nth(1).unwrap();
        rule.lines()
            .skip(1)
            .take(2)
            .map(|line| line.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let plain = told(&[]);
    assert!(
        plain[0].starts_with(
            "when = { bin = \"525864\", header = { x = \"${card}-lost_card-${ }\" } }"
        ),
        "{plain:?}"
    );
    assert!(plain[0].ends_with("# a:6"), "{plain:?}");
    let set = told(&[("card", "1"), ("card", "404308"), ("why", "stolen_card")]);
    assert!(
        set[0].contains("404308") && set[1].contains("stolen_card"),
        "{set:?}"
    );
}

#[test]
fn a_base_leaves_open_what_the_file_above_fills() {
    let top = "extends = [\"b\"]\n[variables]\ncard = { default = \"404308\" }";
    let scenario = load(&[("a", top), ("b", OPEN)], &[]).unwrap_or_else(|e| panic!("{e}"));
    assert!(scenario.explained().contains("bin = \"404308\""));
}

#[test]
fn what_was_set_holds_when_a_file_is_put_on_top() {
    let top = "extends = [\"b\"]\n[variables]\ncard = { default = \"404308\" }";
    let scenario = load(&[("a", top), ("b", OPEN)], &[("card", "1234567")]);
    assert!(scenario.is_ok(), "{:?}", scenario.err());
    let scenario = load(&[("a", top), ("b", OPEN)], &[("card", "123456")]).unwrap();
    let topped = scenario.topped("t", &format!("version = 1\n{HEAD}"), &catalog());
    let topped = topped.unwrap_or_else(|e| panic!("{e}"));
    assert!(topped.explained().contains("bin = \"123456\""));
    assert_eq!(topped.name, "a + t", "what a file stands on is not named");
}

#[test]
fn names_that_are_nobodys_are_told() {
    for (text, set, place, mistake, hint) in [
        (
            "description = \"${card}\"",
            vec![],
            ("a", 2, 15),
            Mistake::UnknownVariable,
            "[variables]",
        ),
        (
            "[variables]\ncard = { default = \"x\" }\n[akinon.texts]\nrequired = \"${card} ${crad}\"",
            vec![],
            ("a", 5, 12),
            Mistake::UnknownVariable,
            "did you mean `card`?",
        ),
        (
            OPEN,
            vec![("crad", "x")],
            ("--set", 1, 1),
            Mistake::UnknownVariable,
            "did you mean `card`?",
        ),
        (
            OPEN,
            vec![("card", "x")],
            ("a", 6, 16),
            Mistake::WrongValue,
            "",
        ),
        (
            "[variables]\ncard = { }",
            vec![],
            ("a", 3, 8),
            Mistake::MissingKey,
            "default",
        ),
        (
            "[variables]\ncard = 1",
            vec![],
            ("a", 3, 8),
            Mistake::WrongType,
            "",
        ),
        (
            "[variables]\n\"a b\" = { default = \"\" }",
            vec![],
            ("a", 3, 1),
            Mistake::WrongValue,
            "letters",
        ),
    ] {
        let found = load(&[("a", text)], &set)
            .err()
            .unwrap_or_else(|| panic!("{text}"));
        let one = &found.list[0];
        assert_eq!((&*one.file, one.line, one.column), place, "{found}");
        assert_eq!(one.mistake, mistake, "{found}");
        assert!(
            one.hint.as_deref().unwrap_or_default().contains(hint),
            "{found}"
        );
    }
    let unused = load(&[("a", "[variables]\ncard = { default = \"x\" }")], &[]).unwrap();
    assert_eq!(unused.warnings.list[0].mistake, Mistake::UnusedVariable);
    assert!(
        unused.warnings.render().starts_with("warning[S032]: "),
        "{}",
        unused.warnings
    );
}

#[test]
fn what_holds_in_the_end_is_toml_and_compiles_to_the_same() {
    let top = format!(
        "extends = [\"b\"]\n[settings]\nstrict = true\n[[bin]]\nprefix = \"665544\"\n{HEAD}\n[[example]]\ncall = \"GET /a\""
    );
    let below = format!(
        "[settings]\nstrict = false\nhalf_three_ds = true\n[[bin]]\nprefix = \"999999\"\n{HEAD}\n[[example]]\ncall = \"GET /b\""
    );
    let scenario = load(&[("a", &top), ("b", &below)], &[]).unwrap();
    let explained = scenario.explained();
    let again = Scenario::compile("again", &explained, &catalog());
    let again = again.unwrap_or_else(|e| panic!("{explained}\n{e}"));
    assert_eq!(again.rules.len(), scenario.rules.len());
    assert_eq!(again.examples.len(), 1);
    assert_eq!(again.wallet.holders.len(), scenario.wallet.holders.len());
    for line in [
        "strict = true",
        "half_three_ds = true",
        "[[bin]]",
        "prefix = \"999999\"",
        "call = \"GET /a\"",
    ] {
        let found = explained.lines().find(|known| known.starts_with(line));
        let found = found.unwrap_or_else(|| panic!("{line}: {explained}"));
        assert!(found.contains("# a:") || found.contains("# b:"), "{found}");
    }
    assert!(!explained.contains("GET /b"));
}

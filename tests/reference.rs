//! The pages and the schema that are made from the program are those of the repository, and the schema
//! takes what the compiler takes.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests: one arm a word of the schema"
)]

use mockpos::cli::reference::{documents, schema};
use mockpos::scenario::knob::{Kind, Knob, knobs};
use mockpos::server::script::{SHIPPED, compile};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn made_files_are_fresh() {
    for (path, text) in documents() {
        let file = root(path);
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &text).unwrap();
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        let stale = found.lines().zip(text.lines()).position(|(a, b)| a != b);
        assert!(
            found == text,
            "{path} is stale from line {}; `UPDATE=1 cargo test --test reference` writes it anew",
            stale.unwrap_or_default() + 1
        );
    }
}

fn whole() -> &'static Value {
    static WHOLE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&schema()).unwrap());
    &WHOLE
}

/// What a pointer points at.
fn pointed(pointer: &Value) -> &'static Value {
    let path = pointer.as_str().unwrap().strip_prefix('#').unwrap();
    whole().pointer(path).unwrap()
}

/// What is wrong with `value` where the schema says `schema`: the part of JSON Schema that is used here.
fn wrong(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut no = |why: String| found.push(format!("{at}: {why}"));
    for (key, rule) in schema.as_object().unwrap() {
        match key.as_str() {
            "type" => {
                let fits = match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64() || value.is_u64(),
                    other => panic!("type {other}"),
                };
                if !fits {
                    no(format!("{value} is no {rule}"));
                }
            }
            "$ref" => {
                for why in wrong(pointed(rule), value, at) {
                    no(why);
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    no(format!("{value} is no word"));
                }
            }
            "anyOf" => {
                let any = rule.as_array().unwrap().iter();
                if !any.into_iter().any(|one| wrong(one, value, at).is_empty()) {
                    no(format!("{value} fits none"));
                }
            }
            "pattern" => {
                assert_eq!(rule, "\\*");
                if !value.as_str().unwrap_or_default().contains('*') {
                    no(format!("{value} is no pattern"));
                }
            }
            "minimum" if value.as_i64() < rule.as_i64() => no(format!("{value} is too small")),
            "maximum" if value.as_i64() > rule.as_i64() => no(format!("{value} is too large")),
            "minItems" if value.as_array().is_some_and(Vec::is_empty) => no("empty".to_owned()),
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    for why in wrong(rule, item, &format!("{at}.{n}")) {
                        no(why);
                    }
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.get(name.as_str().unwrap()).is_none() {
                        no(format!("{name} is missing"));
                    }
                }
            }
            "properties" | "additionalProperties" if value.is_object() => {
                let known = &schema["properties"];
                for (name, inner) in value.as_object().unwrap() {
                    let of_it = known.get(name);
                    let of_it = match key.as_str() {
                        "properties" => of_it,
                        _ => Some(rule).filter(|_| of_it.is_none()),
                    };
                    match of_it {
                        Some(Value::Bool(false)) => no(format!("there is no {name}")),
                        Some(of_it) => {
                            for why in wrong(of_it, inner, &format!("{at}.{name}")) {
                                no(why);
                            }
                        }
                        None => {}
                    }
                }
            }
            "$schema"
            | "$defs"
            | "title"
            | "description"
            | "minimum"
            | "maximum"
            | "minItems"
            | "properties"
            | "additionalProperties" => {}
            other => panic!("the schema says `{other}`, which this test does not know"),
        }
    }
    found
}

/// What the schema says to a TOML text.
fn judged(text: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(text).unwrap();
    let value = serde_json::to_value(table).unwrap();
    wrong(whole(), &value, "")
}

#[test]
fn shipped_scenarios_name_the_schema_and_keep_to_it() {
    for (name, text) in SHIPPED.iter() {
        assert!(
            text.starts_with("#:schema ../scenario.schema.json\n"),
            "{name}"
        );
        assert_eq!(judged(text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_the_compiler_refuses_for_its_shape_the_schema_refuses_too() {
    for text in [
        "[settings]",
        "version = 2",
        "version = 1\nzzz = 1",
        "version = 1\n[settings]\nstrict = \"true\"",
        "version = 1\n[[rule]]\nwhen = { bin = 525864 }\nthen = { approve = true }",
        "version = 1\n[[rule]]\nwhen = { endpoint = \"akinn\" }\nthen = { approve = true }",
        "version = 1\n[[rule]]\nwhen = { endpoint = [] }\nthen = { approve = true }",
        "version = 1\n[[rule]]\nwhen = { installment = 37 }\nthen = { approve = true }",
        "version = 1\n[[rule]]\nwhen = { not = { nth = 1 } }\nthen = { approve = true }",
        "version = 1\n[[rule]]\nthen = { decline = \"insuficient_funds\" }",
        "version = 1\n[[rule]]\nthen = [{ aprove = true }]",
        "version = 1\n[[rule]]\nwire = { fault = \"rest\" }",
        "version = 1\n[[product]]\nname = \"a\"",
    ] {
        assert!(
            compile(&[("x".to_owned(), text.to_owned())]).is_err(),
            "{text}"
        );
        assert!(!judged(text).is_empty(), "{text}");
    }
    for text in [
        "version = 1\n[[rule]]\nwhen = { endpoint = [\"akinon.*\"], nth = \"2..3\" }\nthen = { decline = \"NOT_SUFFICIENT_FUNDS\" }",
        "version = 1\n[[rule]]\nthen = { patch = [{ set = \"a.0\", value = [1, { b = \"c\" }] }] }\nwire = { delay = \"1s..2s\" }",
    ] {
        assert!(
            compile(&[("x".to_owned(), text.to_owned())]).is_ok(),
            "{text}"
        );
        assert_eq!(judged(text), Vec::<String>::new(), "{text}");
    }
}

/// Every knob's example is TOML, and what the schema says of that knob.
#[test]
fn examples_of_knobs_fit_their_kinds() {
    fn walk(knobs: &[Knob], schema: &'static Value) {
        for knob in knobs {
            let table: toml::Table = toml::from_str(knob.example).unwrap();
            let value = serde_json::to_value(&table[knob.name]).unwrap();
            let of_it = &schema["properties"][knob.name];
            if !knob.example.starts_with('[') {
                assert_eq!(wrong(of_it, &value, knob.name), Vec::<String>::new());
            }
            descend(&knob.kind, of_it);
        }
    }
    fn descend(kind: &Kind, schema: &'static Value) {
        let schema = schema.get("$ref").map_or(schema, pointed);
        match kind {
            Kind::Table(knobs) => walk(knobs, schema),
            Kind::List(kind) => descend(kind, &schema["items"]),
            Kind::OneOrMore(kind) => descend(kind, &schema["anyOf"][0]),
            Kind::Map(kind) => descend(kind, &schema["additionalProperties"]),
            Kind::Either(kinds) => {
                for (n, kind) in kinds.iter().enumerate() {
                    descend(kind, &schema["anyOf"][n]);
                }
            }
            _ => {}
        }
    }
    walk(knobs(), whole());
}

#[test]
fn the_scenarios_of_the_pages_compile() {
    let mut count = 0;
    for (path, text) in documents() {
        for block in text.split("```toml\n").skip(1) {
            let (block, _) = block.split_once("```").unwrap();
            let compiled = compile(&[(path.to_owned(), block.to_owned())]);
            compiled.unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(judged(block), Vec::<String>::new(), "{path}");
            count += 1;
        }
    }
    assert!(count > 0);
}

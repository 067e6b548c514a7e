//! What a scenario can say, written down from the types that read it: for the terminal, for editors, for
//! the pages in `docs/`.

mod markdown;
mod schema;
mod wallet;

pub use schema::schema;

use super::Failure;
use crate::route::Router;
use crate::scenario::knob::{Kind, Knob, knobs};
use crate::server::script::SHIPPED;
use crate::surface;
use std::fmt::Write;

/// The files that are made from the program itself: path in the repository, text.
pub fn documents() -> Vec<(&'static str, String)> {
    vec![
        ("scenario.schema.json", schema()),
        ("docs/scenarios.md", markdown::scenarios()),
        ("docs/problems.md", markdown::problems()),
        ("docs/wallet.md", wallet::page()),
    ]
}

/// Every endpoint, as OpenAPI 3.1.
pub fn openapi() -> String {
    let router = Router::new(surface::ALL).expect("no two rows answer the same call");
    let document = &router.description().document;
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// The options of `knobs`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only those with this in their name: `when.bin`
    #[arg(value_name = "PART")]
    part: Option<String>,
}

/// Prints every knob with its help and an example.
pub(super) fn print_knobs(args: &Args) -> Result<(), Failure> {
    let part = args.part.as_deref().unwrap_or_default();
    let mut text = String::new();
    for (path, knob) in all(knobs(), "") {
        if path.contains(part) {
            let doc = knob.doc.trim();
            let takes = takes(&knob.kind);
            let _ = write!(
                text,
                "{path}\n    {doc}\n    takes {takes}\n    {}\n\n",
                knob.example
            );
        }
    }
    if text.is_empty() {
        let hint = "hint: `mockpos knobs` without a word prints all";
        return Err(Failure::usage(format!(
            "no knob has `{part}` in its name\n{hint}"
        )));
    }
    print!("{text}");
    Ok(())
}

/// Prints the names of the shipped scenarios, each with what it is for.
pub(super) fn print_scenarios() {
    for (name, description) in shipped() {
        println!("{name:<34} {description}");
    }
}

/// The shipped scenarios, each with what it is for.
fn shipped() -> impl Iterator<Item = (&'static str, String)> {
    SHIPPED.iter().map(|(name, text)| {
        let table: Option<toml::Table> = toml::from_str(text).ok();
        let description = table.as_ref().and_then(|table| table.get("description"));
        let description = description.and_then(toml::Value::as_str);
        (*name, description.unwrap_or_default().to_owned())
    })
}

/// Every knob with its path, those of a table behind the table itself.
fn all(knobs: &'static [Knob], path: &str) -> Vec<(String, &'static Knob)> {
    let mut found = Vec::new();
    for knob in knobs {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", knob.name);
        found.push((path.clone(), knob));
        for inner in tables(&knob.kind) {
            found.extend(all(inner, &path));
        }
    }
    found
}

/// The tables that may stand at a key, or in a list at it.
fn tables(kind: &Kind) -> Vec<&'static [Knob]> {
    match kind {
        Kind::Table(knobs) => vec![knobs],
        Kind::List(kind) | Kind::OneOrMore(kind) | Kind::Map(kind) => tables(kind),
        Kind::Either(kinds) => kinds.iter().flat_map(tables).collect(),
        Kind::Flag
        | Kind::Number
        | Kind::Text(_)
        | Kind::Integer { .. }
        | Kind::Words(_)
        | Kind::Anything => Vec::new(),
    }
}

/// What may stand at a key, after "takes".
fn takes(kind: &Kind) -> String {
    match kind {
        Kind::Words(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
            format!("one of {}", words.join(", "))
        }
        Kind::Either(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(takes).collect();
            kinds.join(", or ")
        }
        Kind::List(kind) => format!("a list; in it {}", takes(kind)),
        Kind::OneOrMore(kind) => format!("{}; or a list of them", takes(kind)),
        Kind::Map(kind) => format!("a table with keys of your own; at each {}", takes(kind)),
        Kind::Flag
        | Kind::Number
        | Kind::Text(_)
        | Kind::Integer { .. }
        | Kind::Table(_)
        | Kind::Anything => kind.to_string(),
    }
}

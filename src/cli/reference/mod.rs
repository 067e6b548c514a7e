//! What a scenario can say, written down from the types that read it: for the terminal, for editors, for
//! the pages in `docs/`.

mod limits;
mod markdown;
mod schema;
mod wallet;

pub use schema::schema;

use super::Failure;
use crate::scenario::added::FOR_A_WHILE;
use crate::scenario::knob::{Kind, Knob, knobs};
use crate::scenario::suggest::nearest;
use crate::server::script::{self, SHIPPED, unknown};
use crate::surface;
use std::fmt::Write as _;
use std::io::{self, Write as _};

/// The files that are made from the program itself: path in the repository, text.
pub fn documents() -> Vec<(&'static str, String)> {
    vec![
        ("scenario.schema.json", schema()),
        ("docs/scenarios.md", markdown::scenarios()),
        ("docs/problems.md", markdown::problems()),
        ("docs/wallet.md", wallet::page()),
        ("docs/limits.md", limits::page()),
    ]
}

/// Every endpoint, as OpenAPI 3.1.
pub fn openapi() -> String {
    let document = &surface::router().description().document;
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

/// The options of `endpoints`.
#[derive(Debug, clap::Args)]
pub(super) struct EndpointArgs {
    /// Only those with this in their name or path: `refund`
    #[arg(value_name = "PART")]
    part: Option<String>,
}

/// The options of `scenarios`.
#[derive(Debug, clap::Args)]
pub(super) struct ScenarioArgs {
    /// Print this one, as a file to begin with
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Writes to standard output. Whoever reads it may have seen enough and gone: `mockpos knobs | head`.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints every knob with its help and an example.
pub(super) fn print_knobs(args: &Args) -> Result<(), Failure> {
    let part = args.part.as_deref().unwrap_or_default();
    let all: Vec<_> = all(knobs(), "").into_iter().chain(for_a_while()).collect();
    let mut text = String::new();
    for (path, knob) in all.iter().filter(|(path, _)| path.contains(part)) {
        let (doc, takes) = (knob.doc.trim(), takes(&knob.kind));
        let _ = write!(
            text,
            "{path}\n    {doc}\n    takes {takes}\n    {}\n\n",
            knob.example
        );
    }
    if text.is_empty() {
        let last = part.rsplit('.').next().unwrap_or(part);
        let names: Vec<&str> = all.iter().map(|(_, knob)| knob.name).collect();
        let near = nearest(last, &names);
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        return Err(Failure::usage(format!(
            "no knob has `{part}` in its name\nhint: {near}`mockpos knobs` without a word prints all"
        )));
    }
    print(&text);
    Ok(())
}

/// Prints the endpoints' names, with what reaches them.
pub(super) fn print_endpoints(args: &EndpointArgs) -> Result<(), Failure> {
    let part = args.part.as_deref().unwrap_or_default();
    let told = |name: &str, path: &str| name.contains(part) || path.contains(part);
    let mut text = String::new();
    for surface in surface::ALL {
        let rows = surface.endpoints.iter().copied().flatten();
        for row in rows.filter(|row| told(row.name, row.path)) {
            let page = row.page.map(|page| format!("?page={page}"));
            let (method, page) = (row.method.as_str(), page.unwrap_or_default());
            let _ = writeln!(text, "{:<45} {method:<6} {}{page}", row.name, row.path);
        }
        for row in surface.timed.iter().filter(|row| told(row.name, "TIME")) {
            let _ = writeln!(
                text,
                "{:<45} TIME   nobody calls it: it falls due",
                row.name
            );
        }
    }
    if text.is_empty() {
        let hint = "hint: `mockpos endpoints` without a word prints all";
        return Err(Failure::usage(format!(
            "no endpoint has `{part}` in its name or path\n{hint}"
        )));
    }
    print(&text);
    Ok(())
}

/// Prints the names of the shipped scenarios, each with what it is for; or the text of one.
pub(super) fn print_scenarios(args: &ScenarioArgs) -> Result<(), Failure> {
    if let Some(name) = &args.name {
        let (_, text) = script::shipped(name).ok_or_else(|| Failure::usage(unknown(name)))?;
        print(&text.replacen("../scenario.schema.json", "scenario.schema.json", 1));
        return Ok(());
    }
    let lines = shipped().map(|(name, description)| format!("{name:<34} {description}\n"));
    print(&lines.collect::<String>());
    Ok(())
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

/// The keys that only rules which are added have.
fn for_a_while() -> impl Iterator<Item = (String, &'static Knob)> {
    let knobs = FOR_A_WHILE.iter();
    knobs.map(|knob| (format!("POST /__mockpos/rules: rule.{}", knob.name), knob))
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

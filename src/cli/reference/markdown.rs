//! The pages in `docs/` about the scenario language.

use super::{all, shipped, tables, takes};
use crate::route::word;
use crate::scenario::added::FOR_A_WHILE;
use crate::scenario::amounts::{DECLINES, ENDS, OUTCOMES, REASONS};
use crate::scenario::knob::{Kind, Knob, knobs};
use crate::scenario::mistake::Mistake;
use crate::scenario::words::spelled;
use crate::surface;
use std::fmt::Write;

/// What people write; the rest is made.
const PREFACE: &str = include_str!("preface.md");

/// Said on top of each page.
pub(super) const MADE: &str =
    "<!-- Made from the program: `UPDATE=1 cargo test --test reference` writes it anew. -->\n\n";

/// More words than this have a list of their own.
const FEW: usize = 16;

/// What amounts say by themselves.
fn amounts(page: &mut String) {
    let _ = write!(
        page,
        "\n## Magic amounts\n\nOf any currency with two decimals, where neither the call nor a rule says otherwise; \
         `magic_amounts = false` under `[settings]` turns them off.\n\n| to pay | what happens |\n|---|---|\n"
    );
    for (decimals, reason) in REASONS {
        let word = reason.word();
        let _ = writeln!(
            page,
            "| {DECLINES}.{decimals:02} | the payment is declined: `{word}` |"
        );
    }
    for (decimals, how) in OUTCOMES {
        let (word, md_status) = (spelled(how.outcome), how.md_status);
        let _ = writeln!(
            page,
            "| {ENDS}.{decimals:02} | 3-D Secure: `{word}`, mdStatus {md_status} |"
        );
    }
}

/// The language.
pub(super) fn scenarios() -> String {
    let mut page =
        format!("{MADE}{PREFACE}\n## Shipped scenarios\n\n| name | what it is for |\n|---|---|\n");
    for (name, description) in shipped() {
        let _ = writeln!(page, "| `{name}` | {} |", cell(&description));
    }
    page.push_str("\n## Keys\n\n");
    rows(&mut page, knobs());
    for (path, knob) in all(knobs(), "") {
        for inner in tables(&knob.kind) {
            let _ = write!(page, "\n### `{path}`\n\n{}.\n\n", sentence(knob.doc));
            rows(&mut page, inner);
        }
    }
    page.push_str(
        "\n### Rules for a while\n\n`POST /__mockpos/rules` takes rules with these keys besides; in a file they have no place.\n\n",
    );
    rows(&mut page, FOR_A_WHILE);
    page.push_str("\n## Words\n");
    let mut told = Vec::new();
    for (_, knob) in all(knobs(), "") {
        if let Some(words) = many(&knob.kind).filter(|words| !told.contains(words)) {
            let list: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            let _ = write!(
                page,
                "\n### Words of `{}`\n\n{}\n",
                knob.name,
                list.join(", ")
            );
            told.push(words);
        }
    }
    amounts(&mut page);
    page.push_str("\n## Endpoints\n\nWhat `then` can decide at each; `patch`, `headers`, `set_state` and `wire` are for any.\n\n");
    page.push_str("| `endpoint` | `page` | what is decided |\n|---|---|---|\n");
    let mut rows = surface::catalog().rows;
    // an endpoint may have two methods
    rows.dedup_by_key(|row| (row.name, row.page));
    for row in rows {
        let points: Vec<_> = row.points.iter().copied().map(word).collect();
        let shown = row.page.map(|page| format!("`{page}`")).unwrap_or_default();
        let _ = writeln!(page, "| `{}` | {shown} | {} |", row.name, points.join(", "));
    }
    page
}

/// The kinds of mistake.
pub(super) fn problems() -> String {
    let mut page = format!(
        "{MADE}# What can be wrong with a scenario\n\n`mockpos check FILE` tells all of it at once, each with its place and a code. A code is \
         never given to another kind.\n`--format json` is for programs, `--format github` for annotations at the lines of a pull request.\n\n\
         | code | what | how to mend it |\n|---|---|---|\n"
    );
    for mistake in Mistake::ALL {
        let (code, title) = (mistake.code(), mistake.title());
        let _ = writeln!(page, "| {code} | {title} | {} |", cell(mistake.help()));
    }
    page
}

fn rows(page: &mut String, knobs: &[Knob]) {
    page.push_str("| key | what it does | takes | for example |\n|---|---|---|---|\n");
    for knob in knobs {
        let must = if knob.required {
            " (must be given)"
        } else {
            ""
        };
        let takes = match many(&knob.kind) {
            Some(_) => format!("a word of [this list](#words-of-{})", knob.name),
            None => takes(&knob.kind),
        };
        let (name, doc) = (knob.name, cell(knob.doc.trim()));
        let (takes, example) = (cell(&takes), cell(knob.example));
        let _ = writeln!(page, "| `{name}`{must} | {doc} | {takes} | `{example}` |");
    }
}

/// The words of a knob, when they are too many for a table.
fn many(kind: &Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Words(words) => (words.len() > FEW).then_some(*words),
        Kind::Either(kinds) => kinds.iter().find_map(many),
        Kind::OneOrMore(kind) | Kind::List(kind) => many(kind),
        Kind::Flag
        | Kind::Number
        | Kind::Text(_)
        | Kind::Integer { .. }
        | Kind::Map(_)
        | Kind::Table(_)
        | Kind::Anything => None,
    }
}

/// Text that may stand in a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn sentence(doc: &str) -> String {
    let doc = doc.trim();
    let mut letters = doc.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

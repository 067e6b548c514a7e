//! What one call brings along: the body of a `then`, with `wire` in it, as one value of a header or of a query
//! parameter. Checked by the same compiler as a file's rules, at the endpoint of the call.

use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::document;
use crate::scenario::engine::Rule;
use crate::scenario::knob::{Kind, Knob, joined};
use crate::scenario::problem::{Place, Problems, Report, Source};
use crate::scenario::read::{At, Item, Read, Table, table};
use crate::scenario::rule::said;
use crate::scenario::then::Then;
use crate::scenario::when::When;
use crate::scenario::wire::WireKeys;
use std::sync::Arc;
use toml::de::DeValue;

table! {
    /// What stands beside the keys of `then`.
    struct Beside {
        /// what happens on the way
        wire: Option<At<WireKeys>> = r#"wire = { fault = "reset", when = "after_commit" }"#,
    }
}

table! {
    /// The text as a document.
    struct Document {
        /// what is to happen
        then: At<Aside> = r#"then = { decline = "insufficient_funds" }"#,
    }
}

/// What is to happen.
#[derive(Debug, Clone)]
pub(crate) struct Aside {
    then: Option<Then>,
    wire: Option<At<WireKeys>>,
}

const KNOBS: [Knob; Then::KNOBS.len() + Beside::KNOBS.len()] = joined(Then::KNOBS, Beside::KNOBS);

impl Read for Aside {
    const KIND: Kind = Kind::Table(&KNOBS);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let table = Table::open(item, report, &KNOBS)?;
        let DeValue::Table(keys) = item.value else {
            return None;
        };
        let only_wire = keys.len() == 1 && keys.contains_key("wire");
        let then = match only_wire {
            true => Some(None),
            false => Then::keys(&table, report).map(Some),
        };
        let beside = Beside::keys(&table, report);
        let whole = table.close(report);
        let (then, Beside { wire }) = (then?, beside?);
        whole.then_some(Self { then, wire })
    }
}

/// What `text` says of a call that is decided at `rows`; `title` is who says so.
pub fn steer(
    (title, text): (&str, &str),
    rows: &[&CatalogRow],
    catalog: &Catalog,
) -> Result<Rule, Problems> {
    let text = match text.trim_start().starts_with('{') {
        true => format!("then = {text}"),
        false => format!("then = {{ {text} }}"),
    };
    let name = title.to_owned();
    let mut report = Report::new(vec![Source { name, text }], catalog);
    let read = document::read(&mut report, Document::KNOBS, Document::keys);
    let steps = read.and_then(|document| {
        let At { place, value } = document.then;
        let then = value.then.map(|value| At { place, value });
        said((then.into_iter().collect(), value.wire), rows, &mut report)
    });
    report.finish()?;
    Ok(Rule {
        place: title.to_owned(),
        at: Place::default(),
        rows: Arc::default(),
        when: When::default(),
        steps: steps.unwrap_or_default(),
        in_order: false,
        repeats: false,
        tally: None,
    })
}

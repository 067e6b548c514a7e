//! A rule of the file, and what becomes of it.

use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::effects::Effects;
use crate::scenario::engine::Rule;
use crate::scenario::knob::Kind;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::read::{Any, At, Item, Read, table};
use crate::scenario::then::Then;
use crate::scenario::when::When;
use crate::scenario::wire::WireKeys;
use std::sync::Arc;
use toml::de::DeValue;

table! {
    /// A rule: when it speaks, what it decides, what happens on the way.
    struct RuleRow {
        /// when the rule speaks; not given: always
        when: Option<When> = r#"when = { bin = "525864", nth = 1 }"#,
        /// what is decided; of a list one for each call that fits, in order, and after its end the
        /// rule is silent
        then: Option<At<Steps>> = r#"then = { decline = "insufficient_funds" }"#,
        /// after the end of the list in `then` it begins again
        repeat: Option<At<bool>> = "repeat = true",
        /// what happens on the way
        wire: Option<At<WireKeys>> = r#"wire = { fault = "reset", when = "after_commit" }"#,
    }
}

/// What is decided: always the same, or one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    all: Vec<At<Then>>,
    in_order: bool,
}

impl Read for Steps {
    const KIND: Kind = Kind::OneOrMore(&Then::KIND);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let in_order = matches!(item.value, DeValue::Array(_));
        let Any(all) = Any::read(item, report)?;
        Some(Self { all, in_order })
    }
}

impl At<RuleRow> {
    /// The rule; None when it says nothing, contradicts itself or can never speak.
    pub fn compile(self, catalog: &Catalog, report: &mut Report) -> Option<Rule> {
        let (place, spot) = (self.place, report.spot(self.place));
        let RuleRow {
            when,
            then,
            repeat,
            wire,
        } = self.value;
        if then.is_none() && wire.is_none() {
            report.say(
                Mistake::SaysNothing,
                self.place,
                "a rule needs `then` or `wire`",
            );
            return None;
        }
        let in_order = then.as_ref().is_some_and(|then| then.value.in_order);
        if let Some(repeat) = repeat.as_ref().filter(|_| !in_order) {
            let found = report.say(
                Mistake::NeedsAnother,
                repeat.place,
                "`repeat` needs a list in `then`",
            );
            found.hint("a rule without a list speaks whenever it fits");
        }
        let when = when.unwrap_or_default();
        let rows = endpoints(&when, catalog, report);
        let thens = then.map_or_else(Vec::new, |then| then.value.all);
        let rows = rows.unwrap_or_default();
        let here: Vec<&CatalogRow> = rows.iter().map(|n| &catalog.rows[*n]).collect();
        for then in &thens {
            then.value.clashes_with(&when, report);
        }
        if !repeat.as_ref().is_some_and(|repeat| repeat.value) {
            too_many(&thens, &when, report);
        }
        let steps = said((thens, wire), &here, report)?;
        Some(Rule {
            place: spot,
            at: place,
            rows,
            when,
            steps,
            in_order,
            repeats: repeat.is_some_and(|repeat| repeat.value),
            tally: None,
        })
    }
}

/// Says which steps have no call left.
fn too_many(thens: &[At<Then>], when: &When, report: &mut Report) {
    let most = when
        .most_turns()
        .and_then(|most| usize::try_from(most).ok());
    if let Some(over) = most.and_then(|most| thens.get(most.max(1))) {
        let why = "this step never comes: `nth` leaves no call for it";
        let found = report.warn(Mistake::Unused, over.place, why);
        found.hint("the list goes on with each call of which it is the rule's turn");
    }
}

/// What is said, step by step, at these endpoints. Without any of them only what is wrong in itself is told.
pub(crate) fn said(
    (thens, wire): (Vec<At<Then>>, Option<At<WireKeys>>),
    rows: &[&CatalogRow],
    report: &mut Report,
) -> Option<Vec<Effects>> {
    let all = report.catalog.clone();
    for then in thens.iter().filter(|_| !rows.is_empty()) {
        then.value.check(rows, &all.rows, report);
        then.value.clashes(rows, wire.as_ref(), report);
    }
    let wire = wire.map(|wire| wire.value.wire(wire.place, report));
    let steps: Vec<Option<Effects>> = match thens.is_empty() {
        true => vec![Some(Effects::default())],
        false => thens
            .into_iter()
            .map(|then| then.value.effects(then.place, report))
            .collect(),
    };
    let wire = match wire {
        Some(wire) => Some(wire?),
        None => None,
    };
    let aimed = |effects: Effects| Effects {
        wire,
        ..effects.aimed_at(rows)
    };
    let steps = steps.into_iter().map(|step| step.map(aimed));
    steps.collect()
}

/// The endpoints that the rule may speak at, by their rows; None when it says of them what cannot be.
fn endpoints(when: &When, catalog: &Catalog, report: &mut Report) -> Option<Arc<[usize]>> {
    let good = when.check(report);
    let rows = report.rows_of(when);
    if let Some(place) = when.place().filter(|_| good && rows.is_empty()) {
        let found = report.say(Mistake::NoEndpoint, place, "no endpoint fits this rule");
        found.hint("`endpoint` and `page` must fit the same endpoint");
    }
    if good && !rows.is_empty() {
        let here: Vec<&CatalogRow> = rows.iter().map(|n| &catalog.rows[*n]).collect();
        when.check_known(&here, report);
        when.check_possible(&here, report);
        return Some(rows);
    }
    None
}

impl Report {
    /// The rows of the catalog that a rule names. Most rules of a file name the same ones.
    fn rows_of(&mut self, when: &When) -> Arc<[usize]> {
        let spot = when.spot();
        if let Some((_, rows)) = self.known_rows.iter().find(|(known, _)| *known == spot) {
            return Arc::clone(rows);
        }
        let numbered = self.catalog.rows.iter().enumerate();
        let named = numbered.filter(|(_, row)| when.names(row));
        let rows: Arc<[usize]> = named.map(|(n, _)| n).collect();
        // The latest first, and not many: a file whose rules all name others gains nothing.
        self.known_rows.insert(0, (spot, Arc::clone(&rows)));
        self.known_rows.truncate(32);
        rows
    }
}

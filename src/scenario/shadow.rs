//! Which rules never have their turn: those above them leave nothing over.
//!
//! A rule that asks for an exact value leaves nothing over only for rules that ask for the same one, so rules are kept
//! by the value that the fewest ask for, and the others by their endpoints.

use crate::scenario::catalog::Catalog;
use crate::scenario::conditions::Conditions;
use crate::scenario::effects::{Effects, Kinds};
use crate::scenario::engine::Rule;
use crate::scenario::index::Field;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::read::{Any, At};
use crate::scenario::values::Glob;
use crate::scenario::words::spelled;
use std::collections::HashMap;
use std::sync::Arc;

/// How many pairs of rules are compared. Rules that ask for exact values are hardly ever compared; of others
/// this is more than two thousand, each with all the rest.
const MOST_PAIRS: usize = 3_000_000;

/// Where a rule can ask for an exact value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Exact {
    /// where calls are looked up by it
    Field(Field),
    /// a key of `when`
    Key(&'static str),
}

/// A place, and the values of which any will do.
type Asked = (Exact, Vec<String>);

impl Conditions {
    /// What is asked for exactly.
    fn exact(&self) -> Vec<Asked> {
        let looked_up = self.wanted().into_iter();
        let mut all: Vec<Asked> = looked_up
            .map(|(field, values)| (Exact::Field(field), values))
            .collect();
        let flags = [("stored_card", self.stored_card), ("three_d", self.three_d)];
        let flags = flags
            .into_iter()
            .filter_map(|(key, flag)| Some((key, vec![flag?.to_string()])));
        let texts = [
            ("card_program", literals(self.card_program.as_ref())),
            ("bank", literals(self.bank.as_ref())),
            (
                "state",
                of(self.state.as_ref(), |s| Some(s.value.0.clone())),
            ),
            (
                "currency",
                of(self.currency.as_ref(), |c| Some(c.code().to_owned())),
            ),
            (
                "pos_kind",
                of(self.pos_kind.as_ref(), |k| Some(spelled(*k).to_owned())),
            ),
            (
                "installment",
                of(self.installment.as_ref(), |n| single(n.value.ends())),
            ),
            ("amount", of(self.amount.as_ref(), |a| single(a.ends()))),
        ];
        let texts = texts
            .into_iter()
            .filter_map(|(key, values)| Some((key, values?)));
        all.extend(flags.chain(texts).map(|(key, v)| (Exact::Key(key), v)));
        all
    }
}

/// Each as a text; None: one of them has none, or nothing is asked.
fn of<T>(any: Option<&Any<T>>, text: impl Fn(&T) -> Option<String>) -> Option<Vec<String>> {
    any?.0.iter().map(text).collect()
}

fn literals(any: Option<&Any<At<Glob>>>) -> Option<Vec<String>> {
    of(any, |glob| {
        let text = &glob.value.0;
        (!text.contains('*')).then(|| text.clone())
    })
}

fn single((low, high): (i64, i64)) -> Option<String> {
    (low == high).then(|| low.to_string())
}

/// The rules so far that speak whenever they fit.
#[derive(Default)]
struct Steady {
    keyed: HashMap<Exact, HashMap<String, Vec<usize>>>,
    /// those that ask for no exact value, by their endpoints
    general: HashMap<Arc<[usize]>, Vec<usize>>,
}

impl Steady {
    fn put(&mut self, n: usize, rule: &Rule, rarest: Option<&Asked>) {
        if rule.counts() || rule.when.odds().is_some() {
            return;
        }
        let Some((place, values)) = rarest else {
            self.general
                .entry(Arc::clone(&rule.rows))
                .or_default()
                .push(n);
            return;
        };
        let known = self.keyed.entry(place.clone()).or_default();
        for value in values {
            known.entry(value.clone()).or_default().push(n);
        }
    }

    /// Those that may leave nothing over for `rule`.
    fn near<'s>(&'s self, rule: &'s Rule, exact: &'s [Asked]) -> impl Iterator<Item = usize> {
        let meet = |rows: &Arc<[usize]>| {
            Arc::ptr_eq(rows, &rule.rows) || rows.iter().any(|n| rule.rows.binary_search(n).is_ok())
        };
        let general = self.general.iter().filter(move |(rows, _)| meet(rows));
        let keyed = exact.iter().filter_map(|(place, values)| {
            let known = self.keyed.get(place)?;
            known.get(values.first()?)
        });
        keyed
            .chain(general.map(|(_, list)| list))
            .flatten()
            .copied()
    }
}

/// Of what each rule asks for exactly, what the fewest rules ask for.
fn rarest(exact: &[Vec<Asked>]) -> Vec<Option<&Asked>> {
    let mut counts: HashMap<(&Exact, &str), usize> = HashMap::new();
    for (place, values) in exact.iter().flatten() {
        for value in values {
            *counts.entry((place, value)).or_default() += 1;
        }
    }
    let shared = |(place, values): &&Asked| {
        let counts = values
            .iter()
            .map(|value| counts.get(&(place, value.as_str())));
        counts.map(|n| n.copied().unwrap_or(0)).max()
    };
    exact
        .iter()
        .map(|all| all.iter().min_by_key(shared))
        .collect()
}

/// Says which rules never have their turn, since others above them leave nothing over.
pub(crate) fn check_turns(rules: &[Rule], catalog: &Catalog, report: &mut Report) {
    let exact: Vec<Vec<Asked>> = rules.iter().map(|rule| rule.when.fits.exact()).collect();
    let rarest = rarest(&exact);
    let mut steady = Steady::default();
    let mut pairs = 0;
    for (n, rule) in rules.iter().enumerate() {
        let mut left = Left::new(rule);
        for above in steady.near(rule, &exact[n]).map(|n| &rules[n]) {
            pairs += 1;
            if pairs == MOST_PAIRS {
                too_many(rule, report);
            }
            if pairs >= MOST_PAIRS || left.is_nothing() {
                break;
            }
            if above.when.covers(&rule.when) {
                left.take(above, catalog);
            }
        }
        if left.is_nothing() {
            tell(rule, &left.takers, report);
        }
        steady.put(n, rule, rarest[n]);
    }
}

fn too_many(rule: &Rule, report: &mut Report) {
    let why = "from here on it is not known which rules ever have their turn: there are too many";
    let found = report.warn(Mistake::TooMuch, rule.at, why);
    found.hint(
        "a rule that asks for an exact value, as `bin` or `order_no`, is compared with few others",
    );
}

/// What others have left over for a rule.
struct Left<'r> {
    rule: &'r Rule,
    /// by endpoint; None: nobody has taken anything yet
    said: Option<Vec<(usize, Kinds)>>,
    takers: Vec<&'r Rule>,
}

impl<'r> Left<'r> {
    const fn new(rule: &'r Rule) -> Self {
        Self {
            rule,
            said: None,
            takers: Vec::new(),
        }
    }

    fn take(&mut self, above: &'r Rule, catalog: &Catalog) {
        let here = |n: usize| Kinds::all(catalog.rows[n].points);
        let rule = self.rule;
        let all = || {
            rule.rows
                .iter()
                .map(|&n| (n, says(rule, here(n))))
                .collect()
        };
        let said: &mut Vec<(usize, Kinds)> = self.said.get_or_insert_with(all);
        let mut took = false;
        for (n, kinds) in said.iter_mut().filter(|(_, kinds)| !kinds.is_empty()) {
            if above.rows.binary_search(n).is_ok() {
                let rest = kinds.without(says(above, here(*n)));
                took |= rest != *kinds;
                *kinds = rest;
            }
        }
        if took {
            self.takers.push(above);
        }
    }

    fn is_nothing(&self) -> bool {
        let said = self.said.as_ref().filter(|_| !self.takers.is_empty());
        said.is_some_and(|said| said.iter().all(|(_, kinds)| kinds.is_empty()))
    }
}

/// What any of its steps says where that is decided.
fn says(rule: &Rule, here: Kinds) -> Kinds {
    let says = rule.steps.iter().map(|step: &Effects| step.says(here));
    says.fold(Kinds::default(), Kinds::and)
}

fn tell(rule: &Rule, takers: &[&Rule], report: &mut Report) {
    let Some(first) = takers.iter().min_by_key(|taker| taker.at) else {
        return;
    };
    let elsewhere = takers.iter().find(|taker| taker.at.file != rule.at.file);
    let found = report.warn(Mistake::Shadowed, rule.at, "this rule never has its turn");
    found.hint(match elsewhere {
        Some(other) => format!(
            "the rule at {}, of a file on top of this one, says the same of all its calls; where that is meant, all is well",
            other.place
        ),
        None => format!(
            "the rule at {} says the same of all its calls; put this one above it",
            first.place
        ),
    });
}

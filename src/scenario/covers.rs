//! Whether one rule's conditions leave nothing over for another's, and which rules never have their turn.

use crate::scenario::catalog::Catalog;
use crate::scenario::conditions::Conditions;
use crate::scenario::effects::{Effects, Kinds};
use crate::scenario::engine::Rule;
use crate::scenario::index::Field;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::read::{Any, Map};
use crate::scenario::values::Glob;
use std::collections::HashMap;

impl Conditions {
    /// Whether every call that fits `other` fits this too, but for endpoint and page.
    pub fn covers(&self, other: &Self) -> bool {
        // No `..`: a knob that is not considered does not compile.
        let Self {
            endpoint: _, // by the rows
            page: _,     // by the rows
            msisdn,
            bin,
            card_program,
            bank,
            stored_card,
            amount,
            currency,
            installment,
            pos_kind,
            three_d,
            transaction_type,
            order_no,
            card_alias,
            card_name,
            header,
            body,
            query,
            state,
            after,
            until,
        } = self;
        any(msisdn, &other.msisdn, wider)
            && any(bin, &other.bin, |a, b| b.0.starts_with(&a.0))
            && any(card_program, &other.card_program, |a, b| {
                wider(&a.value, &b.value)
            })
            && any(bank, &other.bank, |a, b| wider(&a.value, &b.value))
            && (stored_card.is_none() || *stored_card == other.stored_card)
            && amount.is_none_or(|a| other.amount.is_some_and(|b| a.covers(&b)))
            && any(currency, &other.currency, PartialEq::eq)
            && any(installment, &other.installment, |a, b| a.covers(b))
            && any(pos_kind, &other.pos_kind, PartialEq::eq)
            && (three_d.is_none() || *three_d == other.three_d)
            && any(transaction_type, &other.transaction_type, |a, b| {
                wider(&a.0, &b.0)
            })
            && any(order_no, &other.order_no, wider)
            && any(card_alias, &other.card_alias, wider)
            && any(card_name, &other.card_name, wider)
            && all(header, &other.header)
            && all(body, &other.body)
            && all(query, &other.query)
            && any(state, &other.state, |a, b| a.value == b.value)
            && after.as_ref().is_none_or(|a| {
                let later = other.after.as_ref();
                later.is_some_and(|b| b.value.0 >= a.value.0)
            })
            && until.as_ref().is_none_or(|a| {
                let sooner = other.until.as_ref();
                sooner.is_some_and(|b| b.value.0 <= a.value.0)
            })
    }
}

/// Whether each value of `b` is among those of `a`. Nothing asked for is all.
fn any<T>(a: &Option<Any<T>>, b: &Option<Any<T>>, one: impl Fn(&T, &T) -> bool) -> bool {
    let Some(a) = a else { return true };
    let Some(b) = b else { return false };
    b.0.iter().all(|b| a.0.iter().any(|a| one(a, b)))
}

fn all(a: &Map<Any<Glob>>, b: &Map<Any<Glob>>) -> bool {
    a.0.iter().all(|(key, wanted)| {
        let same = b.0.iter().find(|(other, _)| other.value == key.value);
        same.is_some_and(|(_, other)| other.0.iter().all(|b| wanted.0.iter().any(|a| wider(a, b))))
    })
}

/// Whether all that fits `b` fits `a`, as far as can be seen.
fn wider(a: &Glob, b: &Glob) -> bool {
    a == b || a.0 == "*" || (!b.0.contains('*') && a.matches(&b.0))
}

/// How many rules that ask for no exact value are compared with each later one.
const MOST_GENERAL: usize = 200;

/// The rules so far of one file that speak whenever they fit, by an exact value that they ask for.
#[derive(Default)]
struct Steady {
    general: Vec<usize>,
    keyed: HashMap<(Field, String), Vec<usize>>,
}

impl Steady {
    fn put(&mut self, n: usize, rule: &Rule) {
        if rule.counts() || rule.when.odds().is_some() {
            return;
        }
        match rule.when.wanted().into_iter().next() {
            None if self.general.len() < MOST_GENERAL => self.general.push(n),
            None => {}
            Some((field, values)) => {
                for value in values {
                    let list = self.keyed.entry((field.clone(), value)).or_default();
                    list.push(n);
                }
            }
        }
    }

    /// Those that may leave nothing over for `rule`.
    fn near(&self, rule: &Rule) -> Vec<usize> {
        let mut near = self.general.clone();
        for (field, values) in rule.when.wanted() {
            let first = values.into_iter().next().unwrap_or_default();
            near.extend(self.keyed.get(&(field, first)).into_iter().flatten());
        }
        near
    }
}

/// Says which rules never have their turn, since others of the same file leave nothing over for them. Rules of
/// another file are put in front of them on purpose.
pub(crate) fn check_turns(rules: &[Rule], catalog: &Catalog, report: &mut Report) {
    let mut file = None;
    let mut steady = Steady::default();
    for (n, rule) in rules.iter().enumerate() {
        if file != Some(rule.at.file) {
            (file, steady) = (Some(rule.at.file), Steady::default());
        }
        let near = steady.near(rule).into_iter().map(|n| &rules[n]);
        let above: Vec<&Rule> = near.filter(|above| above.when.covers(&rule.when)).collect();
        if !above.is_empty() && nothing_over(rule, &above, catalog) {
            let first = above[0].place.clone();
            let why = "this rule never has its turn";
            let found = report.warn(Mistake::Shadowed, rule.at, why);
            found.hint(format!(
                "the rule at {first} says the same of all its calls; put this one above it"
            ));
        }
        steady.put(n, rule);
    }
}

fn nothing_over(rule: &Rule, above: &[&Rule], catalog: &Catalog) -> bool {
    rule.rows.iter().all(|n| {
        let here = Kinds::all(catalog.rows[*n].points);
        let says = |step: &Effects| step.says(here);
        let said = rule
            .steps
            .iter()
            .map(says)
            .fold(Kinds::default(), Kinds::and);
        let above = above.iter().filter(|above| above.rows.contains(n));
        let taken = above.flat_map(|above| &above.steps).map(says);
        said.without(taken.fold(Kinds::default(), Kinds::and))
            .is_empty()
    })
}

//! Expectations held against the journal: how often each was met, in which order, and what came near.

use super::{Entry, Journal};
use crate::call::Call;
use crate::scenario::engine::{Asked, Scene};
use crate::scenario::expectation::Expectation;
use crate::scenario::{Condition, Scenario};
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Reverse;

/// How many calls are named of those that fit.
const NAMED: usize = 20;
/// How many calls are named of those that came near.
const NEAR: usize = 3;

/// What was found of one expectation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// what it is called
    pub name: String,
    /// where it stands: `shop.toml:12`
    pub place: String,
    /// how often it was wanted: `>= 1`
    pub wanted: String,
    /// how many calls fit
    pub found: usize,
    /// whether all is well
    pub passed: bool,
    /// what is not
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// the numbers of the first calls that fit
    pub calls: Vec<u64>,
    /// the calls that came nearest, when more were wanted
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<Miss>,
}

/// A call that did not fit, and by what.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Miss {
    /// its number
    pub n: u64,
    /// `POST /orders/checkout/?page=OrderNotePage`
    pub call: String,
    /// the conditions that it does not fit
    pub differs: Vec<Condition>,
}

/// What is found of each expectation.
pub fn judge(journal: &Journal, scenario: &Scenario, expectations: &[Expectation]) -> Vec<Finding> {
    let entries = || journal.entries().filter(|entry| entry.counts());
    let made: Vec<Call> = entries().map(Entry::call).collect();
    let asked = entries().zip(&made);
    let asked: Vec<_> = asked.map(|(entry, call)| asked_of(entry, call)).collect();
    let calls = entries().zip(&asked).map(|(entry, asked)| {
        let seen = &entry.seen.scene;
        let scene = Scene::of(asked, &scenario.bins, (&seen.state, seen.age));
        (entry, scene)
    });
    let calls: Vec<Seen<'_>> = calls.collect();
    let hits = expectations.iter().map(|wanted| hits(wanted, &calls));
    let hits: Vec<Vec<u64>> = hits.collect();
    let out_of_order = out_of_order(expectations, &hits);
    let all = expectations.iter().zip(&hits).zip(out_of_order);
    all.map(|((wanted, hits), order)| finding(wanted, (hits, order), &calls))
        .collect()
}

/// A call, and how rules saw it.
type Seen<'a> = (&'a Entry, Scene<'a>);

fn asked_of<'a>(entry: &'a Entry, call: &'a Call) -> Asked<'a> {
    Asked {
        call,
        facts: &entry.facts,
        points: entry.seen.row.map_or(&[], |row| row.points),
        now: entry.at,
        asides: &[],
    }
}

/// The numbers of the calls that fit, in order.
fn hits(wanted: &Expectation, calls: &[Seen<'_>]) -> Vec<u64> {
    let fits = |call: &&Seen<'_>| wanted.fits(&call.1, call.0.seen.row.as_ref(), call.0.status);
    let turns = calls.iter().filter(fits).zip(1..);
    let due = turns.filter(|(_, turn)| wanted.due(*turn));
    due.map(|((entry, _), _)| entry.n).collect()
}

fn finding(
    wanted: &Expectation,
    (hits, order): (&[u64], Option<String>),
    calls: &[Seen<'_>],
) -> Finding {
    let met = wanted.is_met_by(hits.len());
    let count = || format!("wanted {}, found {}", wanted.wanted(), hits.len());
    let nearest = match wanted.wants_more_than(hits.len()) {
        true => nearest(wanted, hits, calls),
        false => Vec::new(),
    };
    Finding {
        name: wanted.name.clone(),
        place: wanted.place.clone(),
        wanted: wanted.wanted(),
        found: hits.len(),
        passed: met && order.is_none(),
        why: if met { order } else { Some(count()) },
        calls: hits.iter().take(NAMED).copied().collect(),
        nearest,
    }
}

/// The calls that differ by the fewest conditions, the latest of them first. A call that fits but for
/// its turn differs by none.
fn nearest(wanted: &Expectation, hits: &[u64], calls: &[Seen<'_>]) -> Vec<Miss> {
    let others = calls.iter().filter(|(entry, _)| !hits.contains(&entry.n));
    let mut misses: Vec<Miss> = others
        .map(|call| {
            let entry = call.0;
            let row = entry.seen.row.as_ref();
            let mut differs = wanted.conditions(&call.1, row, entry.status);
            differs.retain(|condition| !condition.fits);
            Miss {
                n: entry.n,
                call: format!("{} {}", entry.method, entry.target),
                differs,
            }
        })
        .collect();
    let far = |miss: &Miss| {
        let near = miss.differs.iter().filter(|c| c.nearly.is_some()).count();
        (miss.differs.len(), Reverse(near), Reverse(miss.n))
    };
    misses.sort_unstable_by_key(far);
    misses.truncate(NEAR);
    misses
}

/// For each expectation, what is wrong with its order.
fn out_of_order(expectations: &[Expectation], hits: &[Vec<u64>]) -> Vec<Option<String>> {
    let named = |name: &String| {
        let at = expectations.iter().position(|other| other.name == *name);
        at.map(|at| hits[at].first().copied())
    };
    let pairs = expectations.iter().zip(hits).map(|(wanted, hits)| {
        let first = *hits.first()?;
        let before = wanted.before.as_ref();
        let later = before.and_then(|name| Some((name, named(name)??)));
        if let Some((name, other)) = later.filter(|(_, other)| first >= *other) {
            return Some(format!(
                "call {first} did not come before `{name}`, call {other}"
            ));
        }
        let after = wanted.after.as_ref()?;
        match named(after).flatten() {
            None => Some(format!("call {first} came without `{after}` before it")),
            Some(other) if first <= other => Some(format!(
                "call {first} did not come after `{after}`, call {other}"
            )),
            Some(_) => None,
        }
    });
    let mut wrong: Vec<Option<String>> = pairs.collect();
    for (at, why) in out_of_sequence(expectations, hits) {
        wrong[at].get_or_insert(why);
    }
    wrong
}

/// Those with numbers that have no call behind one of the number before, each taking its first.
fn out_of_sequence(expectations: &[Expectation], hits: &[Vec<u64>]) -> Vec<(usize, String)> {
    let numbered = expectations.iter().enumerate();
    let mut numbered: Vec<_> = numbered.filter_map(|(at, e)| Some((e.seq?, at))).collect();
    numbered.sort_unstable();
    let (mut wrong, mut behind, mut latest) = (Vec::new(), 0, 0);
    let mut number = None;
    for (seq, at) in numbered {
        if number != Some(seq) {
            (number, behind) = (Some(seq), latest);
        }
        match hits[at].iter().find(|n| **n > behind) {
            Some(n) => latest = latest.max(*n),
            None if hits[at].is_empty() => {}
            None => wrong.push((at, format!("no call of it came after call {behind}"))),
        }
    }
    wrong
}

//! Which rules speak about a call.
//!
//! Each kind of decision (token, page error, 3-D Secure, authorisation, wire) is settled by the
//! first rule in the order of the file that fits the call and speaks of that kind. A rule with a
//! `then` is considered only at calls whose endpoint decides something of it, and its `wire` goes
//! with it; a rule with `wire` alone is considered at any call. What was settled before (how a
//! challenge ends that somebody has looked at) is not decided again. `nth` counts the calls at which
//! the rule is considered and all else fits, whether or not an earlier rule has settled the matter.

use crate::call::Call;
use crate::domain::decision::Point;
use crate::scenario::Scenario;
use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::effects::{Effects, Kinds};
use crate::scenario::facts::Facts;
use crate::scenario::verdict::Verdict;
use crate::scenario::when::When;
use std::collections::HashMap;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// `declines.toml:12`
    pub place: String,
    pub(crate) when: When,
    pub(crate) effects: Effects,
    /// which counter is its own, when it asks for the nth call
    pub(crate) counter: Option<usize>,
}

/// How often the rules that count have fitted, in one sandbox.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// by counter; empty until one is needed
    counts: Vec<u32>,
}

/// The rules that may speak at an endpoint, in order, by its name and page.
#[derive(Debug, Default)]
pub(crate) struct Index(HashMap<Spot, Vec<usize>>);

type Spot = (&'static str, Option<&'static str>);

impl Index {
    pub fn new(rules: &[Rule], catalog: &Catalog) -> Self {
        let mut index: HashMap<Spot, Vec<usize>> = HashMap::new();
        for row in &catalog.rows {
            let here = Kinds::all(row.points);
            let speaks = |rule: &Rule| !rule.effects.says(here).is_empty() && rule.when.names(row);
            let numbered = rules.iter().enumerate();
            let found: Vec<usize> = numbered
                .filter(|(_, rule)| speaks(rule))
                .map(|(n, _)| n)
                .collect();
            if !found.is_empty() {
                let list = index.entry((row.name, row.page)).or_default();
                list.extend(found);
                list.sort_unstable();
                list.dedup();
            }
        }
        Self(index)
    }

    /// Those that may speak at `row`.
    pub fn at(&self, row: &CatalogRow) -> &[usize] {
        self.0.get(&(row.name, row.page)).map_or(&[], |rules| rules)
    }
}

/// So many counters are told to the journal.
const TOLD: usize = 64;

impl Progress {
    /// How far the first of them have come.
    fn told(&self) -> Vec<u32> {
        self.counts.iter().take(TOLD).copied().collect()
    }

    /// Counts a call that fits `rule` but for `nth`, and says whether it is the rule's turn.
    fn due(&mut self, rule: &Rule) -> bool {
        let Some(counter) = rule.counter else {
            return true;
        };
        if self.counts.len() <= counter {
            self.counts.resize(counter + 1, 0);
        }
        let count = &mut self.counts[counter];
        *count = count.saturating_add(1);
        rule.when.due(*count)
    }
}

impl Scenario {
    /// What the rules say about a call with these facts, at an endpoint that decides `points`.
    pub fn decide(&self, progress: &mut Progress, asked: &Asked<'_>) -> Verdict {
        let mut verdict = Verdict::default();
        let spot = (asked.facts.endpoint, asked.facts.page);
        let Some(rules) = self.index.0.get(&spot) else {
            return verdict;
        };
        let settled = Kinds::all(&asked.facts.settled);
        let here = Kinds::all(asked.points).without(settled);
        let mut open = here.and(Kinds::WIRE);
        for rule in rules.iter().map(|&n| &self.rules[n]) {
            let says = rule.effects.says(here);
            let news = says.both(open);
            let counts = rule.counter.is_some() && !says.is_empty();
            if news.is_empty() && !counts {
                continue;
            }
            if rule.when.matches(asked) && progress.due(rule) && !news.is_empty() {
                rule.effects.apply(news, &mut verdict);
                verdict.decided_by.push(rule.place.clone());
                open = open.without(news);
            }
        }
        verdict.counts = progress.told();
        verdict
    }
}

/// A call as the rules see it.
#[derive(Debug)]
pub struct Asked<'a> {
    /// the call itself, for its headers
    pub call: &'a Call,
    /// what it is about
    pub facts: &'a Facts,
    /// what its endpoint decides
    pub points: &'a [Point],
}

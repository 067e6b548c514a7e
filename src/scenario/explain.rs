//! Why the rules said what they said of a call: each of them in order, and what it did not fit by.

use crate::scenario::Scenario;
use crate::scenario::catalog::CatalogRow;
use crate::scenario::effects::Kinds;
use crate::scenario::engine::{Asked, Rule};
use crate::scenario::why::Condition;
use serde::Serialize;

/// How many rules are told that speak at the call's endpoint.
const TOLD: usize = 200;
/// How many rules are looked at that speak elsewhere, and how many of them are told.
const LOOKED_AT: usize = 2_000;
const ELSEWHERE: usize = 3;

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// it fitted, and decided something
    Spoke,
    /// it fitted, and an earlier rule had decided all that it speaks of
    ComesTooLate,
    /// the call is not what it asks for
    DoesNotFit,
    /// it speaks at other endpoints, or of nothing that is decided here
    SpeaksElsewhere,
}

/// One rule, as it looked at a call.
#[derive(Debug, Clone, Serialize)]
pub struct RuleTold {
    /// where it stands: `declines.toml:12`
    pub rule: String,
    /// what became of it
    pub fate: Fate,
    /// all that it asks for
    pub conditions: Vec<Condition>,
}

/// What the rules said of a call.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Explained {
    /// those that were asked, in order
    pub rules: Vec<RuleTold>,
    /// the rule that came nearest to speaking, and did not
    pub nearest: Option<String>,
    /// of those that speak elsewhere, the ones that would have come nearest
    pub elsewhere: Vec<RuleTold>,
}

impl RuleTold {
    fn misses(&self) -> usize {
        self.conditions
            .iter()
            .filter(|condition| !condition.fits)
            .count()
    }

    /// By how many conditions it does not fit, and by how many of these not even nearly.
    fn far(&self) -> (usize, usize) {
        let far = self
            .conditions
            .iter()
            .filter(|c| !c.fits && c.nearly.is_none());
        (self.misses(), far.count())
    }
}

impl Scenario {
    /// What the rules said of a call at `row`. `counts` says how far those that count had come with
    /// it, by counter.
    pub fn explain(&self, asked: &Asked<'_>, row: &CatalogRow, counts: &[u32]) -> Explained {
        let settled = Kinds::all(&asked.facts.settled);
        let here = Kinds::all(asked.points).without(settled);
        let mut open = here.and(Kinds::WIRE);
        let at_endpoint = self.index.at(row);
        let mut explained = Explained::default();
        for rule in at_endpoint.iter().take(TOLD).map(|n| &self.rules[*n]) {
            let news = rule.effects.says(here).both(open);
            let mut told = rule.told((asked, Some(row)), counts);
            told.fate = match (told.misses(), news.is_empty()) {
                (0, false) => Fate::Spoke,
                (0, true) => Fate::ComesTooLate,
                (_, _) => Fate::DoesNotFit,
            };
            if told.fate == Fate::Spoke {
                open = open.without(news);
            }
            explained.rules.push(told);
        }
        let unfit = explained
            .rules
            .iter()
            .filter(|told| told.fate == Fate::DoesNotFit);
        let nearest = unfit.min_by_key(|told| told.far());
        explained.nearest = nearest.map(|told| told.rule.clone());
        let others = (0..self.rules.len()).filter(|n| !at_endpoint.contains(n));
        let others = others.take(LOOKED_AT).map(|n| &self.rules[n]);
        let mut others: Vec<_> = others
            .map(|rule| rule.told((asked, Some(row)), counts))
            .collect();
        others.sort_by_key(RuleTold::far);
        others.truncate(ELSEWHERE);
        explained.elsewhere = others;
        explained
    }
}

impl Rule {
    fn told(&self, (asked, row): (&Asked<'_>, Option<&CatalogRow>), counts: &[u32]) -> RuleTold {
        let count = self.counter.and_then(|counter| counts.get(counter));
        RuleTold {
            rule: self.place.clone(),
            fate: Fate::SpeaksElsewhere,
            conditions: self.when.conditions(asked, row, count.copied()),
        }
    }
}

//! Why the rules said what they said of a call: each of them in order, and what it did not fit by.

use crate::scenario::Scenario;
use crate::scenario::catalog::CatalogRow;
use crate::scenario::effects::Kinds;
use crate::scenario::engine::{Asked, Rule, Scene, SceneKept};
use crate::scenario::why::Condition;
use schemars::JsonSchema;
use serde::Serialize;

/// How many rules are told that speak at the call's endpoint.
const TOLD: usize = 200;
/// How many rules are looked at that speak elsewhere, and how many of them are told.
const LOOKED_AT: usize = 2_000;
const ELSEWHERE: usize = 3;

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// it fitted, and decided something
    Spoke,
    /// it fitted, and an earlier rule had decided all that it speaks of
    ComesTooLate,
    /// the call is not what it asks for
    DoesNotFit,
    /// it fitted, and had said all that it has to say before
    HasSaidAll,
    /// it fitted, and chance was not for it
    NotDrawn,
    /// it speaks at other endpoints, or of nothing that is decided here
    SpeaksElsewhere,
}

/// One rule, as it looked at a call.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleTold {
    /// where it stands: `declines.toml:12`
    pub rule: String,
    /// what became of it
    pub fate: Fate,
    /// all that it asks for
    pub conditions: Vec<Condition>,
}

/// What the rules said of a call.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
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

/// A call as it was, and what the rules saw besides it.
#[derive(Debug)]
pub struct Then<'a> {
    /// the call
    pub asked: &'a Asked<'a>,
    /// where it went
    pub row: &'a CatalogRow,
    /// its sandbox
    pub kept: &'a SceneKept,
    /// the places of the rules that spoke
    pub spoke: &'a [String],
}

impl Scenario {
    /// What the rules said of a call.
    pub fn explain(&self, then: &Then<'_>) -> Explained {
        let settled = Kinds::all(&then.asked.facts.settled);
        let here = Kinds::all(then.asked.points).without(settled);
        let mut open = here.and(Kinds::ANYWHERE);
        let scene = Scene::of(then.asked, &self.bins, (&then.kept.state, then.kept.age));
        let at_endpoint = self.index.at(then.row);
        let mut explained = Explained::default();
        for rule in at_endpoint.iter().take(TOLD).map(|n| &self.rules[*n]) {
            let mut told = rule.told(&scene, then);
            let (_, said) = rule.come(then.kept);
            let before = said.saturating_sub(u32::from(then.has_spoken(rule)));
            let news = rule.step(before).map(|step| step.says(here).both(open));
            told.fate = match news {
                _ if then.has_spoken(rule) => Fate::Spoke,
                _ if told.misses() > 0 => Fate::DoesNotFit,
                None => Fate::HasSaidAll,
                Some(news) if news.is_empty() => Fate::ComesTooLate,
                Some(_) => Fate::NotDrawn,
            };
            if let Some(news) = news.filter(|_| told.fate == Fate::Spoke) {
                open = open.without(news);
            }
            explained.rules.push(told);
        }
        let unfit = explained.rules.iter();
        let unfit = unfit.filter(|told| told.fate == Fate::DoesNotFit);
        let nearest = unfit.min_by_key(|told| told.far());
        explained.nearest = nearest.map(|told| told.rule.clone());
        let others = (0..self.rules.len()).filter(|n| !at_endpoint.contains(n));
        let others = others.take(LOOKED_AT).map(|n| &self.rules[n]);
        let mut others: Vec<_> = others.map(|rule| rule.told(&scene, then)).collect();
        others.sort_by_key(RuleTold::far);
        others.truncate(ELSEWHERE);
        explained.elsewhere = others;
        explained
    }
}

impl Then<'_> {
    fn has_spoken(&self, rule: &Rule) -> bool {
        self.spoke.contains(&rule.place)
    }
}

impl Rule {
    /// How often it had fitted and spoken, this call included. What is not kept counts as nothing.
    fn come(&self, kept: &SceneKept) -> (u32, u32) {
        let tally = self.tally.and_then(|tally| kept.tallies.get(tally));
        tally.copied().unwrap_or_default()
    }

    /// What it asks for. What is masked in the journal may look as if it had not fitted.
    fn told(&self, scene: &Scene<'_>, then: &Then<'_>) -> RuleTold {
        let (fitted, _) = self.come(then.kept);
        let count = self.tally.map(|_| fitted);
        let mut conditions = self.when.conditions(scene, Some(then.row), count);
        for condition in conditions.iter_mut().filter(|_| then.has_spoken(self)) {
            (condition.fits, condition.nearly) = (true, None);
        }
        RuleTold {
            rule: self.place.clone(),
            fate: Fate::SpeaksElsewhere,
            conditions,
        }
    }
}

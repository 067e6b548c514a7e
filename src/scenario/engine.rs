//! Which rules speak about a call.
//!
//! Each kind of decision (token, page error, 3-D Secure, authorisation, …) and of change (wire, patch,
//! headers) is settled by the first rule in the order of the file that fits the call and speaks of
//! that kind. A rule that decides something is considered only at calls whose endpoint decides that,
//! and what it does to the answer goes with it; a rule that decides nothing is considered at any call. What was settled before (how a
//! challenge ends that somebody has looked at) is not decided again. `nth` and
//! `every` count the calls at which the rule is considered and all else fits, whether or not an
//! earlier rule has settled the matter; so does the list of a rule that says one thing after the other.

use crate::call::Call;
use crate::clock::Timestamp;
use crate::domain::card::{Bin, BinTable};
use crate::domain::decision::Point;
use crate::scenario::Scenario;
use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::effects::{Effects, Kinds};
use crate::scenario::facts::Facts;
pub use crate::scenario::progress::Progress;
use crate::scenario::verdict::Verdict;
use crate::scenario::when::When;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// `declines.toml:12`
    pub place: String,
    pub(crate) when: When,
    /// what it says: at least one
    pub(crate) steps: Vec<Effects>,
    /// it says one after the other
    pub(crate) in_order: bool,
    /// and then begins again
    pub(crate) repeats: bool,
    /// which tally is its own, when it counts
    pub(crate) tally: Option<usize>,
}

impl Rule {
    /// Whether it must know how often it fitted or spoke.
    pub(crate) const fn counts(&self) -> bool {
        self.in_order || self.when.counts()
    }

    /// What it says after it has spoken `n` times; None when that was all.
    pub(crate) fn step(&self, n: u32) -> Option<&Effects> {
        let n = if self.in_order { n as usize } else { 0 };
        match self.repeats {
            true => self.steps.get(n % self.steps.len()),
            false => self.steps.get(n),
        }
    }
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
            let says = |step: &Effects| !step.says(here).is_empty();
            let speaks = |rule: &Rule| rule.steps.iter().any(says) && rule.when.names(row);
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
        let mut open = here.and(Kinds::ANYWHERE);
        let state = progress.state();
        let scene = Scene::of(asked, &self.bins, (&state, progress.age(asked.now)));
        for rule in rules.iter().map(|&n| &self.rules[n]) {
            let Some(step) = progress.step(rule) else {
                continue;
            };
            let says = step.says(here);
            let news = says.both(open);
            let counts = rule.counts() && !says.is_empty();
            if (news.is_empty() && !counts) || !rule.when.matches(&scene) || !progress.due(rule) {
                continue;
            }
            if !news.is_empty() {
                step.apply(news, progress, &mut verdict);
                verdict.decided_by.push(rule.place.clone());
                open = open.without(news);
            }
        }
        verdict.scene = SceneKept {
            state: Arc::clone(&state),
            age: scene.age,
            tallies: progress.told(),
        };
        verdict
    }
}

/// A call as the rules see it.
#[derive(Debug)]
pub struct Asked<'a> {
    /// the call itself, for its headers and fields
    pub call: &'a Call,
    /// what it is about
    pub facts: &'a Facts,
    /// what its endpoint decides
    pub points: &'a [Point],
    /// when, by the sandbox's clock
    pub now: Timestamp,
}

/// A call with what its sandbox knows.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub asked: &'a Asked<'a>,
    bins: &'a BinTable,
    card: OnceCell<Option<&'a Bin>>,
    /// the state that rules have set
    pub state: &'a str,
    /// how long ago the sandbox began
    pub age: Duration,
}

/// What is kept of a scene for those who ask why, later.
#[derive(Debug, Clone, Default)]
pub struct SceneKept {
    /// the state that rules had set before the call
    pub state: Arc<str>,
    /// how long ago the sandbox had begun
    pub age: Duration,
    /// how often the first rules that count had fitted and spoken, with this call, by tally
    pub tallies: Vec<(u32, u32)>,
}

impl<'a> Scene<'a> {
    /// A call in a sandbox in that state, so long after it began.
    pub const fn of(
        asked: &'a Asked<'a>,
        bins: &'a BinTable,
        (state, age): (&'a str, Duration),
    ) -> Self {
        Self {
            asked,
            bins,
            card: OnceCell::new(),
            state,
            age,
        }
    }

    /// What is known of the card.
    pub fn card(&self) -> Option<&Bin> {
        let find = || self.bins.find(self.asked.facts.bin.as_deref()?);
        *self.card.get_or_init(find)
    }
}

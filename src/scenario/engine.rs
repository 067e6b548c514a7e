//! Which rules speak about a call.
//!
//! Each kind of decision (token, page error, 3-D Secure, authorisation, …) and of change (wire, patch,
//! headers) is settled by the first who fits the call and speaks of that kind: what the call itself
//! brings along, rules that were added for a while, and the rules in the order of the file. A rule that
//! decides something is considered only at calls whose endpoint decides that,
//! and what it does to the answer goes with it; a rule that decides nothing is considered at any call. What was settled before (how a
//! challenge ends that somebody has looked at) is not decided again. `nth` and
//! `every` count the calls at which the rule is considered and all else fits, whether or not an
//! earlier rule has settled the matter; so does the list of a rule that says one thing after the other.

use crate::call::Call;
use crate::clock::Timestamp;
use crate::domain::card::{Bin, BinTable};
use crate::domain::decision::Point;
use crate::scenario::Scenario;
use crate::scenario::amounts;
use crate::scenario::effects::{Effects, Kinds};
use crate::scenario::facts::Facts;
use crate::scenario::problem::Place;
pub use crate::scenario::progress::Progress;
use crate::scenario::progress::Tally;
use crate::scenario::verdict::Verdict;
use crate::scenario::when::When;
use std::cell::OnceCell;
use std::sync::Arc;
use std::time::Duration;

/// One rule; the default one says nothing.
#[derive(Debug, Default)]
pub struct Rule {
    /// where it stands: `declines.toml:12`; of one that no file has, who brought it
    pub place: String,
    /// the same, in the sources that it was compiled with
    pub(crate) at: Place,
    /// the endpoints at which it may speak: rows of the catalog
    pub(crate) rows: Arc<[usize]>,
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

impl Scenario {
    /// What the rules say about a call with these facts, at an endpoint that decides `points`.
    pub fn decide(&self, progress: &mut Progress, asked: &Asked<'_>) -> Verdict {
        let state = progress.state();
        let scene = Scene::of(asked, &self.bins, (&state, progress.age(asked.now)));
        let settled = Kinds::all(&asked.facts.settled);
        let here = Kinds::all(asked.points).without(settled);
        let mut hearing = Hearing {
            scene: &scene,
            here,
            open: here.and(Kinds::ANYWHERE),
            verdict: Verdict::default(),
        };
        for aside in asked.asides {
            hearing.hear((aside, &mut Tally::default()), progress);
        }
        progress.hear_added(&mut hearing);
        for rule in self
            .index
            .candidates(&scene)
            .iter()
            .map(|&n| &self.rules[n])
        {
            let mut tally = progress.tally(rule);
            hearing.hear((rule, &mut tally), progress);
            progress.keep(rule, tally);
        }
        let mut verdict = hearing.verdict;
        if self.settings.magic_amounts {
            amounts::decide(asked.facts.amount, here, &mut verdict);
        }
        verdict.scene = SceneKept {
            state: Arc::clone(&state),
            age: scene.age,
            tallies: progress.told(),
        };
        verdict
    }

    /// How many rules of its files are looked at for such a call.
    #[cfg(test)]
    pub(crate) fn considered(&self, asked: &Asked<'_>) -> usize {
        let scene = Scene::of(asked, &self.bins, ("", Duration::ZERO));
        self.index.candidates(&scene).len()
    }
}

/// A call of which rule after rule is heard.
pub(crate) struct Hearing<'a> {
    pub scene: &'a Scene<'a>,
    /// what is decided here
    here: Kinds,
    /// what nobody has spoken of yet
    open: Kinds,
    verdict: Verdict,
}

impl Hearing<'_> {
    /// Hears a rule. Whether it had anything to say that counts.
    pub fn hear(&mut self, (rule, tally): (&Rule, &mut Tally), progress: &mut Progress) -> bool {
        let Some(step) = rule.step(tally.spoken) else {
            return false;
        };
        let says = step.says(self.here);
        let news = says.both(self.open);
        let counts = rule.counts() && !says.is_empty();
        let silent = news.is_empty() && !counts;
        if silent || !rule.when.matches(self.scene) || !progress.due(rule, tally) {
            return false;
        }
        if !news.is_empty() {
            step.apply(news, progress, &mut self.verdict);
            self.verdict.decided_by.push(rule.place.clone());
            self.verdict.spoken.push(news);
            self.open = self.open.without(news);
        }
        !news.is_empty()
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
    /// what the call itself says is to happen, before any rule
    pub asides: &'a [Rule],
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

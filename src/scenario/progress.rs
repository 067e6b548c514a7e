//! How far the rules have come in one sandbox: what was counted, and the chance they draw from.

use crate::clock::Timestamp;
use crate::scenario::added::Added;
use crate::scenario::engine::{Hearing, Rule};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// The state of a sandbox in which no rule has set another.
pub(crate) const START: &str = "start";

/// So many tallies are told to the journal.
const TOLD: usize = 64;

/// How often the rules that count have fitted, in one sandbox, its state and its chance. That is
/// apart from the chance of the ids: a rule that draws changes no id.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// by tally; empty until one is needed
    tallies: Vec<Tally>,
    state: Arc<str>,
    #[serde(with = "crate::scenario::chance")]
    chance: Pcg64Mcg,
    born: Timestamp,
    /// in front of the rules of the files
    pub(crate) added: Added,
}

/// How often a rule has come to something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tally {
    /// calls that fitted but for the turns
    pub fitted: u32,
    /// calls of which it was the turn
    pub spoken: u32,
}

impl Default for Progress {
    fn default() -> Self {
        Self::begun(0, Timestamp::from_micros(0))
    }
}

impl Progress {
    /// Nothing has happened yet; chance follows from `seed`.
    pub fn begun(seed: u64, born: Timestamp) -> Self {
        Self {
            tallies: Vec::new(),
            state: START.into(),
            chance: Pcg64Mcg::seed_from_u64(seed),
            born,
            added: Added::default(),
        }
    }

    /// How far the first rules that count have come: how often each fitted, and spoke.
    pub(crate) fn told(&self) -> Vec<(u32, u32)> {
        let first = self.tallies.iter().take(TOLD);
        first.map(|tally| (tally.fitted, tally.spoken)).collect()
    }

    /// The state that rules have set.
    pub(crate) fn state(&self) -> Arc<str> {
        Arc::clone(&self.state)
    }

    /// Goes on under rules that read otherwise now: those that read as before go on counting, `stays` tells their
    /// tallies now and before; state, chance and what was added stay.
    pub(crate) fn recount(&mut self, stays: &[(usize, usize)]) {
        let before = std::mem::take(&mut self.tallies);
        for (now, was) in stays {
            let Some(tally) = before.get(*was).filter(|tally| **tally != Tally::default()) else {
                continue;
            };
            if self.tallies.len() <= *now {
                self.tallies.resize(now + 1, Tally::default());
            }
            self.tallies[*now] = *tally;
        }
    }

    /// Sets the state, for the calls to come.
    pub(crate) fn enter(&mut self, state: &Arc<str>) {
        self.state = Arc::clone(state);
    }

    /// How long ago the sandbox began.
    pub(crate) fn age(&self, now: Timestamp) -> Duration {
        now.since(self.born)
    }

    /// How often the rule has come to something.
    pub(crate) fn tally(&self, rule: &Rule) -> Tally {
        let tally = rule.tally.and_then(|n| self.tallies.get(n));
        tally.copied().unwrap_or_default()
    }

    /// Remembers that, of a rule that counts.
    pub(crate) fn keep(&mut self, rule: &Rule, tally: Tally) {
        let Some(n) = rule.tally.filter(|_| tally != Tally::default()) else {
            return;
        };
        if self.tallies.len() <= n {
            self.tallies.resize(n + 1, Tally::default());
        }
        self.tallies[n] = tally;
    }

    /// Counts a call that fits `rule` but for the turns, and says whether it is the rule's turn.
    pub(crate) fn due(&mut self, rule: &Rule, tally: &mut Tally) -> bool {
        if !rule.counts() {
            return self.drawn(rule);
        }
        tally.fitted = tally.fitted.saturating_add(1);
        let due = rule.when.due(tally.fitted) && self.drawn(rule);
        if due {
            tally.spoken = tally.spoken.saturating_add(1);
        }
        due
    }

    /// Hears the rules that were added for a while; those whose time is over are gone.
    pub(crate) fn hear_added(&mut self, hearing: &mut Hearing<'_>) {
        if self.added.is_empty() {
            return;
        }
        let now = hearing.scene.asked.now;
        // Taken out for the time: a rule may draw from the chance here.
        let mut added = std::mem::take(&mut self.added);
        added.hear(hearing, (self, now));
        self.added = added;
    }

    /// Whether chance is for it. Nothing is drawn when it is certain.
    fn drawn(&mut self, rule: &Rule) -> bool {
        let odds = rule.when.odds();
        odds.is_none_or(|odds| self.chance.next_u64() % 1000 < u64::from(odds.0))
    }

    /// Some time from `least` to `most`, in milliseconds. Nothing is drawn when they are the same.
    pub(crate) fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let range = most.saturating_sub(least).as_millis();
        let range = u64::try_from(range).unwrap_or(u64::MAX);
        if range == 0 {
            return least;
        }
        least + Duration::from_millis(self.chance.next_u64() % range.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_drawn_from_between_its_ends_and_by_the_seed() {
        let (least, most) = (Duration::from_millis(200), Duration::from_millis(203));
        let drawn = |seed| {
            let mut progress = Progress::begun(seed, Timestamp::from_micros(0));
            [(); 64].map(|()| progress.between(least, most).as_millis())
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        let mut seen = drawn(7).to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [200, 201, 202, 203]);
        assert_eq!(Progress::default().between(least, least), least);
    }
}

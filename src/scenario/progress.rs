//! How far the rules have come in one sandbox: what was counted, and the chance they draw from.

use crate::scenario::engine::Rule;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::time::Duration;

/// How often the rules that count have fitted, in one sandbox, and its chance. It is apart from
/// that of the ids: a rule that draws changes no id.
#[derive(Debug, Clone)]
pub struct Progress {
    /// by counter; empty until one is needed
    counts: Vec<u32>,
    chance: Pcg64Mcg,
}

impl Default for Progress {
    fn default() -> Self {
        Self::begun(0)
    }
}

impl Progress {
    /// Nothing has happened yet; chance follows from `seed`.
    pub fn begun(seed: u64) -> Self {
        Self {
            counts: Vec::new(),
            chance: Pcg64Mcg::seed_from_u64(seed),
        }
    }

    /// Counts a call that fits `rule` but for `nth`, and says whether it is the rule's turn.
    pub(crate) fn due(&mut self, rule: &Rule) -> bool {
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
            let mut progress = Progress::begun(seed);
            [(); 64].map(|()| progress.between(least, most).as_millis())
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        let mut seen = drawn(7).to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [200, 201, 202, 203]);
        assert_eq!(Progress::begun(7).between(least, least), least);
    }
}

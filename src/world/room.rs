//! How much sandboxes may hold, each for itself and all together.

use super::World;
use crate::config::Caps;
use crate::journal::Budget;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many entries a sandbox gives up at a call at least, when there are too many: more than calls add, so that it
/// comes down, and few enough for a call.
const STEP: usize = 16;

/// How much sandboxes may hold, and what they hold together.
#[derive(Debug, Clone)]
pub struct Room {
    pub(super) caps: Caps,
    pub(super) budget: Arc<Budget>,
    together: Arc<Together>,
}

/// What all sandboxes hold.
#[derive(Debug, Default)]
struct Together {
    entries: AtomicUsize,
    worlds: AtomicUsize,
}

impl Room {
    pub(super) fn new(caps: Caps) -> Self {
        let budget = Arc::new(Budget::new(caps.journal_size));
        let together = Arc::default();
        Self {
            caps,
            budget,
            together,
        }
    }

    /// How many entries there are in the stores of all sandboxes.
    pub fn entries(&self) -> usize {
        self.together.entries.load(Ordering::Relaxed)
    }

    /// How many there may be.
    pub const fn most_entries(&self) -> usize {
        self.caps.state_entries
    }

    /// The bytes of all journals.
    pub const fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// A sandbox begins that has room here.
    pub(super) fn stake(&self) -> Stake {
        self.together.worlds.fetch_add(1, Ordering::Relaxed);
        let together = Arc::clone(&self.together);
        Stake { together, held: 0 }
    }
}

/// What one sandbox holds of what all do; given back when it ends.
#[derive(Debug)]
pub(super) struct Stake {
    together: Arc<Together>,
    held: usize,
}

impl Stake {
    /// It holds so many by now.
    fn hold(&mut self, entries: usize) {
        let order = Ordering::Relaxed;
        if entries > self.held {
            self.together.entries.fetch_add(entries - self.held, order);
        } else if entries < self.held {
            self.together.entries.fetch_sub(self.held - entries, order);
        }
        self.held = entries;
    }

    /// How many it should give up, when there may be `most`. A sandbox that holds less than an equal share of that gives
    /// up nothing, so that a large one leaves the others room to work.
    fn surplus(&self, most: usize) -> usize {
        let order = Ordering::Relaxed;
        let over = self.together.entries.load(order).saturating_sub(most);
        if over == 0 {
            return 0;
        }
        let share = most / self.together.worlds.load(order).max(1);
        over.min(self.held.saturating_sub(share))
    }
}

impl Drop for Stake {
    fn drop(&mut self) {
        self.hold(0);
        self.together.worlds.fetch_sub(1, Ordering::Relaxed);
    }
}

impl World {
    /// Counts what it holds, after a call; where all hold too much, its oldest entries make room.
    pub fn keep_within_room(&mut self) {
        let before = self.stake.held;
        let mut held = self.entries();
        self.stake.hold(held);
        let surplus = self.stake.surplus(self.room.caps.state_entries);
        if surplus == 0 {
            return;
        }
        let grown = held.saturating_sub(before);
        let least = held - surplus.min(STEP + 2 * grown);
        while held > least {
            self.give_up(held - least);
            let now = self.entries();
            if now == held {
                break;
            }
            held = now;
        }
        self.stake.hold(held);
    }

    fn entries(&self) -> usize {
        let answers = self.answers.len();
        self.state.lens().iter().sum::<usize>() + answers
    }

    /// The largest stores give up so many, or a few less; each keeps one entry at least.
    fn give_up(&mut self, surplus: usize) {
        let caps = self.room.caps;
        let lens = self.state.lens();
        let largest = lens.into_iter().chain([self.answers.len()]).max();
        let most = largest.unwrap_or(0).saturating_sub(surplus).max(1);
        self.state.bound(&Caps {
            store_entries: most,
            challenges: most,
            webhooks: most,
            ..caps
        });
        self.state.bound(&caps);
        self.answers.bound(most);
        self.answers.bound(caps.kept_answers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ClockSetting;
    use crate::domain::checkout::Session;
    use crate::world::{Birth, Sandboxes};

    /// Room for so many entries in all, and these sandboxes.
    fn sandboxes(most: usize) -> Sandboxes {
        let caps = Caps {
            state_entries: most,
            ..Caps::default()
        };
        let clock = ClockSetting::Real;
        Sandboxes::bounded(Arc::default(), Birth { seed: 1, clock }, caps)
    }

    /// So many calls that add a login and an order each; how many entries the sandbox has then.
    fn work(all: &Sandboxes, name: &str, calls: usize) -> usize {
        let sandbox = all.named(name).unwrap();
        let mut world = sandbox.lock();
        for _ in 0..calls {
            let key = world.ids.hex(20);
            world.state.logins.put(key.clone(), String::new());
            world.state.sessions.put(key, Session::default());
            world.keep_within_room();
        }
        world.entries()
    }

    #[test]
    fn what_all_hold_is_counted_and_given_back() {
        let all = sandboxes(1_000);
        assert_eq!(all.room().entries(), 0);
        assert_eq!((work(&all, "a", 10), work(&all, "b", 5)), (20, 10));
        assert_eq!(all.room().entries(), 30);
        all.named("a").unwrap().lock().reset();
        assert_eq!(all.room().entries(), 10);
        drop(all);
    }

    #[test]
    fn all_together_stay_below_the_limit_and_the_newest_stay() {
        let all = sandboxes(100);
        let held = work(&all, "a", 1_000);
        assert!((60..=100).contains(&held), "{held}");
        assert_eq!(all.room().entries(), held);
        let sandbox = all.named("a").unwrap();
        let last = sandbox
            .lock()
            .state
            .logins
            .iter()
            .next_back()
            .map(|(key, _)| key.clone());
        work(&all, "a", 1);
        assert!(sandbox.lock().state.logins.get(&last.unwrap()).is_some());
    }

    #[test]
    fn a_large_one_leaves_the_others_room() {
        let all = sandboxes(300); // the default one, too, has a share
        work(&all, "large", 1_000);
        let small = work(&all, "small", 45);
        assert_eq!(small, 90, "it has less than its share, and loses nothing");
        for _ in 0..200 {
            work(&all, "large", 1);
        }
        assert!(all.room().entries() <= 300, "{}", all.room().entries());
        assert_eq!(work(&all, "small", 0), 90);
    }
}

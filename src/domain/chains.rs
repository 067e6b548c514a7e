//! Which entries of a shelf have the same key, newest first: a table of the newest, and for each entry how far back the one
//! before it is. An entry comes and goes with one look at the table, however many there are.

use crate::domain::blocks::Blocks;
use crate::domain::shelf::Number;
use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};

/// The keys of entries that come and go in one order, by the number that each has on its shelf.
#[derive(Debug)]
pub struct Chains {
    newest: HashTable<Newest>,
    /// how far back the one before is, from the oldest entry on; 0: there is none
    back: Blocks<u32>,
    /// the number of the oldest
    first: Number,
    hasher: RandomState,
}

/// The newest entry of the keys that have a hash.
#[derive(Debug, Clone, Copy)]
struct Newest {
    hash: u64,
    number: Number,
}

impl Chains {
    /// Of no entries; the first will have that number.
    pub fn new(first: Number) -> Self {
        Self {
            newest: HashTable::new(),
            back: Blocks::new(),
            first,
            hasher: RandomState::new(),
        }
    }

    /// One more entry.
    pub fn push(&mut self, key: &str) {
        let hash = self.hasher.hash_one(key);
        let number = self.first.saturating_add_unsigned(self.back.len() as u64);
        let back = match self.newest.find_mut(hash, |known| known.hash == hash) {
            Some(known) => distance(std::mem::replace(&mut known.number, number), number),
            None => {
                let again = |known: &Newest| known.hash;
                self.newest
                    .insert_unique(hash, Newest { hash, number }, again);
                0
            }
        };
        self.back.push_back(back);
    }

    /// The oldest entry goes, whose key that was.
    pub fn pop(&mut self, key: &str) {
        let (hash, first) = (self.hasher.hash_one(key), self.first);
        let alone = |known: &Newest| known.hash == hash && known.number == first;
        if let Ok(known) = self.newest.find_entry(hash, alone) {
            known.remove();
        }
        self.back.pop_front();
        self.first += 1;
    }

    /// The entries of the keys that have the hash of this one: mostly its own. Newest first.
    pub fn numbers(&self, key: &str) -> impl Iterator<Item = Number> {
        let hash = self.hasher.hash_one(key);
        let newest = self.newest.find(hash, |known| known.hash == hash);
        let before = |number: &Number| {
            let index = usize::try_from(number - self.first).ok()?;
            let back = self.back.get(index)?;
            let before = number - Number::from(*back);
            (*back > 0 && before >= self.first).then_some(before)
        };
        std::iter::successors(newest.map(|known| known.number), before)
    }
}

/// How far apart they are; 0: too far for both to be there.
fn distance(from: Number, to: Number) -> u32 {
    u32::try_from(to - from).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tests::config;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn a_key_leads_to_its_entries(steps in prop::collection::vec((0..6_u8, "[abc]"), 0..60)) {
            let (mut chains, mut list) = (Chains::new(0), VecDeque::new());
            let mut first = 0;
            for (step, key) in steps {
                match step {
                    0..4 => {
                        chains.push(&key);
                        list.push_back(key);
                    }
                    _ => if let Some(key) = list.pop_front() {
                        chains.pop(&key);
                        first += 1;
                    }
                }
                for key in ["a", "b", "c"] {
                    let want = (first..).zip(&list).filter(|(_, known)| *known == key);
                    let mut want: Vec<Number> = want.map(|(number, _)| number).collect();
                    want.reverse();
                    prop_assert_eq!(chains.numbers(key).collect::<Vec<_>>(), want);
                }
                prop_assert_eq!(chains.back.len(), list.len());
                prop_assert!(chains.newest.len() <= 3.min(list.len()));
            }
        }
    }
}

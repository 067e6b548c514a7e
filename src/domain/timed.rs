//! A shelf whose entries change by the mere passing of time, and which knows when the next one does: nobody looks
//! through all of it to find out.

use crate::clock::Timestamp;
use crate::domain::shelf::{Number, Shelf};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::hash::Hash;

/// What time does something to.
pub trait Passing {
    /// When that is, next; what was to happen up to `told` has happened. None: never.
    fn moment(&self, told: Timestamp) -> Option<Timestamp>;
}

/// An entry, for when it is noted down, and up to when all has happened to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct Slot<V> {
    value: V,
    #[serde(skip, default = "never")]
    noted: Timestamp,
    #[serde(skip, default = "always")]
    told: Timestamp,
}

/// It is noted for no moment at all.
const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

const fn never() -> Timestamp {
    NEVER
}

const fn always() -> Timestamp {
    Timestamp::from_micros(i64::MIN)
}

impl<V: Passing> Slot<V> {
    const fn new(value: V) -> Self {
        Self {
            value,
            noted: NEVER,
            told: always(),
        }
    }

    fn moment(&self, told: Timestamp) -> Timestamp {
        let moment = self.value.moment(self.told.max(told));
        moment.unwrap_or(NEVER)
    }
}

/// A shelf, and the moments of its entries, by their numbers. What somebody reached for is noted anew by
/// [`Moments::refresh`]; until then, and where an entry's moment has moved on, an entry is noted for too early at most.
#[derive(Debug)]
pub struct Timed<K, V> {
    shelf: Shelf<K, Slot<V>>,
    moments: Noted,
    stirred: Vec<Number>,
}

/// When something may happen to which entry. The same code for whatever is on a shelf: the program is smaller for it.
#[derive(Debug, Default)]
struct Noted(BTreeSet<(Timestamp, Number)>);

impl Noted {
    /// Not any more for `noted`, but for `moment`; [`NEVER`] is not noted.
    fn change(&mut self, number: Number, noted: Timestamp, moment: Timestamp) {
        if noted < NEVER {
            self.0.remove(&(noted, number));
        }
        if moment < NEVER {
            self.0.insert((moment, number));
        }
    }

    fn first(&self) -> Option<(Timestamp, Number)> {
        self.0.first().copied()
    }
}

/// The moments of a shelf, whatever it holds.
pub trait Moments {
    /// What somebody has reached for is noted anew.
    fn refresh(&mut self, told: Timestamp);

    /// All is noted anew.
    fn rebuild(&mut self, told: Timestamp);

    /// When something may happen, next; not later than it does.
    fn earliest(&self) -> Option<Timestamp>;

    /// When something does, next, if that is not later than `by`.
    fn next(&mut self, by: Timestamp, told: Timestamp) -> Option<Timestamp>;
}

impl<K: Eq + Hash, V: Passing> Timed<K, V> {
    /// An empty shelf for at most `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            shelf: Shelf::new(capacity),
            moments: Noted::default(),
            stirred: Vec::new(),
        }
    }

    /// Puts `value` under `key`, in place of an earlier one; the oldest makes room.
    pub fn put(&mut self, key: K, value: V) {
        let hash = self.shelf.hash(&key);
        if let Some(earlier) = self.shelf.known(hash, &key) {
            self.forget(earlier);
            self.stir(earlier);
            return self.shelf.replace(earlier, Slot::new(value));
        }
        if self.shelf.is_full() {
            self.forget(self.shelf.first());
        }
        self.stir(self.shelf.next());
        self.shelf.push(hash, (key, Slot::new(value)));
    }

    /// As [`Self::put`], but as the oldest entry; when there is no room it is not kept.
    pub fn put_oldest(&mut self, key: K, value: V) {
        self.shelf.put_oldest(key, Slot::new(value));
        self.stir(self.shelf.first());
    }

    /// The value under `key`.
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.shelf.get(key).map(|slot| &slot.value)
    }

    /// The value under `key`, to change.
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.at_mut(self.number(key)?)
    }

    /// As [`Shelf::number`].
    pub fn number<Q>(&self, key: &Q) -> Option<Number>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.shelf.number(key)
    }

    /// As [`Shelf::at`].
    pub fn at(&self, number: Number) -> Option<(&K, &V)> {
        let found = self.shelf.at(number);
        found.map(|(key, slot)| (key, &slot.value))
    }

    /// As [`Self::get_mut`], by its number.
    pub fn at_mut(&mut self, number: Number) -> Option<&mut V> {
        self.stir(number);
        self.shelf.at_mut(number).map(|slot| &mut slot.value)
    }

    /// The number of the newest entry, and its key.
    pub fn last(&self) -> Option<(Number, &K)> {
        let (key, _) = self.shelf.iter().next_back()?;
        Some((self.shelf.next() - 1, key))
    }

    /// As [`Shelf::first`].
    pub const fn first(&self) -> Number {
        self.shelf.first()
    }

    /// As [`Shelf::last_before`].
    pub fn last_before(&self, before: impl Fn(&V) -> bool) -> Option<(&K, &V)> {
        let found = self.shelf.last_before(|slot| before(&slot.value));
        found.map(|(key, slot)| (key, &slot.value))
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator {
        self.shelf.iter().map(|(key, slot)| (key, &slot.value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shelf.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.shelf.is_empty()
    }

    /// Another bound from now on; the oldest go when there are too many.
    pub fn bound(&mut self, capacity: usize) {
        self.shelf.bound(capacity);
        let first = self.shelf.first();
        self.moments.0.retain(|(_, number)| *number >= first);
    }

    /// Whose moment [`Moments::next`] has just told; it is over with that.
    pub fn take(&mut self) -> Option<K>
    where
        K: Clone,
    {
        let (at, number) = self.moments.first()?;
        self.moments.change(number, at, NEVER);
        let slot = self.shelf.at_mut(number)?;
        slot.told = at;
        // What is still to be done about it is noted when it was done.
        let next = slot.moment(at);
        slot.noted = if next > at { next } else { NEVER };
        self.moments.change(number, NEVER, slot.noted);
        self.shelf.at(number).map(|(key, _)| key.clone())
    }

    fn stir(&mut self, number: Number) {
        if self.stirred.last() != Some(&number) {
            self.stirred.push(number);
        }
    }

    /// For when it is due, or for earlier.
    fn note(&mut self, number: Number, told: Timestamp) {
        let Some(slot) = self.shelf.at_mut(number) else {
            return;
        };
        let moment = slot.moment(told);
        if slot.noted <= moment && slot.noted < NEVER && moment < NEVER {
            return;
        }
        let noted = std::mem::replace(&mut slot.noted, moment);
        self.moments.change(number, noted, moment);
    }

    /// The entry of that number goes.
    fn forget(&mut self, number: Number) {
        if let Some((_, slot)) = self.shelf.at(number) {
            self.moments.change(number, slot.noted, NEVER);
        }
    }
}

impl<K: Eq + Hash, V: Passing> Moments for Timed<K, V> {
    fn refresh(&mut self, told: Timestamp) {
        while let Some(number) = self.stirred.pop() {
            self.note(number, told);
        }
    }

    fn rebuild(&mut self, told: Timestamp) {
        self.moments.0.clear();
        self.stirred.clear();
        for number in self.shelf.first()..self.shelf.next() {
            if let Some(slot) = self.shelf.at_mut(number) {
                (slot.noted, slot.told) = (NEVER, told);
            }
            self.note(number, told);
        }
    }

    fn earliest(&self) -> Option<Timestamp> {
        self.moments.first().map(|(at, _)| at)
    }

    fn next(&mut self, by: Timestamp, told: Timestamp) -> Option<Timestamp> {
        loop {
            let (at, number) = self.moments.first()?;
            let moment = self.shelf.at(number)?.1.moment(told);
            if at > by || moment <= at {
                return (at <= by).then_some(at);
            }
            // It is later by now, or never.
            self.moments.change(number, at, moment);
            if let Some(slot) = self.shelf.at_mut(number) {
                slot.noted = moment;
            }
        }
    }
}

impl<K: Serialize, V: Serialize> Serialize for Timed<K, V> {
    /// As the shelf: when what happens follows from what is on it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            shelf,
            moments: _,
            stirred: _,
        } = self;
        shelf.serialize(serializer)
    }
}

impl<'de, K, V> Deserialize<'de> for Timed<K, V>
where
    K: Eq + Hash + Deserialize<'de>,
    V: Deserialize<'de>,
{
    /// Nothing is noted: [`Moments::rebuild`] comes next.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            shelf: Shelf::deserialize(deserializer)?,
            moments: Noted::default(),
            stirred: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tests::config;
    use proptest::prelude::*;

    #[derive(Debug, Clone, Copy)]
    struct Until(i64);

    impl Passing for Until {
        fn moment(&self, told: Timestamp) -> Option<Timestamp> {
            Some(Timestamp::from_micros(self.0)).filter(|at| *at > told)
        }
    }

    /// What happens up to `by`, as key and moment.
    fn happens(shelf: &mut Timed<u8, Until>, by: i64, told: &mut i64) -> Vec<(i64, u8)> {
        let at = Timestamp::from_micros;
        let mut all = Vec::new();
        shelf.refresh(at(*told));
        while let Some(moment) = shelf.next(at(by), at(*told)) {
            *told = moment.micros() - 1;
            all.push((moment.micros(), shelf.take().unwrap()));
        }
        *told = by;
        all
    }

    #[test]
    fn each_happens_once_when_it_is_due_at_last() {
        let mut shelf = Timed::new(3);
        for (key, until) in [(1, 10), (2, 20), (3, 30)] {
            shelf.put(key, Until(until));
        }
        let mut told = 0;
        assert_eq!(happens(&mut shelf, 5, &mut told), []);
        shelf.get_mut(&1).unwrap().0 = 25; // later
        shelf.get_mut(&3).unwrap().0 = 15; // earlier
        assert_eq!(happens(&mut shelf, 20, &mut told), [(15, 3), (20, 2)]);
        shelf.get_mut(&3).unwrap().0 = 22; // once more
        shelf.put(4, Until(21)); // in place of 1
        assert_eq!(happens(&mut shelf, 90, &mut told), [(21, 4), (22, 3)]);
        assert_eq!((shelf.earliest(), shelf.moments.0.len()), (None, 0));
        shelf.rebuild(Timestamp::from_micros(0));
        assert_eq!(shelf.earliest(), Some(Timestamp::from_micros(20)));
    }

    proptest! {
        #![proptest_config(config())]
        /// Whatever is put, changed and let go, nothing is forgotten and nothing is kept for ever.
        #[test]
        fn what_is_noted_is_what_a_look_at_all_finds(
            steps in prop::collection::vec((0..4_u8, 0..12_u8, 0..99_i64), 1..60),
        ) {
            let (mut shelf, mut told) = (Timed::new(6), 0);
            for (step, key, value) in steps {
                match step {
                    0 => shelf.put(key, Until(value)),
                    1 => shelf.get_mut(&key).into_iter().for_each(|it| it.0 = value),
                    2 => shelf.bound(usize::from(key) + 1),
                    _ => {
                        let by = told.max(value);
                        let mut want: Vec<_> = shelf.iter().map(|(key, it)| (it.0, *key)).collect();
                        want.retain(|(at, _)| told < *at && *at <= by);
                        want.sort_by_key(|(at, _)| *at); // at the same moment: as they came
                        prop_assert_eq!(happens(&mut shelf, by, &mut told), want);
                    }
                }
                prop_assert!(shelf.moments.0.len() <= shelf.len());
            }
        }
    }
}

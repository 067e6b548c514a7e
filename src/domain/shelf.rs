//! A map with a bound: when it is full the oldest entry makes room.

use crate::domain::blocks::Blocks;
use hashbrown::HashTable;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash, RandomState};

/// How many entries a store of a sandbox holds at most.
pub const CAPACITY: usize = 100_000;

/// Counts the entries of a shelf in the order in which they came, for as long as each is there.
pub type Number = i64;

/// A map of at most `capacity` entries; the oldest goes first. Each key is there once, in its entry.
#[derive(Debug)]
pub struct Shelf<K, V> {
    /// oldest first
    entries: Blocks<(K, V)>,
    /// the number of the oldest
    first: Number,
    places: Places,
    hasher: RandomState,
    capacity: usize,
}

/// Where each key's entry is. The same code for whatever is on a shelf: the program is smaller for it.
#[derive(Debug, Default)]
struct Places(HashTable<Place>);

impl Places {
    /// The place with that hash for whose number `is` holds.
    fn find(&self, hash: u32, is: &dyn Fn(u32) -> bool) -> Option<u32> {
        let is = |place: &Place| place.hash == hash && is(place.number);
        let found = self.0.find(Place::spread(hash), is);
        found.map(|place| place.number)
    }

    fn put(&mut self, hash: u32, number: u32) {
        let again = |place: &Place| Place::spread(place.hash);
        let place = Place { number, hash };
        self.0.insert_unique(Place::spread(hash), place, again);
    }

    fn remove(&mut self, hash: u32, number: u32) {
        let is = |place: &Place| place.number == number;
        if let Ok(place) = self.0.find_entry(Place::spread(hash), is) {
            place.remove();
        }
    }
}

/// An entry's number and its key's hash, a half of each: so the table is small, and grows without a look at the keys.
#[derive(Debug, Clone, Copy)]
struct Place {
    number: u32,
    hash: u32,
}

impl Place {
    /// The whole hash as the table knows it: its upper bits count, too.
    const fn spread(hash: u32) -> u64 {
        (hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl<K: Eq + Hash, V> Shelf<K, V> {
    /// An empty shelf for at most `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: Blocks::new(),
            first: 0,
            places: Places::default(),
            hasher: RandomState::new(),
            capacity: capacity.max(1),
        }
    }

    /// Puts `value` under `key`, in place of an earlier one. The oldest makes room: that one.
    pub fn put(&mut self, key: K, value: V) -> Option<V> {
        let hash = self.hash(&key);
        if let Some(known) = self.known(hash, &key) {
            self.replace(known, value);
            return None;
        }
        self.push(hash, (key, value))
    }

    /// Another value for the entry of that number, as long as it is there.
    pub fn replace(&mut self, number: Number, value: V) {
        if let Some(known) = self.at_mut(number) {
            *known = value;
        }
    }

    /// As [`Self::put`], of a key that is not here, whose hash is known.
    pub fn push(&mut self, hash: u32, entry: (K, V)) -> Option<V> {
        let full = self.is_full();
        let gone = full.then(|| self.drop_oldest()).flatten();
        self.places.put(hash, half(self.next()));
        self.entries.push_back(entry);
        gone
    }

    /// As [`Self::put`], but as the oldest entry; when there is no room, or there is one, it is not kept.
    pub fn put_oldest(&mut self, key: K, value: V) {
        let hash = self.hash(&key);
        if !self.is_full() && self.known(hash, &key).is_none() {
            self.first -= 1;
            self.places.put(hash, half(self.first));
            self.entries.push_front((key, value));
        }
    }

    /// The value under `key`.
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.at(self.number(key)?).map(|(_, value)| value)
    }

    /// The value under `key`, to change.
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.at_mut(self.number(key)?)
    }

    /// The number of the entry under `key`.
    pub fn number<Q>(&self, key: &Q) -> Option<Number>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.known(self.hash(key), key)
    }

    /// As [`Self::number`], of a key whose hash is known.
    pub fn known<Q>(&self, hash: u32, key: &Q) -> Option<Number>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let is = |number| self.entries[self.index(number)].0.borrow() == key;
        let found = self.places.find(hash, &is)?;
        Some(self.first.saturating_add_unsigned(self.index(found) as u64))
    }

    /// The number that the next new entry gets.
    pub fn next(&self) -> Number {
        self.first
            .saturating_add_unsigned(self.entries.len() as u64)
    }

    /// The number of the oldest entry.
    pub const fn first(&self) -> Number {
        self.first
    }

    /// The entry of that number, as long as it is there.
    pub fn at(&self, number: Number) -> Option<(&K, &V)> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.entries.get(index).map(|entry| (&entry.0, &entry.1))
    }

    /// The value of that number, to change.
    pub fn at_mut(&mut self, number: Number) -> Option<&mut V> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.entries.get_mut(index).map(|entry| &mut entry.1)
    }

    /// The last entry for which `before` holds, where it holds for none that comes after one for which it does not.
    pub fn last_before(&self, before: impl Fn(&V) -> bool) -> Option<(&K, &V)> {
        let index = self.entries.partition_point(|entry| before(&entry.1));
        self.entries
            .get(index.checked_sub(1)?)
            .map(|entry| (&entry.0, &entry.1))
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the next new entry takes the place of the oldest.
    pub fn is_full(&self) -> bool {
        self.entries.len() >= self.capacity
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Another bound from now on; the oldest go when there are too many.
    pub fn bound(&mut self, capacity: usize) {
        self.capacity = capacity.max(1);
        while self.entries.len() > self.capacity {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) -> Option<V> {
        let (key, value) = self.entries.pop_front()?;
        self.places.remove(self.hash(&key), half(self.first));
        self.first += 1;
        Some(value)
    }

    /// The hash of a key, which is the same however it is lent.
    pub fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u32 {
        half(self.hasher.hash_one(key).cast_signed())
    }

    /// Where the entry of that number, of which this is a half, is in the list.
    const fn index(&self, number: u32) -> usize {
        number.wrapping_sub(half(self.first)) as usize
    }
}

/// The lower half of a number.
const fn half(number: i64) -> u32 {
    (number & 0xffff_ffff) as u32
}

impl<K: Serialize, V: Serialize> Serialize for Shelf<K, V> {
    /// As a list of keys with their values, oldest first.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries.iter().map(|entry| (&entry.0, &entry.1)))
    }
}

impl<'de, K, V> Deserialize<'de> for Shelf<K, V>
where
    K: Eq + Hash + Deserialize<'de>,
    V: Deserialize<'de>,
{
    /// With the bound that stores have; who has another says so with [`Self::bound`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<(K, V)>::deserialize(deserializer)?;
        let (given, mut shelf) = (entries.len(), Self::new(CAPACITY));
        if given > CAPACITY {
            return Err(D::Error::custom("more entries than there is room for"));
        }
        for (key, value) in entries {
            shelf.put(key, value);
        }
        match shelf.len() == given {
            true => Ok(shelf),
            false => Err(D::Error::custom("the same key twice")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tests::config;
    use proptest::prelude::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut shelf = Shelf::new(2);
        shelf.put("a", 1);
        shelf.put("b", 2);
        assert_eq!(shelf.put("a", 3), None);
        assert_eq!(shelf.put("c", 4), Some(3));
        assert_eq!(
            shelf.get("a"),
            None,
            "`a` was put first, and replacing is not renewing"
        );
        assert_eq!(
            shelf.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>(),
            [("b", 2), ("c", 4)]
        );
        assert_eq!(shelf.len(), 2);
    }

    #[test]
    fn a_bound_may_move() {
        let mut shelf = Shelf::new(3);
        for n in 0..3 {
            shelf.put(n, n);
        }
        shelf.bound(1);
        assert_eq!((shelf.len(), shelf.get(&2)), (1, Some(&2)));
        shelf.bound(2);
        for n in 3..6 {
            shelf.put(n, n);
        }
        assert_eq!(shelf.len(), 2);
    }

    #[test]
    fn an_oldest_entry_needs_room() {
        let mut shelf = Shelf::new(2);
        shelf.put("b", 2);
        shelf.put_oldest("a", 1);
        shelf.put_oldest("z", 0);
        let held: Vec<_> = shelf.iter().map(|(k, v)| (*k, *v)).collect();
        assert_eq!(held, [("a", 1), ("b", 2)]);
        shelf.put("c", 3);
        assert_eq!(shelf.get("a"), None, "it is the first to go");
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn it_is_a_list_that_loses_its_head(
            capacity in 0..6_usize,
            puts in proptest::collection::vec((0..10_u8, any::<u16>()), 0..40),
        ) {
            let (mut shelf, mut list) = (Shelf::new(capacity), Vec::new());
            for (key, value) in puts {
                shelf.put(key, value);
                match list.iter_mut().find(|(known, _)| *known == key) {
                    Some(known) => known.1 = value,
                    None => list.push((key, value)),
                }
                if list.len() > capacity.max(1) {
                    list.remove(0);
                }
                let held: Vec<_> = shelf.iter().map(|(k, v)| (*k, *v)).collect();
                prop_assert_eq!(&held, &list);
                prop_assert_eq!(shelf.get(&key), Some(&value));
                prop_assert_eq!(shelf.len(), list.len());
            }
        }
    }
}

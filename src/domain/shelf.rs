//! A map with a bound: when it is full the oldest entry makes room.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// How many entries a store of a sandbox holds at most.
pub const CAPACITY: usize = 100_000;

/// A map of at most `capacity` entries; the oldest goes first.
#[derive(Debug, Clone)]
pub struct Shelf<K, V> {
    /// boxed: when the map grows, all that is in it moves under the sandbox's lock
    entries: HashMap<K, Box<V>>,
    order: VecDeque<K>,
    capacity: usize,
}

impl<K: Clone + Eq + Hash, V> Shelf<K, V> {
    /// An empty shelf for at most `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: HashMap::new(),
            order: VecDeque::new(),
            capacity: capacity.max(1),
        }
    }

    /// Puts `value` under `key`, in place of an earlier one. The oldest makes room: that one.
    pub fn put(&mut self, key: K, value: V) -> Option<V> {
        if self.entries.insert(key.clone(), Box::new(value)).is_none() {
            self.order.push_back(key);
        }
        if self.entries.len() <= self.capacity {
            return None;
        }
        let oldest = self.order.pop_front()?;
        self.entries.remove(&oldest).map(|value| *value)
    }

    /// As [`Self::put`], but as the oldest entry; when there is no room it is not kept.
    pub fn put_oldest(&mut self, key: K, value: V) {
        if self.entries.len() < self.capacity
            && self.entries.insert(key.clone(), Box::new(value)).is_none()
        {
            self.order.push_front(key);
        }
    }

    /// The value under `key`.
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.get(key).map(Box::as_ref)
    }

    /// The value under `key`, to change.
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.get_mut(key).map(Box::as_mut)
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let found = |key| self.entries.get_key_value(key);
        let kept = self.order.iter().filter_map(found);
        kept.map(|(key, value)| (key, value.as_ref()))
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
}

impl<K: Clone + Eq + Hash, V> Shelf<K, V> {
    /// Another bound from now on; the oldest go when there are too many.
    pub fn bound(&mut self, capacity: usize) {
        self.capacity = capacity.max(1);
        while self.entries.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
    }
}

impl<K: Clone + Eq + Hash + Serialize, V: Serialize> Serialize for Shelf<K, V> {
    /// As a list of keys with their values, oldest first.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, K, V> Deserialize<'de> for Shelf<K, V>
where
    K: Clone + Eq + Hash + Deserialize<'de>,
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

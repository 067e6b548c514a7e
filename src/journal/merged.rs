//! Two rings, each in the order of its numbers, read as one.

use super::Entry;
use std::collections::vec_deque::Iter;

/// Both, by number.
#[derive(Debug)]
pub struct Merged<'a> {
    one: Iter<'a, Entry>,
    other: Iter<'a, Entry>,
}

impl<'a> Merged<'a> {
    /// Of these two.
    pub const fn new(one: Iter<'a, Entry>, other: Iter<'a, Entry>) -> Self {
        Self { one, other }
    }
}

impl<'a> Iterator for Merged<'a> {
    type Item = &'a Entry;

    fn next(&mut self) -> Option<&'a Entry> {
        let number = |iter: &Iter<'a, Entry>| iter.clone().next().map(|entry| entry.n);
        match (number(&self.one), number(&self.other)) {
            (Some(one), Some(other)) if other < one => self.other.next(),
            (Some(_), _) => self.one.next(),
            (None, _) => self.other.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.one.len() + self.other.len();
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Merged<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let number = |iter: &Iter<'_, Entry>| iter.clone().next_back().map(|entry| entry.n);
        // None is less than any number.
        match number(&self.one) > number(&self.other) {
            true => self.one.next_back(),
            false => self.other.next_back(),
        }
    }
}

impl ExactSizeIterator for Merged<'_> {}

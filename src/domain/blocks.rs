//! A list that grows at one end and shrinks at the other, in blocks: nothing that is in it moves but within a small block,
//! however long it is; and what is kept long lies side by side, so that no holes for what is short-lived are between.

use std::collections::VecDeque;
use std::ops::Index;

/// How large a block is at most, in bytes; an entry that is larger has a block of its own.
const SIZE: usize = 32 * 1024;

/// A list of many entries.
#[derive(Debug, Default)]
pub struct Blocks<T> {
    /// the block that entries are taken from, the first of them at its end
    front: Vec<T>,
    /// the others; all but the last are full
    blocks: VecDeque<Vec<T>>,
}

impl<T> Blocks<T> {
    /// How many entries there are in a block.
    const EACH: usize = match SIZE / size_of::<T>() {
        0 => 1,
        many => many,
    };

    /// An empty list.
    pub const fn new() -> Self {
        Self {
            front: Vec::new(),
            blocks: VecDeque::new(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let whole = self.blocks.len().saturating_sub(1) * Self::EACH;
        self.front.len() + whole + self.blocks.back().map_or(0, Vec::len)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One more at the end.
    pub fn push_back(&mut self, entry: T) {
        match self.blocks.back_mut() {
            Some(last) if last.len() < Self::EACH => {
                // A first one grows: there may never be much in it.
                if last.len() == last.capacity() {
                    last.reserve_exact(last.len().min(Self::EACH - last.len()));
                }
                last.push(entry);
            }
            last => {
                let room = if last.is_some() { Self::EACH } else { 1 };
                let mut block = Vec::with_capacity(room);
                block.push(entry);
                self.blocks.push_back(block);
            }
        }
    }

    /// One more at the beginning.
    pub fn push_front(&mut self, entry: T) {
        self.front.push(entry);
    }

    /// Takes the first away.
    pub fn pop_front(&mut self) -> Option<T> {
        if self.front.is_empty() {
            self.front = self.blocks.pop_front()?;
            self.front.reverse();
        }
        self.front.pop()
    }

    /// The entry at that place.
    pub fn get(&self, index: usize) -> Option<&T> {
        match self.place(index) {
            (None, at) => self.front.get(at),
            (Some(block), at) => self.blocks.get(block)?.get(at),
        }
    }

    /// The entry at that place, to change.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        match self.place(index) {
            (None, at) => self.front.get_mut(at),
            (Some(block), at) => self.blocks.get_mut(block)?.get_mut(at),
        }
    }

    /// From the beginning on.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        (0..self.len()).map(|index| &self[index])
    }

    /// How many come before the first for which `before` does not hold; after that it holds for none.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match before(&self[middle]) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// Which block an entry is in, None: the front, and where.
    const fn place(&self, index: usize) -> (Option<usize>, usize) {
        let front = self.front.len();
        if index < front {
            return (None, front - 1 - index);
        }
        let at = index - front;
        (Some(at / Self::EACH), at % Self::EACH)
    }
}

impl<T> Index<usize> for Blocks<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        self.get(index).expect("there are that many")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tests::config;
    use proptest::prelude::*;

    /// Three of them are a block.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Large(u32, [u8; SIZE / 4]);

    const fn large(n: u32) -> Large {
        Large(n, [0; SIZE / 4])
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn it_is_a_list(steps in prop::collection::vec(0..6_u8, 0..60)) {
            let (mut blocks, mut list) = (Blocks::new(), VecDeque::new());
            for (n, step) in (0..).zip(steps) {
                match step {
                    0..3 => {
                        blocks.push_back(large(n));
                        list.push_back(n);
                    }
                    3 => {
                        blocks.push_front(large(n));
                        list.push_front(n);
                    }
                    _ => prop_assert_eq!(blocks.pop_front().map(|it| it.0), list.pop_front()),
                }
                let held: VecDeque<_> = blocks.iter().map(|it| it.0).collect();
                prop_assert_eq!(&held, &list);
                prop_assert_eq!((blocks.len(), blocks.is_empty()), (list.len(), list.is_empty()));
                prop_assert!(blocks.get(list.len()).is_none());
                prop_assert!(blocks.get_mut(list.len()).is_none());
                prop_assert!(blocks.blocks.iter().all(|block| block.capacity() <= 3));
                prop_assert!(blocks.blocks.len() <= list.len().div_ceil(3));
            }
        }

        #[test]
        fn a_point_parts_it(count in 0..20_u32, first in 0..4_u32, point in 0..22_u32) {
            let mut blocks = Blocks::new();
            (0..count).for_each(|n| blocks.push_back(large(n)));
            for _ in 0..first {
                blocks.pop_front();
            }
            let before = |it: &Large| it.0 < point;
            let want = blocks.iter().filter(|it| before(it)).count();
            prop_assert_eq!(blocks.partition_point(before), want);
        }
    }

    #[test]
    fn a_short_list_takes_little() {
        let mut blocks = Blocks::new();
        for n in 0..5_u64 {
            blocks.push_back(n);
        }
        assert_eq!(blocks.blocks[0].capacity(), 8);
    }
}

//! Memory for the texts of a journal. They come and go in one order, and so they lie side by side in blocks: were each in
//! memory of its own, all that is short-lived would get what they leave behind, scattered as it is, and be slower for it.

use bytes::{Bytes, BytesMut};

/// How large a block is at most, in bytes.
const SIZE: usize = 32 * 1024;
/// A block is no larger than this part of what its journal holds: little is left over in small ones, too.
const PART: usize = 8;
/// Longer texts have memory of their own, in bytes; where blocks are smaller, all have.
pub const SHORT: usize = 4 * 1024;

/// The block that is being filled.
#[derive(Debug, Default)]
pub struct Block {
    free: BytesMut,
    size: usize,
}

impl Block {
    /// From now on for a journal that holds so many bytes.
    pub fn fit(&mut self, held: usize) {
        self.size = (held / PART).min(SIZE);
    }

    /// A copy of `text`, in this block as long as there is room, then in the next. A block is given back when the last
    /// text in it is.
    pub fn copy(&mut self, text: &[u8]) -> Bytes {
        if text.len() > SHORT || self.size < SHORT {
            return Bytes::copy_from_slice(text);
        }
        if self.free.capacity() < text.len() {
            self.free = BytesMut::with_capacity(self.size);
        }
        self.free.extend_from_slice(text);
        self.free.split().freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of the texts do not begin where the one before ends.
    fn breaks(held: usize, texts: &[String]) -> usize {
        let mut block = Block::default();
        block.fit(held);
        let copy = |text: &String| block.copy(text.as_bytes());
        let kept: Vec<Bytes> = texts.iter().map(copy).collect();
        for (text, kept) in texts.iter().zip(&kept) {
            assert_eq!(text.as_bytes(), kept);
        }
        let end = |text: &Bytes| text.as_ptr().wrapping_add(text.len());
        let apart = |pair: &&[Bytes]| end(&pair[0]) != pair[1].as_ptr();
        kept.windows(2).filter(apart).count()
    }

    #[test]
    fn texts_lie_side_by_side_where_there_are_many() {
        let texts: Vec<String> = (0..10_000).map(|n| format!("text {n}")).collect();
        let bytes: usize = texts.iter().map(String::len).sum();
        assert_eq!(breaks(usize::MAX, &texts), bytes / SIZE);
        assert_eq!(breaks(PART * SHORT, &texts), bytes / SHORT);
        let alone = breaks(PART * SHORT - 1, &texts);
        assert!(alone > texts.len() / 2, "{alone}");
        let long = ["a".repeat(SHORT + 1), "b".repeat(SHORT + 1)];
        assert_eq!(breaks(usize::MAX, &long), 1);
    }
}

//! Memory for the texts of a journal. They come and go in one order, and so they lie side by side in blocks: were each in
//! memory of its own, all that is short-lived would get what they leave behind, scattered as it is, and be slower for it.

use bytes::{Bytes, BytesMut};

/// How large a block is, in bytes.
const SIZE: usize = 32 * 1024;
/// Longer texts have memory of their own, in bytes.
pub const SHORT: usize = 4 * 1024;
/// So many texts are kept before there are blocks: most sandboxes have few.
const FEW: usize = 64;

/// The block that is being filled.
#[derive(Debug, Default)]
pub struct Block {
    free: BytesMut,
    kept: usize,
}

impl Block {
    /// A copy of `text`, in this block as long as there is room, then in the next. A block is given back when the last
    /// text in it is.
    pub fn copy(&mut self, text: &[u8]) -> Bytes {
        self.kept += 1;
        if text.len() > SHORT || self.kept <= FEW {
            return Bytes::copy_from_slice(text);
        }
        if self.free.capacity() < text.len() {
            self.free = BytesMut::with_capacity(SIZE);
        }
        self.free.extend_from_slice(text);
        self.free.split().freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lie_side_by_side_once_there_are_many() {
        let mut block = Block::default();
        let texts: Vec<String> = (0..FEW * 100).map(|n| format!("text {n}")).collect();
        let kept: Vec<Bytes> = texts
            .iter()
            .map(|text| block.copy(text.as_bytes()))
            .collect();
        for (text, kept) in texts.iter().zip(&kept) {
            assert_eq!(text.as_bytes(), kept);
        }
        let beside =
            |pair: &&[Bytes]| pair[0].as_ptr().wrapping_add(pair[0].len()) == pair[1].as_ptr();
        let many = kept[FEW..].windows(2);
        let blocks = many.len() - many.filter(beside).count();
        let bytes: usize = texts[FEW..].iter().map(String::len).sum();
        assert_eq!(blocks, bytes / SIZE);
        assert_eq!(block.copy(&[7; SHORT + 1]), [7; SHORT + 1][..]);
    }
}

//! Whether a text has nothing to hide for sure: most have not, and are then passed without being read byte by byte.
//! It may say no without need, and then the whole scan looks.

use super::names::{EDGES, kind};
use super::scan::{Class, class};
use super::text::Text;

/// Bytes that are looked at together when digits are counted.
const BLOCK: usize = 64;
/// The fewest digits of a card number. With three characters between each two they take less than two blocks.
const FEWEST: usize = 13;

/// Whether nothing in `text` is a card number or stands behind the name of a secret. No for a text with escapes,
/// in which neither can be told from its bytes.
pub fn is_plain(text: &[u8]) -> bool {
    let escaped = text
        .iter()
        .fold(false, |found, byte| found | matches!(byte, b'%' | b'\\'));
    !escaped && !has_card(text) && !has_name(text)
}

/// Counting digits block by block is done many bytes at a time; only where there are enough is it looked whether
/// they are a card number.
fn has_card(text: &[u8]) -> bool {
    let mut before = 0;
    text.chunks(BLOCK).enumerate().any(|(n, block)| {
        let digits = block.iter().map(|byte| u8::from(byte.is_ascii_digit()));
        let digits = usize::from(digits.sum::<u8>());
        let crowded = before + digits >= FEWEST;
        before = digits;
        let from = n.saturating_sub(1) * BLOCK;
        crowded && cards_begin(text, from, n * BLOCK + block.len())
    })
}

/// Whether a card number begins between `from` and `to`: at the first digit of a run.
fn cards_begin(text: &[u8], from: usize, to: usize) -> bool {
    (from..to).any(|at| {
        let begins = text[at].is_ascii_digit() && (at == 0 || !text[at - 1].is_ascii_digit());
        begins && Text(text).card(at).is_some()
    })
}

/// Whether the name before any separator is one of those behind which something is hidden.
fn has_name(text: &[u8]) -> bool {
    let separates = |byte: &u8| matches!(byte, b':' | b'=' | b'>' | b'<');
    let mut from = 0;
    while let Some(next) = text[from..].iter().position(separates) {
        if told_by_name(&text[from..from + next]) {
            return true;
        }
        from += next + 1;
    }
    false
}

/// Whether the last name in `before`, which ends where a separator stands, is one of ours.
fn told_by_name(before: &[u8]) -> bool {
    let passed = |byte: &u8| *byte == b'+' || matches!(class(*byte), Class::Closer | Class::Joiner);
    let Some(last) = before.iter().rposition(|byte| !passed(byte)) else {
        return false;
    };
    let edge = usize::from(before[last]);
    if !EDGES.any[edge] && !EDGES.last[edge] {
        return false;
    }
    let mut letters = [0; 40];
    let mut at = letters.len();
    for &byte in before[..=last].iter().rev() {
        match class(byte) {
            Class::Letter | Class::Digit if at == 0 => return false,
            Class::Letter | Class::Digit => {
                at -= 1;
                letters[at] = byte.to_ascii_lowercase();
            }
            Class::Joiner => {}
            Class::Escape | Class::Closer | Class::Separator | Class::Other => break,
        }
    }
    kind(&letters[at..]).is_some()
}

//! How much of what a shopper writes is kept: sessions are counted, but not weighed. The numbers are
//! ours.

use crate::refusal::Why;

/// Characters of a name, a mail address, a phone number.
pub const WORD: u32 = 255;
/// Characters of the line of an address.
pub const LINE: u32 = 1_000;
/// Characters of a token or a reference.
pub const TOKEN: u32 = 4_096;

/// What is wrong with a text of more than so many characters.
pub fn too_long(text: &str, most: u32) -> Option<Why> {
    let more = text.chars().nth(most as usize).is_some();
    more.then_some(Why::TooLong(most))
}

//! What a holder types, as clients of both generations send it: card numbers, mostly sealed for the
//! vendor, and names of cards, mostly escaped. contract: masterpass §2.2

use crate::domain::pan::Pan;
use crate::domain::published::test_card;
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;
use std::borrow::Cow;

/// Longer than any card number in groups: sealed.
const MOST_PLAIN: usize = 23;

/// The card number that a client sent; None: it is sealed for somebody else. Err when there is none,
/// it fails its check, or it may be somebody's: test cards and those of the scenario's BINs are taken.
pub fn card_number(turn: &Turn<'_>, text: &str) -> Result<Option<Pan>, Refusal> {
    let text = text.trim();
    let plain = |b: u8| b.is_ascii_digit() || b == b' ' || b == b'-';
    let invalid = Refusal::Wallet(WalletFault::InvalidCard);
    if text.len() > MOST_PLAIN && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    if text.is_empty() || !text.bytes().all(plain) {
        return Err(invalid);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let pan = Pan::parse(&digits).ok_or_else(|| invalid.clone())?;
    let own = turn.world.scenario.bins.has_own(pan.digits());
    match own || test_card(pan.digits()).is_some() {
        true => Ok(Some(pan)),
        false => Err(invalid),
    }
}

/// A name of a card or of a holder as it was typed: clients escape it or do not.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| first == b'%');
        let escaped = escaped.and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = escaped.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_what_was_typed() {
        for (text, want) in [
            ("Maaş kartım", "Maaş kartım"),
            ("Maa%C5%9F%20kart%C4%B1m", "Maaş kartım"),
            ("50 % off", "50 % off"),
            ("%", "%"),
            ("%4", "%4"),
            ("%+1", "%+1"),
            ("%ff", "%ff"),
            ("a+b", "a+b"),
        ] {
            assert_eq!(plain(text), want, "{text}");
        }
    }
}

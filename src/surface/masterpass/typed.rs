//! What a holder typed, as it arrives: a card number plain, sealed for the sandbox, or sealed for
//! somebody else; names of cards, escaped or not. contract: masterpass §2.2

use crate::domain::pan::Pan;
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;
use crate::scenario::masterpass::CardData;
use crate::surface::masterpass::sealed;
use crate::surface::pan_guard;

/// More digits than a card number has: then they are sealed text.
const LONGEST: usize = 19;

/// The number that `text` holds. None: it cannot be read, and the card is known by the name on it. Err
/// when there is none, when it does not pass its check, and when it may be somebody's.
pub fn card_number(turn: &Turn<'_>, text: &str) -> Result<Option<Pan>, Refusal> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let is_number = plain.len() <= LONGEST && plain.bytes().all(|b| b.is_ascii_digit());
    let number = match is_number {
        true => Some(plain),
        false => opened(turn, text),
    };
    let Some(number) = number else {
        return Ok(None);
    };
    let pan = Pan::parse(&number).filter(|pan| pan_guard::takes(turn, pan));
    pan.map(Some)
        .ok_or(Refusal::Wallet(WalletFault::InvalidCard))
}

/// The digits that were sealed for the sandbox.
fn opened(turn: &Turn<'_>, text: &str) -> Option<String> {
    match turn.world.scenario.settings.masterpass.card_data {
        CardData::Opaque => None,
        CardData::Auto => {
            // Opening it takes longer than all the rest of a call, and rules and handler both ask for it.
            let data = turn.memo.of(text, || sealed::open(text));
            let data = String::from_utf8(data.as_ref().clone()?).ok()?;
            let digits = !data.is_empty() && data.bytes().all(|b| b.is_ascii_digit());
            digits.then_some(data)
        }
    }
}

/// `Maa%C5%9F%20kart` as `Maaş kart`. What is not escaped stays as it is, and so does everything when
/// it would be no text.
pub fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        match (first, escaped(behind)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The byte of two hex digits.
fn escaped(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_escaped_or_not() {
        for (text, want) in [
            ("Maa%C5%9F%20kart%C4%B1m", "Maaş kartım"),
            ("Maaş kartım", "Maaş kartım"),
            ("a+b", "a+b"),
            ("100%", "100%"),
            ("50% kart", "50% kart"),
            ("%zz%4", "%zz%4"),
            ("%ff", "%ff"),
            ("%25", "%"),
            ("%00", "\0"),
            ("", ""),
        ] {
            assert_eq!(unescaped(text), want, "{text}");
        }
    }
}

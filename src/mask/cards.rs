//! The card numbers in a text, for who must know whose they are.

use super::names::{Kind, kind};
use super::plain::{card_spans, name_before};
use super::text::Text;
use std::ops::Range;

/// What passes for a card number by its length and check digit.
#[derive(Debug, PartialEq, Eq)]
pub struct Card {
    /// its digits: not for answers, journal or log
    pub digits: String,
    /// it is the value of a field whose name is that of a card number
    pub in_field: bool,
}

/// All of them, escapes seen through as [`super::mask`] does.
pub fn cards(text: &[u8]) -> Vec<Card> {
    let card = |span: Range<usize>| Card {
        in_field: stands_in_field(&text[..span.start]),
        digits: Text(text).digits(span.start, span.end),
    };
    card_spans(text).map(card).collect()
}

/// Whether what stands before a value is the name of a card number, and nothing but quotes between.
fn stands_in_field(before: &[u8]) -> bool {
    let end = before
        .iter()
        .rposition(|b| !matches!(b, b' ' | b'"' | b'\'' | b'\t' | b'\n' | b'\r'));
    let Some(at) = end else { return false };
    let separates = matches!(before[at], b':' | b'=' | b'>');
    separates
        && name_before(&before[..at], before[at], |name| {
            kind(name) == Some(Kind::Pan)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_with_the_field_that_they_stand_in() {
        for (text, digits, in_field) in [
            (
                r#"{"cardNumber":"4242424242424242"}"#,
                "4242424242424242",
                true,
            ),
            (
                r#"{"card_number" : 4242424242424242}"#,
                "4242424242424242",
                true,
            ),
            (
                "a=1&card_number=4242+4242+4242+4242",
                "4242424242424242",
                true,
            ),
            (
                "card%5Bnumber%5D=x&card_number=%34242424242424242",
                "4242424242424242",
                true,
            ),
            (
                "<cardNo>4242-4242-4242-4242</cardNo>",
                "4242424242424242",
                true,
            ),
            (
                r#"{"conversationId":"4242424242424242"}"#,
                "4242424242424242",
                false,
            ),
            (
                r#"{"note":"no \u0034242424242424242"}"#,
                "4242424242424242",
                false,
            ),
            (
                r#"{"cardNumber":"x","note":"4242424242424242"}"#,
                "4242424242424242",
                false,
            ),
            ("/orders/4242424242424242?x=1", "4242424242424242", false),
        ] {
            let want = Card {
                digits: digits.to_owned(),
                in_field,
            };
            assert_eq!(cards(text.as_bytes()), [want], "{text}");
        }
        for text in [
            "",
            "4242",
            r#"{"cardNumber":"4242424242424241"}"#,
            "a%20b",
            "4242x424242424242",
        ] {
            assert_eq!(cards(text.as_bytes()), [], "{text}");
        }
        let two = cards(b"pan=4242424242424242&x=378282246310005");
        assert_eq!(two.len(), 2);
    }
}

//! Card numbers in text that goes on being used as it is: only what a network gives out is one, and what programs
//! make up as a name for something is none, or the text would no longer name it.

use super::plain::card_spans;
use super::text::Text;
use super::{Scan, readable};
use crate::domain::pan::is_issued;
use std::ops::Range;

/// `text` with all but the first six and the last four digits of its card numbers as `*`. None: there are none.
/// Escapes are seen through, as in [`super::mask`]. Hexadecimal tokens and UUIDs may look like anything: they stay.
pub fn hide_cards(text: &[u8]) -> Option<String> {
    let issued = |span: &Range<usize>| is_issued(&Text(text).digits(span.start, span.end));
    let mut spans = card_spans(text).filter(issued).peekable();
    spans.peek()?;
    if is_token(text) {
        return None;
    }
    Some(hidden(text, spans))
}

/// `text` with all but the first six and the last four digits of these card numbers as `*`.
pub fn hidden(text: &[u8], cards: impl Iterator<Item = Range<usize>>) -> String {
    let mut scan = Scan::of(text);
    for span in cards {
        scan.hide_digits(span.start, span.end);
    }
    scan.keep_to(text.len());
    readable(&scan.out)
}

/// Hexadecimal digits of one case, longer than card numbers are and some of them letters; or a UUID.
fn is_token(text: &[u8]) -> bool {
    let all = |fits: fn(&u8) -> bool| text.iter().all(fits);
    let hex = all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        || all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
    let letters = text.iter().any(u8::is_ascii_alphabetic);
    (hex && letters && text.len() > 19)
        || std::str::from_utf8(text)
            .is_ok_and(|text| uuid::Uuid::try_parse(text).is_ok() && text.len() == 36)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_hidden_and_names_of_things_are_not() {
        for (text, want) in [
            ("", None),
            ("5258640000000001", Some("525864******0001")),
            (
                "sipariş 5258 6400 0000 0001!",
                Some("sipariş 5258 64** **** 0001!"),
            ),
            ("MP5258640000000001x", Some("MP525864******0001x")),
            (
                "5258-6400-0000-0001 378282246310005",
                Some("5258-64**-****-0001 378282*****0005"),
            ),
            (
                "http://shop/?a=5258%2064000000%30001&otp=1",
                Some("http://shop/?a=5258%2064******%30001&otp=1"),
            ),
            ("5258640000000002", None),     // no check digit
            ("7123260102000018", None),     // numbers of orders begin with 7
            ("1767323045000000", None),     // a moment
            ("52586400000000010000", None), // longer than a card number
            ("ab5258640000000001cdef", None),
            ("52586400-0000-0001-8000-000000000000", None),
            ("token=5258&cvc=123", None),
        ] {
            assert_eq!(hide_cards(text.as_bytes()).as_deref(), want, "{text}");
        }
    }
}

//! Whether a text has nothing to hide for sure: most have not, and are then passed without being read byte by byte.
//! It may say no without need, and then the whole scan looks.

use super::names::{EDGES, kind, may_end_so};
use super::scan::{Class, class};
use super::text::Text;
use memchr::{memchr2_iter, memchr3, memmem};
use std::ops::Range;

/// The fewest digits of a card number.
const FEWEST: usize = 13;
/// Longer names are none of ours.
const LONGEST: usize = 40;

/// What may have to be hidden in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Nothing,
    /// card numbers by their shape, in a text without escapes
    Cards,
    /// anything, anywhere
    Anything,
}

/// Whether nothing in `text` is a card number or stands behind the name of a secret, and it is no multipart body.
pub fn is_plain(text: &[u8]) -> bool {
    !is_multipart(text) && found(text) == Found::Nothing
}

/// Whether the text begins as multipart bodies do, in which names are not seen.
pub fn is_multipart(text: &[u8]) -> bool {
    text.starts_with(b"--")
}

/// The style sheets of our pages: more than half of some, and nothing is hidden in them.
const STYLES: [&str; 2] = [
    include_str!("../../templates/bank/bank.css"),
    include_str!("../../templates/craftgate/checkout.css"),
];

/// A page's text before and behind a style sheet of ours.
fn around_style(page: &[u8]) -> Option<(&[u8], &[u8])> {
    const OPEN: &[u8] = b"<style>";
    if !page.starts_with(b"<!doctype html>") {
        return None;
    }
    let from = memmem::find(page, OPEN)? + OPEN.len();
    let (before, sheet) = page.split_at(from);
    let rest = |style: &&str| sheet.strip_prefix(style.as_bytes());
    Some((before, STYLES.iter().find_map(rest)?))
}

/// What may have to be hidden in `text`.
pub fn found(text: &[u8]) -> Found {
    match around_style(text) {
        Some((before, behind)) if found_in(before) == Found::Nothing => found_in(behind),
        Some(_) | None => found_in(text),
    }
}

fn found_in(text: &[u8]) -> Found {
    if has_escape(text) {
        let seen = seen_through(text);
        let plain = seen.is_some_and(|seen| !has_card(&seen) && !has_name(&seen));
        return if plain {
            Found::Nothing
        } else {
            Found::Anything
        };
    }
    if has_name(text) {
        Found::Anything
    } else if has_card(text) {
        Found::Cards
    } else {
        Found::Nothing
    }
}

/// A text with its escapes undone, a byte for each character. None: what stands in an escape begins a card number, for
/// the percent sign may be one before a number.
fn seen_through(text: &[u8]) -> Option<Vec<u8>> {
    let mut seen = Vec::with_capacity(text.len());
    let mut from = 0;
    while let Some(next) = memchr3(b'%', b'\\', b'+', &text[from..]) {
        let at = from + next;
        seen.extend_from_slice(&text[from..at]);
        let unit = Text(text).unit(at);
        let in_escape = text[at] == b'%' && unit.end > at + 1 && text[at + 1].is_ascii_digit();
        if in_escape && Text(text).card(at + 1).is_some() {
            return None;
        }
        // what would begin an escape once more stands for anything that is no part of a name or number
        let ends = matches!(unit.ch, b'%' | b'\\');
        seen.push(if ends { b'.' } else { unit.ch });
        from = unit.end;
    }
    seen.extend_from_slice(&text[from..]);
    Some(seen)
}

/// Whether anything in it stands for another character: `%35`, `\"`. A percent sign of its own does not.
fn has_escape(text: &[u8]) -> bool {
    memchr2_iter(b'%', b'\\', text).any(|at| match text[at..] {
        [b'%', high, low, ..] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        [b'%', ..] => false,
        _ => true,
    })
}

fn has_card(text: &[u8]) -> bool {
    runs(text).any(|run| groups(text, run).any(|at| Text(text).card(at).is_some()))
}

/// What card numbers and the gaps in them are made of.
const PART: [bool; 256] = {
    let mut part = [false; 256];
    let mut byte = 0;
    while byte < part.len() {
        part[byte] = matches!(byte as u8, b'0'..=b'9' | b' ' | b'-' | b'+' | b'\t');
        byte += 1;
    }
    part
};

/// Where card numbers may be in a text without escapes: a card number is a run of so many digits, spaces and dashes at
/// least, of which one stands at a multiple of that length: the others need not be looked at.
fn runs(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let part = |at: usize| PART[usize::from(text[at])];
    let mut at = FEWEST - 1;
    std::iter::from_fn(move || {
        while at < text.len() {
            let here = at;
            at += FEWEST;
            if part(here) {
                let from = (0..here).rev().find(|at| !part(*at)).map_or(0, |at| at + 1);
                let to = (here..text.len()).find(|at| !part(*at));
                let to = to.unwrap_or(text.len());
                at = to + FEWEST;
                if to - from >= FEWEST {
                    return Some(from..to);
                }
            }
        }
        None
    })
}

/// Where a card number may begin in such a run: at the first digit of each group.
fn groups(text: &[u8], run: Range<usize>) -> impl Iterator<Item = usize> {
    let is_digit = |at: usize| text[at].is_ascii_digit();
    run.filter(move |at| is_digit(*at) && (*at == 0 || !is_digit(at - 1)))
}

/// Every card number in any text, by what it passes for, and where it ends.
pub fn card_spans(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let escaped = has_escape(text);
    let plain = (!escaped).then(|| runs(text).flat_map(|run| groups(text, run)));
    let begins = plain.into_iter().flatten();
    let begins = begins.chain(escaped.then(|| seen_groups(text)).into_iter().flatten());
    begins.filter_map(|at| Some(at..Text(text).card(at)?))
}

/// As [`groups`], of a whole text, with its escapes seen through.
fn seen_groups(text: &[u8]) -> impl Iterator<Item = usize> {
    let (mut next, mut after_digit) = (0, false);
    std::iter::from_fn(move || {
        while let Some(unit) = Text(text).peek(next) {
            let (at, begins) = (next, unit.ch.is_ascii_digit() && !after_digit);
            (next, after_digit) = (unit.end, unit.ch.is_ascii_digit());
            if begins {
                return Some(at);
            }
        }
        None
    })
}

/// Whether the name before any separator is one of those behind which something is hidden.
fn has_name(text: &[u8]) -> bool {
    any_separator(text, |at| match &text[..at] {
        // most names of JSON, told at a glance
        [.., third, second, last, b'"'] if !may_end_so([*third, *second, *last]) => false,
        before => {
            matches!(text[at], b':' | b'=' | b'>')
                && name_before(before, text[at], |name| kind(name).is_some())
        }
    })
}

/// Whether any byte from `:` to `>` `is` so. They are looked for in eight bytes at a time: there are so many that a
/// search which begins anew at each takes longer.
fn any_separator(text: &[u8], is: impl Fn(usize) -> bool) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7F * EACH;
    let (words, rest) = text.as_chunks();
    let mut from = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        // the high bit of each byte whose lower seven bits are such a number at least: no sum carries over
        let least = |bound: u8| (word & LOW) + EACH * (0x80 - u64::from(bound));
        let mut found = least(b':') & !least(b'>' + 1) & !word & !LOW;
        while found != 0 {
            if is(from + found.trailing_zeros() as usize / 8) {
                return true;
            }
            found &= found - 1;
        }
        from += size_of::<u64>();
    }
    rest.iter()
        .enumerate()
        .any(|(at, byte)| matches!(byte, b':'..=b'>') && is(from + at))
}

/// Whether the last name in `before`, which ends where a separator stands, is one of ours, and such a one.
#[inline]
pub fn name_before(before: &[u8], separator: u8, is: impl Fn(&[u8]) -> bool) -> bool {
    let passed = |byte: u8| byte == b'+' || matches!(class(byte), Class::Closer | Class::Joiner);
    let mut to = before.len();
    while to > 0 && passed(before[to - 1]) {
        to -= 1;
    }
    // The last letters alone tell of nearly all names that they are none of ours.
    match before[..to] {
        [.., third, second, last] if !may_end_so([third, second, last]) => false,
        _ => ends_with_name(&before[..to], separator, is),
    }
}

/// As [`name_before`], of a text that ends with the name.
#[inline(never)]
fn ends_with_name(text: &[u8], separator: u8, is: impl Fn(&[u8]) -> bool) -> bool {
    let named = |byte: u8| matches!(class(byte), Class::Letter | Class::Digit | Class::Joiner);
    let mut from = text.len();
    while from > 0 && named(text[from - 1]) {
        from -= 1;
    }
    // What is in a tag speaks of what follows the tag only when it is the tag's own name: `<soap:cvc>`.
    if separator == b'>' && !matches!(text[..from], [.., b'<' | b':']) {
        return false;
    }
    let name = &text[from..];
    // The edges of a name tell of most that are left.
    let Some(first) = name.iter().position(|byte| class(*byte) != Class::Joiner) else {
        return false;
    };
    if !EDGES.may_be(name[first], name[name.len() - 1]) {
        return false;
    }
    let mut letters = [0; LONGEST];
    let mut len = 0;
    for byte in name.iter().filter(|byte| class(**byte) != Class::Joiner) {
        let Some(letter) = letters.get_mut(len) else {
            return false;
        };
        *letter = byte.to_ascii_lowercase();
        len += 1;
    }
    is(&letters[..len])
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        #[test]
        fn every_separator_is_found(text in proptest::collection::vec(b'8'..b'B', 0..40), high: Vec<u8>) {
            for text in [text, high] {
                let found = std::cell::RefCell::new(Vec::new());
                assert!(!any_separator(&text, |at| { found.borrow_mut().push(at); false }));
                let all: Vec<_> = (0..text.len()).filter(|at| (b':'..=b'>').contains(&text[*at])).collect();
                proptest::prop_assert_eq!(found.into_inner(), all);
            }
        }

        #[test]
        fn looking_at_runs_alone_finds_the_same_cards(
            parts in proptest::collection::vec(proptest::sample::select(PIECES), 0..30)
        ) {
            let text = parts.concat();
            let text = text.as_bytes();
            let found: Vec<_> = card_spans(text).collect();
            let all = seen_groups(text).filter_map(|at| Some(at..Text(text).card(at)?));
            proptest::prop_assert_eq!(found, all.collect::<Vec<_>>());
        }
    }

    /// What card numbers are made of, and what stands around and between them.
    const PIECES: &[&str] = &[
        "5258640000000001",
        "5258",
        "6400",
        "0000",
        "0001",
        "4242424242424242",
        "378282246310005",
        "1",
        "0",
        "a",
        "é",
        " ",
        "  ",
        "-",
        "+",
        "\t",
        "\n",
        ".",
        ",",
        ":",
        "\"",
        "% ",
        "_",
        "=",
        "%30",
        "%2534",
        "\\u0034",
        "%52",
        "%",
        "\\",
    ];
}

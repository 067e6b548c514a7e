//! Texts that mean something: numbers, flags, moments, phone numbers, URLs. contract: craftgate §1.5

use crate::clock::Timestamp;
use time::format_description::well_known::Iso8601;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// How many characters a text may have. What is kept of a call is counted, but not weighed: these
/// two bound what one of them can hold. The numbers are ours.
pub const MOST_TEXT: usize = 1_024;
/// How many characters the shop's own reference may have.
pub const MOST_REFERENCE: usize = 255;

/// Whether there are at most so many characters.
pub fn is_within(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none()
}

/// `5`, `"5"`; at most what JavaScript counts exactly.
pub fn id(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let id = digits.then(|| text.parse().ok()).flatten()?;
    (id <= 1 << 53).then_some(id)
}

/// `true`, `True`, `1` and their opposites.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// An amount below nothing, which is no malformed one.
pub fn is_negative(text: &str) -> bool {
    let digits = |rest: &str| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.strip_prefix('-')
        .is_some_and(|rest| !rest.is_empty() && digits(rest))
}

/// A date and time: with a zone it is converted, without one it is Turkish time; a fraction may be
/// there. A date alone is its first moment. contract: craftgate §4.4
pub fn date(text: &str) -> Option<Timestamp> {
    let text = text.replacen(' ', "T", 1);
    let text = match text.len() {
        10 => format!("{text}T00:00:00"),
        _ => text,
    };
    let turkey = UtcOffset::from_hms(3, 0, 0).ok()?;
    let zoned = OffsetDateTime::parse(&text, &Iso8601::DEFAULT).ok();
    let moment = zoned.or_else(|| {
        let local = PrimitiveDateTime::parse(&text, &Iso8601::DEFAULT).ok()?;
        Some(local.assume_offset(turkey))
    })?;
    let micros = moment.unix_timestamp_nanos().div_euclid(1_000);
    i64::try_from(micros).ok().map(Timestamp::from_micros)
}

/// 10 to 15 digits.
pub fn is_msisdn(text: &str) -> bool {
    (10..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_digits() {
        for (text, want) in [
            ("1", Some(1)),
            ("007", Some(7)),
            ("9007199254740992", Some(1 << 53)),
            ("9007199254740993", None),
            ("99999999999999999999", None),
            ("", None),
            ("-1", None),
            ("1.0", None),
            ("1e2", None),
        ] {
            assert_eq!(id(text), want, "{text}");
        }
    }

    #[test]
    fn flags_are_those_that_clients_send() {
        for text in ["true", "True", "1"] {
            assert_eq!(flag(text), Some(true), "{text}");
        }
        for text in ["false", "False", "0"] {
            assert_eq!(flag(text), Some(false), "{text}");
        }
        assert_eq!((flag("yes"), flag(""), flag("2")), (None, None, None));
    }

    #[test]
    fn moments_are_read_in_both_clocks() {
        for (text, want) in [
            (
                "2026-01-02T03:04:05.678Z",
                Some("2026-01-02T03:04:05.678000Z"),
            ),
            ("2026-01-02T03:04:05Z", Some("2026-01-02T03:04:05.000000Z")),
            ("2026-01-02T06:04:05", Some("2026-01-02T03:04:05.000000Z")),
            ("2026-01-02T06:04:05.5", Some("2026-01-02T03:04:05.500000Z")),
            ("2026-01-02 06:04:05", Some("2026-01-02T03:04:05.000000Z")),
            (
                "2026-01-02T05:04:05+02:00",
                Some("2026-01-02T03:04:05.000000Z"),
            ),
            ("2026-01-02", Some("2026-01-01T21:00:00.000000Z")),
            ("yesterday", None),
            ("2026-13-02T03:04:05", None),
            ("", None),
        ] {
            assert_eq!(
                date(text).map(Timestamp::iso_micros).as_deref(),
                want,
                "{text}"
            );
        }
    }
}

//! Card numbers: checked by Luhn, and never written down beyond BIN and last four digits.

mod written;

use compact_str::CompactString;
use std::fmt;

/// Digits that are always readable in front of a masked number.
const BIN_DIGITS: usize = 6;
const LAST_DIGITS: usize = 4;
/// ISO/IEC 7812 ends at 19 digits; below 13 nothing is issued.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;

/// A card number that passes Luhn. Printing it shows BIN and last four digits only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pan(CompactString);

impl Pan {
    /// 13 to 19 digits that pass Luhn, without separators; None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        (LENGTHS.contains(&text.len()) && luhn(text)).then(|| Self(text.into()))
    }

    /// All digits, to look a card up with: not for answers, journal or log.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The first six digits.
    pub fn bin(&self) -> &str {
        &self.0[..BIN_DIGITS]
    }

    /// The last four digits.
    pub fn last_four(&self) -> &str {
        &self.0[self.0.len() - LAST_DIGITS..]
    }
}

impl fmt::Display for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0, BIN_DIGITS))
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({self})")
    }
}

/// `525864******0001`: the first six digits and the last four. With `bin` 8 or more a number of
/// 16 digits or more shows eight (PCI DSS 3.4.1); what is too short to be a card number shows nothing.
pub fn masked(digits: &str, bin: usize) -> String {
    let len = digits.chars().count();
    let shown = match (bin, len) {
        (8.., 16..) => 8,
        _ => BIN_DIGITS,
    };
    let readable = |i| LENGTHS.start() <= &len && (i < shown || i >= len - LAST_DIGITS);
    let masked = |(i, c)| if readable(i) { c } else { '*' };
    digits.chars().enumerate().map(masked).collect()
}

/// Whether all are decimal digits, of which the last is the check digit that ISO/IEC 7812 asks for.
pub fn luhn(digits: &str) -> bool {
    let value = |(i, b): (usize, u8)| match u32::from(b - b'0') << (i % 2) {
        doubled @ 10.. => doubled - 9,
        plain => plain,
    };
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.bytes().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

/// Whether a network gives out such numbers: their length by how they begin.
pub fn is_issued(digits: &str) -> bool {
    let first = |n: usize| digits.get(..n).and_then(|text| text.parse::<u32>().ok());
    let (Some(one), Some(two), Some(four)) = (first(1), first(2), first(4)) else {
        return false;
    };
    match digits.len() {
        13 | 19 => one == 4,
        14 => matches!(two, 30 | 36 | 38),
        15 => matches!(two, 34 | 37),
        16 => {
            one == 4
                || matches!(two, 35 | 51..=55 | 62 | 65)
                || matches!(four, 2221..=2720 | 6011 | 9792)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tests::config;
    use proptest::prelude::*;

    #[test]
    fn a_number_has_13_to_19_digits_and_its_check_digit() {
        for (text, want) in [
            ("5258640000000001", true),
            ("378282246310005", true),
            ("30569309025904", true),
            ("0000000000000", true),
            ("000000000000", false),
            ("0000000000000000000", true),
            ("00000000000000000000", false),
            ("5258640000000002", false),
            ("5258 6400 0000 0001", false),
            ("525864000000000a", false),
            ("\u{665}258640000000001", false),
            ("", false),
        ] {
            assert_eq!(Pan::parse(text).is_some(), want, "{text}");
        }
        assert!(!luhn(""));
        assert!(luhn("0") && luhn("18") && !luhn("81"));
    }

    #[test]
    fn a_number_is_printed_masked() {
        let pan = Pan::parse("5258640000000001").unwrap();
        assert_eq!(pan.to_string(), "525864******0001");
        assert_eq!(format!("{pan:?}"), "Pan(525864******0001)");
        assert_eq!((pan.bin(), pan.last_four()), ("525864", "0001"));
        assert_eq!(pan.digits(), "5258640000000001");
    }

    #[test]
    fn masks_show_bin_and_last_four() {
        for (digits, bin, want) in [
            ("5258640000000001", 6, "525864******0001"),
            ("9792675000000002", 8, "97926750****0002"),
            ("378282246310005", 8, "378282*****0005"),
            ("1234567890123", 6, "123456***0123"),
            ("123456789012", 6, "************"),
            ("123", 6, "***"),
            ("", 6, ""),
            ("\u{665}\u{665}", 6, "**"),
        ] {
            assert_eq!(masked(digits, bin), want, "{digits}");
        }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn one_wrong_digit_fails(body in "[0-9]{12,18}", at in 0..12_usize, by in 1..10_u8) {
            let check = (b'0'..=b'9').map(|c| format!("{body}{}", char::from(c)));
            let good: Vec<String> = check.filter(|number| luhn(number)).collect();
            prop_assert_eq!(good.len(), 1, "one check digit fits");
            let mut bad = good[0].clone().into_bytes();
            bad[at] = b'0' + (bad[at] - b'0' + by) % 10;
            prop_assert!(!luhn(std::str::from_utf8(&bad).unwrap()));
        }
    }
}

//! The simple values of a scenario: texts, digits, durations, amounts, ranges, globs.

use crate::clock::span;
use crate::domain::installment::BinRange;
use crate::domain::money::Percent;
use crate::scenario::knob::Kind;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Report, tick};
use crate::scenario::read::{Item, Read};
use std::ops::RangeInclusive;
use std::time::Duration;
use toml::de::DeValue;

impl Read for bool {
    const KIND: Kind = Kind::Flag;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        match item.value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => report.expected(item, &Self::KIND),
        }
    }
}

/// A string that `parse` takes. The problem is said as "expected KIND, found …".
pub(crate) fn parsed<T>(
    (item, kind): (Item<'_>, &Kind),
    report: &mut Report,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let DeValue::String(text) = item.value else {
        return report.expected(item, kind);
    };
    let value = parse(text);
    if value.is_none() {
        report.say(
            Mistake::WrongValue,
            item.place,
            format!("expected {kind}, found {}", tick(text)),
        );
    }
    value
}

/// Gives a type its reader: a string, and what it must say.
macro_rules! text_value {
    ($type:ty, $what:literal, $parse:expr) => {
        impl $crate::scenario::read::Read for $type {
            const KIND: $crate::scenario::knob::Kind = $crate::scenario::knob::Kind::Text($what);

            fn read(
                item: $crate::scenario::read::Item<'_>,
                report: &mut $crate::scenario::problem::Report,
            ) -> Option<Self> {
                $crate::scenario::values::parsed((item, &Self::KIND), report, $parse)
            }
        }
    };
}

pub(crate) use text_value;

text_value!(String, "a string", |text| Some(text.to_owned()));

/// A text that people read: not empty, one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(pub String);

text_value!(Name, "a text on one line", |text| {
    let fits = !text.trim().is_empty() && !text.contains(char::is_control);
    fits.then(|| Self(text.to_owned()))
});

/// A short name for URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slug(pub String);

text_value!(Slug, "letters, digits, `_` and `-`", |text| {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (!text.is_empty() && text.bytes().all(fits)).then(|| Self(text.to_owned()))
});

/// A mail address, as far as a mock cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail(pub String);

text_value!(Mail, "a mail address", |text| {
    let (name, host) = text.split_once('@')?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
    let fits = !name.is_empty() && !host.is_empty() && !text.replacen('@', "", 1).contains(odd);
    fits.then(|| Self(text.to_owned()))
});

/// A phone number with its country code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phone(pub String);

text_value!(
    Phone,
    "10 to 15 digits with the country code: `\"905321234567\"`",
    |text| digits(text, 10..=15).then(|| Self(text.to_owned()))
);

/// The first digits of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BinDigits(pub String);

text_value!(BinDigits, "6 to 8 digits", |text| {
    digits(text, 6..=8).then(|| Self(text.to_owned()))
});

text_value!(
    BinRange,
    "6 to 8 digits, or two of them with `..` between: `\"540600..540699\"`",
    BinRange::parse
);

/// The digits that a row of the BIN table stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BinPrefix(pub String);

text_value!(BinPrefix, "6 or 8 digits", |text| {
    (digits(text, 6..=8) && text.len() != 7).then(|| Self(text.to_owned()))
});

pub(crate) fn digits(text: &str, count: RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// A vendor's result code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code(pub String);

text_value!(
    Code,
    "a code of 1 to 64 letters, digits, `_` and `-`",
    |text| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let short = !text.is_empty() && text.len() <= 64;
        (short && text.bytes().all(fits)).then(|| Self(text.to_owned()))
    }
);

/// An amount as written: its currency is known later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal(pub String);

text_value!(Decimal, "an amount in quotes: `\"100.00\"`", |text| {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fits = digits(whole, 1..=15) && digits(fraction, 1..=8);
    fits.then(|| Self(text.to_owned()))
});

/// A span of time that a call is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delay(pub Duration);

text_value!(
    Delay,
    "a duration of at most 120 seconds: `\"800ms\"`, `\"2s\"`, `\"1m\"`",
    |text| span(text)
        .filter(|d| *d <= Duration::from_secs(120))
        .map(Self)
);

/// A span of time that a call is held, or the least and the greatest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wait {
    pub least: Duration,
    pub most: Duration,
}

text_value!(
    Wait,
    "a duration of at most 120 seconds, or a range: `\"800ms\"`, `\"200ms..800ms\"`",
    |text| {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (span(least)?, span(most)?);
        let fits = least <= most && most <= Duration::from_secs(120);
        fits.then_some(Self { least, most })
    }
);

/// A span of time that something lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime(pub Duration);

text_value!(
    Lifetime,
    "a duration from 1 millisecond to 30 days: `\"90s\"`, `\"30m\"`, `\"12h\"`",
    |text| {
        let most = Duration::from_secs(30 * 24 * 3600);
        let fits = |d: &Duration| !d.is_zero() && *d <= most;
        span(text).filter(fits).map(Self)
    }
);

/// A percentage: `"5.00"`, or a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate(pub Percent);

impl Read for Rate {
    const KIND: Kind = Kind::Text("a percentage up to 1000 in quotes: `\"5.00\"`");

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        if let DeValue::Integer(number) = item.value
            && number.radix() == 10
            && let Ok(percent) = number.as_str().parse()
        {
            return Some(Self(percent));
        }
        parsed((item, &Self::KIND), report, |text| text.parse().ok()).map(Self)
    }
}

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Int<const MIN: i64, const MAX: i64>(pub i64);

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// For the domain, when the bounds fit.
    pub fn narrow<T: TryFrom<i64>>(self) -> T {
        let narrow = T::try_from(self.0).ok();
        narrow.expect("the bounds of the knob lie within the type's")
    }
}

impl<const MIN: i64, const MAX: i64> Read for Int<MIN, MAX> {
    const KIND: Kind = Kind::Integer { min: MIN, max: MAX };

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        whole((item, &Self::KIND), report, MIN..=MAX).map(Self)
    }
}

/// A whole number in that range.
pub(crate) fn whole(
    (item, kind): (Item<'_>, &Kind),
    report: &mut Report,
    range: RangeInclusive<i64>,
) -> Option<i64> {
    let DeValue::Integer(number) = item.value else {
        return report.expected(item, kind);
    };
    let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
    let value = value.filter(|n| range.contains(n));
    if value.is_none() {
        let found = tick(report.text(item.place));
        let text = format!("expected {kind}, found {found}");
        report.say(Mistake::WrongValue, item.place, text);
    }
    value
}

/// A pattern: `*` stands for any characters, also none; all else for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob(pub String);

text_value!(Glob, "a string; `*` stands for anything", |text| {
    Some(Self(text.to_owned()))
});

impl Glob {
    /// The pattern of that text.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Looks for the parts from left to right, so it takes no longer than the text is long times
    /// the pattern.
    pub fn matches(&self, text: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else {
            return self.0 == text;
        };
        let Some(mut text) = text.strip_prefix(first) else {
            return false;
        };
        let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        for part in middle.split('*') {
            match text.find(part) {
                Some(at) => text = &text[at + part.len()..],
                None => return false,
            }
        }
        text.ends_with(last)
    }
}

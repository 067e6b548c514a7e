//! Numbers that a rule asks for: how many, how much, how likely.

use crate::domain::money::Money;
use crate::scenario::knob::Kind;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::read::{Item, Read};
use crate::scenario::values::{Int, digits, parsed};
use std::fmt;
use toml::de::DeValue;

/// Whole numbers: one, a range, or a comparison. Both ends are inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers<const MAX: i64, const MIN: i64 = 1> {
    low: i64,
    high: i64,
}

impl<const MAX: i64, const MIN: i64> Numbers<MAX, MIN> {
    pub const fn covers(&self, other: &Self) -> bool {
        self.low <= other.low && self.high >= other.high
    }

    /// The least and the greatest that fit.
    pub const fn ends(&self) -> (i64, i64) {
        (self.low, self.high)
    }

    pub fn contains(&self, number: u32) -> bool {
        (self.low..=self.high).contains(&i64::from(number))
    }
}

impl<const MAX: i64, const MIN: i64> Read for Numbers<MAX, MIN> {
    const KIND: Kind = Kind::Either(&[
        Kind::Integer { min: MIN, max: MAX },
        Kind::Text("a range: `\"2..12\"`, `\">= 2\"`"),
    ]);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        if !matches!(item.value, DeValue::String(_)) {
            let one = match item.value {
                DeValue::Integer(_) => Int::<MIN, MAX>::read(item, report)?,
                _ => return report.expected(item, &Self::KIND),
            };
            return Some(Self {
                low: one.0,
                high: one.0,
            });
        }
        let unit = |text: &str| text.parse().ok().filter(|n| (0..=MAX).contains(n));
        let (low, high) = parsed((item, &Self::KIND), report, |text| range(text, unit))?;
        let (low, high) = (low.max(MIN), high.min(MAX));
        if low > high {
            report.say(Mistake::NeverFits, item.place, "there is no such number");
            return None;
        }
        Some(Self { low, high })
    }
}

/// Amounts: one, a range, or a comparison, in thousandths of the unit. Both ends are inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amounts {
    low: i64,
    high: i64,
}

impl Amounts {
    /// Between these, in thousandths; both ends are inside.
    pub const fn between(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    /// Whether so many thousandths fit.
    pub fn holds(&self, thousandths: i64) -> bool {
        (self.low..=self.high).contains(&thousandths)
    }

    pub const fn covers(&self, other: &Self) -> bool {
        self.low <= other.low && self.high >= other.high
    }

    /// The least and the greatest that fit.
    pub const fn ends(&self) -> (i64, i64) {
        (self.low, self.high)
    }

    /// By how much so many thousandths miss them.
    pub fn misses(&self, was: i64) -> Option<String> {
        let (far, word) = match was {
            was if was < self.low => (self.low - was, "little"),
            was if was > self.high => (was - self.high, "much"),
            _ => return None,
        };
        Some(format!("{} too {word}", decimal(far)))
    }

    pub fn contains(&self, amount: Money) -> bool {
        let scale = 10_i64.pow(3 - amount.currency().exponent());
        let was = amount.minor().checked_mul(scale);
        was.is_some_and(|n| self.holds(n))
    }
}

/// A decimal number in thousandths; None: it is none, or has more places.
pub(crate) fn thousandths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fits = digits(whole, 1..=13) && digits(fraction, 1..=3);
    let number = format!("{whole}{fraction:0<3}");
    number.parse().ok().filter(|_| fits)
}

impl Read for Amounts {
    const KIND: Kind = Kind::Text(
        "an amount, a comparison or a range: `\"100.00\"`, `\">= 1000.00\"`, `\"100.00..200.00\"`",
    );

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let (low, high) = parsed((item, &Self::KIND), report, |text| range(text, thousandths))?;
        if low > high || high < 0 {
            report.say(Mistake::NeverFits, item.place, "there is no such amount");
            return None;
        }
        Some(Self { low, high })
    }
}

impl<const MAX: i64, const MIN: i64> fmt::Display for Numbers<MAX, MIN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (self.low, self.high);
        match (low, high) {
            _ if low == high => write!(f, "{low}"),
            _ if high == MAX => write!(f, ">= {low}"),
            _ if low == MIN => write!(f, "<= {high}"),
            _ => write!(f, "{low}..{high}"),
        }
    }
}

impl fmt::Display for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (self.low, self.high);
        match (low, high) {
            _ if low == high => f.write_str(&decimal(low)),
            (_, i64::MAX) => write!(f, ">= {}", decimal(low)),
            (i64::MIN, _) => write!(f, "<= {}", decimal(high)),
            _ => write!(f, "{}..{}", decimal(low), decimal(high)),
        }
    }
}

/// Thousandths as people write them: `100.00`.
fn decimal(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.strip_suffix('0').map_or(text.clone(), str::to_owned)
}

/// `5`, `= 5`, `>= 5`, `< 5`, `5..7`, as the least and the greatest that fit.
pub(crate) fn range(text: &str, unit: impl Fn(&str) -> Option<i64>) -> Option<(i64, i64)> {
    if let Some((low, high)) = text.split_once("..") {
        return Some((unit(low.trim())?, unit(high.trim())?));
    }
    let rest = text.trim().trim_start_matches(['<', '>', '=']);
    let (sign, number) = (
        &text.trim()[..text.trim().len() - rest.len()],
        unit(rest.trim())?,
    );
    match sign {
        "" | "=" => Some((number, number)),
        ">=" => Some((number, i64::MAX)),
        ">" => Some((number + 1, i64::MAX)),
        "<=" => Some((i64::MIN, number)),
        "<" => Some((i64::MIN, number - 1)),
        _ => None,
    }
}

/// How likely something is, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Odds(pub u32);

impl Odds {
    const WHOLE: i64 = 100;
}

impl Read for Odds {
    const KIND: Kind = Kind::Either(&[
        Kind::Integer {
            min: 0,
            max: Self::WHOLE,
        },
        Kind::Text("a percentage from 0 to 100 with at most one decimal: `\"12.5\"`"),
    ]);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        if let DeValue::Integer(_) = item.value {
            let whole = Int::<0, { Self::WHOLE }>::read(item, report)?;
            return Some(Self(whole.narrow::<u32>() * 10));
        }
        parsed((item, &Self::KIND), report, |text| {
            let text = text.strip_suffix('%').unwrap_or(text);
            let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
            let fits = digits(whole, 1..=3) && digits(tenth, 1..=1);
            let thousandths = format!("{whole}{tenth}").parse().ok();
            thousandths.filter(|n| fits && *n <= 1000).map(Self)
        })
    }
}

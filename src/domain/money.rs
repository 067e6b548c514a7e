//! Exact money: minor units in an `i64`, decimal text at the edges, half-up rounding in one place.

use std::fmt;
use std::str::FromStr;

/// The currencies that the vendors list (contract: craftgate §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "ISO 4217 codes speak for themselves")]
pub enum Currency {
    #[default]
    TRY,
    USD,
    EUR,
    GBP,
    CNY,
    ARS,
    BRL,
    AED,
    IQD,
    AZN,
    KZT,
    KWD,
    SAR,
    BHD,
    RUB,
    JPY,
    EGP,
    MXN,
    RON,
}

impl Currency {
    /// Every currency.
    pub const ALL: &'static [Self] = &[
        Self::TRY,
        Self::USD,
        Self::EUR,
        Self::GBP,
        Self::CNY,
        Self::ARS,
        Self::BRL,
        Self::AED,
        Self::IQD,
        Self::AZN,
        Self::KZT,
        Self::KWD,
        Self::SAR,
        Self::BHD,
        Self::RUB,
        Self::JPY,
        Self::EGP,
        Self::MXN,
        Self::RON,
    ];

    /// ISO 4217 letters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TRY => "TRY",
            Self::USD => "USD",
            Self::EUR => "EUR",
            Self::GBP => "GBP",
            Self::CNY => "CNY",
            Self::ARS => "ARS",
            Self::BRL => "BRL",
            Self::AED => "AED",
            Self::IQD => "IQD",
            Self::AZN => "AZN",
            Self::KZT => "KZT",
            Self::KWD => "KWD",
            Self::SAR => "SAR",
            Self::BHD => "BHD",
            Self::RUB => "RUB",
            Self::JPY => "JPY",
            Self::EGP => "EGP",
            Self::MXN => "MXN",
            Self::RON => "RON",
        }
    }

    /// Digits after the decimal point (ISO 4217).
    pub const fn exponent(self) -> u32 {
        match self {
            Self::JPY => 0,
            Self::KWD | Self::BHD | Self::IQD => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        let known = Self::ALL
            .iter()
            .find(|c| c.code().eq_ignore_ascii_case(code));
        known.copied().ok_or(MoneyError::Currency)
    }
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// not digits with an optional fraction
    Syntax,
    /// more digits after the point than the currency has, and not zeros
    TooPrecise,
    /// larger than we count
    TooLarge,
    /// no such currency
    Currency,
}

/// The largest amount that is counted: 10^15 minor units, so that sums never overflow.
pub const MAX_MINOR: i64 = 1_000_000_000_000_000;

/// An amount in minor units (kuruş) of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` units (kuruş) of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Minor units (kuruş).
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// Its currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// More than nothing.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// `100`, `100.5`, `100.000000`: digits and an optional fraction of at most 8 digits, of which
    /// those beyond the currency's exponent are zeros. No sign, exponent or separator.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return Err(MoneyError::Syntax),
            Some((whole, fraction)) => (whole, fraction),
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 8 || !digits(whole) || !digits(fraction) {
            return Err(MoneyError::Syntax);
        }
        let exponent = currency.exponent() as usize;
        let (kept, beyond) = fraction.split_at(fraction.len().min(exponent));
        if beyond.bytes().any(|b| b != b'0') {
            return Err(MoneyError::TooPrecise);
        }
        let missing = u32::try_from(exponent - kept.len()).unwrap_or(0);
        let minor = format!("{whole}{kept}").parse::<i64>().ok();
        let minor = minor.and_then(|m| m.checked_mul(10_i64.pow(missing)));
        match minor {
            Some(minor) if minor <= MAX_MINOR => Ok(Self { minor, currency }),
            _ => Err(MoneyError::TooLarge),
        }
    }

    /// The sum; None when the currencies differ or it is too large.
    pub fn plus(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_add(other.minor)?;
        (self.currency == other.currency && minor <= MAX_MINOR)
            .then_some(Self::new(minor, self.currency))
    }

    /// The difference; None when the currencies differ or it would be below nothing.
    pub fn minus(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_sub(other.minor)?;
        (self.currency == other.currency && minor >= 0).then_some(Self::new(minor, self.currency))
    }

    /// So many of it; None when that is too large.
    pub fn times(self, count: u32) -> Option<Self> {
        let minor = self.minor.checked_mul(i64::from(count))?;
        (minor <= MAX_MINOR).then_some(Self::new(minor, self.currency))
    }

    /// This much and `percent` of it on top, rounded half up.
    pub fn with_percent(self, percent: Percent) -> Option<Self> {
        self.plus(self.percent(percent))
    }

    /// `percent` of it, rounded half up.
    pub fn percent(self, percent: Percent) -> Self {
        let product = i128::from(self.minor) * i128::from(percent.0);
        Self::new(
            half_up(product, i128::from(Percent::ONE) * 100),
            self.currency,
        )
    }

    /// One of `count` equal parts, rounded half up; `count` 0 counts as 1.
    pub fn per(self, count: u32) -> Self {
        Self::new(
            half_up(i128::from(self.minor), i128::from(count.max(1))),
            self.currency,
        )
    }

    /// `count` parts that add up to the whole; the first ones carry the odd units.
    pub fn split(self, count: u32) -> Vec<Self> {
        let count = i64::from(count.max(1));
        let (each, odd) = (self.minor / count, self.minor % count);
        let part = |i| Self::new(each + i64::from(i < odd), self.currency);
        (0..count).map(part).collect()
    }
}

/// `numerator / denominator` rounded half up (ties away from zero downwards never occur: amounts
/// are not negative).
fn half_up(numerator: i128, denominator: i128) -> i64 {
    let rounded = (numerator * 2 + denominator).div_euclid(denominator * 2);
    i64::try_from(rounded).unwrap_or(MAX_MINOR)
}

impl fmt::Display for Money {
    /// Always with the currency's own number of decimals: `100.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let unit = 10_i64.pow(exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, part) = ((self.minor / unit).abs(), (self.minor % unit).abs());
        match exponent as usize {
            0 => write!(f, "{sign}{whole}"),
            width => write!(f, "{sign}{whole}.{part:0width$}"),
        }
    }
}

/// A percentage with up to four decimals, as a scaled integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Percent(i64);

impl Percent {
    const ONE: i64 = 10_000;
    /// Nothing per cent.
    pub const ZERO: Self = Self(0);
}

impl FromStr for Percent {
    type Err = MoneyError;

    /// `0`, `5.00`, `12.3456`: at most 1000 per cent.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || whole.len() > 4 || fraction.len() > 4 {
            return Err(MoneyError::Syntax);
        }
        let scaled: i64 = format!("{whole}{fraction:0<4}")
            .parse()
            .map_err(|_| MoneyError::Syntax)?;
        if scaled > 1000 * Self::ONE {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self(scaled))
    }
}

impl fmt::Display for Percent {
    /// Without needless zeros: `5`, `12.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:04}", self.0 / Self::ONE, self.0 % Self::ONE);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

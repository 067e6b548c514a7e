//! Exact money: minor units in an `i64`, decimal text at the edges, half-up rounding in one place.

mod amount;
mod decimal;

pub use amount::Amount;
pub use decimal::Decimal;

use compact_str::format_compact;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The currencies that the vendors list (contract: craftgate §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "ISO 4217 codes speak for themselves")]
#[serde(deny_unknown_fields)]
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

/// The longest text that is read as an amount.
const MAX_TEXT: usize = 32;

/// An amount in minor units (kuruş) of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
        if text.len() > MAX_TEXT {
            return Err(MoneyError::Syntax);
        }
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
        let padding = std::iter::repeat_n(b'0', exponent - kept.len());
        let units = whole.bytes().chain(kept.bytes()).chain(padding);
        let minor = units.map(|b| i64::from(b - b'0')).try_fold(0, push_digit);
        let minor = minor.ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, currency })
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

    /// `part / whole` of it, rounded half up; nothing of nothing.
    pub fn share(self, part: Self, whole: Self) -> Self {
        let minor = self.pro_rata(part, i128::from(whole.minor.max(1)));
        Self::new(minor, self.currency)
    }

    /// `part / whole` of it, rounded half up.
    fn pro_rata(self, part: Self, whole: i128) -> i64 {
        half_up(i128::from(self.minor) * i128::from(part.minor), whole)
    }

    /// `count` parts that add up to the whole; the first ones carry the odd units.
    pub fn split(self, count: u32) -> Vec<Self> {
        let count = i64::from(count.max(1));
        let (each, odd) = (self.minor.div_euclid(count), self.minor.rem_euclid(count));
        let part = |i| Self::new(each + i64::from(i < odd), self.currency);
        (0..count).map(part).collect()
    }

    /// Parts in proportion to `weights`, each rounded half up; the last takes the rest, so that
    /// they add up, and none is below nothing. contract: craftgate §11.3
    pub fn shares(self, weights: &[Self]) -> Vec<Self> {
        let whole: i128 = weights.iter().map(|w| i128::from(w.minor)).sum();
        let mut left = self.minor;
        let mut parts: Vec<Self> = Vec::with_capacity(weights.len());
        for weight in weights {
            let part = self.pro_rata(*weight, whole.max(1)).min(left);
            left -= part;
            parts.push(Self::new(part, self.currency));
        }
        if let Some(last) = parts.last_mut() {
            last.minor += left;
        }
        parts
    }

    /// Parts in proportion to `weights` by the largest remainder: they add up, and none is a
    /// whole unit away from its exact share. Without any weight the last takes all.
    pub fn allocate(self, weights: &[Self]) -> Vec<Self> {
        let whole: i128 = weights.iter().map(|w| i128::from(w.minor)).sum();
        if whole == 0 {
            return self.shares(weights);
        }
        let exact = |w: &Self| i128::from(self.minor) * i128::from(w.minor);
        let floor = |w: &Self| i64::try_from(exact(w) / whole).unwrap_or(MAX_MINOR);
        let mut parts: Vec<i64> = weights.iter().map(floor).collect();
        let odd = self.minor - parts.iter().sum::<i64>();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_unstable_by_key(|i| (std::cmp::Reverse(exact(&weights[*i]) % whole), *i));
        for i in by_remainder
            .into_iter()
            .take(usize::try_from(odd).unwrap_or(0))
        {
            parts[i] += 1;
        }
        let part = |minor| Self::new(minor, self.currency);
        parts.into_iter().map(part).collect()
    }
}

impl PartialOrd for Money {
    /// Amounts of different currencies do not compare.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

/// `units` with one more digit behind; None beyond the largest amount.
fn push_digit(units: i64, digit: i64) -> Option<i64> {
    let units = units.checked_mul(10)?.checked_add(digit)?;
    (units <= MAX_MINOR).then_some(units)
}

/// `numerator / denominator`, a half rounded up.
fn half_up(numerator: i128, denominator: i128) -> i64 {
    let rounded = (numerator * 2 + denominator).div_euclid(denominator * 2);
    i64::try_from(rounded).unwrap_or(MAX_MINOR)
}

impl fmt::Display for Money {
    /// Always with the currency's own number of decimals: `100.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.decimal().as_str())
    }
}

/// A percentage with up to four decimals, as a scaled integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
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
        let text = format_compact!("{}.{:04}", self.0 / Self::ONE, self.0 % Self::ONE);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tests::config;
    use MoneyError::{Syntax, TooLarge, TooPrecise};
    use proptest::prelude::*;

    fn lira(minor: i64) -> Money {
        Money::new(minor, Currency::TRY)
    }

    fn minors(parts: &[Money]) -> Vec<i64> {
        parts.iter().map(|part| part.minor()).collect()
    }

    fn liras(minors: &[i64]) -> Vec<Money> {
        minors.iter().copied().map(lira).collect()
    }

    #[test]
    fn amounts_are_digits_and_a_fraction() {
        let cases: &[(&str, Currency, Result<i64, MoneyError>)] = &[
            ("0", Currency::TRY, Ok(0)),
            ("100", Currency::TRY, Ok(10_000)),
            ("100.5", Currency::TRY, Ok(10_050)),
            ("100.05", Currency::TRY, Ok(10_005)),
            ("100.000000", Currency::TRY, Ok(10_000)),
            ("100.00000000", Currency::TRY, Ok(10_000)),
            ("100.000000000", Currency::TRY, Err(Syntax)),
            ("0.01", Currency::TRY, Ok(1)),
            ("0.001", Currency::TRY, Err(TooPrecise)),
            ("0.00000001", Currency::TRY, Err(TooPrecise)),
            ("007", Currency::TRY, Ok(700)),
            ("1.001", Currency::KWD, Ok(1_001)),
            ("1.0010", Currency::KWD, Ok(1_001)),
            ("1.0001", Currency::KWD, Err(TooPrecise)),
            ("1", Currency::JPY, Ok(1)),
            ("1.00", Currency::JPY, Ok(1)),
            ("1.5", Currency::JPY, Err(TooPrecise)),
            ("10000000000000.00", Currency::TRY, Ok(MAX_MINOR)),
            ("10000000000000.01", Currency::TRY, Err(TooLarge)),
            ("1000000000000000", Currency::JPY, Ok(MAX_MINOR)),
            ("1000000000000001", Currency::JPY, Err(TooLarge)),
            ("9223372036854775808", Currency::TRY, Err(TooLarge)),
            (
                "99999999999999999999999999999999",
                Currency::TRY,
                Err(TooLarge),
            ),
            ("00000000000000000000000000000001", Currency::TRY, Ok(100)),
            (
                "000000000000000000000000000000001",
                Currency::TRY,
                Err(Syntax),
            ),
        ];
        for (text, currency, want) in cases {
            let got = Money::parse(text, *currency).map(Money::minor);
            assert_eq!(got, *want, "{text} {}", currency.code());
        }
    }

    #[test]
    fn nothing_else_is_an_amount() {
        for text in [
            "",
            ".",
            ".5",
            "5.",
            "+1",
            "-1",
            "-0",
            "1e2",
            "1E2",
            "1_000",
            "1,000",
            "1,5",
            " 1",
            "1 ",
            "1.2.3",
            "1..2",
            "0x10",
            "NaN",
            "inf",
            "1\n",
            "1\0",
            "\u{661}\u{662}",
            "\u{ff11}",
            "1.\u{665}",
            "\u{bd}",
            "\u{2212}1",
        ] {
            assert_eq!(Money::parse(text, Currency::TRY), Err(Syntax), "{text:?}");
        }
    }

    #[test]
    fn amounts_are_written_with_the_currencys_decimals() {
        for (minor, currency, want) in [
            (0, Currency::TRY, "0.00"),
            (5, Currency::TRY, "0.05"),
            (10_000, Currency::TRY, "100.00"),
            (-5, Currency::TRY, "-0.05"),
            (1_001, Currency::KWD, "1.001"),
            (7, Currency::JPY, "7"),
            (i64::MIN, Currency::JPY, "-9223372036854775808"),
        ] {
            assert_eq!(Money::new(minor, currency).to_string(), want);
        }
    }

    #[test]
    fn exponents_follow_iso_4217() {
        for currency in Currency::ALL {
            let want = match currency.code() {
                "JPY" => 0,
                "KWD" | "BHD" | "IQD" => 3,
                _ => 2,
            };
            assert_eq!(currency.exponent(), want, "{}", currency.code());
            assert_eq!(currency.code().parse(), Ok(*currency));
        }
        assert_eq!("try".parse(), Ok(Currency::TRY));
        for text in ["", "TL", "TRYY", "XXX"] {
            assert_eq!(text.parse::<Currency>(), Err(MoneyError::Currency));
        }
    }

    #[test]
    fn a_half_is_rounded_up() {
        for (numerator, denominator, want) in [
            (1, 2, 1),
            (49, 100, 0),
            (50, 100, 1),
            (149, 100, 1),
            (150, 100, 2),
            (250, 100, 3),
            (1, 3, 0),
            (2, 3, 1),
            (0, 7, 0),
        ] {
            assert_eq!(
                half_up(numerator, denominator),
                want,
                "{numerator}/{denominator}"
            );
        }
        for (minor, rate, want) in [
            (10_000, "5.00", 10_500),
            (10, "5", 11),     // 0.5 of a kuruş
            (9, "5", 9),       // 0.45
            (333, "2.5", 341), // 8.325
            (12_345, "0.0001", 12_345),
            (MAX_MINOR, "0", MAX_MINOR),
        ] {
            let rate = rate.parse().unwrap();
            assert_eq!(
                lira(minor).with_percent(rate),
                Some(lira(want)),
                "{minor} + {rate}%"
            );
        }
        assert_eq!(
            lira(MAX_MINOR).with_percent("0.0001".parse().unwrap()),
            None
        );
        assert_eq!(lira(10_500).per(3), lira(3_500));
        assert_eq!(lira(10_000).per(3), lira(3_333));
        assert_eq!(lira(5).per(2), lira(3));
        assert_eq!(lira(5).per(0), lira(5));
    }

    #[test]
    fn sums_stay_in_bounds_and_in_one_currency() {
        let (one, dollar) = (lira(1), Money::new(1, Currency::USD));
        assert_eq!(lira(2).plus(one), Some(lira(3)));
        assert_eq!(lira(MAX_MINOR).plus(one), None);
        assert_eq!(one.plus(dollar), None);
        assert_eq!(one.minus(one), Some(lira(0)));
        assert_eq!(one.minus(lira(2)), None);
        assert_eq!(one.minus(dollar), None);
        assert_eq!(lira(3).times(4), Some(lira(12)));
        assert_eq!(lira(MAX_MINOR).times(2), None);
        assert!(one < lira(2) && lira(2) >= lira(2));
        let within = one <= dollar || one >= dollar;
        assert!(!within, "currencies do not compare");
    }

    #[test]
    fn parts_add_up_and_the_rest_has_its_place() {
        assert_eq!(minors(&lira(10).split(3)), [4, 3, 3]);
        assert_eq!(minors(&lira(2).split(3)), [1, 1, 0]);
        assert_eq!(minors(&lira(2).split(0)), [2]);
        for (total, weights, shares, allocated) in [
            (
                10_500,
                vec![3_000, 5_000, 2_000],
                vec![3_150, 5_250, 2_100],
                vec![3_150, 5_250, 2_100],
            ),
            (100, vec![1, 1, 1], vec![33, 33, 34], vec![34, 33, 33]),
            (2, vec![1, 1, 1, 1], vec![1, 1, 0, 0], vec![1, 1, 0, 0]),
            (10, vec![0, 0], vec![0, 10], vec![0, 10]),
            (7, vec![5], vec![7], vec![7]),
            (7, vec![], vec![], vec![]),
        ] {
            let weights = liras(&weights);
            assert_eq!(minors(&lira(total).shares(&weights)), shares, "{total}");
            assert_eq!(
                minors(&lira(total).allocate(&weights)),
                allocated,
                "{total}"
            );
        }
    }

    #[test]
    fn percentages_have_up_to_four_decimals() {
        for (text, want) in [
            ("0", "0"),
            ("5.00", "5"),
            ("12.3456", "12.3456"),
            ("1000", "1000"),
        ] {
            assert_eq!(text.parse::<Percent>().unwrap().to_string(), want);
        }
        for text in [
            "", ".", "5.", ".5", "-1", "+1", "1e2", "1_0", "1.23456", "12345", "\u{665}",
        ] {
            assert_eq!(text.parse::<Percent>(), Err(Syntax), "{text}");
        }
        assert_eq!("1000.0001".parse::<Percent>(), Err(TooLarge));
    }

    #[test]
    fn an_amount_is_echoed_as_written() {
        for (text, echo) in [
            ("100.000000", "100.000000"),
            ("100", "100"),
            ("0.10", "0.10"),
            ("007.5", "7.5"),
            ("000", "0"),
            ("00.5", "0.5"),
        ] {
            let amount = Amount::parse(text, Currency::TRY).unwrap();
            assert_eq!(amount.to_string(), echo);
            assert_eq!(amount.money(), Money::parse(text, Currency::TRY).unwrap());
        }
        assert_eq!(Amount::parse("1e2", Currency::TRY), Err(Syntax));
        assert_eq!(Amount::from(lira(10_000)).to_string(), "100.00");
    }

    fn currency() -> impl Strategy<Value = Currency> {
        proptest::sample::select(Currency::ALL)
    }

    fn weights() -> impl Strategy<Value = Vec<Money>> {
        proptest::collection::vec((0..1_000_000_i64).prop_map(lira), 1..20)
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn what_is_written_is_read_back(minor in 0..=MAX_MINOR, currency in currency()) {
            let money = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
        }

        #[test]
        fn an_accepted_text_keeps_its_digits(text in "[0-9+_ eE.,-]{0,12}") {
            if let Ok(amount) = Amount::parse(&text, Currency::TRY) {
                let again = Amount::parse(&amount.to_string(), Currency::TRY);
                prop_assert_eq!(again.as_ref(), Ok(&amount));
                prop_assert!(text.ends_with(&amount.to_string()) || text.starts_with('0'));
                prop_assert!(text.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
            }
        }

        #[test]
        fn a_split_adds_up_within_one_unit(minor in 0..=MAX_MINOR, count in 1..500_u32) {
            let parts = minors(&lira(minor).split(count));
            prop_assert_eq!(parts.len(), count as usize);
            prop_assert_eq!(parts.iter().sum::<i64>(), minor);
            prop_assert!(parts.is_sorted_by(|a, b| a >= b));
            prop_assert!(parts[0] - parts[parts.len() - 1] <= 1);
        }

        #[test]
        fn shares_add_up_and_none_is_negative(minor in 0..=MAX_MINOR, weights in weights()) {
            let parts = minors(&lira(minor).shares(&weights));
            prop_assert_eq!(parts.iter().sum::<i64>(), minor);
            prop_assert!(parts.iter().all(|part| *part >= 0));
        }

        #[test]
        fn an_allocation_is_never_a_unit_off(minor in 0..=MAX_MINOR, weights in weights()) {
            let whole: i128 = weights.iter().map(|w| i128::from(w.minor())).sum();
            let parts = minors(&lira(minor).allocate(&weights));
            prop_assert_eq!(parts.iter().sum::<i64>(), minor);
            for (part, weight) in parts.iter().zip(&weights).filter(|_| whole > 0) {
                let off = i128::from(*part) * whole - i128::from(minor) * i128::from(weight.minor());
                prop_assert!(off.abs() < whole);
            }
        }
    }
}

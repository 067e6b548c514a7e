//! An amount together with how it was written.

use super::{Currency, Decimal, Money, MoneyError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount as somebody wrote it: counted exactly, and echoed with the same number of decimals. Kept as that
/// number, not as its text: a payment has half a dozen of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Amount {
    minor: i64,
    currency: Currency,
    decimals: u8,
}

/// As a snapshot has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    money: Money,
    literal: String,
}

impl Amount {
    /// As [`Money::parse`]; needless zeros in front are dropped, so that the text is a JSON number.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let money = Money::parse(text, currency)?;
        let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
        Ok(Self::with(money, fraction.len()))
    }

    /// What it counts.
    pub const fn money(&self) -> Money {
        Money::new(self.minor, self.currency)
    }

    /// As few digits as say it: `100`, `12.5`.
    pub fn short(money: Money) -> Self {
        let mut decimals = money.currency().exponent();
        let mut rest = money.minor();
        while decimals > 0 && rest % 10 == 0 {
            rest /= 10;
            decimals -= 1;
        }
        Self::with(money, decimals as usize)
    }

    fn with(money: Money, decimals: usize) -> Self {
        Self {
            minor: money.minor(),
            currency: money.currency(),
            decimals: u8::try_from(decimals).unwrap_or(u8::MAX),
        }
    }
}

impl From<Money> for Amount {
    /// With the currency's own number of decimals.
    fn from(money: Money) -> Self {
        Self::with(money, money.currency().exponent() as usize)
    }
}

impl fmt::Display for Amount {
    /// As it was written: `100.000000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: Decimal = self.money().decimal();
        let (whole, fraction) = text.as_str().split_once('.').unwrap_or((text.as_str(), ""));
        f.write_str(whole)?;
        if self.decimals == 0 {
            return Ok(());
        }
        let decimals = usize::from(self.decimals);
        // What is cut off are zeros: `12.5` counts 12.50.
        write!(f, ".{:0<decimals$.decimals$}", fraction)
    }
}

impl From<Amount> for Written {
    fn from(amount: Amount) -> Self {
        Self {
            money: amount.money(),
            literal: amount.to_string(),
        }
    }
}

impl TryFrom<Written> for Amount {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { money, literal } = written;
        let decimals = literal.split_once('.').map_or(0, |(_, part)| part.len());
        let amount = Self::with(money, decimals);
        let right = Some(amount).filter(|amount| amount.to_string() == literal);
        right.ok_or("the literal of an amount does not say what it counts")
    }
}

//! An amount together with the text that it was written as.

use super::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount as somebody wrote it: counted exactly, and echoed with the same number of decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    money: Money,
    literal: Box<str>,
}

impl Amount {
    /// As [`Money::parse`]; needless zeros in front are dropped, so that the text is a JSON number.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let money = Money::parse(text, currency)?;
        let bare = text.trim_start_matches('0');
        let zero = if bare.is_empty() || bare.starts_with('.') {
            "0"
        } else {
            ""
        };
        let literal = format!("{zero}{bare}").into_boxed_str();
        Ok(Self { money, literal })
    }

    /// What it counts.
    pub const fn money(&self) -> Money {
        self.money
    }
}

impl Amount {
    /// As few digits as say it: `100`, `12.5`.
    pub fn short(money: Money) -> Self {
        let text = money.to_string();
        let short = match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.'),
            false => &text,
        };
        let literal = short.into();
        Self { money, literal }
    }
}

impl From<Money> for Amount {
    /// With the currency's own number of decimals.
    fn from(money: Money) -> Self {
        let literal = money.to_string().into_boxed_str();
        Self { money, literal }
    }
}

impl fmt::Display for Amount {
    /// As it was written: `100.000000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.literal)
    }
}

//! What a rule asks for, as people read it, and how far a call is from it.

use crate::domain::money::Currency;
use crate::domain::payment::Standing;
use crate::domain::shop::PosKind;
use crate::near::distance;
use crate::scenario::conditions::{EndpointName, PageName, TransactionType};
use crate::scenario::ranges::{Amounts, Numbers, thousandths};
use crate::scenario::read::{Any, At};
use crate::scenario::values::{BinDigits, Glob, Int, Lifetime, Slug};
use crate::scenario::words::spelled as spelled_word;
use std::time::Duration;

/// What a rule may ask for, and how far a call is from it.
pub(crate) trait Asks {
    fn shown(&self) -> String;

    /// How near `was` comes; None: not near, or there is no measure.
    fn nearly(&self, _was: &str) -> Option<String> {
        None
    }
}

impl<T: Asks> Asks for Any<T> {
    fn shown(&self) -> String {
        let all: Vec<String> = self.0.iter().map(T::shown).collect();
        all.join(" or ")
    }

    fn nearly(&self, was: &str) -> Option<String> {
        self.0.iter().find_map(|one| one.nearly(was))
    }
}

impl<T: Asks> Asks for At<T> {
    fn shown(&self) -> String {
        self.value.shown()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        self.value.nearly(was)
    }
}

impl Asks for Glob {
    fn shown(&self) -> String {
        self.0.clone()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        let near = |text: &str| text.chars().take(64).collect::<String>();
        let far = distance(&near(&self.0), &near(was), 3)?;
        let letters = if far == 1 { "character" } else { "characters" };
        (was.len() > 3).then(|| format!("{far} {letters} differ"))
    }
}

/// Those that are nothing but a pattern.
macro_rules! patterns {
    ($($type:ty),+) => {
        $(impl Asks for $type {
            fn shown(&self) -> String {
                self.0.shown()
            }

            fn nearly(&self, was: &str) -> Option<String> {
                self.0.nearly(was)
            }
        })+
    };
}

patterns!(EndpointName, PageName, TransactionType);

impl Asks for Slug {
    fn shown(&self) -> String {
        self.0.clone()
    }
}

impl Asks for Currency {
    fn shown(&self) -> String {
        self.code().to_owned()
    }
}

impl Asks for Lifetime {
    fn shown(&self) -> String {
        spelled(self.0)
    }
}

impl<const MIN: i64, const MAX: i64> Asks for Int<MIN, MAX> {
    fn shown(&self) -> String {
        self.0.to_string()
    }
}

impl Asks for BinDigits {
    fn shown(&self) -> String {
        self.0.clone()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        let same = self.0.bytes().zip(was.bytes()).take_while(|(a, b)| a == b);
        let same = same.count();
        (same >= 3).then(|| format!("the first {same} digits agree"))
    }
}

impl<const MAX: i64, const MIN: i64> Asks for Numbers<MAX, MIN> {
    fn shown(&self) -> String {
        self.to_string()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        let (low, high) = self.ends();
        let was: i64 = was.parse().ok()?;
        match was {
            was if was < low => Some(format!("{} too few", low - was)),
            was if was > high => Some(format!("{} too many", was - high)),
            _ => None,
        }
    }
}

impl Asks for Amounts {
    fn shown(&self) -> String {
        self.to_string()
    }

    /// `was` is an amount with its currency.
    fn nearly(&self, was: &str) -> Option<String> {
        self.misses(thousandths(was.split(' ').next()?)?)
    }
}

impl Asks for bool {
    fn shown(&self) -> String {
        self.to_string()
    }
}

/// Those that are one of a list of words.
macro_rules! words {
    ($($type:ty),+) => {
        $(impl Asks for $type {
            fn shown(&self) -> String {
                spelled_word(*self).to_owned()
            }
        })+
    };
}

words!(PosKind, Standing);

/// A span of time in seconds.
pub(crate) fn spelled(span: Duration) -> String {
    format!("{}.{:03}s", span.as_secs(), span.subsec_millis())
}

//! How a card number is written down with the rest of a sandbox: by its row of the published table, which
//! everybody has; of any other card BIN and last four digits only.

use super::{BIN_DIGITS, LAST_DIGITS, LENGTHS, Pan, masked};
use crate::domain::published;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a reader is told of a card that is not in the table.
const NOTE: &str = "no published test card: only BIN and last four digits are kept";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// its row in the table of published test cards, from 0
    #[serde(default, skip_serializing_if = "Option::is_none")]
    test_card: Option<usize>,
    /// masked
    pan: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Serialize for Pan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = published::row(&self.0);
        let written = Written {
            test_card: row,
            pan: match row {
                Some(_) => self.to_string(),
                None => self.masked(),
            },
            note: row.is_none().then(|| NOTE.to_owned()),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Pan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let Some(row) = written.test_card else {
            let found = Self::parse(&written.pan).or_else(|| of_masked(&written.pan));
            return found.ok_or_else(|| D::Error::custom("no card number, masked or not"));
        };
        let card = published::test_cards().get(row);
        let found = card.and_then(|card| Self::parse(card.pan));
        let found = found.filter(|pan| pan.to_string() == written.pan);
        found.ok_or_else(|| {
            D::Error::custom(format!("test card {row} is not `{}`", shown(&written.pan)))
        })
    }
}

impl Pan {
    /// With as much of the BIN as its length allows, so that longer BINs of a scenario still fit.
    pub fn masked(&self) -> String {
        masked(&self.0, 8)
    }
}

/// A card of which no more is known than what a mask shows.
fn of_masked(text: &str) -> Option<Pan> {
    let digit = |b: &u8| b.is_ascii_digit();
    if !LENGTHS.contains(&text.len()) || !text.is_ascii() {
        return None;
    }
    let (front, last) = text.as_bytes().split_at(text.len() - LAST_DIGITS);
    let (bin, middle) = front.split_at(BIN_DIGITS);
    let known = middle.iter().take_while(|b| digit(b)).count();
    let hidden = middle[known..].iter().all(|b| *b == b'*');
    let fits = bin.iter().chain(last).all(digit) && hidden && known <= 2 && known < middle.len();
    fits.then(|| Pan(text.into()))
}

/// Nobody's full number comes back in a message.
fn shown(text: &str) -> String {
    masked(&text.chars().take(19).collect::<String>(), 6)
}

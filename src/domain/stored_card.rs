//! Cards that merchants keep for their shoppers: by user and token, never with a security code.

use crate::clock::Timestamp;
use crate::domain::pan::Pan;
use crate::domain::particulars::StoredKeys;
use crate::domain::shelf::CAPACITY;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};

/// The month after which a card is no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// four digits
    pub year: u16,
    /// 1 to 12
    pub month: u8,
}

/// How long a card is still good. contract: craftgate §10 CardExpiryStatus
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryStatus {
    /// no longer
    Expired,
    /// until the end of next month
    NextMonth,
    /// until this month's end, or longer than next month's
    Good,
}

impl Expiry {
    /// Of cards that give none: good for years.
    pub const LATE: Self = Self {
        year: 2030,
        month: 12,
    };

    /// `3012`: year and month in four digits; None for anything else.
    pub fn from_yymm(text: &str) -> Option<Self> {
        let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        let text = Some(text).filter(|_| digits)?;
        let (year, month): (u16, u8) = (text[..2].parse().ok()?, text[2..].parse().ok()?);
        let year = 2000 + year;
        (1..=12).contains(&month).then_some(Self { year, month })
    }

    /// As [`Self::from_yymm`] reads it.
    pub fn yymm(self) -> String {
        format!("{:02}{:02}", self.year % 100, self.month)
    }

    /// How long such a card is good, seen from `now` in Turkey.
    pub fn status(self, now: Timestamp) -> ExpiryStatus {
        let today = now.turkey();
        let months = |year: i64, month: u8| year * 12 + i64::from(month);
        let left = months(self.year.into(), self.month)
            - months(today.year().into(), today.month().into());
        match left {
            i64::MIN..=-1 => ExpiryStatus::Expired,
            1 => ExpiryStatus::NextMonth,
            0 | 2.. => ExpiryStatus::Good,
        }
    }
}

/// A card that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCard {
    /// API key of the merchant that keeps it
    pub merchant: String,
    /// among whose cards; None: of a new user
    pub user: Option<String>,
    /// its number
    pub pan: Pan,
    /// its holder, as written
    pub holder: String,
    /// what people call it
    pub alias: Option<String>,
    /// until when it is good
    pub expiry: Expiry,
}

/// A card that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredCard {
    /// API key of the merchant that keeps it
    pub merchant: String,
    /// the keys it is known by
    pub keys: StoredKeys,
    /// its number
    pub pan: Pan,
    /// its holder, as written
    pub holder: String,
    /// what people call it
    pub alias: Option<String>,
    /// until when it is good
    pub expiry: Expiry,
    /// since when it is kept
    pub created_at: Timestamp,
}

/// The cards that are kept; when there is no room the oldest goes.
#[derive(Debug, Clone)]
pub struct StoredCards {
    /// in the order in which they came
    by_number: BTreeMap<u64, StoredCard>,
    by_token: HashMap<String, u64>,
    next: u64,
    capacity: usize,
}

impl StoredCards {
    /// Room for at most `capacity` cards.
    pub fn new(capacity: usize) -> Self {
        Self {
            by_number: BTreeMap::new(),
            by_token: HashMap::new(),
            next: 0,
            capacity: capacity.max(1),
        }
    }

    /// Another bound from now on; the oldest go when there are too many.
    pub fn bound(&mut self, capacity: usize) {
        self.capacity = capacity.max(1);
        while self.by_number.len() > self.capacity
            && let Some((_, oldest)) = self.by_number.pop_first()
        {
            self.by_token.remove(&oldest.keys.token);
        }
    }

    /// How many there are.
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.by_number.len()
    }

    /// Keeps `card` under `fresh` keys, whose user counts only where the card names none. The same
    /// number of the same user is not kept twice: what is known of it is renewed, its keys stay.
    pub fn store(&mut self, card: NewCard, fresh: StoredKeys, at: Timestamp) -> &StoredCard {
        let user = card.user.unwrap_or(fresh.user);
        let same = |known: &StoredCard| {
            (&known.merchant, &known.keys.user, &known.pan) == (&card.merchant, &user, &card.pan)
        };
        let known = self.by_number.iter().find(|(_, known)| same(known));
        let (number, token, created_at) = match known {
            Some((number, known)) => (*number, known.keys.token.clone(), known.created_at),
            None => (self.next, fresh.token, at),
        };
        self.next = self.next.max(number + 1);
        self.by_token.insert(token.clone(), number);
        let stored = StoredCard {
            merchant: card.merchant,
            keys: StoredKeys { user, token },
            pan: card.pan,
            holder: card.holder,
            alias: card.alias,
            expiry: card.expiry,
            created_at,
        };
        self.by_number.insert(number, stored);
        if self.by_number.len() > self.capacity
            && let Some((_, oldest)) = self.by_number.pop_first()
        {
            self.by_token.remove(&oldest.keys.token);
        }
        let stored = self.by_number.get(&number);
        stored.expect("the newest card is not the one that goes")
    }

    /// The merchant's card with those keys.
    pub fn find(&self, merchant: &str, keys: &StoredKeys) -> Option<&StoredCard> {
        self.by_number.get(&self.number(merchant, keys)?)
    }

    /// As [`Self::find`], to change.
    pub fn find_mut(&mut self, merchant: &str, keys: &StoredKeys) -> Option<&mut StoredCard> {
        let number = self.number(merchant, keys)?;
        self.by_number.get_mut(&number)
    }

    /// No longer keeps the merchant's card with those keys; None when there is none.
    pub fn remove(&mut self, merchant: &str, keys: &StoredKeys) -> Option<StoredCard> {
        let number = self.number(merchant, keys)?;
        self.by_token.remove(&keys.token);
        self.by_number.remove(&number)
    }

    /// The merchant's cards, oldest first.
    pub fn of<'a>(&'a self, merchant: &'a str) -> impl DoubleEndedIterator<Item = &'a StoredCard> {
        let all = self.by_number.values();
        all.filter(move |card| card.merchant == merchant)
    }

    fn number(&self, merchant: &str, keys: &StoredKeys) -> Option<u64> {
        let number = *self.by_token.get(&keys.token)?;
        let card = self.by_number.get(&number)?;
        (card.merchant == merchant && card.keys == *keys).then_some(number)
    }
}

/// How [`StoredCards`] are written down: each with its number, which only grows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<C> {
    next: u64,
    cards: Vec<(u64, C)>,
}

impl Serialize for StoredCards {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            by_number,
            by_token: _,
            next,
            capacity: _,
        } = self;
        let cards = by_number.iter().map(|(number, card)| (*number, card));
        let (next, cards) = (*next, cards.collect());
        Written { next, cards }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StoredCards {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::<StoredCard>::deserialize(deserializer)?;
        let (mut cards, mut given) = (Self::new(CAPACITY), written.cards);
        let surplus = given.len().saturating_sub(CAPACITY);
        for (number, card) in given.drain(surplus..) {
            cards.by_token.insert(card.keys.token.clone(), number);
            cards.by_number.insert(number, card);
            cards.next = cards.next.max(number.saturating_add(1));
        }
        cards.next = cards.next.max(written.next);
        Ok(cards)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_micros(1_767_323_045_000_000);

    fn card(merchant: &str, user: Option<&str>, pan: &str) -> NewCard {
        NewCard {
            merchant: merchant.to_owned(),
            user: user.map(str::to_owned),
            pan: Pan::parse(pan).unwrap(),
            holder: "Haluk Demir".to_owned(),
            alias: None,
            expiry: Expiry {
                year: 2044,
                month: 7,
            },
        }
    }

    fn keys(user: &str, token: &str) -> StoredKeys {
        let (user, token) = (user.to_owned(), token.to_owned());
        StoredKeys { user, token }
    }

    #[test]
    fn a_card_of_a_user_is_kept_once() {
        let mut cards = StoredCards::new(9);
        let (one, other) = ("5258640000000001", "5209220000000002");
        for (new, fresh, want) in [
            (card("m", None, one), keys("u1", "t1"), keys("u1", "t1")),
            (card("m", None, one), keys("u2", "t2"), keys("u2", "t2")),
            (
                card("m", Some("u1"), one),
                keys("u3", "t3"),
                keys("u1", "t1"),
            ),
            (
                card("m", Some("u1"), other),
                keys("u4", "t4"),
                keys("u1", "t4"),
            ),
            (
                card("n", Some("u1"), one),
                keys("u5", "t5"),
                keys("u1", "t5"),
            ),
        ] {
            assert_eq!(cards.store(new, fresh, AT).keys, want);
        }
        assert_eq!(cards.of("m").count(), 3);
        assert!(
            cards.find("n", &keys("u1", "t1")).is_none(),
            "of another merchant"
        );
        assert!(
            cards.find("m", &keys("u2", "t1")).is_none(),
            "of another user"
        );
        assert!(cards.remove("m", &keys("u1", "t1")).is_some());
        assert!(cards.remove("m", &keys("u1", "t1")).is_none());
        assert_eq!(cards.of("m").count(), 2);
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut cards = StoredCards::new(1);
        cards.store(card("m", None, "5258640000000001"), keys("u", "t"), AT);
        cards.store(card("m", None, "5209220000000002"), keys("v", "w"), AT);
        assert!(cards.find("m", &keys("u", "t")).is_none());
        assert!(cards.find("m", &keys("v", "w")).is_some());
    }

    #[test]
    fn a_card_is_good_until_its_month_ends() {
        for (year, month, want) in [
            (2025, 12, ExpiryStatus::Expired),
            (2026, 1, ExpiryStatus::Good),
            (2026, 2, ExpiryStatus::NextMonth),
            (2026, 3, ExpiryStatus::Good),
        ] {
            assert_eq!(Expiry { year, month }.status(AT), want, "{year}-{month}");
        }
    }
}

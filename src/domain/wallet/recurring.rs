//! What is paid again and again with a card of a wallet. contract: masterpass §3.3

use crate::clock::Timestamp;
use crate::domain::money::Money;
use crate::domain::wallet::Holder;
use crate::refusal::{Refusal, Thing, WalletFault};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How many of them a holder may have.
const MOST: usize = 50;

/// An order to pay again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recurring {
    /// with the card of that name
    pub alias: String,
    /// for what
    pub product: String,
    /// at most so much
    pub limit: Money,
    /// until when, as written
    pub until: String,
    /// to whom
    pub merchant: String,
    /// when it is paid next; None: never by itself
    pub next: Option<Timestamp>,
    /// how often it was paid, or was to be
    pub turns: u32,
}

/// An order to pay again and again, by what it is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecurringId {
    /// whose
    pub msisdn: String,
    /// the name of the card
    pub alias: String,
    /// for what
    pub product: String,
}

/// What becomes of an order to pay again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Change {
    /// it begins; one for the same product with the same card is replaced
    Begin(Recurring),
    /// it goes on in another way
    Replace(Recurring),
    /// it ends
    End(Recurring),
}

impl Change {
    /// The order that is meant.
    pub const fn order(&self) -> &Recurring {
        let (Self::Begin(order) | Self::Replace(order) | Self::End(order)) = self;
        order
    }

    /// The same, to change.
    pub const fn order_mut(&mut self) -> &mut Recurring {
        let (Self::Begin(order) | Self::Replace(order) | Self::End(order)) = self;
        order
    }
}

impl Recurring {
    /// When it is due; None when it has ended, or is never paid by itself.
    pub fn due(&self) -> Option<Timestamp> {
        let end = self.end();
        self.next.filter(|next| end.is_none_or(|end| *next < end))
    }

    /// What was due at `at` is paid now; the next time is so many days later.
    pub fn turn(&mut self, at: Timestamp, days: u32) {
        self.turns += 1;
        self.next = next_turn(at, days);
    }

    /// The end of the last day, as shops in Turkey know it: `20301231`. None where the text says no day.
    fn end(&self) -> Option<Timestamp> {
        let digits: String = self.until.split('-').collect();
        if digits.len() != 8 || !digits.is_ascii() {
            return None;
        }
        let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
        let morning = Timestamp::parse(&format!("{year}-{month}-{day}T00:00:00+03:00"))?;
        Some(morning.plus(DAY))
    }
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// So many days after `at`; None: none is not a number of days.
fn next_turn(at: Timestamp, days: u32) -> Option<Timestamp> {
    (days > 0).then(|| at.plus(DAY * days))
}

impl Holder {
    /// Makes that change at `now`, for a merchant whose orders are paid every so many days.
    pub fn change(&mut self, change: Change, (now, days): (Timestamp, u32)) -> Result<(), Refusal> {
        match change {
            Change::Begin(mut order) => {
                order.next = next_turn(now, days);
                self.recur(order)
            }
            Change::Replace(order) => self.change_recurring(order),
            Change::End(order) => {
                let ended = self.end_recurring(&order.alias, &order.product);
                ended.map(|_| ())
            }
        }
    }

    /// What one of the holder's orders is known by.
    pub fn recurring_id(&self, order: &Recurring) -> RecurringId {
        RecurringId {
            msisdn: self.msisdn.clone(),
            alias: order.alias.clone(),
            product: order.product.clone(),
        }
    }

    /// The order for that product with the card of that name.
    pub fn recurring_of(&self, alias: &str, product: &str) -> Option<&Recurring> {
        let at = self.recurring_at(alias, product).ok()?;
        self.recurring.get(at)
    }

    /// The order for that product with the card of that name, to change.
    pub fn recurring_mut(&mut self, alias: &str, product: &str) -> Option<&mut Recurring> {
        let at = self.recurring_at(alias, product).ok()?;
        self.recurring.get_mut(at)
    }

    /// Begins to pay for a product; an order for the same one with the same card is replaced.
    pub fn recur(&mut self, order: Recurring) -> Result<(), Refusal> {
        if self.card(&order.alias).is_none() {
            return Err(Refusal::Wallet(WalletFault::CardNotFound));
        }
        match self.recurring_at(&order.alias, &order.product) {
            Ok(at) => self.recurring[at] = order,
            Err(_) if self.recurring.len() >= MOST => return Err(Refusal::Full),
            Err(_) => self.recurring.push(order),
        }
        Ok(())
    }

    /// Pays for a product in another way from now on, on the days as before. Err when it is not paid for.
    pub fn change_recurring(&mut self, order: Recurring) -> Result<(), Refusal> {
        let at = self.recurring_at(&order.alias, &order.product)?;
        let Recurring { next, turns, .. } = self.recurring[at];
        self.recurring[at] = Recurring {
            next,
            turns,
            ..order
        };
        Ok(())
    }

    /// Pays for a product no longer. Err when it is not paid for.
    pub fn end_recurring(&mut self, alias: &str, product: &str) -> Result<Recurring, Refusal> {
        let at = self.recurring_at(alias, product)?;
        Ok(self.recurring.remove(at))
    }

    fn recurring_at(&self, alias: &str, product: &str) -> Result<usize, Refusal> {
        let same = |known: &Recurring| (&*known.alias, &*known.product) == (alias, product);
        let found = self.recurring.iter().position(same);
        found.ok_or(Refusal::NotFound(Thing::Order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use crate::domain::pan::Pan;
    use crate::domain::stored_card::Expiry;
    use crate::domain::wallet::{Card, Persona};

    fn order(alias: &str, product: usize, limit: i64) -> Recurring {
        Recurring {
            alias: alias.to_owned(),
            product: product.to_string(),
            limit: Money::new(limit, Currency::TRY),
            until: "20301231".to_owned(),
            merchant: "m".to_owned(),
            next: None,
            turns: 0,
        }
    }

    #[test]
    fn an_order_is_due_until_the_end_of_its_last_day() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        for (until, next, due) in [
            ("20300102", "2030-01-02T20:59:59Z", true),
            ("20300102", "2030-01-02T21:00:00Z", false),
            ("2030-01-02", "2030-01-02T20:59:59Z", true),
            ("2030-01-02", "2030-01-02T21:00:00Z", false),
            ("20300231", "2031-01-02T00:00:00Z", true),
            ("3012", "2031-01-02T00:00:00Z", true),
            ("aşğı", "2031-01-02T00:00:00Z", true),
        ] {
            let order = Recurring {
                until: until.to_owned(),
                next: Some(at(next)),
                ..order("a", 1, 1)
            };
            assert_eq!(order.due(), due.then(|| at(next)), "{until} {next}");
        }
    }

    #[test]
    fn a_turn_follows_the_turn_that_was_due() {
        let day = |n: i64| Timestamp::from_micros(n * 86_400_000_000);
        let mut order = order("a", 1, 1);
        order.turn(day(3), 30);
        assert_eq!((order.next, order.turns), (Some(day(33)), 1));
        order.turn(day(33), 0);
        assert_eq!((order.due(), order.turns), (None, 2));
    }

    #[test]
    fn orders_begin_change_and_end() {
        let mut holder = Holder::nobody("9");
        let missing = Err(Refusal::NotFound(Thing::Order));
        holder.cards.push(Card {
            alias: "a".into(),
            pan: Pan::parse("5258640000000001").unwrap(),
            expiry: Expiry::LATE,
            name: String::new().into(),
            vault: false,
            supported: true,
            persona: Persona::default(),
        });
        let no_card = holder.recur(order("b", 1, 1));
        assert_eq!(no_card, Err(Refusal::Wallet(WalletFault::CardNotFound)));
        assert_eq!(holder.change_recurring(order("a", 1, 1)), missing);
        assert_eq!(holder.recur(order("a", 1, 1)), Ok(()));
        assert_eq!(holder.recur(order("a", 1, 2)), Ok(()));
        assert_eq!(holder.change_recurring(order("a", 1, 3)), Ok(()));
        assert_eq!(holder.recurring, [order("a", 1, 3)]);
        assert_eq!(holder.end_recurring("a", "1"), Ok(order("a", 1, 3)));
        assert_eq!(holder.end_recurring("a", "1").map(|_| ()), missing);
        for product in 0..MOST {
            holder.recur(order("a", product, 1)).unwrap();
        }
        assert_eq!(holder.recur(order("a", MOST, 1)), Err(Refusal::Full));
    }
}

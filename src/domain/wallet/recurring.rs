//! What is paid again and again with a card of a wallet. contract: masterpass §3.3

use crate::domain::money::Money;
use crate::domain::wallet::Holder;
use crate::refusal::{Refusal, Thing, WalletFault};
use serde::{Deserialize, Serialize};

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
}

impl Holder {
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

    /// Pays for a product in another way from now on. Err when it is not paid for.
    pub fn change_recurring(&mut self, order: Recurring) -> Result<(), Refusal> {
        let at = self.recurring_at(&order.alias, &order.product)?;
        self.recurring[at] = order;
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
        }
    }

    #[test]
    fn orders_begin_change_and_end() {
        let mut holder = Holder::nobody("9");
        let missing = Err(Refusal::NotFound(Thing::Order));
        holder.cards.push(Card {
            alias: "a".to_owned(),
            pan: Pan::parse("5258640000000001").unwrap(),
            expiry: Expiry::LATE,
            name: String::new(),
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

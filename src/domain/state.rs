//! All that a sandbox remembers: sessions, references, tokens, payments, orders. Every store is
//! bounded; the oldest entry makes room.

use crate::domain::checkout::Session;
use crate::domain::hosted::Hosted;
use crate::domain::order::Order;
use crate::domain::payments::Payments;
use crate::domain::refund::Refunds;
use crate::domain::shelf::Shelf;
use crate::domain::stored_card::StoredCards;
use crate::domain::token::{Reference, ResultToken};

/// How many entries each store holds at most.
pub const CAPACITY: usize = 100_000;

/// All that a sandbox remembers.
#[derive(Debug, Clone)]
pub struct State {
    /// shoppers by session id
    pub sessions: Shelf<String, Session>,
    /// login keys: key to session id
    pub logins: Shelf<String, String>,
    /// gateway references by id
    pub references: Shelf<String, Reference>,
    /// wallet result tokens by token
    pub result_tokens: Shelf<String, ResultToken>,
    /// payments by id
    pub payments: Payments,
    /// what was given back, or refused to be
    pub refunds: Refunds,
    /// cards that merchants keep
    pub stored_cards: StoredCards,
    /// orders by number
    pub orders: Shelf<String, Order>,
    /// hosted payment pages by token
    pub hosted: Shelf<String, Hosted>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            sessions: Shelf::new(CAPACITY),
            logins: Shelf::new(CAPACITY),
            references: Shelf::new(CAPACITY),
            result_tokens: Shelf::new(CAPACITY),
            payments: Payments::new(CAPACITY),
            refunds: Refunds::new(CAPACITY),
            stored_cards: StoredCards::new(CAPACITY),
            orders: Shelf::new(CAPACITY),
            hosted: Shelf::new(CAPACITY),
        }
    }
}

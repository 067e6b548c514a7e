//! All that a sandbox remembers: sessions, references, tokens, payments, orders. Every store is
//! bounded; the oldest entry makes room.

use crate::clock::Timestamp;
use crate::config::Caps;
use crate::domain::challenge::{Challenge, Purpose};
use crate::domain::checkout::Session;
use crate::domain::decision::ThreeDs;
use crate::domain::hosted::Hosted;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::payments::Payments;
use crate::domain::refund::Refunds;
use crate::domain::shelf::Shelf;
use crate::domain::stored_card::StoredCards;
use crate::domain::timed::Timed;
use crate::domain::token::{Reference, ResultToken};
use crate::domain::wallet::{Operation, Purchase, Wallet};
use crate::domain::webhook::{self, Webhooks};
use crate::refusal::{Refusal, Thing, TokenFault};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub use crate::domain::shelf::CAPACITY;

/// All that a sandbox remembers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// shoppers by session id
    pub sessions: Timed<String, Session>,
    /// login keys: key to session id
    pub logins: Shelf<String, String>,
    /// gateway references by id
    pub references: Timed<Arc<str>, Reference>,
    /// wallet result tokens by token
    pub result_tokens: Timed<Arc<str>, ResultToken>,
    /// payments by id
    pub payments: Payments,
    /// what was given back, or refused to be
    pub refunds: Refunds,
    /// cards that merchants keep
    pub stored_cards: StoredCards,
    /// orders by number
    pub orders: Shelf<String, Order>,
    /// hosted payment pages by token
    pub hosted: Timed<String, Hosted>,
    /// who has a wallet, and what each is about to do
    pub wallet: Wallet,
    /// 3-D Secure at the bank's page, by id
    pub challenges: Timed<String, Challenge>,
    /// what merchants are told without asking
    pub webhooks: Webhooks,
}

impl Default for State {
    fn default() -> Self {
        Self {
            sessions: Timed::new(CAPACITY),
            logins: Shelf::new(CAPACITY),
            references: Timed::new(CAPACITY),
            result_tokens: Timed::new(CAPACITY),
            payments: Payments::new(CAPACITY),
            refunds: Refunds::new(CAPACITY),
            stored_cards: StoredCards::new(CAPACITY),
            orders: Shelf::new(CAPACITY),
            hosted: Timed::new(CAPACITY),
            wallet: Wallet::new(CAPACITY),
            challenges: Timed::new(CAPACITY),
            webhooks: Webhooks::new(webhook::CAPACITY),
        }
    }
}

impl State {
    /// Nothing yet, within these bounds.
    pub fn within(caps: &Caps) -> Self {
        let mut state = Self::default();
        state.bound(caps);
        state
    }

    /// Other bounds from now on; the oldest go where there are too many. Every field is named, so that
    /// a new one is not forgotten.
    pub fn bound(&mut self, caps: &Caps) {
        let Self {
            sessions,
            logins,
            references,
            result_tokens,
            payments,
            refunds,
            stored_cards,
            orders,
            hosted,
            wallet,
            challenges,
            webhooks,
        } = self;
        let entries = caps.store_entries;
        sessions.bound(entries);
        logins.bound(entries);
        references.bound(entries);
        result_tokens.bound(entries);
        payments.bound(entries);
        refunds.bound(entries);
        stored_cards.bound(entries);
        orders.bound(entries);
        hosted.bound(entries);
        wallet.bound(entries);
        challenges.bound(caps.challenges);
        webhooks.bound(caps.webhooks);
    }

    /// How many entries each store has. Every field is named, so that a new one is not forgotten.
    pub fn lens(&self) -> [usize; 15] {
        let Self {
            sessions,
            logins,
            references,
            result_tokens,
            payments,
            refunds,
            stored_cards,
            orders,
            hosted,
            wallet,
            challenges,
            webhooks,
        } = self;
        let [holders, flows, sold, passes] = wallet.lens();
        [
            sessions.len(),
            logins.len(),
            references.len(),
            result_tokens.len(),
            payments.len(),
            refunds.len(),
            stored_cards.len(),
            orders.len(),
            hosted.len(),
            holders,
            flows,
            sold,
            passes,
            challenges.len(),
            webhooks.len(),
        ]
    }

    /// What the wallet sold under `token` for this order, if it may be completed with it. None: the
    /// wallet was never asked about that order, and nobody is strict about it: then any token is as
    /// good. Err says what is wrong with the token.
    pub fn bought(
        &self,
        token: &str,
        (order_no, amount): (&str, Money),
        (strict, now): (bool, Timestamp),
    ) -> Result<Option<&ResultToken>, TokenFault> {
        let Some(known) = self.result_tokens.get(self.result_token(token)) else {
            return match self.wallet.flow(token) {
                Ok(_) => Err(TokenFault::NotSuccessful),
                Err(_) if strict || self.wallet.knows_order(order_no) => Err(TokenFault::Unknown),
                Err(_) => Ok(None),
            };
        };
        known.check(order_no, amount, now)?;
        Ok(Some(known))
    }

    /// The token of the purchase that `token` leads to: clients that go to the bank's page may know it
    /// by the validation token alone. Else `token` itself.
    pub fn result_token<'t>(&'t self, token: &'t str) -> &'t str {
        let bought = match self.wallet.flow(token).map(|flow| &flow.operation) {
            Ok(Operation::Purchase(purchase)) => Some(&*purchase.token),
            Ok(_) | Err(_) => None,
        };
        let bought = bought.filter(|token| self.result_tokens.get(*token).is_some());
        bought.unwrap_or(token)
    }

    /// A challenge is over, and the purchase that it was for knows it. That purchase, if there is one.
    /// Err when there is no such challenge, or it is over already: then nothing changes.
    pub fn end_challenge(
        &mut self,
        id: &str,
        how: ThreeDs,
        at: Timestamp,
    ) -> Result<Option<Arc<Purchase>>, Refusal> {
        let challenge = self.challenges.get_mut(id);
        let challenge = challenge.ok_or(Refusal::NotFound(Thing::Page))?;
        challenge.end(how, at)?;
        let Purpose::Purchase { token } = &challenge.asked.purpose else {
            return Ok(None);
        };
        let Some(token) = self.result_tokens.get_mut(&**token) else {
            return Ok(None);
        };
        token.three_ds = Some(how);
        token.successful = how.good_at_bank();
        Ok(token.purchase.clone())
    }
}

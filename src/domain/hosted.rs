//! A payment page that the gateway hosts for a shop: what is to be paid there, how, and until when.

use crate::clock::Timestamp;
use crate::domain::money::{Amount, Money};
use crate::domain::particulars::StoredKeys;
use crate::domain::payment::{NewPayment, PaymentId};
use serde::{Deserialize, Serialize};

/// How many payments one page may take.
pub const MAX_PARTS: usize = 1_000;

/// A number of parts with its own total, for one card programme or any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnTerms {
    /// cards of this programme; None: of any
    pub program: Option<String>,
    /// number of parts
    pub count: u32,
    /// to pay in all, as written
    pub total: Amount,
}

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Purpose {
    /// one payment
    #[default]
    Payment,
    /// several payments that share the price
    Parts,
    /// a card is stored; the price is taken and given back at once
    ChargedCard,
    /// a card is stored, and nothing is taken
    Card,
}

/// How the page may be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ways {
    /// with a card of the shopper's own
    pub card: bool,
    /// with the card wallet of this phone
    pub wallet: Option<String>,
    /// in so many parts, or at once; empty: as the card is offered
    pub counts: Vec<u32>,
    /// the shop's own totals, in place of the usual ones; empty: the usual ones
    pub terms: Vec<OwnTerms>,
    /// credit cards only
    pub credit_only: bool,
    /// of a company's cards only those pay in parts
    pub parts_for_companies_only: bool,
    /// every card goes to its bank's page
    pub three_ds: bool,
    /// cards that are no credit cards go to their bank's page
    pub three_ds_unless_credit: bool,
    /// the user whose stored cards are shown
    pub user: Option<String>,
    /// the shopper may do away with those
    pub may_delete: bool,
    /// no card but a stored one
    pub stored_only: bool,
    /// the card is stored after a payment
    pub store: bool,
}

/// A hosted page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hosted {
    /// its number
    pub id: u64,
    /// API key of the merchant
    pub merchant: String,
    /// what it is for
    pub purpose: Purpose,
    /// the payment that it makes, without card and numbers
    pub draft: NewPayment,
    /// how
    pub ways: Ways,
    /// where the browser brings the token: absolute, http or https
    pub callback_url: String,
    /// where the token is sent as well, when the shopper is done: absolute, http or https
    pub webhook_url: Option<String>,
    /// where the shopper goes who does not want to pay
    pub back_url: Option<String>,
    /// the callback leaves the frame that the page is in
    pub leaves_frame: bool,
    /// good until then
    pub expires_at: Timestamp,
    /// the card that was stored here
    pub card: Option<StoredKeys>,
    withdrawn: bool,
    last: Option<PaymentId>,
    paid: Vec<PaymentId>,
    remaining: Money,
}

impl Hosted {
    /// A page for `draft` of which nothing is paid yet.
    pub fn new(draft: NewPayment, ways: Ways, callback_url: String, expires_at: Timestamp) -> Self {
        let merchant = draft.particulars.merchant.clone().unwrap_or_default();
        Self {
            id: 0,
            merchant: merchant.into(),
            purpose: Purpose::Payment,
            card: None,
            remaining: draft.paid,
            draft,
            ways,
            callback_url,
            webhook_url: None,
            back_url: None,
            leaves_frame: false,
            expires_at,
            withdrawn: false,
            last: None,
            paid: Vec::new(),
        }
    }

    /// Whether several payments share the price.
    pub fn in_parts(&self) -> bool {
        self.purpose == Purpose::Parts
    }

    /// Whether it is a card that is wanted, not money.
    pub fn wants_card(&self) -> bool {
        match self.purpose {
            Purpose::Payment | Purpose::Parts => false,
            Purpose::ChargedCard | Purpose::Card => true,
        }
    }

    /// The card is stored: nothing more is wanted.
    pub fn stored(&mut self, card: StoredKeys) {
        self.card = Some(card);
        self.remaining = Money::zero(self.remaining.currency());
    }

    /// Whether somebody may still pay here at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.is_known(now) && !self.is_settled()
    }

    /// Whether it was neither withdrawn nor has lapsed.
    pub fn is_known(&self, now: Timestamp) -> bool {
        !self.withdrawn && now < self.expires_at
    }

    /// Whether all is paid.
    pub fn is_settled(&self) -> bool {
        !self.remaining.is_positive()
    }

    /// The shop takes it back.
    pub fn withdraw(&mut self) {
        self.withdrawn = true;
    }

    /// The payment that was tried last.
    pub const fn last(&self) -> Option<PaymentId> {
        self.last
    }

    /// Whether money may still be taken at `now` for the payment with that number: the one that was
    /// tried last, while the page is open.
    pub fn awaits(&self, payment: PaymentId, now: Timestamp) -> bool {
        self.last == Some(payment) && self.is_open(now)
    }

    /// Payments that succeeded.
    pub fn paid(&self) -> &[PaymentId] {
        &self.paid
    }

    /// What is still to be paid.
    pub const fn remaining(&self) -> Money {
        self.remaining
    }

    /// Somebody tries to pay.
    pub fn tried(&mut self, payment: PaymentId) {
        self.last = Some(payment);
    }

    /// The payment with that number succeeded, which pays `part` of the price.
    pub fn took(&mut self, payment: PaymentId, part: Money) {
        if self.paid.contains(&payment) {
            return;
        }
        self.paid.push(payment);
        let nothing = Money::zero(self.remaining.currency());
        let full = !self.in_parts() || self.paid.len() >= MAX_PARTS;
        let rest = self.remaining.minus(part).filter(|_| !full);
        self.remaining = rest.unwrap_or(nothing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn lira(minor: i64) -> Money {
        Money::new(minor, Currency::TRY)
    }

    fn page(purpose: Purpose) -> Hosted {
        let end = Timestamp::from_micros(10);
        let draft = NewPayment::of(lira(100));
        Hosted {
            purpose,
            ..Hosted::new(draft, Ways::default(), String::new(), end)
        }
    }

    #[test]
    fn it_is_open_until_it_is_paid_lapsed_or_withdrawn() {
        let at = Timestamp::from_micros;
        let mut hosted = page(Purpose::Payment);
        assert!(hosted.is_open(at(9)) && !hosted.is_open(at(10)));
        hosted.tried(1);
        assert!(hosted.is_open(at(9)), "a failure may be tried again");
        hosted.tried(2);
        for (payment, moment, awaited) in [(1, 9, false), (2, 9, true), (2, 10, false)] {
            assert_eq!(hosted.awaits(payment, at(moment)), awaited, "{payment}");
        }
        hosted.took(2, lira(100));
        assert!(!hosted.awaits(2, at(9)), "it is paid");
        assert!(!hosted.is_open(at(9)) && hosted.is_known(at(9)));
        let mut hosted = page(Purpose::Payment);
        hosted.withdraw();
        assert!(!hosted.is_known(at(9)));
    }

    #[test]
    fn parts_add_up_to_the_last_kurus() {
        let mut hosted = page(Purpose::Parts);
        for (payment, part, rest) in [(1, 33, 67), (1, 33, 67), (2, 33, 34), (3, 34, 0)] {
            hosted.took(payment, lira(part));
            assert_eq!(hosted.remaining(), lira(rest), "{payment}");
        }
        assert!(hosted.is_settled());
        assert_eq!(hosted.paid(), [1, 2, 3]);
    }
}

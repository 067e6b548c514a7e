//! What a payment carries besides its money: whose it is, what the shop calls it, with which card,
//! and how each item is shared out. Nothing here decides a move.

use crate::clock::Timestamp;
use crate::domain::money::{Amount, Percent};
use crate::domain::pan::Pan;
use crate::domain::receipt::Receipt;
use crate::domain::stored_card::NewCard;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::sync::LazyLock;

/// What is sold. contract: craftgate §10 PaymentGroup
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Group {
    /// goods: items wait for approval before sellers are paid
    #[default]
    Product,
    /// listings and subscriptions: nobody waits
    ListingOrSubscription,
}

/// Where the payment came in. contract: craftgate §10 PaymentSource
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Source {
    /// the merchant's backend
    #[default]
    Api,
    /// the hosted checkout page
    CheckoutForm,
}

/// Who took the card. contract: craftgate §10 PaymentProvider
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Provider {
    /// a bank's POS, with the card's number
    Bank,
    /// the card wallet
    #[default]
    CardWallet,
}

/// A reward, or what a card offers. contract: craftgate §5.6
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loyalty {
    /// what kind
    pub kind: LoyaltyKind,
    /// how much; of reward money only
    pub reward: Option<Reward>,
    /// what people read
    pub message: Option<String>,
}

/// Kinds of reward. contract: craftgate §10 LoyaltyType
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the vendors' own words")]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum LoyaltyKind {
    RewardMoney,
    AdditionalInstallment,
    PostponingInstallment,
    ExtraPoints,
    GainingMinutes,
    PostponingStatement,
    PostponingPayment,
}

impl LoyaltyKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::RewardMoney,
        Self::AdditionalInstallment,
        Self::PostponingInstallment,
        Self::ExtraPoints,
        Self::GainingMinutes,
        Self::PostponingStatement,
        Self::PostponingPayment,
    ];

    /// As tables write it: `REWARD_MONEY`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RewardMoney => "REWARD_MONEY",
            Self::AdditionalInstallment => "ADDITIONAL_INSTALLMENT",
            Self::PostponingInstallment => "POSTPONING_INSTALLMENT",
            Self::ExtraPoints => "EXTRA_POINTS",
            Self::GainingMinutes => "GAINING_MINUTES",
            Self::PostponingStatement => "POSTPONING_STATEMENT",
            Self::PostponingPayment => "POSTPONING_PAYMENT",
        }
    }
}

/// Reward money, each as written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// the card's points
    pub card: Option<Amount>,
    /// the merchant's points
    pub firm: Option<Amount>,
    /// miles
    pub mile: Option<Amount>,
    /// all together
    pub total: Option<Amount>,
}

/// What an item carries besides its price.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// shown to people
    pub name: Option<CompactString>,
    /// the shop's own number
    pub external_id: Option<Box<str>>,
    /// the price as written
    pub price: Option<Amount>,
    /// who sells it
    pub seller: Option<u64>,
    /// the seller's share of the price
    pub seller_price: Option<Amount>,
    /// days until it is paid out; None: one
    pub blockage_days: Option<u32>,
    /// when it is paid out, if that was said to the moment
    pub unblocked_at: Option<Timestamp>,
    /// the merchant lets the seller be paid
    pub approved: bool,
    /// when that was decided last
    pub decided_at: Option<Timestamp>,
}

/// What items carry. Most payments have one: it lies in the payment itself.
pub type Lines = SmallVec<[Line; 1]>;

/// Under which keys a card is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredKeys {
    /// the card's user
    pub user: String,
    /// the card
    pub token: String,
}

/// Where a shopper's browser goes after 3-D Secure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// absolute, http or https
    pub url: String,
    /// which generation of fields it gets. contract: craftgate §3.8
    pub version: u8,
}

/// What a payment carries besides its money. The default is that of a payment that the commerce
/// backend makes for its shopper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Particulars {
    /// API key of the merchant; None: the sandbox's first one
    pub merchant: Option<CompactString>,
    /// the shop's own, echoed
    pub conversation_id: Option<CompactString>,
    /// the shop's own, searchable
    pub external_id: Option<Box<str>>,
    /// the shop's own, searchable
    pub channel: Option<Box<str>>,
    /// what is sold
    pub group: Group,
    /// where it came in
    pub source: Source,
    /// who took the card
    pub provider: Provider,
    /// who buys
    pub buyer: Option<u64>,
    /// what the goods cost, as written
    pub price: Option<Amount>,
    /// what the card pays, as written; a capture writes its own
    pub paid: Option<Amount>,
    /// what a balance pays, as written
    pub from_balance: Option<Amount>,
    /// by item, in the order of the basket; may be shorter
    pub lines: Lines,
    /// the card's number, of a known test card
    pub pan: Option<Pan>,
    /// its last digits
    pub last_four: Option<CompactString>,
    /// its holder, as written
    pub holder_name: Option<CompactString>,
    /// the card, to be stored when the payment succeeds
    pub to_store: Option<Box<NewCard>>,
    /// the card was stored by this payment
    pub stored: Option<Box<StoredKeys>>,
    /// it only checks its card: what it takes is given back at once
    pub checks_card: bool,
    /// the card had been stored before
    pub paid_with_stored_card: bool,
    /// the reward that is spent
    pub loyalty: Option<Box<Loyalty>>,
    /// the POS that the shop asked for, by alias
    pub requested_pos: Option<Box<str>>,
    /// what the bank takes of every item, in per cent
    pub bank_rate: Percent,
    /// where the browser goes after 3-D Secure
    pub callback: Option<Box<Callback>>,
    /// token of the hosted page on which it is made
    pub page: Option<Box<str>>,
    /// opens the payment's pages to the browser that it was given to
    pub page_key: Option<Box<str>>,
    /// its 3-D Secure at the bank's page, by id; None: that is somebody else's, or there is none
    pub challenge: Option<Box<str>>,
    /// the wallet's purchase that it is paid with, by its result token; None: no wallet, or not known
    pub purchase: Option<Box<str>>,
    /// what the bank gave
    pub receipt: Option<Receipt>,
}

impl Particulars {
    /// It is paid with what the wallet sold under that result token, and so with that card.
    pub fn pay_with(&mut self, token: &str, card: Option<&Pan>) {
        self.purchase = Some(token.into());
        self.pan = card.cloned().or(self.pan.take());
    }

    /// What the item at that position carries.
    pub fn line(&self, item: usize) -> &Line {
        static NOTHING: LazyLock<Line> = LazyLock::new(Line::default);
        self.lines.get(item).unwrap_or(&NOTHING)
    }

    /// As [`Self::line`], to change.
    pub fn line_mut(&mut self, item: usize) -> &mut Line {
        if self.lines.len() <= item {
            self.lines.resize_with(item + 1, Line::default);
        }
        &mut self.lines[item]
    }
}

//! A card of a wallet, and how wallet and bank behave with it.

use crate::domain::decision::{Ask, Authorization, ThreeDs, WalletFault};
use crate::domain::hex::hex;
use crate::domain::pan::Pan;
use crate::domain::published::{Operation, test_card};
use crate::domain::stored_card::Expiry;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How wallet and bank behave with a card, where no rule says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// what the wallet asks for before money may move, in this order; None: what the merchant's
    /// token says
    pub asks: Option<Vec<Ask>>,
    /// how 3-D Secure ends by itself; None: the page waits
    pub three_ds: Option<ThreeDs>,
    /// what the bank says to a completion; None: what the published table says of the number
    pub authorization: Option<Authorization>,
    /// why the wallet refuses to take or use it
    pub fault: Option<WalletFault>,
    /// what happens with it, for people
    pub about: Arc<str>,
}

/// A card that is in a wallet, or kept by a merchant's own programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// names it in calls, decoded
    pub alias: CompactString,
    /// its number
    pub pan: Pan,
    /// until when it is good
    pub expiry: Expiry,
    /// its holder, as written on it
    pub name: CompactString,
    /// in the merchant's own programme, not in the wallet
    pub vault: bool,
    /// a credit card, or a debit card that this merchant takes
    pub supported: bool,
    /// how wallet and bank behave with it
    pub persona: Persona,
}

impl Card {
    /// What the bank says to `operation` with it: as the scenario's table has it, else the published
    /// one, else yes.
    pub fn authorization(&self, operation: Operation) -> Authorization {
        if let Some(said) = &self.persona.authorization {
            return said.clone();
        }
        let published = test_card(self.pan.digits());
        published.map_or(Authorization::Approved, |card| {
            card.authorization(operation)
        })
    }

    /// Names the card for good: 64 hex digits, the same in every sandbox.
    pub fn unique_id(&self, msisdn: &str) -> String {
        let digest = Sha256::digest(format!("{msisdn}:{}", self.pan.digits()));
        hex(&digest)
    }
}

/// A card that a holder may type: found by its number where that can be read, else by the name on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedCard {
    /// the name on it
    pub name: String,
    /// its number
    pub pan: Pan,
    /// a credit card, or a debit card that this merchant takes
    pub supported: bool,
    /// how wallet and bank behave with it
    pub persona: Persona,
}

impl TypedCard {
    /// Whether that is the name on it; capitals, and spaces around it, do not matter.
    pub fn is_of(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }
}

//! What a sandbox is told to do: rules, data tables and settings, compiled from TOML.
//!
//! `compile` reads the files, on top of the built-in one, `extends` what they stand on, `variables` what they leave
//! open; `read` has the one definition of a knob, `values`, `ranges` and `words` the simple values; `rule`, `conditions`,
//! `when`, `then`, `patch`, `wire`, `effects`, `progress`, `index` and `engine` are the rules, `steer` and `added` those
//! that no file has, `amounts` what an amount decides; `rows`, `shop`, `cards`, `wallet`, `settings`, `gateway`, `masterpass`, `bank`,
//! `webhooks` and `server` the data; `example`, `expect`, `want` and `kept` what a file promises of itself;
//! `expectation` what must have happened; `clash` what contradicts what, `shadow` rules without a turn, `whole`, `slips` and `target` what shows
//! once all is there; `merged` what holds in the end; `why` and `explain` which condition a call did not fit.

pub mod added;
pub mod amounts;
pub mod bank;
pub mod catalog;
pub mod compile;
pub mod engine;
pub mod example;
pub mod expectation;
pub mod explain;
pub mod extends;
pub mod facts;
pub mod kept;
pub mod knob;
pub mod masterpass;
pub mod mistake;
mod offers;
pub mod patch;
pub mod print;
pub mod problem;
pub mod server;
pub mod settings;
pub mod steer;
pub mod verdict;

pub(crate) mod suggest;
pub(crate) mod words;

mod asks;
mod callback;
mod cards;
pub mod chance;
mod clash;
mod conditions;
mod covers;
mod document;
mod effects;
mod error;
mod expect;
pub(crate) mod fields;
mod file;
mod gateway;
mod index;
mod merchant;
mod merged;
mod numbers;
mod progress;
mod ranges;
mod read;
pub(crate) mod reads;
mod rows;
mod rule;
mod shadow;
pub mod shipped;
mod shop;
mod slips;
mod target;
mod then;
mod values;
pub mod variables;
mod wallet;
mod want;
pub mod webhooks;
mod when;
mod whole;
mod why;
mod wire;

#[cfg(test)]
mod tests;

pub use catalog::{Catalog, CatalogRow};
pub use example::Example;
pub use extends::Layer;
pub use kept::Kept;
pub use mistake::Mistake;
pub use problem::{Problem, Problems};
pub(crate) use values::Glob;
pub use why::Condition;

use crate::domain::card::BinTable;
use crate::domain::installment::InstallmentTable;
use crate::domain::merchant::Merchants;
use crate::domain::shop::Shop;
use crate::domain::wallet::WalletTable;
use server::ServerKeys;
use settings::Settings;

/// A compiled scenario. Shared by all sandboxes that use it, never changed.
#[derive(Debug, Default)]
pub struct Scenario {
    /// name of the file, or `default`; several joined by ` + `
    pub name: String,
    /// its text as given; several one after the other
    pub source: String,
    /// one line of what it is for
    pub description: String,
    /// what it says of the server, its seed and its clock
    pub server: ServerKeys,
    /// switches
    pub settings: Settings,
    /// what the shop sells, and how it may be paid
    pub shop: Shop,
    /// who may call the gateway
    pub merchants: Merchants,
    /// what is known of cards
    pub bins: BinTable,
    /// who has a wallet, and which cards may be typed
    pub wallet: WalletTable,
    /// in how many parts cards may pay
    pub installments: Vec<InstallmentTable>,
    /// what is decided, first match wins
    pub rules: Vec<engine::Rule>,
    /// what must have happened when all is over
    pub expectations: Vec<expectation::Expectation>,
    /// what else counts then
    pub verify: expectation::Verify,
    /// what the last file promises of itself
    pub examples: Vec<Example>,
    /// the headers that rules and expectations ask for
    pub headers: Vec<http::HeaderName>,
    /// the files it was made of, what they stand on first
    pub layers: Vec<Layer>,
    /// what its files leave open
    pub variables: Vec<variables::Open>,
    /// what was set of that
    pub set: Vec<(String, String)>,
    /// what is allowed in them, and likely not meant
    pub warnings: Problems,
    pub(crate) index: index::Index,
}

//! What a sandbox is told to do: rules, data tables and settings, compiled from TOML.

pub mod engine;
pub mod facts;
pub mod settings;
pub mod verdict;

use crate::clock::ClockSetting;
use crate::domain::card::BinTable;
use crate::domain::installment::InstallmentTable;
use crate::domain::shop::Shop;
use settings::Settings;

/// A compiled scenario. Shared by all sandboxes that use it, never changed.
#[derive(Debug, Default)]
pub struct Scenario {
    /// file name, or `default`
    pub name: String,
    /// its text as given
    pub source: String,
    /// one line of what it is for
    pub description: String,
    /// seed it asks for
    pub seed: Option<u64>,
    /// clock it asks for
    pub clock: Option<ClockSetting>,
    /// switches
    pub settings: Settings,
    /// what the shop sells, and how it may be paid
    pub shop: Shop,
    /// what is known of cards
    pub bins: BinTable,
    /// in how many parts cards may pay
    pub installments: Vec<InstallmentTable>,
    /// what is decided, first match wins
    pub rules: Vec<engine::Rule>,
}

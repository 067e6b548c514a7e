//! Switches of the gateway surface: what its contract leaves open.

use crate::domain::merchant::SignatureCheck;
use crate::domain::money::Percent;
use crate::scenario::read::table;
use crate::scenario::settings::put;
use crate::scenario::values::{Int, Lifetime, Rate};
use crate::scenario::words::words;
use std::time::Duration;

/// In which language texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Turkish
    #[default]
    Tr,
    /// English
    En,
}

words! { Language, "language":
    "tr" => Tr,
    "en" => En,
}

/// Switches of the gateway surface.
#[derive(Debug, Clone)]
pub struct Craftgate {
    /// of callers that name none
    pub default_language: Language,
    /// what becomes of a wrong signature
    pub signature: SignatureCheck,
    /// how many entries a search answers when nobody says
    pub page_size: u32,
    /// how long a reference for the card wallet lasts
    pub reference_lifetime: Duration,
    /// how long what is reserved may be captured
    pub preauth_lifetime: Duration,
    /// how long a hosted checkout page lasts
    pub checkout_lifetime: Duration,
    /// how long an answer is kept for its idempotency key
    pub idempotency_lifetime: Duration,
    /// what the bank takes of every payment
    pub bank_commission_rate: Percent,
    /// debit cards must pay with 3-D Secure
    pub force_three_ds_for_debit: bool,
    /// what the vendor's public samples ask for by number is there
    pub samples: bool,
}

impl Default for Craftgate {
    fn default() -> Self {
        Self {
            default_language: Language::Tr,
            signature: SignatureCheck::Strict,
            page_size: 10,
            reference_lifetime: Duration::from_secs(30 * 60),
            preauth_lifetime: Duration::from_secs(7 * 24 * 3600),
            checkout_lifetime: Duration::from_secs(30 * 60),
            idempotency_lifetime: Duration::from_secs(24 * 3600),
            bank_commission_rate: Percent::ZERO,
            force_three_ds_for_debit: false,
            samples: true,
        }
    }
}

table! {
    /// Switches of the gateway surface.
    struct CraftgateTable {
        /// of error texts, for callers that send no `lang`
        default_language: Option<Language> = r#"default_language = "tr""#,
        /// what becomes of a wrong signature
        signature: Option<SignatureCheck> = r#"signature = "strict""#,
        /// how many entries a search answers when nobody says
        page_size: Option<Int<1, 1_000>> = "page_size = 10",
        /// how long a Masterpass reference lasts
        reference_lifetime: Option<Lifetime> = r#"reference_lifetime = "30m""#,
        /// how long what a pre-authorisation reserves may be captured; a proposal, for the vendor leaves it to the bank
        preauth_lifetime: Option<Lifetime> = r#"preauth_lifetime = "7d""#,
        /// how long a checkout page lasts when nobody says
        checkout_lifetime: Option<Lifetime> = r#"checkout_lifetime = "30m""#,
        /// how long an answer is kept for its idempotency key
        idempotency_lifetime: Option<Lifetime> = r#"idempotency_lifetime = "24h""#,
        /// what the bank takes of every payment, in per cent
        bank_commission_rate: Option<Rate> = r#"bank_commission_rate = "0""#,
        /// debit cards must pay with 3-D Secure
        force_three_ds_for_debit: Option<bool> = "force_three_ds_for_debit = false",
        /// what the vendor's public samples ask for by number is there: payment 1, refund 1, a stored card
        samples: Option<bool> = "samples = true",
    }
}

impl CraftgateTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, craftgate: &mut Craftgate) {
        let Self {
            default_language,
            signature,
            page_size,
            reference_lifetime,
            preauth_lifetime,
            checkout_lifetime,
            idempotency_lifetime,
            bank_commission_rate,
            force_three_ds_for_debit,
            samples,
        } = self;
        let lifetime = |old: &mut Duration, new: Option<Lifetime>| put(old, new.map(|new| new.0));
        put(&mut craftgate.default_language, default_language);
        put(&mut craftgate.signature, signature);
        put(&mut craftgate.page_size, page_size.map(Int::narrow));
        lifetime(&mut craftgate.reference_lifetime, reference_lifetime);
        lifetime(&mut craftgate.preauth_lifetime, preauth_lifetime);
        lifetime(&mut craftgate.checkout_lifetime, checkout_lifetime);
        lifetime(&mut craftgate.idempotency_lifetime, idempotency_lifetime);
        let rate = bank_commission_rate.map(|rate| rate.0);
        put(&mut craftgate.bank_commission_rate, rate);
        let force = &mut craftgate.force_three_ds_for_debit;
        put(force, force_three_ds_for_debit);
        put(&mut craftgate.samples, samples);
    }
}

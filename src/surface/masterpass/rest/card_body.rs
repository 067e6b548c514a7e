//! Cards of an account, as lists show them. contract: masterpass §6

use crate::domain::card::{Bin, CardKind};
use crate::domain::stored_card::ExpiryStatus;
use crate::domain::wallet::{Card, Holder};
use crate::refusal::WalletFault;
use crate::route::Turn;
use crate::surface::masterpass::ica;
use schemars::JsonSchema;
use serde::Serialize;

/// A card in a list.
#[allow(clippy::struct_excessive_bools, reason = "the vendor's own answer")]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardBody {
    card_id: u32,
    card_alias: String,
    card_state: &'static str,
    masked_card_number: String,
    unique_card_number: String,
    card_type: &'static str,
    product_name: String,
    card_bin: String,
    card_issuer_ica_number: String,
    card_validation_type: &'static str,
    is_default_card: bool,
    expire_soon: bool,
    is_expired: bool,
    is_eight_digit: bool,
    is_masterpass_member: bool,
    is_card_credit_or_supported_debit: bool,
    is_issuer_otp_supported: bool,
}

impl CardBody {
    /// All cards of a holder.
    pub fn all(turn: &Turn<'_>, holder: &Holder) -> Vec<Self> {
        let cards = holder.cards.iter().enumerate();
        let body = |(n, card)| Self {
            is_default_card: n == 0,
            ..Self::of(turn, (card, &holder.msisdn))
        };
        cards.map(body).collect()
    }

    fn of(turn: &Turn<'_>, (card, msisdn): (&Card, &str)) -> Self {
        let digits = card.pan.digits();
        let known = turn.world.scenario.bins.find(digits);
        let bin_digits = known.map_or(6, |bin| bin.prefix.len().max(6));
        let expiry = card.expiry.status(turn.world.now());
        let unique = card.unique_id(msisdn);
        Self {
            card_id: u32::from_str_radix(&unique[..7], 16).unwrap_or(0),
            card_alias: card.alias.to_string(),
            card_state: "Activated",
            masked_card_number: card.pan.to_string(),
            unique_card_number: unique,
            card_type: kind(known),
            product_name: known
                .and_then(|bin| bin.program.as_deref())
                .unwrap_or_default()
                .to_owned(),
            card_bin: digits.chars().take(bin_digits).collect(),
            card_issuer_ica_number: ica(known),
            card_validation_type: "OTP",
            is_default_card: false,
            expire_soon: expiry == ExpiryStatus::NextMonth,
            is_expired: expiry == ExpiryStatus::Expired,
            is_eight_digit: bin_digits == 8,
            is_masterpass_member: !card.vault,
            is_card_credit_or_supported_debit: card.supported,
            is_issuer_otp_supported: card.persona.fault != Some(WalletFault::OtpUnsupported),
        }
    }
}

/// Only `Credit` was ever seen; the others are proposals.
fn kind(bin: Option<&Bin>) -> &'static str {
    match bin.and_then(|bin| bin.kind) {
        Some(CardKind::Credit) | None => "Credit",
        Some(CardKind::Debit) => "Debit",
        Some(CardKind::Prepaid) => "Prepaid",
    }
}

fn ica(bin: Option<&Bin>) -> String {
    let code = bin.and_then(|bin| bin.bank.as_ref()?.code);
    let known = code.and_then(ica::of_bank);
    known.map_or_else(String::new, |ica| ica.to_string())
}

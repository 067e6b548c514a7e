//! The card that a holder typed or picked.

use super::{Caller, account};
use crate::domain::pan::Pan;
use crate::domain::stored_card::Expiry;
use crate::domain::wallet::{Card, Persona, TypedCard};
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;

/// Stands in for a card whose number cannot be read. contract: craftgate §9, "Most used"
const STAND_IN: &str = "5258640000000001";

/// A card that a holder typed. Its number where it could be read, else what the name on it stands for
/// in the scenario's table, else a card that pays. Err when the wallet refuses such a card.
pub fn typed(
    turn: &Turn<'_>,
    (number, name): (Option<Pan>, &str),
    (alias, expiry): (&str, &str),
) -> Result<Card, Refusal> {
    let known = known(turn, number.as_ref(), name);
    let stand_in = || Pan::parse(STAND_IN).expect("the stand-in is a card number");
    let card = Card {
        alias: alias.to_owned(),
        pan: known.map_or_else(
            || number.unwrap_or_else(stand_in),
            |known| known.pan.clone(),
        ),
        expiry: Expiry::from_yymm(expiry).unwrap_or(Expiry::LATE),
        name: name.to_owned(),
        vault: false,
        supported: known.is_none_or(|known| known.supported),
        persona: known.map_or_else(Persona::default, |known| known.persona.clone()),
    };
    usable(&card)?;
    Ok(card)
}

/// The row of the scenario's table for a typed card: by its number where that could be read, else by
/// the name on it.
pub fn known<'t>(turn: &'t Turn<'_>, number: Option<&Pan>, name: &str) -> Option<&'t TypedCard> {
    let mut cards = turn.world.scenario.wallet.cards.iter();
    match number {
        Some(number) => cards.find(|card| card.pan == *number),
        None => cards.find(|card| card.is_of(name)),
    }
}

/// The card of that name in the caller's account.
pub fn saved(turn: &Turn<'_>, caller: &Caller, alias: &str) -> Result<Card, Refusal> {
    let card = account(turn, caller)?.card(alias);
    let card = card.ok_or(Refusal::Wallet(WalletFault::CardNotFound))?;
    usable(card)?;
    Ok(card.clone())
}

fn usable(card: &Card) -> Result<(), Refusal> {
    match card.persona.fault {
        None | Some(WalletFault::SaveFailed | WalletFault::OtpUnsupported) => Ok(()),
        Some(fault) => Err(Refusal::Wallet(fault)),
    }
}

//! The card that a holder typed or picked.

use super::{Caller, account, holder};
use crate::domain::pan::Pan;
use crate::domain::stored_card::Expiry;
use crate::domain::wallet::{Card, Holder, Persona, TypedCard};
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;

/// Stand in for cards whose number cannot be read: published, and always successful.
/// contract: craftgate §9
const STAND_INS: [&str; 8] = [
    "5482370000000003",
    "4048090000000007",
    "5193240000000008",
    "4059170000000003",
    "4029400000000001",
    "4796800000000003",
    "4024580000000005",
    "5381210000000003",
];

/// A card that a holder typed. Its number where it could be read, else what the name on it stands for
/// in the scenario's table, else a card that pays. Err when the wallet refuses such a card.
pub fn typed(
    turn: &Turn<'_>,
    (number, name): (Option<Pan>, &str),
    (alias, expiry): (&str, &str),
) -> Result<Card, Refusal> {
    let known = known(turn, number.as_ref(), name);
    let stand_in = || Pan::parse(STAND_INS[0]).expect("stand-ins are card numbers");
    let card = Card {
        alias: alias.into(),
        pan: known.map_or_else(
            || number.unwrap_or_else(stand_in),
            |known| known.pan.clone(),
        ),
        expiry: Expiry::from_yymm(expiry).unwrap_or(Expiry::LATE),
        name: name.into(),
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

/// The card as the holder can keep it: one stand-in is as good as another, and nobody can know whether
/// two cards that cannot be read are the same.
pub(super) fn to_keep(turn: &Turn<'_>, caller: &Caller, mut card: Card) -> Card {
    let free = |number: &&str| {
        let has = |holder: &Holder| holder.cards.iter().any(|c| c.pan.digits() == *number);
        !holder(turn, &caller.msisdn).is_some_and(has)
    };
    if STAND_INS.contains(&card.pan.digits())
        && let Some(number) = STAND_INS.iter().copied().find(free)
    {
        card.pan = Pan::parse(number).expect("stand-ins are card numbers");
    }
    card
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

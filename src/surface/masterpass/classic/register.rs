//! A merchant gets leave, a card is kept. contract: masterpass §2.3

use super::caller::caller;
use super::fields::kept;
use super::next::told;
use super::sent::Sent;
use crate::domain::decision::Point;
use crate::domain::wallet::Card;
use crate::refusal::Refusal;
use crate::route::{Answer, Turn};
use crate::surface::masterpass::typed::card_number;
use crate::surface::masterpass::wallet;

operations! {
    "register" "mfs.card.register" (Observed, POINTS) => register kept;
    "linkCardToClient" "mfs.card.link" (Observed, POINTS) => link;
    "completeRegistration" "mfs.card.complete_registration" (Inferred, POINTS) => complete_registration;
}

const POINTS: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Account,
    Point::Wallet,
    Point::Asks,
];

/// The card that a call holds in its fields, known as `alias`.
pub fn typed_card(turn: &Turn<'_>, alias: &str) -> Result<Card, Refusal> {
    let sent = Sent::of(turn)?;
    let text = |name: &str| sent.text(name).unwrap_or_default();
    let number = card_number(turn, &text("rtaPan"))?;
    let name = sent.alias("cardHolderName").unwrap_or_default();
    wallet::typed(turn, (number, &name), (alias, &text("expiryDate")))
}

fn register(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let alias = Sent::of(turn)?.need_alias("accountAliasName")?;
    let card = typed_card(turn, &alias)?;
    let next = wallet::register(turn, &caller, card)?;
    told(turn, &caller, next)
}

fn link(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let next = wallet::link(turn, &caller)?;
    told(turn, &caller, next)
}

/// Saves the card that was just paid with, by the payment token.
fn complete_registration(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let sent = Sent::of(turn)?;
    let alias = sent.need_alias("cardAliasName")?;
    let token = sent.need("token2")?;
    let next = wallet::complete_registration(turn, &caller, (&token, &alias))?;
    told(turn, &caller, next)
}

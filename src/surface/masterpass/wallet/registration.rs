//! The card of a purchase that went well is kept after all.

use super::cards::to_keep;
use super::flow::{begin, keepable};
use super::{Caller, Next};
use crate::domain::wallet::{Operation, msisdn};
use crate::refusal::{Refusal, TokenFault, WalletFault};
use crate::route::Turn;

/// Keeps the card of the purchase under `token` as `alias`. The holder has shown who they are when
/// they paid: nothing is asked for, unless a rule says so. Err when that purchase was not finished,
/// was another's, or its card cannot be kept.
pub fn complete_registration(
    turn: &mut Turn<'_>,
    caller: &Caller,
    (token, alias): (&str, &str),
) -> Result<Next, Refusal> {
    let paid = turn.world.state.result_tokens.get(token);
    let bought = paid.and_then(|paid| Some((paid.successful, paid.purchase.as_deref()?)));
    let (successful, purchase) = bought.ok_or(Refusal::Token(TokenFault::Unknown))?;
    if msisdn(&purchase.msisdn) != msisdn(&caller.msisdn) {
        return Err(Refusal::Token(TokenFault::Mismatch));
    }
    if !successful {
        return Err(Refusal::Wallet(WalletFault::NotVerified));
    }
    let mut card = purchase.card.clone();
    card.alias = alias.into();
    card.vault = false;
    let card = to_keep(turn, caller, card);
    keepable(turn, caller, &card)?;
    let asks = turn.verdict.asks.clone().unwrap_or_default();
    begin(turn, caller, (Operation::Register(Box::new(card)), asks))
}

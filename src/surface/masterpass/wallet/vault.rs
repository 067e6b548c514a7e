//! A card of the merchant's own programme moves into the wallet.

use super::flow::{begin, leave};
use super::{Caller, Next, account};
use crate::domain::wallet::Operation;
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;

/// The card of that name moves in, once the holder agrees. Err when the merchant keeps none of that
/// name.
pub fn move_in(turn: &mut Turn<'_>, caller: &Caller, alias: &str) -> Result<Next, Refusal> {
    let card = account(turn, caller)?.card(alias);
    if !card.is_some_and(|card| card.vault) {
        return Err(Refusal::Wallet(WalletFault::CardNotFound));
    }
    let asks = leave(turn, caller, None);
    begin(turn, caller, (Operation::MoveIn(alias.to_owned()), asks))
}

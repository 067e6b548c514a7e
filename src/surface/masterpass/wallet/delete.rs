//! A card leaves the account.

use super::{Caller, account, holder_mut};
use crate::refusal::Refusal;
use crate::route::Turn;

/// The card of that name leaves. Err when there is none, or too many went in a row.
pub fn delete_card(turn: &mut Turn<'_>, caller: &Caller, alias: &str) -> Result<(), Refusal> {
    account(turn, caller)?;
    let most = turn.world.scenario.settings.masterpass.max_deletions;
    let deleted = holder_mut(turn, &caller.msisdn).delete(alias, most);
    deleted.map(|_| ()).map_err(Refusal::Wallet)
}

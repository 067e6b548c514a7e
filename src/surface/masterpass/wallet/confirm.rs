//! The holder only shows who they are: nothing is kept of it.

use super::flow::begin;
use super::{Caller, Next, account};
use crate::domain::decision::Ask;
use crate::domain::wallet::Operation;
use crate::refusal::Refusal;
use crate::route::Turn;

/// Asks the holder for what a rule says, else for `usual`; then that is all.
pub fn confirm(turn: &mut Turn<'_>, caller: &Caller, usual: &[Ask]) -> Result<Next, Refusal> {
    account(turn, caller)?;
    let ruled = turn.verdict.asks.clone();
    let asks = ruled.unwrap_or_else(|| usual.to_vec());
    begin(turn, caller, (Operation::Confirm, asks))
}

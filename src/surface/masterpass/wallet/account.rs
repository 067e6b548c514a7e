//! What changes an account besides its cards: a merchant goes, the phone number changes, the holder has
//! forgotten the password.

use super::flow::begin;
use super::{Caller, Next, account, confirm, holder_mut};
use crate::domain::decision::Ask;
use crate::domain::wallet::Operation;
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;

/// The merchant no longer wants to see the account.
pub fn unlink(turn: &mut Turn<'_>, caller: &Caller) -> Result<(), Refusal> {
    account(turn, caller)?;
    match holder_mut(turn, &caller.msisdn).unlink(&caller.merchant) {
        true => Ok(()),
        false => Err(Refusal::Wallet(WalletFault::NotLinked)),
    }
}

/// The account is to have another phone number, which the wallet sends a password to.
pub fn change_number(turn: &mut Turn<'_>, caller: &Caller, number: &str) -> Result<Next, Refusal> {
    account(turn, caller)?;
    let table = &turn.world.scenario.wallet;
    let taken = turn.world.state.wallet.holder(table, number);
    if taken.is_some_and(|holder| holder.account) {
        return Err(Refusal::Wallet(WalletFault::UserConflict));
    }
    let asks = turn.verdict.asks.clone();
    let asks = asks.unwrap_or_else(|| vec![Ask::WalletOtp]);
    let operation = Operation::ChangeNumber(number.to_owned());
    begin(turn, caller, (operation, asks))
}

/// The holder has forgotten the wallet's password, and has the card that ends in these digits.
pub fn forgot_password(
    turn: &mut Turn<'_>,
    caller: &Caller,
    last_digits: &str,
) -> Result<Next, Refusal> {
    let mut cards = account(turn, caller)?.cards.iter();
    if !cards.any(|card| card.pan.digits().ends_with(last_digits)) {
        return Err(Refusal::Wallet(WalletFault::CardNotFound));
    }
    confirm(turn, caller, &[Ask::WalletOtp])
}

//! What changes an account besides links and cards that are kept: cards and merchants go, the phone
//! number changes, a card that has paid stays.

use super::flow::{begin, keepable, leave};
use super::{Caller, Next, account, holder_mut, paid_by};
use crate::domain::decision::Ask;
use crate::domain::wallet::{Card, Operation};
use crate::refusal::{Refusal, TokenFault, WalletFault};
use crate::route::Turn;

/// A card is taken out of the account; whoever does it too often is suspected.
pub fn delete(turn: &mut Turn<'_>, caller: &Caller, alias: &str) -> Result<Card, Refusal> {
    account(turn, caller)?;
    let most = turn.world.scenario.settings.masterpass.max_deletions;
    let holder = holder_mut(turn, &caller.msisdn);
    holder.delete(alias, most).map_err(Refusal::Wallet)
}

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
    let cards = &account(turn, caller)?.cards;
    if !cards
        .iter()
        .any(|card| card.pan.digits().ends_with(last_digits))
    {
        return Err(Refusal::Wallet(WalletFault::CardNotFound));
    }
    let asks = turn.verdict.asks.clone();
    let asks = asks.unwrap_or_else(|| vec![Ask::WalletOtp]);
    begin(turn, caller, (Operation::Verify, asks))
}

/// The card that a purchase was made with is kept after all; the purchase is named by its token.
pub fn keep_paid(
    turn: &mut Turn<'_>,
    caller: &Caller,
    (token, alias): (&str, &str),
) -> Result<Next, Refusal> {
    let token = paid_by(turn, token);
    let paid = turn.world.state.result_tokens.get(&token);
    let paid = paid.ok_or(Refusal::Token(TokenFault::Unknown))?;
    if !paid.successful {
        return Err(Refusal::Wallet(WalletFault::NotVerified));
    }
    let purchase = paid.purchase.as_deref();
    let purchase = purchase.filter(|purchase| purchase.msisdn == caller.msisdn);
    let purchase = purchase.ok_or(Refusal::Token(TokenFault::Mismatch))?;
    let mut card = purchase.card.clone();
    alias.clone_into(&mut card.alias);
    keepable(turn, caller, &card)?;
    // What the bank asked for was given when it paid.
    let asks = leave(turn, caller, None);
    begin(turn, caller, (Operation::Register(Box::new(card)), asks))
}

//! What both generations of the wallet do with an account. Each step is checked and done under the
//! lock, or refused and nothing has changed. contract: masterpass §1.1, §9

mod account;
mod cards;
mod complete;
mod confirm;
mod delete;
mod flow;
mod give_back;
mod purchase;
mod recurring;
mod registration;
mod vault;

pub use account::{change_number, forgot_password, unlink};
pub use cards::{known, saved, typed};
pub use complete::complete;
pub use confirm::confirm;
pub use delete::delete_card;
pub use flow::{answer, change_user, link, register, resend, send_again};
pub use give_back::{GivenBack, refund, void};
pub use purchase::{Wanted, purchase};
pub use recurring::{card_of, charge, due, recur};
pub use registration::complete_registration;
pub use vault::move_in;

use crate::domain::decision::Ask;
use crate::domain::wallet::{AccountStatus, Card, Holder};
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;

/// A holder, as the merchant's token and the call name one.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// the phone with its country code
    pub msisdn: String,
    /// the merchant
    pub merchant: String,
    /// the merchant's user; empty: not said
    pub user: String,
    /// the merchant vouches for the phone
    pub msisdn_validated: bool,
    /// what the merchant's token asks for before money may move; None: it does not say
    pub asks: Option<Vec<Ask>>,
}

/// Where an operation stands after a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// the holder must give this first
    Ask {
        /// what
        ask: Ask,
        /// the validation token for it
        token: String,
        /// the challenge at the bank's page, for 3-D Secure
        challenge: Option<String>,
    },
    /// all is given, and this was done
    Done(Done),
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// the merchant may see the account
    Linked,
    /// a card is in the account; its unique id
    Registered(String),
    /// money may move
    Purchased {
        /// for the merchant's backend to complete with
        token: String,
        /// a card that was to be kept is in the account, or could not be; None: none was to be
        kept: Option<bool>,
        /// the card's unique id
        card: String,
    },
    /// the account belongs to another user of the merchant
    UserChanged,
    /// the account has another phone number
    NumberChanged,
    /// a card of the merchant's own programme is in the account now
    MovedIn,
    /// the holder has shown who they are
    Confirmed,
}

/// The holder under the caller's phone; None: nobody has an account there.
pub fn holder<'t>(turn: &'t Turn<'_>, msisdn: &str) -> Option<&'t Holder> {
    let world = &*turn.world;
    world.state.wallet.holder(&world.scenario.wallet, msisdn)
}

/// As [`holder`], to change.
pub fn holder_mut<'t>(turn: &'t mut Turn<'_>, msisdn: &str) -> &'t mut Holder {
    let world = &mut *turn.world;
    let table = &world.scenario.wallet;
    world.state.wallet.holder_mut(table, msisdn)
}

/// How the caller's account stands: as a rule says, else as it is.
pub fn status(turn: &Turn<'_>, caller: &Caller) -> AccountStatus {
    let known = || {
        let holder = holder(turn, &caller.msisdn);
        holder.map_or(AccountStatus::new([false; 7]), |holder| {
            holder.status(&caller.merchant)
        })
    };
    turn.verdict.account_status.unwrap_or_else(known)
}

/// Whether the merchant's token is good and the wallet does what it is asked, as the rules have it.
pub fn willing(turn: &Turn<'_>) -> Result<(), Refusal> {
    if let Some(error) = &turn.verdict.error {
        return Err(error.refusal());
    }
    if let Some(fault) = turn.verdict.token {
        return Err(Refusal::Token(fault));
    }
    match turn.verdict.wallet {
        // Keeping fails at the end of a purchase, passwords where the bank is to send one.
        None | Some(WalletFault::SaveFailed | WalletFault::OtpUnsupported) => Ok(()),
        Some(fault) => Err(Refusal::Wallet(fault)),
    }
}

/// The caller's account, which must be open, linked, and this user's.
pub fn account<'t>(turn: &'t Turn<'_>, caller: &Caller) -> Result<&'t Holder, Refusal> {
    if let Some(fault) = status(turn, caller).fault() {
        return Err(Refusal::Wallet(fault));
    }
    let holder = holder(turn, &caller.msisdn);
    let holder = holder.ok_or(Refusal::Wallet(WalletFault::NoAccount))?;
    if holder.belongs_to_another(&caller.merchant, &caller.user) {
        return Err(Refusal::Wallet(WalletFault::UserConflict));
    }
    Ok(holder)
}

/// What a rule or the card itself says against it.
fn fault(turn: &Turn<'_>, card: &Card) -> Option<WalletFault> {
    turn.verdict.wallet.or(card.persona.fault)
}

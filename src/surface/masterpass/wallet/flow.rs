//! What a holder is led through: asked for one thing after the other, until it is done.

use super::cards::to_keep;
use super::purchase::{challenge, put_token};
use super::{Caller, Done, Next, fault, holder, holder_mut, status};
use crate::domain::decision::Ask;
use crate::domain::otp::Otp;
use crate::domain::wallet::{Card, Flow, Operation};
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;
use crate::surface::otp_codes;

/// The merchant asks for leave to see the account.
pub fn link(turn: &mut Turn<'_>, caller: &Caller) -> Result<Next, Refusal> {
    match status(turn, caller) {
        status if !status.account() => return Err(Refusal::Wallet(WalletFault::NoAccount)),
        status if status.blocked() => return Err(Refusal::Wallet(WalletFault::Blocked)),
        _ => {}
    }
    let asks = leave(turn, caller, None);
    begin(turn, caller, (Operation::Link, asks))
}

/// A card is to be kept in the account, which begins to exist if there is none.
pub fn register(turn: &mut Turn<'_>, caller: &Caller, card: Card) -> Result<Next, Refusal> {
    let card = to_keep(turn, caller, card);
    keepable(turn, caller, &card)?;
    if fault(turn, &card) == Some(WalletFault::SaveFailed) {
        return Err(Refusal::Wallet(WalletFault::SaveFailed));
    }
    let asks = leave(turn, caller, card.persona.asks.as_deref());
    begin(turn, caller, (Operation::Register(Box::new(card)), asks))
}

/// The account is to belong to another user of the merchant.
pub fn change_user(turn: &mut Turn<'_>, caller: &Caller, user: &str) -> Result<Next, Refusal> {
    let known = holder(turn, &caller.msisdn);
    if !known.is_some_and(|holder| holder.account) {
        return Err(Refusal::Wallet(WalletFault::NoAccount));
    }
    let asks = turn.verdict.asks.clone().unwrap_or_default();
    begin(turn, caller, (Operation::ChangeUser(user.to_owned()), asks))
}

/// Err when the account cannot take this card.
pub(super) fn keepable(turn: &Turn<'_>, caller: &Caller, card: &Card) -> Result<(), Refusal> {
    if status(turn, caller).blocked() {
        return Err(Refusal::Wallet(WalletFault::Blocked));
    }
    let known = holder(turn, &caller.msisdn);
    let takes = known.map_or(Ok(()), |holder| holder.takes(card));
    takes.map_err(Refusal::Wallet)
}

/// What is asked for before a merchant gets leave, or a card is kept: what a rule says, what the card
/// says, else the wallet's own password for a phone that the merchant does not vouch for.
pub(super) fn leave(turn: &Turn<'_>, caller: &Caller, card: Option<&[Ask]>) -> Vec<Ask> {
    let away = |ask: &&Ask| !matches!(ask, Ask::ThreeDs | Ask::Loan);
    let ruled = turn.verdict.asks.as_deref();
    match ruled.or(card) {
        Some(asks) => asks.iter().filter(away).copied().collect(),
        None if caller.msisdn_validated => Vec::new(),
        None => vec![Ask::WalletOtp],
    }
}

/// The first thing is asked for, or nothing is, and it is done.
pub(super) fn begin(
    turn: &mut Turn<'_>,
    caller: &Caller,
    (operation, asks): (Operation, Vec<Ask>),
) -> Result<Next, Refusal> {
    let world = &mut *turn.world;
    let otp = Otp::sent(&world.scenario.settings.otp, world.clock.now());
    let whose = (&*caller.msisdn, &*caller.merchant, &*caller.user);
    let flow = Flow::new(whose, operation, asks, otp);
    if flow.asked().is_none() {
        return Ok(Next::Done(finish(turn, flow)?));
    }
    let token = world.ids.uuid().to_string();
    let next = asking(turn, &flow, token.clone())?;
    turn.world.state.wallet.begin(token, flow);
    Ok(next)
}

/// Says what the flow asks for now; 3-D Secure begins at the bank.
fn asking(turn: &mut Turn<'_>, flow: &Flow, token: String) -> Result<Next, Refusal> {
    let ask = flow.asked().ok_or(Refusal::IllegalState)?;
    let challenge = match (ask, &flow.operation) {
        (Ask::ThreeDs, Operation::Purchase(purchase)) => Some(challenge(turn, purchase)),
        _ => None,
    };
    Ok(Next::Ask {
        ask,
        token,
        challenge,
    })
}

/// All that was asked for is given: it is done.
fn finish(turn: &mut Turn<'_>, flow: Flow) -> Result<Done, Refusal> {
    let Flow {
        msisdn,
        merchant,
        user,
        operation,
        ..
    } = flow;
    match operation {
        Operation::Link => {
            holder_mut(turn, &msisdn).link_to(&merchant, &user);
            Ok(Done::Linked)
        }
        Operation::ChangeUser(user) => {
            holder_mut(turn, &msisdn).link_to(&merchant, &user);
            Ok(Done::UserChanged)
        }
        Operation::ChangeNumber(number) => {
            let world = &mut *turn.world;
            let wallet = &mut world.state.wallet;
            let changed = wallet.renumber(&world.scenario.wallet, &msisdn, &number);
            changed.map_err(Refusal::Wallet)?;
            Ok(Done::NumberChanged)
        }
        Operation::MoveIn(alias) => {
            let holder = holder_mut(turn, &msisdn);
            holder.move_in(&alias).map_err(Refusal::Wallet)?;
            holder.link_to(&merchant, &user);
            Ok(Done::MovedIn)
        }
        Operation::Recur(change) => {
            let world = &*turn.world;
            let days = world.scenario.settings.masterpass.recurring_days;
            let now = world.now();
            holder_mut(turn, &msisdn).change(*change, (now, days))?;
            Ok(Done::Confirmed)
        }
        Operation::Confirm => Ok(Done::Confirmed),
        Operation::Register(card) => {
            let id = card.unique_id(&msisdn);
            let holder = holder_mut(turn, &msisdn);
            holder.keep(*card).map_err(Refusal::Wallet)?;
            holder.link_to(&merchant, &user);
            Ok(Done::Registered(id))
        }
        Operation::Purchase(purchase) => {
            put_token(turn, &purchase, true);
            let world = &mut *turn.world;
            let kept = world.state.wallet.settle(&world.scenario.wallet, &purchase);
            Ok(Done::Purchased {
                card: purchase.card.unique_id(&msisdn),
                token: purchase.token.to_string(),
                kept,
            })
        }
    }
}

/// The holder answers what is asked under `token` with `code`. Ok: what comes next, under a fresh
/// token, or what was done.
pub fn answer(turn: &mut Turn<'_>, token: &str, code: &str) -> Result<Next, Refusal> {
    let said = turn.verdict.otp.or_else(|| {
        let magic = otp_codes::fault(code);
        turn.verdict.magic = magic.map(|_| "one-time password").or(turn.verdict.magic);
        magic
    });
    let world = &mut *turn.world;
    let (rules, now) = (&world.scenario.settings.otp, world.clock.now());
    let flow = world.state.wallet.flow_mut(token)?;
    // A PIN or a security code is whatever the holder says it is: what counts is that one was given.
    let right = match flow.asked() {
        Some(Ask::Mpin | Ask::DefineMpin | Ask::Cvv) => !code.is_empty(),
        Some(Ask::WalletOtp | Ask::BankOtp | Ask::DeviceOtp | Ask::ThreeDs | Ask::Loan) | None => {
            code == rules.code
        }
    };
    let next = flow.answer(right, said, (rules, now))?;
    let fresh = world.ids.uuid().to_string();
    let flow = world.state.wallet.renew(token, fresh.clone())?.clone();
    match next {
        Some(_) => asking(turn, &flow, fresh),
        None => Ok(Next::Done(finish(turn, flow)?)),
    }
}

/// The password under `token` is sent again: what it is for, and a fresh token for it. Err when it is
/// no password that is asked for.
pub fn resend(turn: &mut Turn<'_>, token: &str) -> Result<(Ask, String), Refusal> {
    let ask = send_again(turn, token)?;
    let world = &mut *turn.world;
    let fresh = world.ids.uuid().to_string();
    world.state.wallet.renew(token, fresh.clone())?;
    Ok((ask, fresh))
}

/// As [`resend`], under the same token: what it is for.
pub fn send_again(turn: &mut Turn<'_>, token: &str) -> Result<Ask, Refusal> {
    if let Some(fault) = turn.verdict.otp {
        return Err(Refusal::Otp(fault));
    }
    let world = &mut *turn.world;
    let (rules, now) = (&world.scenario.settings.otp, world.clock.now());
    let flow = world.state.wallet.flow_mut(token)?;
    let ask = match flow.asked() {
        Some(ask @ (Ask::WalletOtp | Ask::BankOtp | Ask::DeviceOtp)) => ask,
        Some(Ask::Mpin | Ask::DefineMpin | Ask::Cvv | Ask::ThreeDs | Ask::Loan) | None => {
            return Err(Refusal::IllegalState);
        }
    };
    flow.otp.resend(rules, now).map_err(Refusal::Otp)?;
    Ok(ask)
}

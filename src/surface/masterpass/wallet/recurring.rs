//! What is paid again and again with a card of the account: agreed on, and paid when it is due. That it is
//! paid by the wallet, every so many days and to its limit, is a proposal. contract: masterpass §2.3, §3.3

use super::flow::begin;
use super::{Caller, Next, account, holder};
use crate::domain::decision::Authorization;
use crate::domain::payment::{NewPayment, Payment, Phase};
use crate::domain::published::Operation as Asked;
use crate::domain::wallet::{Card, Change, Operation, Recurring};
use crate::refusal::{Refusal, Thing, WalletFault};
use crate::route::Turn;

/// Asks the holder for what a rule says, if it says something; then the order begins, changes or ends.
/// Err, before anything is asked, where it could not.
pub fn recur(turn: &mut Turn<'_>, caller: &Caller, change: Change) -> Result<Next, Refusal> {
    let now = turn.world.now();
    let mut afterwards = account(turn, caller)?.clone();
    afterwards.change(change.clone(), (now, 0))?;
    let asks = turn.verdict.asks.clone().unwrap_or_default();
    begin(turn, caller, (Operation::Recur(Box::new(change)), asks))
}

/// An order falls due: its limit is paid, as the rules or the card have it. What the bank declines is kept
/// as a payment that failed, and the order goes on.
pub fn charge(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let (order, card) = due(turn).ok_or(Refusal::NotFound(Thing::Order))?;
    let (order, card) = (order.clone(), card.clone());
    let world = &mut *turn.world;
    let now = world.now();
    let mut payment = Payment::new(NewPayment {
        id: world.ids.payment(),
        transactions: world.ids.transactions(1),
        order_no: world.ids.order_no(now),
        bin: card.pan.bin().into(),
        phase: Phase::Sale,
        at: now,
        ..NewPayment::of(order.limit)
    })?;
    turn.verdict.by_card(&card, Asked::Payment);
    let said = turn.verdict.authorization.as_ref();
    let said = said.unwrap_or(&Authorization::Approved);
    let authorized = payment.authorize(said, now);
    if authorized.is_ok() {
        payment.particulars.receipt = Some(world.ids.receipt(now));
    }
    payment.particulars.pan = Some(card.pan);
    payment.particulars.paid_with_stored_card = true;
    world.state.payments.put(payment.id, payment);
    authorized
}

/// The order that falls due, and the card that pays for it.
pub fn due<'t>(turn: &'t Turn<'_>) -> Option<(&'t Recurring, &'t Card)> {
    let holder = holder(turn, turn.param("msisdn"))?;
    let (alias, product) = (turn.param("alias"), turn.param("product"));
    let order = holder.recurring_of(alias, product)?;
    Some((order, holder.card(alias)?))
}

/// The card that an order names. Err when there is none of that name.
pub fn card_of(turn: &Turn<'_>, caller: &Caller, alias: &str) -> Result<Card, Refusal> {
    let card = account(turn, caller)?.card(alias).cloned();
    card.ok_or(Refusal::Wallet(WalletFault::CardNotFound))
}

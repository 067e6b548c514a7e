//! A purchase is completed by the merchant's backend: money moves.

use super::cards::typed;
use super::purchase::put_token;
use crate::domain::decision::{Authorization, ThreeDs};
use crate::domain::money::Money;
use crate::domain::payment::{NewPayment, Payment, PaymentId, Phase};
use crate::domain::published::Operation;
use crate::domain::wallet::{Purchase, TransactionKind};
use crate::refusal::{Refusal, TokenFault, WalletFault};
use crate::route::Turn;
use std::sync::Arc;

/// The merchant's backend completes a purchase: money moves here. Err leaves the token good; what the
/// bank declines is kept as a payment that failed.
pub fn complete(
    turn: &mut Turn<'_>,
    token: &str,
    (order_no, amount): (&str, Money),
) -> Result<PaymentId, Refusal> {
    let token = &*turn.world.state.result_token(token).to_owned();
    if turn.world.state.result_tokens.get(token).is_none() {
        take_on_trust(turn, token, (order_no, amount))?;
    }
    let world = &mut *turn.world;
    let now = world.now();
    let found = world.state.result_tokens.get(token);
    let found = found.ok_or(Refusal::Token(TokenFault::Unknown))?;
    match found.check(order_no, amount, now) {
        Ok(()) => {}
        Err(TokenFault::Mismatch) if found.order_no != order_no => {
            return Err(Refusal::Wallet(WalletFault::OrderMismatch));
        }
        Err(TokenFault::Mismatch) => return Err(Refusal::Wallet(WalletFault::AmountMismatch)),
        Err(TokenFault::NotSuccessful) => return Err(Refusal::Wallet(WalletFault::NotVerified)),
        Err(fault) => return Err(Refusal::Token(fault)),
    }
    let purchase = found.purchase.clone();
    let purchase = purchase.ok_or(Refusal::Token(TokenFault::Unknown))?;
    let three_ds = found.three_ds;
    let mut payment = Payment::new(NewPayment {
        id: world.ids.payment(),
        transactions: world.ids.transactions(1),
        order_no: order_no.into(),
        installment: purchase.installment,
        bin: purchase.card.pan.bin().into(),
        phase: Phase::Sale,
        three_d: three_ds.is_some(),
        at: now,
        ..NewPayment::of(amount)
    })?;
    let half = world.scenario.settings.half_three_ds;
    let verified = three_ds.map_or(Ok(()), |three_ds| {
        payment.begin_challenge()?;
        // What happens to the browser's message afterwards is nothing to the bank.
        payment.authenticate(ThreeDs::of_md_status(three_ds.md_status), half)
    });
    let operation = match three_ds {
        Some(_) => Operation::ThreeDsComplete,
        None => Operation::Payment,
    };
    turn.verdict.by_card(&purchase.card, operation);
    let said = turn.verdict.authorization.as_ref();
    let said = said.unwrap_or(&Authorization::Approved);
    let authorized = verified.and_then(|()| payment.authorize(said, now));
    if authorized.is_ok() {
        payment.particulars.receipt = Some(world.ids.receipt(now));
        let token = world.state.result_tokens.get_mut(token);
        let token = token.ok_or(Refusal::Token(TokenFault::Unknown))?;
        token
            .redeem(order_no, amount, now)
            .map_err(Refusal::Token)?;
    }
    let id = payment.id;
    payment.particulars.pan = Some(purchase.card.pan.clone());
    world.state.payments.put(id, payment);
    authorized.map(|()| id)
}

/// A token that the wallet never gave, of a backend that is tested alone: the purchase is made up as it
/// would have been. Err when the scenario is strict about tokens, when the token is for a password, and
/// when the wallet was asked about that order: then only its own token counts.
fn take_on_trust(
    turn: &mut Turn<'_>,
    token: &str,
    (order_no, amount): (&str, Money),
) -> Result<(), Refusal> {
    match turn.world.state.wallet.flow(token) {
        Ok(_) => return Err(Refusal::Wallet(WalletFault::NotVerified)),
        Err(Refusal::Token(TokenFault::Unknown)) => {}
        Err(_) => return Err(Refusal::Token(TokenFault::Unknown)),
    }
    let strict = turn.world.scenario.settings.strict_tokens;
    if strict || turn.world.state.wallet.knows_order(order_no) {
        return Err(Refusal::Token(TokenFault::Unknown));
    }
    let purchase = Purchase {
        kind: TransactionKind::Direct,
        msisdn: Default::default(),
        merchant: turn.caller.as_str().into(),
        user: Default::default(),
        order_no: order_no.into(),
        amount,
        installment: 1,
        card: typed(turn, (None, ""), ("", ""))?,
        token: token.into(),
    };
    put_token(turn, &Arc::new(purchase), true);
    Ok(())
}

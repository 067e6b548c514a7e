//! A purchase is completed by the merchant's backend: money moves.

use crate::domain::decision::Authorization;
use crate::domain::money::Money;
use crate::domain::payment::{NewPayment, Payment, PaymentId, Phase};
use crate::domain::published::{Operation as AtBank, test_card};
use crate::domain::wallet::{Operation, Purchase};
use crate::refusal::{Refusal, TokenFault, WalletFault};
use crate::route::Turn;

/// The merchant's backend completes a purchase: money moves here. Err leaves the token good; what the
/// bank declines is kept as a payment that failed.
pub fn complete(
    turn: &mut Turn<'_>,
    token: &str,
    (order_no, amount): (&str, Money),
) -> Result<PaymentId, Refusal> {
    let token = &*paid_by(turn, token);
    let world = &mut *turn.world;
    let now = world.now();
    let found = world.state.result_tokens.get(token);
    let found = found.ok_or_else(|| match world.state.wallet.flow(token) {
        Ok(_) => Refusal::Wallet(WalletFault::NotVerified),
        Err(_) => Refusal::Token(TokenFault::Unknown),
    })?;
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
        order_no: order_no.to_owned(),
        installment: purchase.installment,
        bin: purchase.card.pan.bin().to_owned(),
        phase: Phase::Sale,
        three_d: three_ds.is_some(),
        at: now,
        ..NewPayment::of(amount)
    })?;
    let half = world.scenario.settings.half_three_ds;
    let verified = three_ds.map_or(Ok(()), |three_ds| {
        payment.begin_challenge()?;
        payment.authenticate(three_ds, half)
    });
    let said = bank(turn, &purchase, three_ds.is_some());
    let world = &mut *turn.world;
    let authorized = verified.and_then(|()| payment.authorize(&said, now));
    if authorized.is_ok() {
        payment.particulars.receipt = Some(world.ids.receipt(now));
        let token = world.state.result_tokens.get_mut(token);
        let token = token.ok_or(Refusal::Token(TokenFault::Unknown))?;
        token
            .redeem(order_no, amount, now)
            .map_err(Refusal::Token)?;
    }
    let id = payment.id;
    payment.particulars.pan = Some(purchase.card.pan);
    world.state.payments.put(id, payment);
    authorized.map(|()| id)
}

/// The token of the purchase that `token` leads to: clients that go to the bank's page may know it by
/// the validation token alone. Else `token` itself.
pub fn paid_by(turn: &Turn<'_>, token: &str) -> String {
    let flow = turn.world.state.wallet.flow(token);
    match flow.map(|flow| &flow.operation) {
        Ok(Operation::Purchase(purchase))
            if turn
                .world
                .state
                .result_tokens
                .get(&purchase.token)
                .is_some() =>
        {
            purchase.token.clone()
        }
        Ok(_) | Err(_) => token.to_owned(),
    }
}

/// What the bank says to a completion: a rule, the scenario's table of cards, the published one, yes.
fn bank(turn: &mut Turn<'_>, purchase: &Purchase, three_d: bool) -> Authorization {
    if let Some(said) = &turn.verdict.authorization {
        return said.clone();
    }
    if let Some(said) = &purchase.card.persona.authorization {
        return said.clone();
    }
    let operation = if three_d {
        AtBank::ThreeDsComplete
    } else {
        AtBank::Payment
    };
    let card = test_card(purchase.card.pan.digits());
    let said = card.map_or(Authorization::Approved, |card| {
        card.authorization(operation)
    });
    if said != Authorization::Approved {
        turn.verdict.magic = Some("test card");
    }
    said
}

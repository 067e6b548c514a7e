//! The merchant's backend gives back: a payment as if it had never been, or some of its money.

use crate::domain::decision::Authorization;
use crate::domain::money::Money;
use crate::domain::payment::{Failure, Payment};
use crate::domain::published::{Operation, test_card};
use crate::domain::refund::{Refund, Wish};
use crate::refusal::{Refusal, Thing};
use crate::route::Turn;

/// What was given back, of which payment.
#[derive(Debug, Clone)]
pub struct GivenBack {
    /// the payment as it is now
    pub payment: Payment,
    /// what was written down
    pub refund: Refund,
}

/// Takes back all of an order's payment, on the day on which its money moved.
pub fn void(turn: &mut Turn<'_>, order_no: &str) -> Result<GivenBack, Refusal> {
    let (mut after, now) = (payment(turn, order_no)?, turn.world.now());
    if !after.is_of_day(now) {
        return Err(Refusal::IllegalState);
    }
    let amount = after.void(now)?;
    settle(turn, after, amount)
}

/// Gives back some of an order's payment, or all that is left.
pub fn refund(
    turn: &mut Turn<'_>,
    order_no: &str,
    amount: Option<Money>,
) -> Result<GivenBack, Refusal> {
    let (mut after, now) = (payment(turn, order_no)?, turn.world.now());
    let amount = amount.unwrap_or_else(|| after.refundable());
    after.refund(amount, now)?;
    settle(turn, after, amount)
}

/// The payment for which an order's money moved.
fn payment(turn: &Turn<'_>, order_no: &str) -> Result<Payment, Refusal> {
    let found = turn.world.state.payments.of_order(order_no);
    found.cloned().ok_or(Refusal::NotFound(Thing::Payment))
}

/// Asks the bank: the payment is from now on as it would be, or a refund has failed.
fn settle(turn: &mut Turn<'_>, after: Payment, amount: Money) -> Result<GivenBack, Refusal> {
    let failure = Failure::of(&bank(turn, &after));
    let world = &mut *turn.world;
    let now = world.now();
    let refund = Refund {
        id: world.ids.refund(),
        payment: after.id,
        item: None,
        amount,
        wish: Wish::default(),
        after_settlement: false,
        receipt: failure.is_none().then(|| world.ids.receipt(now)),
        failure,
        at: now,
    };
    world.state.refunds.put(refund.clone());
    if let Some(why) = &refund.failure {
        return Err(why.refusal());
    }
    world.state.payments.put(after.id, after.clone());
    Ok(GivenBack {
        payment: after,
        refund,
    })
}

/// What the bank says: a rule, the published table, yes.
fn bank(turn: &mut Turn<'_>, payment: &Payment) -> Authorization {
    if let Some(said) = &turn.verdict.authorization {
        return said.clone();
    }
    let pan = payment.particulars.pan.as_ref();
    let card = pan.and_then(|pan| test_card(pan.digits()));
    let said = card.map_or(Authorization::Approved, |card| {
        card.authorization(Operation::Refund)
    });
    if said != Authorization::Approved {
        turn.verdict.magic = Some("test card");
    }
    said
}

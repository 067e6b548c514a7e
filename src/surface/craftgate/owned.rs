//! What the calling merchant may see: its own payments, and no other's.

use crate::domain::payment::{Payment, PaymentId, Status, TransactionId};
use crate::refusal::Refusal;
use crate::route::Turn;
use crate::surface::craftgate::errors::Code;

/// Whether 3-D Secure with mdStatus 2, 3 or 4 may go on for the owner of `payment`.
pub fn half_allowed(turn: &Turn<'_>, payment: &Payment) -> bool {
    let merchants = &turn.world.scenario.merchants;
    let owner = payment.particulars.merchant.as_deref();
    let owner = owner
        .and_then(|key| merchants.find(key))
        .unwrap_or_else(|| merchants.first());
    turn.world.scenario.settings.half_three_ds || owner.half_three_ds
}

/// Whether the caller may see `payment`.
pub fn is_own(turn: &Turn<'_>, payment: &Payment) -> bool {
    let owner = payment.particulars.merchant.as_deref();
    turn.world.scenario.merchants.may_see(&turn.caller, owner)
}

/// The caller's payment with that number.
pub fn payment<'t>(turn: &'t Turn<'_>, id: PaymentId) -> Result<&'t Payment, Refusal> {
    let found = turn.world.state.payments.get(&id);
    let found = found.filter(|payment| is_own(turn, payment));
    found.ok_or_else(|| Code::PaymentNotFound.into())
}

/// As [`payment`], to change.
pub fn payment_mut<'t>(turn: &'t mut Turn<'_>, id: PaymentId) -> Result<&'t mut Payment, Refusal> {
    payment(turn, id)?;
    let found = turn.world.state.payments.get_mut(&id);
    found.ok_or_else(|| Code::PaymentNotFound.into())
}

/// The caller's payment with that number, back from the bank's page and not charged yet.
pub fn verified<'t>(turn: &'t Turn<'_>, id: PaymentId) -> Result<&'t Payment, Refusal> {
    let payment = payment(turn, id)?;
    match payment.status() {
        Status::Authenticated(_) => Ok(payment),
        Status::Created
        | Status::AwaitingThreeDs
        | Status::Authorized
        | Status::Captured
        | Status::Voided
        | Status::Failed(_) => Err(Code::NotInCallback.into()),
    }
}

/// The caller's payment that the item with that number belongs to, and the item's position.
pub fn item(turn: &Turn<'_>, id: TransactionId) -> Result<(PaymentId, usize), Refusal> {
    let found = turn.world.state.payments.of_item(id);
    let own = |(id, _): &(PaymentId, usize)| payment(turn, *id).is_ok();
    found
        .filter(own)
        .ok_or_else(|| Code::TransactionNotFound.into())
}

/// The path parameter as a number; what is none is not found.
pub fn path_id(turn: &Turn<'_>, name: &str, missing: Code) -> Result<u64, Refusal> {
    let id = crate::surface::craftgate::text::id(turn.param(name));
    id.ok_or_else(|| missing.into())
}

//! When and whether the merchant and the seller of an item are paid. contract: craftgate §4.3, §10

use crate::clock::Timestamp;
use crate::domain::particulars::{Group, Line};
use crate::domain::payment::{Payment, Status};
use crate::surface::craftgate::payment_body::unblocked;
use crate::surface::craftgate::write::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// Where the payouts of an item stand.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayoutStatus {
    merchant_status: &'static str,
    merchant_status_date: Date,
    sub_merchant_member_status: &'static str,
    sub_merchant_member_status_date: Date,
}

impl PayoutStatus {
    /// Of the item at that position, at that moment.
    pub fn of(payment: &Payment, item: usize, now: Timestamp) -> Self {
        let (word, since) = stands(payment, item, now);
        let seller = match payment.particulars.line(item).seller {
            Some(_) => word,
            None => "NO_PAYOUT",
        };
        Self {
            merchant_status: word,
            merchant_status_date: Date(since),
            sub_merchant_member_status: seller,
            sub_merchant_member_status_date: Date(since),
        }
    }
}

/// The word, and since when.
fn stands(payment: &Payment, item: usize, now: Timestamp) -> (&'static str, Timestamp) {
    let gone = payment.ledger().last().map(|line| line.at);
    match payment.status() {
        Status::Voided => ("CANCELLED", gone.unwrap_or(payment.created_at)),
        Status::Captured => match paid_out_at(payment, item) {
            Some(at) if at <= now => ("PAYOUT_COMPLETED", at),
            Some(_) | None => waits(payment, item),
        },
        Status::Created
        | Status::AwaitingThreeDs
        | Status::Authenticated(_)
        | Status::Authorized
        | Status::Failed(_) => ("NO_PAYOUT", payment.created_at),
    }
}

/// What was given back before its payout is never paid out.
fn waits(payment: &Payment, item: usize) -> (&'static str, Timestamp) {
    match refunded_at(payment, item) {
        Some(at) => ("CANCELLED", at),
        None => ("WAITING_FOR_PAYOUT", decided_at(payment, item)),
    }
}

/// When the item's status was decided last: when the merchant did, else with the payment.
pub fn decided_at(payment: &Payment, item: usize) -> Timestamp {
    let line = payment.particulars.line(item);
    line.decided_at.unwrap_or(payment.created_at)
}

/// Whether the merchant lets the item be paid out.
pub const fn approved(group: Group, line: &Line) -> bool {
    match group {
        Group::Product => line.approved,
        Group::ListingOrSubscription => true,
    }
}

/// Whether the item has been paid out by then.
pub fn settled(payment: &Payment, item: usize, at: Timestamp) -> bool {
    paid_out_at(payment, item).is_some_and(|then| then <= at)
}

/// When the item is paid out: approved, no longer blocked, and not given back before.
fn paid_out_at(payment: &Payment, item: usize) -> Option<Timestamp> {
    let line = payment.particulars.line(item);
    let then = unblocked(payment.created_at, line).max(decided_at(payment, item));
    let before = refunded_at(payment, item).is_some_and(|at| at < then);
    let free = approved(payment.particulars.group, line) && !before;
    (free && *payment.status() == Status::Captured).then_some(then)
}

/// When the last of the item was given back.
fn refunded_at(payment: &Payment, item: usize) -> Option<Timestamp> {
    payment
        .items()
        .get(item)
        .filter(|item| !item.rest().is_positive())?;
    let mut lines = payment.ledger().iter();
    let last = lines.rfind(|line| line.is_of(item));
    last.map(|line| line.at)
}

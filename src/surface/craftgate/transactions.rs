//! The items of payments: approved for their sellers' payout, or changed. contract: craftgate §4.9

use crate::call::form::Form;
use crate::call::json::Value;
use crate::clock::Timestamp;
use crate::domain::decision::Point;
use crate::domain::money::{Amount, Currency};
use crate::domain::particulars::{Group, Line};
use crate::domain::payment::{Payment, PaymentId, RefundStatus, Status, TransactionId};
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::payment_body::{TransactionBody, transactions, unblocked};
use crate::surface::craftgate::payout::{approved, settled};
use crate::surface::craftgate::{body, owned, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashSet;

const fn row(
    method: Method,
    (path, name): (&'static str, &'static str),
    evidence: Evidence,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (evidence, &[Point::Page]), handle)
}

/// The rows.
#[rustfmt::skip]
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::POST, ("/payment/v1/payment-transactions/approve", "craftgate.transaction.approve"), Evidence::Observed, approve).told(write::one::<Approvals>),
    row(Method::POST, ("/payment/v1/payment-transactions/disapprove", "craftgate.transaction.disapprove"), Evidence::Observed, disapprove).told(write::one::<Approvals>),
    row(Method::PUT, ("/payment/v1/payment-transactions/{paymentTransactionId}", "craftgate.transaction.update"), Evidence::Documented, update).told(updated),
];

fn updated(spec: &mut Spec<'_>) {
    spec.need(&[
        ("subMerchantMemberId", Form::Whole),
        ("subMerchantMemberPrice", Form::Number),
    ]);
    spec.body(&[("blockageResolvedDate", Form::Text)]);
    write::one::<TransactionBody>(spec);
}

/// An item of a payment.
type Place = (PaymentId, usize);

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Approvals {
    size: usize,
    items: Vec<Approval>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Approval {
    payment_transaction_id: TransactionId,
    approval_status: &'static str,
    failed_reason: Option<&'static str>,
}

impl Approval {
    const fn of(id: TransactionId, failed_reason: Option<&'static str>) -> Self {
        Self {
            payment_transaction_id: id,
            approval_status: match failed_reason {
                None => "SUCCESS",
                Some(_) => "FAILURE",
            },
            failed_reason,
        }
    }
}

fn approve(turn: &mut Turn<'_>) -> Answer {
    decide(turn, true)
}

fn disapprove(turn: &mut Turn<'_>) -> Answer {
    decide(turn, false)
}

/// Each item for itself; or, when asked to be transactional, all or none.
fn decide(turn: &mut Turn<'_>, approval: bool) -> Answer {
    let (ids, transactional) = body::read(turn, |fields| {
        let (known, ids) = (
            fields.has("paymentTransactionIds"),
            fields.ids("paymentTransactionIds"),
        );
        if !known || fields.json("paymentTransactionIds").is_some_and(is_empty) {
            fields.fail("paymentTransactionIds", Code::FieldMissing);
        }
        (ids, fields.is("isTransactional"))
    })?;
    let mut seen = HashSet::new();
    let mut plan: Vec<(TransactionId, Result<Place, &str>)> = Vec::with_capacity(ids.len());
    for id in ids {
        let place = match seen.insert(id) {
            true => decidable(turn, id, approval),
            false => Err("the transaction is named twice"),
        };
        plan.push((id, place));
    }
    if transactional && plan.iter().any(|(_, place)| place.is_err()) {
        for (_, place) in &mut plan {
            *place = place.and(Err("another transaction of the call failed"));
        }
    }
    let now = turn.world.now();
    let items = plan.into_iter().map(|(id, place)| {
        let done = place.map(|place| set_approved(turn, place, (approval, now)));
        Approval::of(id, done.err())
    });
    let items: Vec<_> = items.collect();
    let size = items.len();
    write::data(&Approvals { size, items })
}

fn is_empty(value: Value<'_>) -> bool {
    let items = value.items();
    items.is_some_and(|mut items| items.next().is_none())
}

/// Where that item is, if it may be decided about so.
fn decidable(turn: &Turn<'_>, id: TransactionId, approval: bool) -> Result<Place, &'static str> {
    let (id, item) = owned::item(turn, id).map_err(|_| "there is no such transaction")?;
    let payment = owned::payment(turn, id).map_err(|_| "there is no such payment")?;
    let p = &payment.particulars;
    if *payment.status() != Status::Captured {
        return Err("the payment is not successful");
    }
    if payment.refund_status() == RefundStatus::Full {
        return Err("the payment is refunded");
    }
    match (approval, approved(p.group, p.line(item))) {
        (true, true) => Err("the transaction is approved already"),
        (false, false) => Err("the transaction is not approved"),
        (false, true) if p.group == Group::ListingOrSubscription => {
            Err("the transaction needs no approval")
        }
        (false, true) if settled(payment, item, turn.world.now()) => {
            Err("the transaction is paid out")
        }
        (true, false) | (false, true) => Ok((id, item)),
    }
}

fn set_approved(turn: &mut Turn<'_>, (id, item): Place, (approval, now): (bool, Timestamp)) {
    if let Some(payment) = turn.world.state.payments.get_mut(&id) {
        let line = payment.particulars.line_mut(item);
        (line.approved, line.decided_at) = (approval, Some(now));
    }
}

/// Another seller, share or day for an item that waits for its approval.
fn update(turn: &mut Turn<'_>) -> Answer {
    let missing = Code::TransactionNotFound;
    let id = owned::path_id(turn, "paymentTransactionId", missing)?;
    let place = owned::item(turn, id)?;
    let currency = owned::payment(turn, place.0)?.paid().currency();
    let (seller, share, unblocked_at) = read_update(turn, currency)?;
    let payment = owned::payment(turn, place.0)?;
    let before = updatable(payment, place.1).ok_or(Code::TransactionNotUpdatable)?;
    let item = payment.items()[place.1];
    if share.money() > item.price {
        return Err(Code::TransactionNotUpdatable.into());
    }
    let known = unblocked(payment.created_at, before);
    let after = Line {
        seller: Some(seller),
        seller_price: Some(share),
        unblocked_at: unblocked_at
            .filter(|at| *at != known)
            .or(before.unblocked_at),
        ..before.clone()
    };
    let share = |line: &Line| line.seller_price.as_ref().map(Amount::money);
    let same = (after.seller, share(&after), after.unblocked_at)
        == (before.seller, share(before), before.unblocked_at);
    if same {
        return Err(Code::TransactionNotUpdatable.into());
    }
    let payment = owned::payment_mut(turn, place.0)?;
    *payment.particulars.line_mut(place.1) = after;
    let all = transactions(payment);
    let changed = all.get(place.1).ok_or(missing)?;
    write::data(changed)
}

fn read_update(
    turn: &Turn<'_>,
    currency: Currency,
) -> Result<(u64, Amount, Option<Timestamp>), Refusal> {
    body::read(turn, |fields| {
        let seller = fields.need_id("subMerchantMemberId");
        let share = fields.need_amount("subMerchantMemberPrice", currency);
        (seller, share, fields.date("blockageResolvedDate"))
    })
}

/// What the item carries, if it may be changed: sold by somebody, paid, untouched, not approved.
fn updatable(payment: &Payment, item: usize) -> Option<&Line> {
    let line = payment.particulars.line(item);
    let untouched =
        *payment.status() == Status::Captured && payment.refund_status() == RefundStatus::Nothing;
    let waits = !approved(payment.particulars.group, line);
    (untouched && waits && line.seller.is_some()).then_some(line)
}

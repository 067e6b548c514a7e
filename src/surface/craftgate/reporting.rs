//! Reports: payments, their items, and what was given back. contract: craftgate §4.3, §4.4, §4.7

use crate::domain::decision::Point;
use crate::domain::items::Item;
use crate::domain::payment::{Payment, RefundStatus};
use crate::domain::refund::Refund;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::dialect::language;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::payment_body::{PaymentBody, TransactionBody, shares, transactions};
use crate::surface::craftgate::payout::{PayoutStatus, decided_at};
use crate::surface::craftgate::query::Page;
use crate::surface::craftgate::refund_body::{ReportedRefund, ReportedTransactionRefund};
use crate::surface::craftgate::write::{Date, Decimal};
use crate::surface::craftgate::{owned, query, search, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// How many entries a page has when nobody says. contract: craftgate §4.4
const PAGE: u32 = 10;

const fn row(
    path: &'static str,
    name: &'static str,
    evidence: Evidence,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(
        Method::GET,
        (path, name),
        (evidence, &[Point::Page]),
        handle,
    )
}

/// The rows.
#[rustfmt::skip]
pub const ENDPOINTS: &[Endpoint] = &[
    row("/payment-reporting/v1/payments", "craftgate.reporting.search_payments", Evidence::Documented, search_payments).told(write::pages::<ReportedPayment<'_>>),
    row("/payment-reporting/v1/payments/{paymentId}", "craftgate.reporting.payment", Evidence::Documented, payment).told(write::one::<ReportedPayment<'_>>),
    row("/payment-reporting/v1/payments/{paymentId}/transactions", "craftgate.reporting.transactions", Evidence::Observed, items).told(write::items::<ReportedTransaction<'_>>),
    row("/payment-reporting/v1/payments/{paymentId}/refunds", "craftgate.reporting.refunds", Evidence::Observed, refunds).told(write::items::<ReportedRefund>),
    row("/payment-reporting/v1/payments/{paymentId}/transactions/{paymentTransactionId}/refunds", "craftgate.reporting.transaction_refunds", Evidence::Observed, item_refunds).told(write::items::<ReportedTransactionRefund>),
    row("/payment-reporting/v1/refunds", "craftgate.reporting.search_refunds", Evidence::Observed, search_refunds).told(write::pages::<ReportedRefund>),
    row("/payment-reporting/v1/refund-transactions", "craftgate.reporting.search_transaction_refunds", Evidence::Observed, search_item_refunds).told(write::pages::<ReportedTransactionRefund>),
];

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ReportedPayment<'a> {
    #[serde(flatten)]
    payment: PaymentBody<'a>,
    retry_count: u32,
    refundable_price: Decimal,
    refund_status: &'static str,
    refunds: Vec<ReportedRefund>,
}

impl<'a> ReportedPayment<'a> {
    fn of(turn: &'a Turn<'_>, payment: &'a Payment) -> Self {
        let mut body = PaymentBody::of(turn, payment);
        (body.card_user_key, body.card_token) = (None, None);
        let written = payment.particulars.paid.as_ref();
        Self {
            payment: body,
            retry_count: 0,
            refundable_price: Decimal::echo(payment.refundable(), written),
            refund_status: refund_status(payment.refund_status()),
            refunds: of_payment(turn, payment),
        }
    }
}

/// contract: craftgate §10 PaymentRefundStatus
const fn refund_status(status: RefundStatus) -> &'static str {
    match status {
        RefundStatus::Impossible => "NO_REFUND",
        RefundStatus::Nothing => "NOT_REFUNDED",
        RefundStatus::Partial => "PARTIAL_REFUNDED",
        RefundStatus::Full => "FULLY_REFUNDED",
    }
}

/// The refunds of the payment as a whole. Of a whole refund of the type REFUND there are only those of
/// its items: it has no number (contract: craftgate §4.5), so that here and in the search it is absent.
fn of_payment(turn: &Turn<'_>, payment: &Payment) -> Vec<ReportedRefund> {
    let all = turn.world.state.refunds.of_payment(payment.id);
    let whole = all.filter(|refund| refund.item.is_none());
    whole
        .map(|refund| ReportedRefund::of(payment, refund, language(turn)))
        .collect()
}

fn named<'t>(turn: &'t Turn<'_>) -> Result<&'t Payment, Refusal> {
    let id = owned::path_id(turn, "paymentId", Code::PaymentNotFound)?;
    owned::payment(turn, id)
}

fn search_payments(turn: &mut Turn<'_>) -> Answer {
    let (wanted, page) = query::read(turn, |fields| {
        (search::Payments::read(fields), Page::read(fields, PAGE))
    })?;
    let (scenario, payments) = (&turn.world.scenario, &turn.world.state.payments);
    let newest = payments.iter().rev().map(|(_, payment)| payment);
    let own = newest.filter(|payment| owned::is_own(turn, payment));
    let (found, total) = page.cut(own.filter(|payment| wanted.has(scenario, payment)));
    let bodies: Vec<_> = found
        .into_iter()
        .map(|payment| ReportedPayment::of(turn, payment))
        .collect();
    write::paged(&bodies, page, total)
}

fn payment(turn: &mut Turn<'_>) -> Answer {
    write::data(&ReportedPayment::of(turn, named(turn)?))
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ReportedTransaction<'a> {
    #[serde(flatten)]
    transaction: TransactionBody<'a>,
    created_date: Date,
    transaction_status_date: Date,
    refundable_price: Decimal,
    refund_status: &'static str,
    payout_status: PayoutStatus,
    bank_commission_rate: Decimal,
    bank_commission_rate_amount: Decimal,
}

fn items(turn: &mut Turn<'_>) -> Answer {
    let (payment, now) = (named(turn)?, turn.world.now());
    let all = transactions(payment).into_iter().zip(shares(payment));
    let all = all.enumerate();
    let bodies = all.map(|(position, (transaction, split))| {
        let item = &payment.items()[position];
        let status = item_status(payment, item);
        let refundable = match status {
            RefundStatus::Impossible | RefundStatus::Full => Decimal::zero(),
            RefundStatus::Nothing | RefundStatus::Partial => item.rest().into(),
        };
        ReportedTransaction {
            transaction,
            created_date: Date(payment.created_at),
            transaction_status_date: Date(decided_at(payment, position)),
            refundable_price: refundable,
            refund_status: refund_status(status),
            payout_status: PayoutStatus::of(payment, position, now),
            bank_commission_rate: payment.particulars.bank_rate.into(),
            bank_commission_rate_amount: split.bank.into(),
        }
    });
    write::list(&bodies.collect::<Vec<_>>())
}

/// As the payment's, as far as this item goes.
fn item_status(payment: &Payment, item: &Item) -> RefundStatus {
    match payment.refund_status() {
        RefundStatus::Partial if !item.refunded.is_positive() => RefundStatus::Nothing,
        RefundStatus::Partial if !item.rest().is_positive() => RefundStatus::Full,
        other => other,
    }
}

fn refunds(turn: &mut Turn<'_>) -> Answer {
    let bodies = of_payment(turn, named(turn)?);
    write::list(&bodies)
}

fn item_refunds(turn: &mut Turn<'_>) -> Answer {
    let payment = named(turn)?;
    let missing = Code::TransactionNotFound;
    let id = owned::path_id(turn, "paymentTransactionId", missing)?;
    let item = payment.position(id).ok_or(missing)?;
    let all = turn.world.state.refunds.of_payment(payment.id);
    let bodies: Vec<_> = all
        .filter(|refund| refund.item == Some(item))
        .map(|refund| ReportedTransactionRefund::of(payment, refund, language(turn)))
        .collect();
    write::list(&bodies)
}

/// A refund with its payment.
type Told<'t> = (&'t Payment, &'t Refund);

/// The caller's refunds that a query asks for, with their payments: those of items, or the others.
fn found<'t>(turn: &'t Turn<'_>, of_items: bool) -> Result<(Vec<Told<'t>>, Page, usize), Refusal> {
    let (wanted, page) = query::read(turn, |fields| {
        (search::Refunds::read(fields), Page::read(fields, PAGE))
    })?;
    let all = turn.world.state.refunds.newest_first();
    let kind = all.filter(|refund| refund.item.is_some() == of_items);
    let own = kind.filter_map(|refund| Some((owned::payment(turn, refund.payment).ok()?, refund)));
    let (cut, total) = page.cut(own.filter(|(payment, refund)| wanted.has(payment, refund)));
    Ok((cut, page, total))
}

fn search_refunds(turn: &mut Turn<'_>) -> Answer {
    let (found, page, total) = found(turn, false)?;
    let body = |(payment, refund): Told<'_>| ReportedRefund::of(payment, refund, language(turn));
    let bodies: Vec<_> = found.into_iter().map(body).collect();
    write::paged(&bodies, page, total)
}

fn search_item_refunds(turn: &mut Turn<'_>) -> Answer {
    let (found, page, total) = found(turn, true)?;
    let body = |(payment, refund): Told<'_>| {
        ReportedTransactionRefund::of(payment, refund, language(turn))
    };
    let bodies: Vec<_> = found.into_iter().map(body).collect();
    write::paged(&bodies, page, total)
}

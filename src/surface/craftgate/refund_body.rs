//! A refund as clients read it. contract: craftgate §4.5, §4.6; in reports §4.7

use crate::clock::Timestamp;
use crate::domain::money::Money;
use crate::domain::payment::Payment;
use crate::domain::refund::{Destination, Refund, Wish};
use crate::scenario::settings::Language;
use crate::surface::craftgate::dialect::ErrorBody;
use crate::surface::craftgate::payment_body::failure;
use crate::surface::craftgate::write::{Date, Decimal};
use schemars::JsonSchema;
use serde::Serialize;

/// What every refund says.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Common {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<String>,
    created_date: Date,
    status: &'static str,
    refund_price: Decimal,
    refund_bank_price: Decimal,
    refund_wallet_price: Decimal,
    refund_destination_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trans_id: Option<String>,
    payment_id: u64,
}

impl Common {
    fn of(payment: &Payment, refund: &Refund) -> Self {
        let receipt = refund.receipt.as_ref();
        Self {
            id: Some(refund.id),
            status: status(refund),
            auth_code: receipt.map(|receipt| receipt.auth_code()),
            host_reference: receipt.map(|receipt| receipt.host_reference()),
            trans_id: receipt.map(|receipt| receipt.trans_id()),
            ..Self::whole(payment, refund.amount, &refund.wish, refund.at)
        }
    }

    /// Without a number of its own.
    fn whole(payment: &Payment, amount: Money, wish: &Wish, at: Timestamp) -> Self {
        let written = wish.written.as_ref();
        let price = Decimal::echo(amount, written.or(payment.particulars.paid.as_ref()));
        let (bank, wallet) = match wish.destination {
            Destination::Provider => (price.clone(), Decimal::zero()),
            Destination::Wallet => (Decimal::zero(), price.clone()),
        };
        Self {
            id: None,
            conversation_id: wish.conversation_id.clone(),
            created_date: Date(at),
            status: "SUCCESS",
            refund_price: price,
            refund_bank_price: bank,
            refund_wallet_price: wallet,
            refund_destination_type: destination(wish.destination),
            auth_code: None,
            host_reference: None,
            trans_id: None,
            payment_id: payment.id,
        }
    }
}

/// The refund of a payment as a whole.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRefund {
    #[serde(flatten)]
    common: Common,
    refund_type: &'static str,
    currency: &'static str,
    payment_transaction_refunds: Vec<TransactionRefund>,
}

impl PaymentRefund {
    /// As if the payment had never been.
    pub fn cancel(payment: &Payment, refund: &Refund) -> Self {
        Self {
            common: Common::of(payment, refund),
            refund_type: "CANCEL",
            currency: refund.amount.currency().code(),
            payment_transaction_refunds: Vec::new(),
        }
    }

    /// Item by item: it has no number of its own.
    pub fn by_item(payment: &Payment, amount: Money, refunds: &[Refund]) -> Self {
        let (wish, at) = refunds
            .first()
            .map_or((Wish::default(), payment.created_at), |first| {
                (first.wish.clone(), first.at)
            });
        let all = refunds
            .iter()
            .map(|refund| TransactionRefund::of(payment, refund));
        Self {
            common: Common::whole(payment, amount, &wish, at),
            refund_type: "REFUND",
            currency: amount.currency().code(),
            payment_transaction_refunds: all.collect(),
        }
    }
}

/// The refund of an item.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransactionRefund {
    #[serde(flatten)]
    common: Common,
    is_after_settlement: bool,
    currency: &'static str,
    payment_transaction_id: u64,
}

impl TransactionRefund {
    /// `refund` of an item of `payment`.
    pub fn of(payment: &Payment, refund: &Refund) -> Self {
        Self {
            common: Common::of(payment, refund),
            is_after_settlement: refund.after_settlement,
            currency: refund.amount.currency().code(),
            payment_transaction_id: payment.transactions + refund.item.unwrap_or(0) as u64,
        }
    }
}

/// A refund in a report: of a payment.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportedRefund {
    #[serde(flatten)]
    common: Common,
    payment_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorBody>,
}

impl ReportedRefund {
    /// `refund` of `payment` as a whole.
    pub fn of(payment: &Payment, refund: &Refund, language: Language) -> Self {
        Self {
            common: Common::of(payment, refund),
            payment_type: "CARD_PAYMENT",
            error: refund.failure.as_ref().map(|why| failure(why, language)),
        }
    }
}

/// A refund in a report: of an item.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportedTransactionRefund {
    #[serde(flatten)]
    refund: TransactionRefund,
    payment_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorBody>,
}

impl ReportedTransactionRefund {
    /// `refund` of an item of `payment`.
    pub fn of(payment: &Payment, refund: &Refund, language: Language) -> Self {
        Self {
            refund: TransactionRefund::of(payment, refund),
            payment_type: "CARD_PAYMENT",
            error: refund.failure.as_ref().map(|why| failure(why, language)),
        }
    }
}

/// contract: craftgate §10 RefundStatus
pub const fn status(refund: &Refund) -> &'static str {
    match refund.failure {
        None => "SUCCESS",
        Some(_) => "FAILURE",
    }
}

const fn destination(destination: Destination) -> &'static str {
    match destination {
        Destination::Provider => "PROVIDER",
        Destination::Wallet => "WALLET",
    }
}

//! What can be said of a payment from outside: a word for where it stands.

use crate::domain::payment::{Payment, RefundStatus, Status};

/// One word for where a payment stands.
pub fn standing(payment: &Payment) -> &'static str {
    match payment.status() {
        Status::Created => "created",
        Status::AwaitingThreeDs => "awaiting_three_ds",
        Status::Authenticated(_) => "authenticated",
        Status::Authorized => "authorized",
        Status::Captured => match payment.refund_status() {
            RefundStatus::Partial => "partly_refunded",
            RefundStatus::Full => "refunded",
            RefundStatus::Impossible | RefundStatus::Nothing => "captured",
        },
        Status::Voided => "voided",
        Status::Failed(_) => "failed",
    }
}

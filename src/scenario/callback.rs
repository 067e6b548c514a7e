//! What a rule puts in the place of the fields that a browser brings back to the merchant.

use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report};
use crate::scenario::read::table;
use crate::scenario::verdict::Callback;

table! {
    /// Fields that the browser brings back otherwise than they are. The hash covers what is sent,
    /// unless it is given as well. contract: craftgate §3.8
    struct CallbackRow {
        /// `SUCCESS` or `FAILURE`
        status: Option<String> = r#"status = "SUCCESS""#,
        /// `WAITING` or `COMPLETED`
        complete_status: Option<String> = r#"complete_status = "COMPLETED""#,
        /// the payment
        payment_id: Option<String> = r#"payment_id = "1""#,
        /// opaque
        conversation_data: Option<String> = r#"conversation_data = "x""#,
        /// the shop's own number
        conversation_id: Option<String> = r#"conversation_id = "order-7""#,
        /// `ALREADY_RETURNED`, or empty
        callback_status: Option<String> = r#"callback_status = "ALREADY_RETURNED""#,
        /// of the second generation only
        md_status: Option<String> = r#"md_status = "1""#,
        /// a hash that need not fit
        hash: Option<String> = r#"hash = "forged""#,
    }
}

impl CallbackRow {
    /// What it says; None when that is nothing, and the report says so.
    pub fn compile(self, place: Place, report: &mut Report) -> Option<Callback> {
        let Self {
            status,
            complete_status,
            payment_id,
            conversation_data,
            conversation_id,
            callback_status,
            md_status,
            hash,
        } = self;
        let callback = Callback {
            status,
            complete_status,
            payment_id,
            conversation_data,
            conversation_id,
            callback_status,
            md_status,
            hash,
        };
        if callback == Callback::default() {
            let found = report.say(Mistake::SaysNothing, place, "`callback` says nothing");
            found.hint("give a field, as in `callback = { status = \"FAILURE\" }`");
            return None;
        }
        Some(callback)
    }
}

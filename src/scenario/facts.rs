//! What a call is about, in words that rules can ask for.

use crate::domain::decision::Point;
use crate::domain::money::Money;
use crate::domain::payment::{PaymentId, Standing};
use crate::domain::shop::PosKind;
use compact_str::CompactString;

/// What is known of one call before it is answered.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// the endpoint's name: `akinon.checkout.complete`
    pub endpoint: &'static str,
    /// the checkout page, when the endpoint is one
    pub page: Option<&'static str>,
    /// the shopper's phone
    pub msisdn: Option<CompactString>,
    /// first digits of the card
    pub bin: Option<CompactString>,
    /// whether the card comes from the wallet
    pub stored_card: Option<bool>,
    /// what is to be paid
    pub amount: Option<Money>,
    /// number of parts
    pub installment: Option<u32>,
    /// who stands behind the POS
    pub pos_kind: Option<PosKind>,
    /// whether 3-D Secure is asked for
    pub three_d: Option<bool>,
    /// the number that bank and shop know the payment by
    pub order_no: Option<CompactString>,
    /// the shop's own number of the call or of the payment
    pub conversation_id: Option<CompactString>,
    /// where the payment stands that the call names
    pub payment_status: Option<Standing>,
    /// what the wallet's holder calls the card, decoded
    pub card_alias: Option<CompactString>,
    /// the name on a card that was typed
    pub card_name: Option<CompactString>,
    /// `DIRECT_PURCHASE`, `PURCHASE_3D`, …
    pub transaction_type: Option<CompactString>,
    /// the payment that the call names, for the journal; rules do not ask for it
    pub payment: Option<PaymentId>,
    /// what the endpoint decides and was decided before, or is not up here: no rule is asked
    pub settled: Vec<Point>,
}

impl Facts {
    /// Forgets what does not belong to the endpoint: a field that a call carries by mistake is no fact of it.
    pub fn keep(&mut self, knows: &[&str]) {
        // No `..`: a fact that no key asks for does not compile.
        let Self {
            endpoint: _,
            page: _,
            msisdn,
            bin,
            stored_card,
            amount,
            installment,
            pos_kind,
            three_d,
            order_no,
            conversation_id,
            payment_status,
            card_alias,
            card_name,
            transaction_type,
            payment: _,
            settled: _,
        } = self;
        fn keep<T>(fact: &mut Option<T>, known: bool) {
            if !known {
                *fact = None;
            }
        }
        let knows = |key: &str| knows.contains(&key);
        keep(msisdn, knows("msisdn"));
        keep(bin, knows("bin"));
        keep(stored_card, knows("stored_card"));
        keep(amount, knows("amount"));
        keep(installment, knows("installment"));
        keep(pos_kind, knows("pos_kind"));
        keep(three_d, knows("three_d"));
        keep(order_no, knows("order_no"));
        keep(conversation_id, knows("conversation_id"));
        keep(payment_status, knows("payment_status"));
        keep(card_alias, knows("card_alias"));
        keep(card_name, knows("card_name"));
        keep(transaction_type, knows("transaction_type"));
    }
}

/// The fact that a key of `when` asks for; None: it asks for something else.
pub(crate) fn asked_by(key: &str) -> Option<&str> {
    match key {
        "card_program" | "bank" => Some("bin"),
        "currency" => Some("amount"),
        "msisdn" | "bin" | "stored_card" | "amount" | "installment" | "pos_kind" | "three_d"
        | "order_no" | "conversation_id" | "payment_status" | "card_alias" | "card_name"
        | "transaction_type" => Some(key),
        _ => None,
    }
}

//! What a call is about, in words that rules can ask for.

use crate::domain::decision::Point;
use crate::domain::money::Money;
use crate::domain::payment::PaymentId;
use crate::domain::shop::PosKind;

/// What is known of one call before it is answered.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// the endpoint's name: `akinon.checkout.complete`
    pub endpoint: &'static str,
    /// the checkout page, when the endpoint is one
    pub page: Option<&'static str>,
    /// the shopper's phone
    pub msisdn: Option<String>,
    /// first digits of the card
    pub bin: Option<String>,
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
    pub order_no: Option<String>,
    /// what the wallet's holder calls the card, decoded
    pub card_alias: Option<String>,
    /// the name on a card that was typed
    pub card_name: Option<String>,
    /// `DIRECT_PURCHASE`, `PURCHASE_3D`, …
    pub transaction_type: Option<String>,
    /// the payment that the call names, for the journal; rules do not ask for it
    pub payment: Option<PaymentId>,
    /// what the endpoint decides and was decided before, or is not up here: no rule is asked
    pub settled: Vec<Point>,
}

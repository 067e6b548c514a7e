//! What a call is about, in words that rules can ask for.

use crate::domain::money::Money;
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
    /// `DIRECT_PURCHASE`, `PURCHASE_3D`, …
    pub transaction_type: Option<String>,
}

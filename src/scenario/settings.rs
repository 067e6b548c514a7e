//! Switches of a scenario: what the vendors leave open, and what a test may want otherwise.

use std::time::Duration;

/// All switches.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// wrong-order posts say what is missing
    pub strict: bool,
    /// only tokens that the wallet and the bank really issued count
    pub strict_tokens: bool,
    /// 3-D Secure with mdStatus 2, 3 or 4 may go on
    pub half_three_ds: bool,
    /// of the commerce surface
    pub akinon: Akinon,
}

/// How the installment amounts are written. contract: akinon §10
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmountForm {
    /// `100`, `262.50`
    #[default]
    Number,
    /// `"100.00"`
    String,
}

/// What is said of a card whose BIN is unknown. contract: akinon §9.4
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownCard {
    /// `card_type: null`
    #[default]
    Null,
    /// a generic entry
    Other,
}

/// How far a fresh session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FreshSession {
    /// logged in as the first customer, shipping chosen: the payment option is next
    #[default]
    Ready,
    /// logged in, nothing chosen
    Customer,
    /// nobody yet
    Guest,
}

/// Switches of the commerce surface.
#[derive(Debug, Clone)]
pub struct Akinon {
    /// name of the session cookie
    pub session_cookie: String,
    /// demand the CSRF token
    pub csrf: bool,
    /// fill the basket again after an order
    pub refill: bool,
    /// guests may buy
    pub guest_purchase: bool,
    /// how far a fresh session is
    pub fresh_session: FreshSession,
    /// how installment amounts are written
    pub installment_amounts: AmountForm,
    /// what is said of an unknown card
    pub unknown_card: UnknownCard,
    /// status of the token services' refusals. contract: akinon §5
    pub service_error_status: u16,
    /// `MerchantId` in bearer tokens
    pub merchant_id: String,
    /// the key that bearer tokens are signed with
    pub bearer_key: String,
    /// how long bearer tokens last
    pub bearer_lifetime: Duration,
    /// how long a gateway's reference lasts
    pub reference_lifetime: Duration,
    /// own texts instead of the built-in ones
    pub texts: Texts,
}

/// Own texts; None: the built-in ones. contract: akinon §5
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// the payment did not succeed
    pub payment_failed: Option<String>,
    /// amount or basket changed
    pub payment_changed: Option<String>,
    /// a field is missing
    pub required: Option<String>,
    /// a choice that was not offered
    pub invalid_choice: Option<String>,
}

impl Default for Akinon {
    fn default() -> Self {
        Self {
            session_cookie: "osessionid".to_owned(),
            csrf: false,
            refill: true,
            guest_purchase: true,
            fresh_session: FreshSession::default(),
            installment_amounts: AmountForm::default(),
            unknown_card: UnknownCard::default(),
            service_error_status: 406,
            merchant_id: "mockpos-merchant".to_owned(),
            bearer_key: "mockpos-bearer-test-key".to_owned(),
            bearer_lifetime: Duration::from_secs(30 * 60),
            reference_lifetime: Duration::from_secs(30 * 60),
            texts: Texts::default(),
        }
    }
}

//! Switches of a scenario: what the vendors leave open, and what a test may want otherwise.

use crate::domain::otp::OtpRules;
pub use crate::scenario::bank::Bank;
pub use crate::scenario::gateway::{Craftgate, Language};
pub use crate::scenario::masterpass::{Cors, Masterpass, TokenCheck};
use crate::scenario::read::{Soft, table};
use crate::scenario::values::{Int, Lifetime, Name, digits, text_value};
pub use crate::scenario::webhooks::Webhooks;
use std::time::Duration;

/// All switches.
#[derive(Debug, Clone)]
pub struct Settings {
    /// some amounts say by themselves how it ends
    pub magic_amounts: bool,
    /// look like somebody's card, and are nobody's
    pub allow_numbers: Vec<String>,
    /// wrong-order posts say what is missing
    pub strict: bool,
    /// only tokens that the wallet and the bank really issued count
    pub strict_tokens: bool,
    /// 3-D Secure with mdStatus 2, 3 or 4 may go on
    pub half_three_ds: bool,
    /// of the commerce surface
    pub akinon: Akinon,
    /// of the gateway surface
    pub craftgate: Craftgate,
    /// of the wallet
    pub masterpass: Masterpass,
    /// of the bank and its page
    pub bank: Bank,
    /// one-time passwords, of the wallet and of the bank
    pub otp: OtpRules,
    /// what merchants are told without asking
    pub webhooks: Webhooks,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            magic_amounts: true,
            allow_numbers: Vec::new(),
            strict: false,
            strict_tokens: false,
            half_three_ds: false,
            akinon: Akinon::default(),
            craftgate: Craftgate::default(),
            masterpass: Masterpass::default(),
            bank: Bank::default(),
            otp: OtpRules::default(),
            webhooks: Webhooks::default(),
        }
    }
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
    /// how long a shopper's session lasts after the last call
    pub session_lifetime: Duration,
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
            session_lifetime: Duration::from_secs(14 * 24 * 3600),
            reference_lifetime: Duration::from_secs(30 * 60),
            texts: Texts::default(),
        }
    }
}

table! {
    /// Switches that concern everything.
    struct SettingsTable {
        /// wrong-order posts say what is missing
        strict: Option<bool> = "strict = false",
        /// only tokens that the wallet and the bank really issued count
        strict_tokens: Option<bool> = "strict_tokens = false",
        /// 3-D Secure with mdStatus 2, 3 or 4 may go on
        half_three_ds: Option<bool> = "half_three_ds = false",
        /// payments of 4242.NN are declined and 3-D Secure of 4243.NN ends as NN says, where no rule says otherwise;
        /// not given: true
        magic_amounts: Option<bool> = "magic_amounts = false",
        /// card numbers that may stand in the files though they look like somebody's: as digits
        allow_numbers: Option<Vec<CardDigits>> = r#"allow_numbers = ["4242424242424242"]"#,
    }
}

table! {
    /// Switches of the commerce surface.
    struct AkinonTable {
        /// name of the session cookie
        session_cookie: Option<CookieName> = r#"session_cookie = "osessionid""#,
        /// demand the CSRF token
        csrf: Option<bool> = "csrf = false",
        /// fill the basket again after an order
        refill: Option<bool> = "refill = true",
        /// guests may buy
        guest_purchase: Option<bool> = "guest_purchase = true",
        /// how far a fresh session is: the payment option is next, nothing chosen, nobody yet
        fresh_session: Option<FreshSession> = r#"fresh_session = "ready""#,
        /// how installment amounts are written: 262.50 or "262.50"
        installment_amounts: Option<AmountForm> = r#"installment_amounts = "number""#,
        /// what is said of a card whose BIN is unknown: no card type, or a generic one
        unknown_card: Option<UnknownCard> = r#"unknown_card = "null""#,
        /// status of the token services' refusals
        service_error_status: Option<Int<400, 599>> = "service_error_status = 406",
        /// how long a shopper's session lasts after the last call
        session_lifetime: Option<Lifetime> = r#"session_lifetime = "14d""#,
        /// how long a gateway's reference lasts
        reference_lifetime: Option<Lifetime> = r#"reference_lifetime = "30m""#,
        /// own texts instead of the built-in ones
        texts: Soft<TextsTable> = r#"texts = { required = "Bu alan zorunlu." }"#,
    }
}

table! {
    /// Own texts instead of the built-in ones.
    struct TextsTable {
        /// the payment did not succeed
        payment_failed: Option<Name> = r#"payment_failed = "Your payment could not be completed.""#,
        /// amount or basket changed
        payment_changed: Option<Name> = r#"payment_changed = "Your basket has changed.""#,
        /// a field is missing
        required: Option<Name> = r#"required = "This field is required.""#,
        /// a choice that was not offered
        invalid_choice: Option<Name> = r#"invalid_choice = "This is no valid choice.""#,
    }
}

/// A card number, or what looks like one.
#[derive(Debug, Clone)]
pub(crate) struct CardDigits(String);

text_value!(CardDigits, "13 to 19 digits", |text| {
    digits(text, 13..=19).then(|| Self(text.to_owned()))
});

/// A name that a cookie may have (RFC 6265: a token).
#[derive(Debug, Clone)]
pub(crate) struct CookieName(String);

text_value!(CookieName, "a cookie's name", |text| {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    (!text.is_empty() && text.bytes().all(fits)).then(|| Self(text.to_owned()))
});

/// Replaces `old` when there is a new one.
pub(crate) fn put<T>(old: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *old = new;
    }
}

impl SettingsTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, settings: &mut Settings) {
        let Self {
            strict,
            strict_tokens,
            half_three_ds,
            magic_amounts,
            allow_numbers,
        } = self;
        let numbers = allow_numbers.map(|all| all.into_iter().map(|number| number.0).collect());
        put(&mut settings.allow_numbers, numbers);
        put(&mut settings.magic_amounts, magic_amounts);
        put(&mut settings.strict, strict);
        put(&mut settings.strict_tokens, strict_tokens);
        put(&mut settings.half_three_ds, half_three_ds);
    }
}

impl AkinonTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, akinon: &mut Akinon) {
        let Self {
            session_cookie,
            csrf,
            refill,
            guest_purchase,
            fresh_session,
            installment_amounts,
            unknown_card,
            service_error_status,
            session_lifetime,
            reference_lifetime,
            texts,
        } = self;
        put(
            &mut akinon.session_cookie,
            session_cookie.map(|name| name.0),
        );
        put(&mut akinon.csrf, csrf);
        put(&mut akinon.refill, refill);
        put(&mut akinon.guest_purchase, guest_purchase);
        put(&mut akinon.fresh_session, fresh_session);
        put(&mut akinon.installment_amounts, installment_amounts);
        put(&mut akinon.unknown_card, unknown_card);
        put(
            &mut akinon.service_error_status,
            service_error_status.map(Int::narrow),
        );
        put(
            &mut akinon.session_lifetime,
            session_lifetime.map(|time| time.0),
        );
        put(
            &mut akinon.reference_lifetime,
            reference_lifetime.map(|time| time.0),
        );
        if let Some(texts) = texts.0 {
            texts.apply(&mut akinon.texts);
        }
    }
}

impl TextsTable {
    fn apply(self, texts: &mut Texts) {
        let Self {
            payment_failed,
            payment_changed,
            required,
            invalid_choice,
        } = self;
        let over = |old: &mut Option<String>, new: Option<Name>| put(old, new.map(|n| Some(n.0)));
        over(&mut texts.payment_failed, payment_failed);
        over(&mut texts.payment_changed, payment_changed);
        over(&mut texts.required, required);
        over(&mut texts.invalid_choice, invalid_choice);
    }
}

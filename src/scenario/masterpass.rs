//! Switches of the wallet, both generations: what its contract leaves open.

use crate::scenario::read::table;
use crate::scenario::settings::put;
use crate::scenario::values::{Int, Lifetime, Name, text_value};
use crate::scenario::words::words;
use std::time::Duration;

/// Which tokens of a merchant the wallet takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenCheck {
    /// those that the merchant's keys have made, in their time
    Verify,
    /// any text; one that verifies is still believed
    Any,
}

/// How success is said by the classic generation. contract: masterpass §2.4
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuccessCode {
    /// `""` to a check and a list, `0000` to everything else
    Mixed,
    /// always `""`
    Empty,
    /// always `0000`
    Zeros,
}

/// What the wallet says of an account without cards. contract: masterpass §6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyList {
    /// success, and no cards
    Success,
    /// code 1051
    Code,
}

/// What a page of another origin may do. contract: masterpass §3.2, §11 row 34
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cors {
    /// call, and read `Content-Location`
    Open,
    /// call, but not read `Content-Location`
    HideLocation,
    /// nothing
    Refused,
}

/// Whether encrypted card data is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardData {
    /// what the sandbox's own key opens is read, the rest is opaque
    Auto,
    /// never: a typed card is found by the name on it
    Opaque,
}

words! { TokenCheck, "check of tokens": "verify" => Verify, "any" => Any, }
words! { SuccessCode, "success code": "mixed" => Mixed, "empty" => Empty, "0000" => Zeros, }
words! { EmptyList, "answer for an empty account": "success" => Success, "1051" => Code, }
words! { Cors, "CORS policy": "open" => Open, "hide_location" => HideLocation, "refused" => Refused, }
words! { CardData, "way with card data": "auto" => Auto, "opaque" => Opaque, }

/// Switches of the wallet, both generations.
#[derive(Debug, Clone)]
pub struct Masterpass {
    /// the merchant, as bearer tokens and the new generation name it
    pub merchant_id: String,
    /// what the merchant's backend knows
    pub secret: String,
    /// the key that bearer tokens are signed with
    pub bearer_key: String,
    /// how long bearer tokens last
    pub bearer_lifetime: Duration,
    /// the merchant, as classic tokens name it
    pub client_id: String,
    /// the AES key of classic tokens
    pub enc_key: [u8; 16],
    /// the HMAC key of classic tokens, as text. contract: masterpass §8.1
    pub mac_key: String,
    /// how old a classic token may be
    pub classic_lifetime: Duration,
    /// which bearer tokens are taken
    pub rest_tokens: TokenCheck,
    /// which classic tokens are taken
    pub classic_tokens: TokenCheck,
    /// how long a purchase may wait for its completion
    pub payment_token_lifetime: Duration,
    /// how success is said by the classic generation
    pub success_code: SuccessCode,
    /// what is said of an account without cards
    pub empty_list: EmptyList,
    /// what a page of another origin may do
    pub cors: Cors,
    /// `Content-Location` of an answer that wants a password
    pub verify_path: String,
    /// cards that may be deleted in a row
    pub max_deletions: u32,
    /// so many days lie between two payments of a recurring order; none: none is paid by itself
    pub recurring_days: u32,
    /// whether encrypted card data is read
    pub card_data: CardData,
}

impl Default for Masterpass {
    /// Keys and client are those of the contract's own vectors.
    fn default() -> Self {
        Self {
            merchant_id: "mockpos-merchant".to_owned(),
            secret: "mockpos-secret".to_owned(),
            bearer_key: "mockpos-bearer-test-key".to_owned(),
            bearer_lifetime: Duration::from_secs(30 * 60),
            client_id: "90000001".to_owned(),
            enc_key: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
            mac_key: "00112233445566778899AABBCCDDEEFF".to_owned(),
            classic_lifetime: Duration::from_secs(30 * 60),
            rest_tokens: TokenCheck::Verify,
            classic_tokens: TokenCheck::Any,
            payment_token_lifetime: Duration::from_secs(30 * 60),
            success_code: SuccessCode::Mixed,
            empty_list: EmptyList::Success,
            cors: Cors::Open,
            verify_path: "/user-authorization/api/Otp/verify".to_owned(),
            max_deletions: 5,
            recurring_days: 30,
            card_data: CardData::Auto,
        }
    }
}

table! {
    /// Switches of the wallet, both generations.
    struct MasterpassTable {
        /// the merchant, as bearer tokens and the new generation name it
        merchant_id: Option<Name> = r#"merchant_id = "mockpos-merchant""#,
        /// what the merchant's backend knows
        secret: Option<Name> = r#"secret = "mockpos-secret""#,
        /// the key that bearer tokens are signed with
        bearer_key: Option<Name> = r#"bearer_key = "mockpos-bearer-test-key""#,
        /// how long bearer tokens last
        bearer_lifetime: Option<Lifetime> = r#"bearer_lifetime = "30m""#,
        /// the merchant, as classic tokens name it
        client_id: Option<Name> = r#"client_id = "90000001""#,
        /// the AES key of classic tokens: 32 hex digits
        enc_key: Option<AesKey> = r#"enc_key = "000102030405060708090A0B0C0D0E0F""#,
        /// the HMAC key of classic tokens: its characters count, not what they stand for
        mac_key: Option<Name> = r#"mac_key = "00112233445566778899AABBCCDDEEFF""#,
        /// how old a classic token may be
        classic_lifetime: Option<Lifetime> = r#"classic_lifetime = "30m""#,
        /// which bearer tokens are taken: those that verify, or any text
        rest_tokens: Option<TokenCheck> = r#"rest_tokens = "verify""#,
        /// which classic tokens are taken: those that verify, or any text
        classic_tokens: Option<TokenCheck> = r#"classic_tokens = "any""#,
        /// how long a purchase may wait for its completion
        payment_token_lifetime: Option<Lifetime> = r#"payment_token_lifetime = "30m""#,
        /// how the classic generation says success: `""` to a check or list and `0000` else, or always one of them
        success_code: Option<SuccessCode> = r#"success_code = "mixed""#,
        /// what the classic generation says of an account without cards: success, or code 1051
        empty_list: Option<EmptyList> = r#"empty_list = "success""#,
        /// what a page of another origin may do
        cors: Option<Cors> = r#"cors = "open""#,
        /// `Content-Location` of an answer that wants a password
        verify_path: Option<VerifyPath> = r#"verify_path = "/user-authorization/api/Otp/verify""#,
        /// cards that may be deleted in a row before the wallet suspects fraud
        max_deletions: Option<Int<0, 1_000>> = "max_deletions = 5",
        /// so many days lie between two payments of a recurring order; 0: none is paid by itself
        recurring_days: Option<Int<0, 366>> = "recurring_days = 30",
        /// whether encrypted card data is read: what the sandbox's own key opens, or never
        card_data: Option<CardData> = r#"card_data = "auto""#,
    }
}

/// An AES-128 key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AesKey([u8; 16]);

text_value!(AesKey, "32 hex digits", |text| {
    let whole = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let mut key = [0; 16];
    for (n, byte) in key.iter_mut().enumerate().filter(|_| whole) {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    whole.then_some(Self(key))
});

/// A path of our own.
#[derive(Debug, Clone)]
pub(crate) struct VerifyPath(String);

text_value!(
    VerifyPath,
    "a path like `/user-authorization/api/Otp/verify`, with `verify` in its last two steps",
    |text| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.".contains(&b);
        let steps = text.strip_prefix("/user-authorization/api/")?;
        let two = steps.split('/').filter(|step| !step.is_empty()).count() == 2;
        let fits = two && steps.matches('/').count() == 1 && text.bytes().all(plain);
        (fits && steps.contains("verify")).then(|| Self(text.to_owned()))
    }
);

impl MasterpassTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, to: &mut Masterpass) {
        let Self {
            merchant_id,
            secret,
            bearer_key,
            bearer_lifetime,
            client_id,
            enc_key,
            mac_key,
            classic_lifetime,
            rest_tokens,
            classic_tokens,
            payment_token_lifetime,
            success_code,
            empty_list,
            cors,
            verify_path,
            max_deletions,
            recurring_days,
            card_data,
        } = self;
        let text = |old: &mut String, new: Option<Name>| put(old, new.map(|new| new.0));
        let time = |old: &mut Duration, new: Option<Lifetime>| put(old, new.map(|new| new.0));
        text(&mut to.merchant_id, merchant_id);
        text(&mut to.secret, secret);
        text(&mut to.bearer_key, bearer_key);
        time(&mut to.bearer_lifetime, bearer_lifetime);
        text(&mut to.client_id, client_id);
        put(&mut to.enc_key, enc_key.map(|key| key.0));
        text(&mut to.mac_key, mac_key);
        time(&mut to.classic_lifetime, classic_lifetime);
        put(&mut to.rest_tokens, rest_tokens);
        put(&mut to.classic_tokens, classic_tokens);
        time(&mut to.payment_token_lifetime, payment_token_lifetime);
        put(&mut to.success_code, success_code);
        put(&mut to.empty_list, empty_list);
        put(&mut to.cors, cors);
        put(&mut to.verify_path, verify_path.map(|path| path.0));
        put(&mut to.max_deletions, max_deletions.map(Int::narrow));
        put(&mut to.recurring_days, recurring_days.map(Int::narrow));
        put(&mut to.card_data, card_data);
    }
}

//! The bearer token of the wallet: a JSON web token that the shop's backend obtains and the
//! browser presents. Given out by one surface, accepted by another. contract: masterpass §8.3

use crate::clock::Timestamp;
use crate::domain::decision::Ask;
use crate::reply::json;
use crate::world::World;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use compact_str::CompactString;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha512;
use std::cell::RefCell;
use std::collections::HashMap;

/// What the token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// the merchant
    #[serde(rename = "MerchantId")]
    pub merchant: CompactString,
    /// the merchant's name for the shopper
    #[serde(rename = "UserId")]
    pub user: CompactString,
    /// the shopper's msisdn
    #[serde(rename = "AccountKey")]
    pub msisdn: CompactString,
    /// the merchant has verified the msisdn
    #[serde(rename = "IsMsisdnValidated")]
    pub msisdn_validated: bool,
    /// 3-D Secure is asked for
    #[serde(rename = "Secure3d")]
    pub three_d: bool,
    /// the bank's one-time password is asked for
    #[serde(rename = "Otp", default, skip_serializing_if = "std::ops::Not::not")]
    pub otp: bool,
    /// the order it is for, once there is one
    #[serde(rename = "OrderNo", skip_serializing_if = "Option::is_none")]
    pub order_no: Option<CompactString>,
    /// when it was given out, seconds since 1970
    pub iat: i64,
    /// when it ends, seconds since 1970
    pub exp: i64,
    /// makes it one of a kind
    pub jti: String,
}

/// Why a bearer token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerFault {
    /// not three parts of base64url around JSON
    Malformed,
    /// signed with another key
    Signature,
    /// its time has passed
    Expired,
}

const SCHEME: &str = "Bearer ";
const HEADER: &str = r#"{"alg":"HS512","typ":"JWT"}"#;

/// What the wallet asks for before money may move; None: nobody says.
pub fn asks(three_d: bool, otp: bool) -> Option<Vec<Ask>> {
    match (three_d, otp) {
        (true, _) => Some(vec![Ask::ThreeDs]),
        (false, true) => Some(vec![Ask::BankOtp]),
        (false, false) => None,
    }
}

/// Gives a token out, which the wallet remembers until it ends.
pub fn give(world: &mut World, claims: &Claims) -> String {
    let until = Timestamp::from_micros(claims.exp.saturating_mul(1_000_000));
    let wallet = &mut world.state.wallet;
    wallet.remember_pass(claims.jti.clone(), until);
    issue(claims, &world.scenario.settings.masterpass.bearer_key)
}

/// `Bearer <jwt>`, signed with `key`.
pub fn issue(claims: &Claims, key: &str) -> String {
    let claims = json::to_string(claims).expect("claims are plain strings and numbers");
    let mut token = String::with_capacity(2 * claims.len());
    token.push_str(SCHEME);
    URL_SAFE_NO_PAD.encode_string(HEADER, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = mac(key, &token[SCHEME.len()..]).finalize();
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature.into_bytes(), &mut token);
    token
}

/// The claims of a token that was issued with `key` and is good at `now`; a leading `Bearer` may
/// be there or not, in any case.
pub fn verify(token: &str, key: &str, now: Timestamp) -> Result<Claims, BearerFault> {
    let scheme = token
        .get(..SCHEME.len())
        .filter(|it| it.eq_ignore_ascii_case(SCHEME));
    let token = token[scheme.map_or(0, str::len)..].trim();
    let claims = checked(token, key)?;
    if now.seconds() >= claims.exp {
        Err(BearerFault::Expired)
    } else {
        Ok(claims)
    }
}

/// How many tokens a thread remembers to have checked.
const REMEMBERED: usize = 256;
/// And how long one may be for that, in bytes.
const LONGEST_REMEMBERED: usize = 2 * 1024;

thread_local! {
    // Whether a token is good for a key never changes, and a browser shows the same one with each of its calls.
    static CHECKED: RefCell<HashMap<String, (String, Claims)>> = RefCell::default();
}

/// What a token says that is good for `key`.
fn checked(token: &str, key: &str) -> Result<Claims, BearerFault> {
    let known = CHECKED.with_borrow(|checked| {
        let (by, claims) = checked.get(token)?;
        (by == key).then(|| claims.clone())
    });
    if let Some(claims) = known {
        return Ok(claims);
    }
    let claims = read(token, key)?;
    if token.len() > LONGEST_REMEMBERED {
        return Ok(claims);
    }
    CHECKED.with_borrow_mut(|checked| {
        if checked.len() >= REMEMBERED {
            checked.clear();
        }
        checked.insert(token.to_owned(), (key.to_owned(), claims.clone()));
    });
    Ok(claims)
}

fn read(token: &str, key: &str) -> Result<Claims, BearerFault> {
    let (body, signature) = token.rsplit_once('.').ok_or(BearerFault::Malformed)?;
    let (_, claims) = body.split_once('.').ok_or(BearerFault::Malformed)?;
    let decode = |text| {
        URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| BearerFault::Malformed)
    };
    let signature = decode(signature)?;
    mac(key, body)
        .verify_slice(&signature)
        .map_err(|_| BearerFault::Signature)?;
    serde_json::from_slice(&decode(claims)?).map_err(|_| BearerFault::Malformed)
}

thread_local! {
    // A key is hashed before a text is, which takes as long as a short text does. Nearly all use the same one.
    static LAST_KEY: RefCell<Option<(String, Hmac<Sha512>)>> = const { RefCell::new(None) };
}

fn mac(key: &str, body: &str) -> Hmac<Sha512> {
    let known = LAST_KEY.with_borrow(|last| {
        let same = last.as_ref().filter(|(known, _)| known == key);
        same.map(|(_, keyed)| keyed.clone())
    });
    let mut mac = known.unwrap_or_else(|| {
        let keyed = Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
        LAST_KEY.set(Some((key.to_owned(), keyed.clone())));
        keyed
    });
    mac.update(body.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_key_and_time_only() {
        let claims = Claims {
            merchant: "m".into(),
            user: "u".into(),
            msisdn: "905321234567".into(),
            msisdn_validated: false,
            three_d: true,
            otp: false,
            order_no: None,
            iat: 100,
            exp: 200,
            jti: "j".into(),
        };
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let token = issue(&claims, "key");
        assert!(token.starts_with("Bearer eyJ"), "{token}");
        assert_eq!(verify(&token, "key", at(199)), Ok(claims.clone()));
        assert_eq!(verify(&token[7..], "key", at(199)), Ok(claims.clone()));
        let lower = token.replacen("Bearer", "bearer", 1);
        assert_eq!(verify(&lower, "key", at(199)), Ok(claims));
        assert_eq!(verify("Bearğ", "key", at(1)), Err(BearerFault::Malformed));
        assert_eq!(verify(&token, "key", at(200)), Err(BearerFault::Expired));
        assert_eq!(
            verify(&token, "other", at(199)),
            Err(BearerFault::Signature)
        );
        assert_eq!(
            verify("Bearer x", "key", at(199)),
            Err(BearerFault::Malformed)
        );
        let (body, _) = token.rsplit_once('.').unwrap();
        assert_eq!(
            verify(&format!("{body}."), "key", at(1)),
            Err(BearerFault::Signature)
        );
    }
}

//! Who calls: what the merchant's token says, and the call itself. contract: masterpass §8.1

use super::sent::Sent;
use crate::domain::decision::Ask;
use crate::domain::wallet::msisdn;
use crate::journal::Mismatch;
use crate::refusal::{Refusal, TokenFault, Why};
use crate::route::Turn;
use crate::scenario::masterpass::{Masterpass, TokenCheck};
use crate::surface::bearer::{self, BearerFault};
use crate::surface::classic_token::{ClassicFault, ClassicToken, Keys, explain};
use crate::surface::masterpass::wallet::Caller;

/// Who calls, and for which order.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// the holder, as merchant and call name one
    pub caller: Caller,
    /// the order that the token is for, or the merchant's number of the request
    pub reference: Option<String>,
    /// the token is good for that order only
    pub bound: bool,
}

/// What a token that is believed says.
#[derive(Debug, Clone)]
struct Vouched {
    merchant: String,
    user: String,
    msisdn: String,
    msisdn_validated: bool,
    asks: Vec<Ask>,
    reference: Option<String>,
    bound: bool,
}

/// Who calls. Err when the token is not good and must be, or when nobody says whose wallet it is.
pub fn caller(turn: &Turn<'_>) -> Result<Admitted, Refusal> {
    let sent = Sent::of(turn)?;
    let admitted = peek(turn, sent)?;
    if admitted.caller.msisdn.is_empty() && turn.call.describes().is_none() {
        return Err(Refusal::field("msisdn", Why::Missing));
    }
    Ok(admitted)
}

/// As [`caller`], also when nobody says whose wallet it is.
pub fn peek(turn: &Turn<'_>, sent: Sent<'_>) -> Result<Admitted, Refusal> {
    let settings = &turn.world.scenario.settings;
    let phone = phone(turn, sent).unwrap_or_default();
    let token = sent.text("token").unwrap_or_default();
    let vouched = vouched(turn, &token).and_then(|vouched| match &*vouched.msisdn {
        "" => Ok(vouched),
        known if phone.is_empty() || msisdn(known) == phone => Ok(vouched),
        _ => Err(TokenFault::Mismatch),
    });
    let strict = settings.strict_tokens || settings.masterpass.classic_tokens == TokenCheck::Verify;
    let vouched = match vouched {
        Err(fault) if strict => return Err(Refusal::Token(fault)),
        vouched => vouched.ok(),
    };
    let user = sent.text("userId").filter(|_| !is_check(turn));
    let client = sent.text("clientId");
    Ok(admitted(
        &settings.masterpass,
        (phone, user, client),
        vouched,
    ))
}

/// Whose wallet the call says it is about. To a check the user id is the phone. contract: masterpass §2.3
pub fn phone(turn: &Turn<'_>, sent: Sent<'_>) -> Option<String> {
    let as_user = || sent.text("userId").filter(|_| is_check(turn));
    let phone = sent.text("msisdn").or_else(as_user)?;
    Some(msisdn(&phone).into_owned()).filter(|phone| !phone.is_empty())
}

fn is_check(turn: &Turn<'_>) -> bool {
    turn.endpoint.name == super::check::NAME
}

fn admitted(
    settings: &Masterpass,
    (phone, user, client): (String, Option<String>, Option<String>),
    vouched: Option<Vouched>,
) -> Admitted {
    let token = vouched.as_ref();
    // What the merchant has signed counts for more than what the page says.
    let client = token.map(|token| token.merchant.clone()).or(client);
    // Both generations know the scenario's merchant, each by a number of its own.
    let merchant = client.filter(|client| *client != settings.client_id);
    let of_token = |text: fn(&Vouched) -> &String| {
        let text = token.map(text).filter(|text| !text.is_empty());
        text.cloned()
    };
    let known = of_token(|token| &token.msisdn).map(|known| msisdn(&known).into_owned());
    Admitted {
        caller: Caller {
            msisdn: known.unwrap_or(phone),
            merchant: merchant.unwrap_or_else(|| settings.merchant_id.clone()),
            user: of_token(|token| &token.user).or(user).unwrap_or_default(),
            msisdn_validated: token.is_some_and(|token| token.msisdn_validated),
            asks: token.map(|token| token.asks.clone()),
        },
        bound: token.is_some_and(|token| token.bound),
        reference: vouched.and_then(|token| token.reference),
    }
}

/// Why the call's token is not signed as it should be. None: it is, or it is no such token.
pub fn mismatch(turn: &Turn<'_>) -> Option<Mismatch> {
    let token = Sent::of(turn).ok()?.text("token")?;
    explain(&token, keys(&turn.world.scenario.settings.masterpass))
}

fn keys(settings: &Masterpass) -> Keys<'_> {
    Keys {
        enc: &settings.enc_key,
        mac: &settings.mac_key,
    }
}

/// What a token says that the merchant has made, or the new generation's backend.
fn vouched(turn: &Turn<'_>, text: &str) -> Result<Vouched, TokenFault> {
    let settings = &turn.world.scenario.settings.masterpass;
    let now = turn.world.now();
    if text.contains('.') {
        let claims = bearer::verify(text, &settings.bearer_key, now);
        let claims = claims.map_err(|fault| match fault {
            BearerFault::Malformed | BearerFault::Signature => TokenFault::Unknown,
            BearerFault::Expired => TokenFault::Expired,
        })?;
        return Ok(Vouched {
            merchant: claims.merchant.into(),
            user: claims.user.into(),
            msisdn: claims.msisdn.into(),
            msisdn_validated: claims.msisdn_validated,
            asks: bearer::asks(claims.three_d, claims.otp).unwrap_or_default(),
            bound: claims.order_no.is_some(),
            reference: claims.order_no.map(Into::into),
        });
    }
    let token = ClassicToken::open(text, keys(settings)).map_err(|fault| match fault {
        ClassicFault::Malformed | ClassicFault::Signature | ClassicFault::Content => {
            TokenFault::Unknown
        }
    })?;
    let made = token.made().ok_or(TokenFault::Unknown)?;
    let lifetime = settings.classic_lifetime;
    // A clock that is ahead of ours by as much is as wrong as one behind it.
    if now >= made.plus(lifetime) || made >= now.plus(lifetime) {
        return Err(TokenFault::Expired);
    }
    Ok(Vouched {
        asks: token.validation.asks(),
        merchant: token.client,
        user: token.user,
        msisdn: token.msisdn,
        msisdn_validated: token.msisdn_validated,
        reference: Some(token.reference).filter(|text| !text.is_empty()),
        bound: false,
    })
}

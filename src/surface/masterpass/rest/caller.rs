//! Who calls: the bearer token that the merchant's backend has obtained says for whom the page may
//! speak. contract: masterpass §3.2, §8.3

use super::cors::PREFLIGHT;
use super::said::Said;
use crate::call::Call;
use crate::domain::wallet::msisdn;
use crate::refusal::{Refusal, TokenFault, Why};
use crate::route::Turn;
use crate::scenario::Scenario;
use crate::scenario::settings::{Masterpass, TokenCheck};
use crate::surface::bearer::{self, BearerFault, Claims};
use crate::surface::masterpass::wallet::Caller;
use compact_str::CompactString;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use std::rc::Rc;

/// The row that gives tokens out: its caller has none yet.
pub const TOKEN_ROW: &str = "masterpass.backend.token";
/// contract: masterpass §8.3
pub const CLIENT_ID: HeaderName = HeaderName::from_static("clientid");
/// contract: masterpass §8.3
pub const SECRET: HeaderName = HeaderName::from_static("secret");
/// An example's token never ends.
const NEVER: i64 = 253_402_300_799;

/// Err when the token is missing, not good, or no longer.
pub fn admit(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    if turn.endpoint.name == PREFLIGHT.name || turn.endpoint.name == TOKEN_ROW {
        return Ok(());
    }
    turn.caller = claims(turn)?.merchant.to_string();
    Ok(())
}

/// What the token says. Where any text will do, one that says nothing stands for the merchant. Checked once a
/// call, however many ask.
pub fn claims(turn: &Turn<'_>) -> Result<Rc<Claims>, Refusal> {
    let checked = turn.memo.once(|| read(turn).map(Rc::new));
    checked.as_ref().clone()
}

fn read(turn: &Turn<'_>) -> Result<Claims, Refusal> {
    if turn.call.describes().is_some() {
        return Ok(anybody(&turn.world.scenario.settings.masterpass, 0));
    }
    let token = turn.call.header(AUTHORIZATION.as_str()).map(str::trim);
    let token = token.filter(|token| !token.is_empty());
    let token = token.ok_or(Refusal::NotAuthenticated)?;
    let settings = &turn.world.scenario.settings.masterpass;
    let now = turn.world.now();
    match bearer::verify(token, &settings.bearer_key, now) {
        Ok(claims) => Ok(claims),
        Err(_) if settings.rest_tokens == TokenCheck::Any => Ok(anybody(settings, now.seconds())),
        Err(BearerFault::Expired) => Err(Refusal::Token(TokenFault::Expired)),
        Err(BearerFault::Malformed | BearerFault::Signature) => Err(Refusal::NotAuthenticated),
    }
}

fn anybody(settings: &Masterpass, iat: i64) -> Claims {
    Claims {
        merchant: settings.merchant_id.as_str().into(),
        user: CompactString::default(),
        msisdn: CompactString::default(),
        msisdn_validated: false,
        three_d: false,
        otp: false,
        order_no: None,
        iat,
        exp: NEVER,
        jti: String::new(),
    }
}

/// Whose account is meant. Err when the token is for another.
pub fn of(turn: &Turn<'_>, account_key: &str, user: Option<String>) -> Result<Caller, Refusal> {
    let claims = claims(turn)?;
    if !claims.msisdn.is_empty() && msisdn(&claims.msisdn) != msisdn(account_key) {
        return Err(Refusal::Forbidden("the token is for another account"));
    }
    Ok(Caller {
        msisdn: msisdn(account_key).into_owned(),
        merchant: claims.merchant.to_string(),
        user: user.unwrap_or_else(|| claims.user.to_string()),
        msisdn_validated: claims.msisdn_validated,
        asks: bearer::asks(claims.three_d, claims.otp),
    })
}

/// The order number of a call is the one that the token is for, if it is for one.
pub fn check_order(turn: &Turn<'_>, said: &mut Said<'_>, name: &'static str) {
    let wanted = claims(turn).ok().and_then(|claims| claims.order_no.clone());
    let given = said.look(name);
    if let (Some(wanted), Some(given)) = (wanted, given)
        && wanted != *given
    {
        said.fail(name, Why::Differs("the order number of the token"));
    }
}

/// How a payment is to be checked, by the fields of a backend or of a page: with 3-D Secure, with the
/// bank's password. Their values are not public: proposed.
pub fn checks(said: &Said<'_>) -> (bool, bool) {
    let words = ["secure3DModel", "secure3dType", "authenticationMethod"];
    let words = words.map(|name| said.look(name).unwrap_or_default());
    let any = |known: &[&str]| {
        words
            .iter()
            .any(|word| known.iter().any(|known| is(word, known)))
    };
    (
        any(&[
            "3d", "3ds", "threed", "threeds", "secure3d", "3dsecure", "true",
        ]),
        any(&["otp", "bankotp", "smsotp", "sms"]),
    )
}

/// Whether a word is that one, in whatever case and however it is joined.
fn is(word: &str, known: &str) -> bool {
    let joins = |byte: &u8| matches!(byte, b'_' | b'-' | b' ');
    let letters = word.bytes().filter(|byte| !joins(byte));
    letters
        .map(|byte| byte.to_ascii_lowercase())
        .eq(known.bytes())
}

/// As [`of`], for money: what the token does not ask for, the page may.
pub fn paying(turn: &Turn<'_>, said: &Said<'_>, account_key: &str) -> Result<Caller, Refusal> {
    let user = said.look("merchantUserId").or_else(|| said.look("userId"));
    let mut caller = of(turn, account_key, user.map(std::borrow::Cow::into_owned))?;
    let (three_d, otp) = checks(said);
    caller.asks = caller.asks.or_else(|| bearer::asks(three_d, otp));
    caller.msisdn_validated |= said.flag("isMsisdnValidatedByMerchant");
    Ok(caller)
}

/// Gives an example what the vendor's clients add to every call: the merchant's token, or its secret.
pub fn sign(call: &mut Call, scenario: &Scenario) {
    let settings = &scenario.settings.masterpass;
    let mut add = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            call.headers.entry(name).or_insert(value);
        }
    };
    let claims = anybody(settings, 0);
    add(AUTHORIZATION, &bearer::issue(&claims, &settings.bearer_key));
    add(CLIENT_ID, &settings.merchant_id);
    add(SECRET, &settings.secret);
}

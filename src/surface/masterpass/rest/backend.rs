//! What the merchant's backend calls: tokens for the browser, completions, and the end of a link.
//! contract: masterpass §8.3

use super::caller::{self, CLIENT_ID, SECRET, TOKEN_ROW};
use super::envelope::{success, told};
use super::said::{MOST_TEXT, MOST_USER, Said};
use crate::domain::decision::Point;
use crate::domain::payment::PaymentId;
use crate::domain::wallet::msisdn;
use crate::refusal::{Refusal, Thing, TokenFault, Why};
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::surface::bearer::{self, Claims};
use crate::surface::masterpass::wallet;
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;
use subtle::ConstantTimeEq;

/// The rows.
#[rustfmt::skip]
pub const ENDPOINTS: &[Endpoint] = &[
    row(("/merchant/api/token/generate", TOKEN_ROW), &[Point::Page, Point::Token], token).told(backend),
    row(("/payment/api/Payment/complete", "masterpass.payment.complete"), COMPLETING, complete).told(told::<Completed>),
    row(("/payment/api/RegisterAndPurchase/complete", "masterpass.payment.complete_register"), COMPLETING, complete).told(told::<Completed>),
    row(("/account/api/Account/Unlink", "masterpass.account.unlink"), &[Point::Page, Point::Token, Point::Account, Point::Wallet], unlink).told(told::<Unlinked>),
];

fn backend(spec: &mut Spec<'_>) {
    spec.headers.clear();
    spec.credential("ClientId", "the merchant's number");
    spec.credential("Secret", "the merchant's secret");
    told::<Token>(spec);
}

const COMPLETING: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Wallet,
    Point::Authorization,
];

const fn row(
    known: (&'static str, &'static str),
    points: &'static [Point],
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(Method::POST, known, (Evidence::Observed, points), handle)
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Token {
    access_token: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Completed {
    merchant_id: String,
    order_id: String,
    masked_number: String,
    transaction_token: String,
    /// of the card, by year and month: proposed
    expiration_date: String,
    preauth_status: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Unlinked {
    merchant_id: String,
    account_key: String,
}

/// A token for the browser, for one phone and mostly for one order.
fn token(turn: &mut Turn<'_>) -> Answer {
    if turn.call.describes().is_none() {
        known_backend(turn)?;
    }
    let mut said = Said::read(turn.call)?;
    let merchant = turn.world.scenario.settings.masterpass.merchant_id.clone();
    let named = said.text("merchantId", MOST_TEXT);
    if named.is_some_and(|named| named != merchant) {
        said.fail("merchantId", Why::Differs("the header ClientId"));
    }
    let msisdn = said.account_key();
    let user = said.need("userId", MOST_USER);
    let order_no = said.text("orderNo", MOST_TEXT);
    let msisdn_validated = said.flag("isMsisdnValidated");
    let (three_d, otp) = caller::checks(&said);
    said.check()?;
    let world = &mut *turn.world;
    let settings = &world.scenario.settings.masterpass;
    let now = world.clock.now();
    let claims = Claims {
        merchant: merchant.into(),
        user: user.into(),
        msisdn: msisdn.into(),
        msisdn_validated,
        three_d,
        otp,
        order_no: order_no.map(Into::into),
        iat: now.seconds(),
        exp: now.plus(settings.bearer_lifetime).seconds(),
        jti: world.ids.uuid().to_string(),
    };
    let access_token = bearer::give(world, &claims);
    Ok(success(turn, &Token { access_token }))
}

/// The secret may be the merchant's number: backends are known that send it. contract: masterpass §8.3
fn known_backend(turn: &Turn<'_>) -> Result<(), Refusal> {
    let settings = &turn.world.scenario.settings.masterpass;
    let header = |name: &str| turn.call.header(name).unwrap_or_default().as_bytes();
    let is = |given: &[u8], wanted: &str| given.ct_eq(wanted.as_bytes());
    let client = is(header(CLIENT_ID.as_str()), &settings.merchant_id);
    let secret = header(SECRET.as_str());
    let secret = is(secret, &settings.secret) | is(secret, &settings.merchant_id);
    match bool::from(client & secret) {
        true => Ok(()),
        false => Err(Refusal::NotAuthenticated),
    }
}

/// Money moves.
fn complete(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    caller::check_order(turn, &mut said, "orderId");
    let order_id = said.need("orderId", MOST_TEXT);
    let token = said.need("token", MOST_TEXT);
    let amount = said.need_amount("amount");
    said.check()?;
    let token = turn.world.state.result_token(&token).to_owned();
    own(turn, &token)?;
    let id: PaymentId = wallet::complete(turn, &token, (&order_id, amount))?;
    let world = &*turn.world;
    let paid = world.state.payments.get(&id);
    let paid = paid.ok_or(Refusal::NotFound(Thing::Payment))?;
    let bought = world.state.result_tokens.get(&*token);
    let bought = bought.and_then(|token| token.purchase.as_deref());
    let pan = paid.particulars.pan.as_ref();
    let completed = Completed {
        merchant_id: turn.caller.clone(),
        order_id,
        masked_number: pan.map(ToString::to_string).unwrap_or_default(),
        transaction_token: token.clone(),
        expiration_date: bought.map_or_else(String::new, |bought| bought.card.expiry.yymm()),
        preauth_status: None,
    };
    Ok(success(turn, &completed))
}

/// What was bought is of the holder for whom the caller's token is. Err when it is another's.
fn own(turn: &Turn<'_>, token: &str) -> Result<(), Refusal> {
    let claims = caller::claims(turn)?;
    let bought = turn.world.state.result_tokens.get(token);
    let holder = bought.and_then(|bought| Some(&*bought.purchase.as_ref()?.msisdn));
    let (holder, caller) = (holder.unwrap_or_default(), msisdn(&claims.msisdn));
    match holder.is_empty() || caller.is_empty() || holder == caller {
        true => Ok(()),
        false => Err(Refusal::Token(TokenFault::Mismatch)),
    }
}

fn unlink(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    wallet::unlink(turn, &caller)?;
    let unlinked = Unlinked {
        merchant_id: caller.merchant,
        account_key,
    };
    Ok(success(turn, &unlinked))
}

//! One-time passwords: what the holder types, and another one by SMS. contract: masterpass §3.3

use super::caller;
use super::codes;
use super::envelope::{Stand, Urls, asking, language, reference, success, told};
use super::said::{MOST_TEXT, Said};
use crate::domain::decision::Point;
use crate::domain::wallet::msisdn;
use crate::refusal::{Refusal, Thing, TokenFault};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::masterpass::wallet::{self, Done, Next};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The rows. Clients verify where `Content-Location` told them to, which a scenario may change.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        (
            "/user-authorization/api/Otp/verify",
            "masterpass.otp.verify",
        ),
        Evidence::Inferred,
        verify,
    )
    .told(asking::<Verified>),
    row(
        (
            "/user-authorization/api/{service}/{verify}",
            "masterpass.otp.verify",
        ),
        Evidence::Inferred,
        verify_elsewhere,
    )
    .told(asking::<Verified>),
    row(
        (
            "/user-authorization/api/Otp/resend",
            "masterpass.otp.resend",
        ),
        Evidence::Observed,
        resend,
    )
    .told(told::<SentAgain>),
];

const fn row(
    known: (&'static str, &'static str),
    evidence: Evidence,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    let points = &[Point::Page, Point::Token, Point::Wallet, Point::Otp];
    Endpoint::of(Method::POST, known, (evidence, points), handle)
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Verified {
    is_verified: bool,
    token: Option<String>,
    card_unique_number: Option<String>,
    retrieval_reference_number: String,
    response_code: &'static str,
    result_description: &'static str,
    #[serde(flatten)]
    urls: Urls,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SentAgain {
    token: String,
    retrieval_reference_number: String,
    response_code: &'static str,
    result_description: &'static str,
}

/// At the address that the scenario says, and at no other.
fn verify_elsewhere(turn: &mut Turn<'_>) -> Answer {
    let path = &turn.world.scenario.settings.masterpass.verify_path;
    if turn.call.describes().is_none() && !path.eq_ignore_ascii_case(&turn.call.path) {
        return Err(Refusal::NotFound(Thing::Page));
    }
    verify(turn)
}

fn verify(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let token = said.need("token", MOST_TEXT);
    let code = said.need("otpCode", MOST_TEXT);
    said.check()?;
    own(turn, &token)?;
    let next = wallet::answer(turn, &token, code.trim())?;
    let card = match &next {
        Next::Done(Done::Registered(card) | Done::Purchased { card, .. }) => Some(card.clone()),
        Next::Ask { .. }
        | Next::Done(
            Done::Linked
            | Done::UserChanged
            | Done::NumberChanged
            | Done::MovedIn
            | Done::Confirmed,
        ) => None,
    };
    let stand = Stand::of(turn, &next);
    let verified = Verified {
        is_verified: true,
        token: stand.token.clone(),
        card_unique_number: card,
        retrieval_reference_number: stand.reference.clone(),
        response_code: stand.response_code,
        result_description: stand.description,
        urls: stand.urls.clone(),
    };
    Ok(stand.say(turn, &verified))
}

/// The token stays: the vendor's script keeps the one that it has.
fn resend(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let token = said.need("token", MOST_TEXT);
    said.check()?;
    own(turn, &token)?;
    let ask = wallet::send_again(turn, &token)?;
    let sent = SentAgain {
        token,
        retrieval_reference_number: reference(turn),
        response_code: codes::asked(ask).0,
        result_description: codes::SENT_AGAIN.of(language(turn)),
    };
    Ok(success(turn, &sent))
}

/// What is under way is the caller's own: nobody else's is known here.
fn own(turn: &Turn<'_>, token: &str) -> Result<(), Refusal> {
    let claims = caller::claims(turn)?;
    let flow = turn.world.state.wallet.flow(token)?;
    let phone = claims.msisdn.is_empty() || msisdn(&claims.msisdn) == flow.msisdn;
    match phone && claims.merchant == flow.merchant {
        true => Ok(()),
        false => Err(Refusal::Token(TokenFault::Unknown)),
    }
}

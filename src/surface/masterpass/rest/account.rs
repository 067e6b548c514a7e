//! Accounts: who has one, who may see it, whose it is. contract: masterpass §3.3, §3.5

use super::caller;
use super::card_body::CardBody;
use super::envelope::{Stand, asking, success, told};
use super::said::{MOST_ACCOUNT_KEY, MOST_USER, Said};
use crate::domain::decision::Point;
use crate::domain::wallet::Card;
use crate::refusal::Why;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::masterpass::wallet::{self, Next};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// What is decided where the holder may be asked for something.
pub const ASKING: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Account,
    Point::Wallet,
    Point::Asks,
];

/// The rows.
#[rustfmt::skip]
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint::of(Method::GET, ("/account/api/Card", "masterpass.account.access"), (Evidence::Observed, LISTING), access).told(told::<Access>),
    row(Method::PUT, ("/account/api/Account/LinkToMerchant", "masterpass.account.link"), Evidence::Observed, link),
    row(Method::POST, ("/account/api/Account/AddUserId", "masterpass.account.add_user"), Evidence::Observed, change_user),
    row(Method::PATCH, ("/account/api/Account/UserId", "masterpass.account.update_user"), Evidence::Observed, change_user),
    row(Method::PATCH, ("/account/api/Account/Msisdn", "masterpass.account.update_msisdn"), Evidence::Inferred, change_number),
    row(Method::POST, ("/account/api/Account/ForgotPassword", "masterpass.account.forgot_password"), Evidence::Inferred, forgot_password),
];

const LISTING: &[Point] = &[Point::Page, Point::Token, Point::Account, Point::Wallet];

const fn row(
    method: Method,
    known: (&'static str, &'static str),
    evidence: Evidence,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, known, (evidence, ASKING), handle).told(asking::<Step>)
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Access {
    account_key: String,
    account_state: &'static str,
    cards: Vec<CardBody>,
    account_information: Information,
    recipient_cards: [(); 0],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Information {
    is_account_linked: bool,
}

/// What comes next for an account. contract: masterpass §3.4
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    token: Option<String>,
    retrieval_reference_number: String,
    response_code: &'static str,
    description: &'static str,
    card_issuer_name: Option<String>,
    masked_pan: Option<String>,
}

impl Step {
    /// Says what comes next; `card`: the one that is meant, with its issuer.
    pub fn say(turn: &mut Turn<'_>, next: &Next, card: Option<&Card>) -> Answer {
        let stand = Stand::of(turn, next);
        let bins = &turn.world.scenario.bins;
        let bin = card.and_then(|card| bins.find(card.pan.digits()));
        let bank = bin.and_then(|bin| bin.bank.as_ref());
        let step = Self {
            token: stand.token.clone(),
            retrieval_reference_number: stand.reference.clone(),
            response_code: stand.response_code,
            description: stand.description,
            card_issuer_name: bank.map(|bank| bank.name.to_string()),
            masked_pan: card.map(|card| card.pan.to_string()),
        };
        Ok(stand.say(turn, &step))
    }
}

/// The cards of an account that the merchant may see.
fn access(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    let cards = CardBody::all(turn, wallet::account(turn, &caller)?);
    let linked = wallet::status(turn, &caller).linked();
    let access = Access {
        account_key,
        account_state: "Activated",
        cards,
        account_information: Information {
            is_account_linked: linked,
        },
        recipient_cards: [],
    };
    Ok(success(turn, &access))
}

fn link(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    let next = wallet::link(turn, &caller)?;
    Step::say(turn, &next, None)
}

/// Adding a user and changing it come to the same: an account has one user of each merchant.
fn change_user(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("currentUserId", MOST_USER);
    let new = said.need("newUserId", MOST_USER);
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    let next = wallet::change_user(turn, &caller, &new)?;
    Step::say(turn, &next, None)
}

fn change_number(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    let new = said.need("newMsisdn", MOST_ACCOUNT_KEY);
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    let next = wallet::change_number(turn, &caller, &new)?;
    Step::say(turn, &next, None)
}

fn forgot_password(turn: &mut Turn<'_>) -> Answer {
    const FIELD: &str = "lastSixDigitsOfCard";
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    let digits = said.need(FIELD, MOST_USER);
    let six = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
    if !digits.is_empty() && !six {
        said.fail(FIELD, Why::Malformed("six digits"));
    }
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    let next = wallet::forgot_password(turn, &caller, &digits)?;
    Step::say(turn, &next, None)
}

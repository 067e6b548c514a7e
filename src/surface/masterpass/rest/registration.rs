//! Cards come into an account, and go. contract: masterpass §3.3

use super::account::{ASKING, Step};
use super::caller;
use super::envelope::{asking, reference, success, told};
use super::said::{MOST_TEXT, MOST_USER, Said};
use crate::domain::decision::Point;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::masterpass::wallet;
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The rows.
#[rustfmt::skip]
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint::of(Method::POST, ("/account/api/Card", "masterpass.card.add"), (Evidence::Observed, ASKING), add).told(asking::<Step>),
    Endpoint::of(Method::DELETE, ("/account/api/Card", "masterpass.card.remove"), (Evidence::Observed, REMOVING), remove).told(told::<Removed>),
    Endpoint::of(Method::POST, ("/account/api/PurchaseAndRegister", "masterpass.card.register"), (Evidence::Observed, ASKING), complete_registration).told(asking::<Step>),
];

const REMOVING: &[Point] = &[Point::Page, Point::Token, Point::Account, Point::Wallet];

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Removed {
    client_id: String,
    ref_no: String,
}

fn add(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    let alias = said.alias("accountAliasName");
    let card = said.card(turn);
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    let card = wallet::typed(turn, (card.number, &card.name), (&alias, &card.expiry))?;
    let next = wallet::register(turn, &caller, card.clone())?;
    Step::say(turn, &next, Some(&card))
}

/// DELETE with a body. contract: masterpass §3.2
fn remove(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    let alias = said.alias("cardAlias");
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    wallet::delete_card(turn, &caller, &alias)?;
    let removed = Removed {
        client_id: caller.merchant,
        ref_no: reference(turn),
    };
    Ok(success(turn, &removed))
}

/// "Save the card that I have just paid with."
fn complete_registration(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let user = said.text("userId", MOST_USER);
    let alias = said.alias("accountAliasName");
    let token = said.need("token", MOST_TEXT);
    said.check()?;
    let caller = caller::of(turn, &account_key, user)?;
    let token = turn.world.state.result_token(&token).to_owned();
    let next = wallet::complete_registration(turn, &caller, (&token, &alias))?;
    Step::say(turn, &next, None)
}

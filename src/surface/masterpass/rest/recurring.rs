//! What is paid again and again with a saved card. The answers are proposals. contract: masterpass §3.3

use super::account::Step;
use super::caller;
use super::envelope::asking;
use super::said::{MOST_TEXT, Said};
use crate::domain::decision::Point;
use crate::domain::wallet::{Card, Holder, Recurring};
use crate::refusal::{Refusal, WalletFault};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::masterpass::wallet::{self, Done, Next};
use http::Method;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::POST, "masterpass.recurring.create", |turn| {
        order(turn, Holder::recur)
    }),
    row(Method::PUT, "masterpass.recurring.update", |turn| {
        order(turn, Holder::change_recurring)
    }),
    row(Method::DELETE, "masterpass.recurring.delete", delete),
];

const fn row(method: Method, name: &'static str, handle: fn(&mut Turn<'_>) -> Answer) -> Endpoint {
    let points = &[Point::Page, Point::Token, Point::Account, Point::Wallet];
    let known = (Evidence::Inferred, points as &[Point]);
    Endpoint::of(method, ("/account/api/RecurringOrder", name), known, handle).told(asking::<Step>)
}

fn order(turn: &mut Turn<'_>, change: fn(&mut Holder, Recurring) -> Result<(), Refusal>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let order = Recurring {
        alias: said.alias("cardAlias"),
        product: said.need("productId", MOST_TEXT),
        limit: said.need_amount("amountLimit"),
        until: said.need("expiryDate", MOST_TEXT),
    };
    said.check()?;
    let alias = order.alias.clone();
    changed(turn, (&account_key, &alias), |holder| change(holder, order))
}

fn delete(turn: &mut Turn<'_>) -> Answer {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let (alias, product) = (said.alias("cardAlias"), said.need("productId", MOST_TEXT));
    said.check()?;
    changed(turn, (&account_key, &alias), |holder| {
        holder.end_recurring(&alias, &product).map(|_| ())
    })
}

fn changed(
    turn: &mut Turn<'_>,
    (account_key, alias): (&str, &str),
    change: impl FnOnce(&mut Holder) -> Result<(), Refusal>,
) -> Answer {
    let caller = caller::of(turn, account_key, None)?;
    let card: Option<Card> = wallet::account(turn, &caller)?.card(alias).cloned();
    let card = card.ok_or(Refusal::Wallet(WalletFault::CardNotFound))?;
    change(wallet::holder_mut(turn, &caller.msisdn))?;
    Step::say(turn, &Next::Done(Done::Confirmed), Some(&card))
}

//! What is paid again and again with a saved card. The answers are proposals. contract: masterpass §3.3

use super::account::Step;
use super::caller;
use super::envelope::asking;
use super::said::{MOST_TEXT, Said};
use crate::domain::decision::Point;
use crate::domain::money::{Currency, Money};
use crate::domain::wallet::{Change, Recurring};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::facts::Facts;
use crate::surface::masterpass::wallet;
use http::{Method, StatusCode};

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::POST, "masterpass.recurring.create", |turn| {
        let order = whole(turn)?;
        changed(turn, (order.0, Change::Begin(order.1)))
    }),
    row(Method::PUT, "masterpass.recurring.update", |turn| {
        let order = whole(turn)?;
        changed(turn, (order.0, Change::Replace(order.1)))
    }),
    row(Method::DELETE, "masterpass.recurring.delete", |turn| {
        let order = named(turn)?;
        changed(turn, (order.0, Change::End(order.1)))
    }),
];

const CHARGE: &str = "masterpass.recurring.charge";

/// An order falls due. Both generations' orders do so here.
pub const TIMED: &[Endpoint] = &[Endpoint::of(
    Method::POST,
    ("", CHARGE),
    (Evidence::Inferred, &[Point::Authorization]),
    |turn| {
        wallet::charge(turn)?;
        Ok(Reply::empty(StatusCode::NO_CONTENT))
    },
)];

const fn row(method: Method, name: &'static str, handle: fn(&mut Turn<'_>) -> Answer) -> Endpoint {
    let points = &[
        Point::Page,
        Point::Token,
        Point::Account,
        Point::Wallet,
        Point::Asks,
    ];
    let known = (Evidence::Inferred, points as &[Point]);
    Endpoint::of(method, ("/account/api/RecurringOrder", name), known, handle).told(asking::<Step>)
}

/// Whether nobody calls, but an order falls due.
pub fn is_due(turn: &Turn<'_>) -> bool {
    turn.endpoint.name == CHARGE
}

/// What an order that falls due is about.
pub fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    let Some((order, card)) = wallet::due(turn) else {
        return;
    };
    facts.msisdn = Some(turn.param("msisdn").into());
    facts.amount = Some(order.limit);
    facts.installment = Some(1);
    facts.stored_card = Some(true);
    facts.three_d = Some(false);
    facts.card_alias = Some(card.alias.clone());
    facts.card_name = Some(card.name.clone());
    facts.bin = Some(super::facts::bin(card.pan.digits()));
}

/// The account's key, and the whole order.
fn whole(turn: &Turn<'_>) -> Result<(String, Recurring), Refusal> {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let order = Recurring {
        limit: said.need_amount("amountLimit"),
        until: said.need("expiryDate", MOST_TEXT),
        ..of_product(&mut said)
    };
    said.check()?;
    Ok((account_key, order))
}

/// The account's key, and which order is meant.
fn named(turn: &Turn<'_>) -> Result<(String, Recurring), Refusal> {
    let mut said = Said::read(turn.call)?;
    let account_key = said.account_key();
    let order = of_product(&mut said);
    said.check()?;
    Ok((account_key, order))
}

fn of_product(said: &mut Said<'_>) -> Recurring {
    Recurring {
        alias: said.alias("cardAlias"),
        product: said.need("productId", MOST_TEXT),
        limit: Money::zero(Currency::TRY),
        until: String::new(),
        merchant: String::new(),
        next: None,
        turns: 0,
    }
}

fn changed(turn: &mut Turn<'_>, (account_key, mut change): (String, Change)) -> Answer {
    let caller = caller::of(turn, &account_key, None)?;
    change.order_mut().merchant.clone_from(&caller.merchant);
    let card = wallet::card_of(turn, &caller, &change.order().alias)?;
    let next = wallet::recur(turn, &caller, change)?;
    Step::say(turn, &next, Some(&card))
}

//! Payments that are made by themselves, again and again: agreed on here.
//! contract: masterpass §2.3

use super::caller::caller;
use super::next::told;
use super::sent::Sent;
use crate::domain::decision::Point;
use crate::domain::money::{Currency, Money};
use crate::domain::wallet::{Change, Recurring};
use crate::refusal::{Refusal, Why};
use crate::route::{Answer, Turn};
use crate::surface::masterpass::wallet;

operations! {
    "initiateManageRecurringPayment" "mfs.recurring.manage" (Inferred, POINTS) => manage;
}

const POINTS: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Account,
    Point::Wallet,
    Point::Asks,
];

/// `A` agrees on one, `U` changes it, `D` ends it: once all that a rule asks for is given.
fn manage(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let mut change = change(Sent::of(turn)?)?;
    change.order_mut().merchant.clone_from(&caller.merchant);
    wallet::saved(turn, &caller, &change.order().alias)?;
    let next = wallet::recur(turn, &caller, change)?;
    told(turn, &caller, next)
}

fn change(sent: Sent<'_>) -> Result<Change, Refusal> {
    let action = sent.text("actionType");
    let action = action.as_deref().unwrap_or("A");
    let order = Recurring {
        alias: sent.need_alias("listAccountName")?,
        product: sent.alias("productId").unwrap_or_default(),
        limit: match action {
            "D" => Money::zero(Currency::TRY),
            _ => sent.amount()?,
        },
        until: sent.text("endDate").unwrap_or_default(),
        merchant: String::new(),
        next: None,
        turns: 0,
    };
    match action {
        "A" => Ok(Change::Begin(order)),
        "U" => Ok(Change::Replace(order)),
        "D" => Ok(Change::End(order)),
        _ => Err(Refusal::field("actionType", Why::NotOffered)),
    }
}

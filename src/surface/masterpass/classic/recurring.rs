//! Payments that a merchant will make by itself, again and again: agreed on, and not made.
//! contract: masterpass §2.3

use super::caller::caller;
use super::next::told;
use super::sent::Sent;
use crate::domain::decision::Point;
use crate::domain::money::{Currency, Money};
use crate::domain::wallet::Recurring;
use crate::refusal::{Refusal, Why};
use crate::route::{Answer, Turn};
use crate::surface::masterpass::wallet::{self, Next};

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

/// `A` agrees on one, `U` changes it, `D` ends it. Where a rule asks for something first, nothing is
/// kept: only the holder is asked.
fn manage(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let change = change(Sent::of(turn)?)?;
    let (Change::Begin(order) | Change::Replace(order) | Change::End(order)) = &change;
    wallet::saved(turn, &caller, &order.alias)?;
    let next = wallet::confirm(turn, &caller, &[])?;
    if matches!(next, Next::Done(_)) {
        let holder = wallet::holder_mut(turn, &caller.msisdn);
        match change {
            Change::Begin(order) => holder.recur(order),
            Change::Replace(order) => holder.change_recurring(order),
            Change::End(order) => {
                let ended = holder.end_recurring(&order.alias, &order.product);
                ended.map(|_| ())
            }
        }?;
    }
    told(turn, &caller, next)
}

/// What becomes of an order to pay again and again.
enum Change {
    Begin(Recurring),
    Replace(Recurring),
    End(Recurring),
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
    };
    match action {
        "A" => Ok(Change::Begin(order)),
        "U" => Ok(Change::Replace(order)),
        "D" => Ok(Change::End(order)),
        _ => Err(Refusal::field("actionType", Why::NotOffered)),
    }
}

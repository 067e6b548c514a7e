//! Payments that a merchant will make by itself, again and again: agreed on, and not made.
//! contract: masterpass §2.3

use super::caller::caller;
use super::next::told;
use super::sent::Sent;
use crate::domain::decision::Point;
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

/// `A` agrees on one, `U` changes it, `D` ends it.
fn manage(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let sent = Sent::of(turn)?;
    let action = sent.text("actionType");
    if action.is_some_and(|action| !matches!(&*action, "A" | "U" | "D")) {
        return Err(Refusal::field("actionType", Why::NotOffered));
    }
    let alias = sent.need_alias("listAccountName")?;
    wallet::saved(turn, &caller, &alias)?;
    let next = wallet::confirm(turn, &caller, &[])?;
    told(turn, &caller, next)
}

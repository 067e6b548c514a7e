//! The holder as the merchant's user, and the wallet's PIN, which is of old. contract: masterpass §2.3, §9

use super::caller::caller;
use super::next::told;
use super::sent::Sent;
use crate::domain::decision::{Ask, Point, WalletFault};
use crate::refusal::Refusal;
use crate::route::{Answer, Turn};
use crate::surface::masterpass::wallet;

operations! {
    "updateUser" "mfs.user.update" (Observed, POINTS) => update;
    "forgotPassword" "mfs.pin.forget" (Inferred, POINTS) => forget;
    "verifyPin" "mfs.pin.verify" (Inferred, POINTS) => verify;
}

const POINTS: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Account,
    Point::Wallet,
    Point::Asks,
];
/// What can be changed. contract: masterpass §2.3
const USER_ID: &str = "USER_ID";

/// The account is the merchant's new user's. What the old value was nobody checks: what shops put
/// there is not public.
fn update(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let sent = Sent::of(turn)?;
    let kind = sent.text("valueType");
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case(USER_ID)) {
        return Err(Refusal::Wallet(WalletFault::Unsupported));
    }
    let user = sent.need("theNewValue")?;
    let next = wallet::change_user(turn, &caller, &user)?;
    told(turn, &caller, next)
}

fn forget(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let next = wallet::confirm(turn, &caller, &[Ask::WalletOtp, Ask::DefineMpin])?;
    told(turn, &caller, next)
}

fn verify(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let next = wallet::confirm(turn, &caller, &[Ask::Mpin])?;
    told(turn, &caller, next)
}

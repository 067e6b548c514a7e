//! Has the holder an account? contract: masterpass §5

use super::caller::caller;
use super::envelope::Transaction;
use super::next::{answer, success};
use crate::domain::decision::Point;
use crate::route::{Answer, Turn};
use crate::surface::masterpass::wallet;

/// The one operation in which the user id is the phone.
pub const NAME: &str = "mfs.account.check";

operations! {
    "checkMasterPassEndUser" "mfs.account.check" (Observed, POINTS) => check;
}

const POINTS: &[Point] = &[Point::Page, Point::Token, Point::Account, Point::Wallet];

fn check(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let transaction = Transaction {
        account_status: wallet::status(turn, &caller).to_string(),
        ..Transaction::default()
    };
    let fault = success(turn, true);
    Ok(answer(turn, &fault, transaction))
}

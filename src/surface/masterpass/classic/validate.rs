//! The holder answers what is asked, or wants the password again. contract: masterpass §2.3, §2.4

use super::envelope::Transaction;
use super::fields::answering;
use super::next::{answer, asking, told};
use super::sent::Sent;
use crate::domain::decision::Point;
use crate::refusal::Refusal;
use crate::route::{Answer, Turn};
use crate::surface::masterpass::wallet::{self, Caller};

operations! {
    "validateTransaction" "mfs.otp.validate" (Observed, VALIDATE) => validate answering;
    "resendOtp" "mfs.otp.resend" (Observed, RESEND) => resend;
}

const VALIDATE: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Account,
    Point::Wallet,
    Point::Otp,
];
const RESEND: &[Point] = &[Point::Page, Point::Token, Point::Wallet];

/// The validation token of the answer before this call.
pub fn token(turn: &Turn<'_>) -> Option<String> {
    Sent::of(turn).ok()?.text("validationRefNo")
}

fn need_token(turn: &Turn<'_>) -> Result<String, Refusal> {
    Sent::of(turn)?.need("validationRefNo")
}

fn validate(turn: &mut Turn<'_>) -> Answer {
    let token = need_token(turn)?;
    let flow = turn.world.state.wallet.flow(&token)?;
    let caller = Caller {
        msisdn: flow.msisdn.to_string(),
        merchant: flow.merchant.to_string(),
        user: flow.user.to_string(),
        ..Caller::default()
    };
    let code = Sent::of(turn)?.text("validationCode").unwrap_or_default();
    let next = wallet::answer(turn, &token, &code)?;
    told(turn, &caller, next)
}

/// Published clients disagree: one reads the code, 5001 or 5008, another the token of the fault, a
/// third that of the transaction. All of them are satisfied.
fn resend(turn: &mut Turn<'_>) -> Answer {
    let token = need_token(turn)?;
    let (ask, fresh) = wallet::resend(turn, &token)?;
    let fault = asking(turn, ask, &fresh);
    let transaction = Transaction {
        token: fresh,
        ..Transaction::default()
    };
    Ok(answer(turn, &fault, transaction))
}

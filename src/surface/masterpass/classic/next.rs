//! Where an operation stands after a call: what is asked for next, or what was done.
//! contract: masterpass §2.4

use super::codes::Code;
use super::envelope::{ServiceFault, Times, Transaction, reply};
use super::sent::Sent;
use crate::domain::decision::Ask;
use crate::domain::wallet::{Operation, Purchase};
use crate::reply::Reply;
use crate::route::{Answer, Turn};
use crate::scenario::masterpass::SuccessCode;
use crate::surface::masterpass::wallet::{self, Caller, Done, Next};
use http::StatusCode;

/// Digits of the wallet's number of a call.
const REF_DIGITS: usize = 11;

/// The wallet's number of a call: 12 digits.
pub fn ref_no(turn: &mut Turn<'_>) -> String {
    format!("5{}", turn.world.ids.digits(REF_DIGITS))
}

/// A code with its text, and nothing else yet.
pub fn said(turn: &mut Turn<'_>, code: Code) -> ServiceFault {
    let language = Sent::of(turn).map(Sent::language).unwrap_or_default();
    ServiceFault {
        ref_no: ref_no(turn),
        response_code: code.number().to_owned(),
        response_desc: code.text(language).to_owned(),
        ..ServiceFault::default()
    }
}

/// Success as the scenario wants it said; `empty`: where the vendor says it with an empty code.
pub fn success(turn: &mut Turn<'_>, empty: bool) -> ServiceFault {
    let mut fault = said(turn, Code::Success);
    let empty = match turn.world.scenario.settings.masterpass.success_code {
        SuccessCode::Mixed => empty,
        SuccessCode::Empty => true,
        SuccessCode::Zeros => false,
    };
    if empty {
        fault.response_code.clear();
    }
    fault
}

/// An answer with a transaction.
pub fn answer(turn: &Turn<'_>, fault: &ServiceFault, mut transaction: Transaction) -> Reply {
    let asked = Sent::of(turn).ok().and_then(|sent| sent.text("dateTime"));
    let times = Times {
        asked: asked.unwrap_or_default(),
        answered: turn.world.now().iso_micros(),
    };
    transaction.ref_no.clone_from(&fault.ref_no);
    reply(StatusCode::OK, fault, Some((&times, &transaction)))
}

/// What comes next, or what was done, for this caller.
pub fn told(turn: &mut Turn<'_>, caller: &Caller, next: Next) -> Answer {
    match next {
        Next::Ask {
            ask,
            token,
            challenge,
        } => Ok(asked(turn, ask, &token, challenge.as_deref())),
        Next::Done(done) => Ok(finished(turn, caller, done)),
    }
}

fn asked(turn: &mut Turn<'_>, ask: Ask, token: &str, challenge: Option<&str>) -> Reply {
    let mut fault = asking(turn, ask, token);
    if let Some(challenge) = challenge {
        let base = turn.call.base();
        let bank = |end: &str| format!("{base}/user-authorization/mp-3d-{end}");
        fault.url_3d = bank(&format!("acs-form?token={challenge}"));
        fault.url_3d_success = bank("client-success");
        fault.url_3d_error = bank("client-error");
    }
    let mut transaction = Transaction::default();
    if let Ok(flow) = turn.world.state.wallet.flow(token)
        && let Operation::Purchase(purchase) = &flow.operation
    {
        of_purchase(turn, purchase, &mut transaction);
    }
    answer(turn, &fault, transaction)
}

/// The code of what is asked for under this validation token, and for which card.
pub fn asking(turn: &mut Turn<'_>, ask: Ask, token: &str) -> ServiceFault {
    let mut fault = said(turn, ask.into());
    token.clone_into(&mut fault.token);
    let flow = turn.world.state.wallet.flow(token).ok();
    let card = flow.and_then(|flow| match &flow.operation {
        Operation::Purchase(purchase) => Some(&purchase.card),
        Operation::Register(card) => Some(&**card),
        Operation::Link
        | Operation::ChangeUser(_)
        | Operation::ChangeNumber(_)
        | Operation::MoveIn(_)
        | Operation::Recur(_)
        | Operation::Confirm => None,
    });
    if let Some(card) = card {
        fault.masked_pan = card.pan.to_string();
        let bin = turn.world.scenario.bins.find(card.pan.digits());
        let bank = bin.and_then(|bin| bin.bank.as_ref());
        fault.card_issuer_name = bank.map_or_else(String::new, |bank| bank.name.to_string());
    }
    fault
}

fn finished(turn: &mut Turn<'_>, caller: &Caller, done: Done) -> Reply {
    let mut fault = success(turn, false);
    let mut transaction = Transaction::default();
    match done {
        Done::Linked
        | Done::UserChanged
        | Done::NumberChanged
        | Done::MovedIn
        | Done::Confirmed => {
            transaction.account_status = wallet::status(turn, caller).to_string();
        }
        Done::Registered(id) => {
            transaction.account_status = wallet::status(turn, caller).to_string();
            transaction.card_unique_id = id;
        }
        Done::Purchased { token, kept, card } => {
            if kept == Some(false) {
                fault = said(turn, Code::SaveFailed);
            }
            let paid = turn.world.state.result_tokens.get(&*token);
            if let Some(purchase) = paid.and_then(|paid| paid.purchase.as_deref()) {
                of_purchase(turn, purchase, &mut transaction);
            }
            transaction.card_unique_id = card;
            transaction.token = token;
        }
    }
    answer(turn, &fault, transaction)
}

fn of_purchase(turn: &Turn<'_>, purchase: &Purchase, transaction: &mut Transaction) {
    transaction.amount = purchase.amount.minor().to_string();
    transaction.currency_code = purchase.amount.currency().code();
    purchase
        .order_no
        .as_str()
        .clone_into(&mut transaction.order_no);
    transaction.installment_count = purchase.installment;
    transaction.masked_account_no = purchase.card.pan.to_string();
    let merchant = turn.world.scenario.merchants.first();
    transaction.merchant_name.clone_from(&merchant.name);
}

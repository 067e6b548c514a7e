//! The hosted page, as the shopper's browser sees it. It works without JavaScript.
//! contract: craftgate §5.3, §3.11

use crate::domain::decision::{Authorization, Point};
use crate::domain::hosted::{Hosted, Purpose};
use crate::domain::particulars::Callback;
use crate::domain::payment::{NewPayment, Payment, PaymentId, Status};
use crate::domain::published::Operation;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::facts::Facts;
use crate::surface::craftgate::checkout_form::{self, Chosen, Form};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::{callback, card, checkout_view, new_payment, of_payment, owned};
use http::Method;

const fn row(
    method: Method,
    path: &'static str,
    (name, points): (&'static str, &'static [Point]),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (Evidence::Inferred, points), handle)
}

const VISIT: (&str, &[Point]) = ("craftgate.page.checkout", &[]);
const PAY: (&str, &[Point]) = (
    "craftgate.page.checkout_pay",
    &[Point::ThreeDsInit, Point::Authorization],
);
const RETURN: (&str, &[Point]) = ("craftgate.page.checkout_return", &[Point::Authorization]);

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::GET, "/pay", VISIT, visit),
    row(Method::POST, "/pay", PAY, submit),
    row(Method::GET, "/pay/return", RETURN, back),
    row(Method::POST, "/pay/return", RETURN, back),
];

/// What a visit of the page is about.
pub fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    let ours = turn.endpoint.name.starts_with("craftgate.page.checkout");
    let Some((_, hosted)) = found(turn).filter(|_| ours) else {
        return;
    };
    if turn.endpoint.name == RETURN.0 {
        if let Some(payment) = hosted
            .last()
            .and_then(|id| turn.world.state.payments.get(&id))
        {
            of_payment(payment, facts);
        }
        return;
    }
    let form = Form::read(turn.call);
    facts.amount = Some(hosted.remaining());
    facts.msisdn = hosted.ways.wallet.clone();
    facts.installment = form.count();
    facts.three_d = Some(hosted.ways.three_ds || form.three_ds);
    facts.bin = checkout_form::digits(turn, hosted, &form);
}

/// The page that the query names.
fn found<'t>(turn: &'t Turn<'_>) -> Option<(String, &'t Hosted)> {
    let token = turn.call.query("token")?;
    let hosted = turn.world.state.hosted.get(token)?;
    Some((token.to_owned(), hosted))
}

/// The page, from now on on behalf of its merchant; Err is what is shown when it cannot be paid.
fn open(turn: &mut Turn<'_>) -> Result<(String, Hosted), Box<Reply>> {
    let now = turn.world.now();
    let Some((token, hosted)) = found(turn) else {
        return Err(Box::new(checkout_view::gone(turn)));
    };
    let hosted = hosted.clone();
    turn.caller.clone_from(&hosted.merchant);
    if hosted.is_open(now) {
        return Ok((token, hosted));
    }
    Err(Box::new(match hosted.is_settled() {
        true => checkout_view::done(turn, (&token, &hosted)),
        false => checkout_view::gone(turn),
    }))
}

fn visit(turn: &mut Turn<'_>) -> Answer {
    let (_, hosted) = match open(turn) {
        Ok(page) => page,
        Err(reply) => return Ok(*reply),
    };
    Ok(checkout_view::form(turn, &hosted, (&Form::default(), &[])))
}

fn submit(turn: &mut Turn<'_>) -> Answer {
    let (token, hosted) = match open(turn) {
        Ok(page) => page,
        Err(reply) => return Ok(*reply),
    };
    let form = Form::read(turn.call);
    if !form.delete.is_empty() {
        return Ok(delete(turn, &hosted, form));
    }
    if form.only_installments {
        return Ok(checkout_view::form(turn, &hosted, (&form, &[])));
    }
    match checkout_form::choose(turn, &hosted, &form) {
        Ok(chosen) => pay(turn, (token, &hosted), chosen),
        Err(problems) => Ok(checkout_view::form(turn, &hosted, (&form, &problems))),
    }
}

/// A stored card goes: one that the page shows, where the shop allows it.
fn delete(turn: &mut Turn<'_>, hosted: &Hosted, form: Form) -> Reply {
    let shown = checkout_form::stored_cards(turn, hosted);
    let named = shown.iter().find(|card| card.keys.token == form.delete);
    let keys = named.map(|card| card.keys.clone());
    let problem = match keys.filter(|_| hosted.ways.may_delete) {
        Some(keys) => {
            let cards = &mut turn.world.state.stored_cards;
            cards.remove(&hosted.merchant, &keys);
            None
        }
        None => Some(("chosenCard".to_owned(), Code::StoredCardNotFound)),
    };
    checkout_view::form(turn, hosted, (&form, problem.as_slice()))
}

fn pay(turn: &mut Turn<'_>, (token, hosted): (String, &Hosted), chosen: Chosen) -> Answer {
    if hosted.purpose == Purpose::Card {
        return Ok(keep(turn, &token, chosen));
    }
    let three_d = chosen.three_d;
    let payment = payment(turn, (&token, hosted), chosen)?;
    let id = payment.id;
    if let Some(page) = turn.world.state.hosted.get_mut(&token) {
        page.tried(id);
    }
    if three_d {
        let said = new_payment::ask(turn, &payment, Operation::ThreeDsInit);
        if begin(turn, payment, &said)? {
            let key = callback::page_key(turn, id)?;
            let base = turn.call.base();
            let page = format!("{base}/payment/v1/card-payments/3ds-page/{key}");
            return Ok(Reply::see_other(&page));
        }
        return settle(turn, &token, id);
    }
    charge(turn, payment, Operation::Payment)?;
    settle(turn, &token, id)
}

/// Whether 3-D Secure begins. A decline stands in the payment: it is the page that tells of it.
fn begin(turn: &mut Turn<'_>, payment: Payment, said: &Authorization) -> Result<bool, Refusal> {
    match new_payment::begin(turn, payment, said) {
        Err(Refusal::IllegalState) => Err(Refusal::IllegalState),
        begun => Ok(begun.is_ok()),
    }
}

/// Asks the bank. A decline stands in the payment: it is the page that tells of it.
fn charge(turn: &mut Turn<'_>, payment: Payment, operation: Operation) -> Result<(), Refusal> {
    let said = new_payment::ask(turn, &payment, operation);
    match new_payment::charge(turn, payment, &said) {
        Err(Refusal::IllegalState) => Err(Refusal::IllegalState),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// A payment about which nothing is decided.
fn payment(
    turn: &mut Turn<'_>,
    (token, hosted): (&str, &Hosted),
    chosen: Chosen,
) -> Result<Payment, Refusal> {
    let at = turn.world.now();
    let mut new: NewPayment = hosted.draft.clone();
    if hosted.in_parts() {
        new.items = Vec::new();
        new.particulars.lines = Vec::new();
        (new.particulars.price, new.particulars.paid) = (None, None);
        new.price = chosen.price;
    }
    let particulars = &mut new.particulars;
    particulars.provider = chosen.provider;
    particulars.last_four = Some(chosen.pan.last_four().to_owned());
    particulars.holder_name = chosen.holder;
    particulars.paid_with_stored_card = chosen.stored;
    particulars.to_store = chosen.to_store.map(Box::new);
    particulars.callback = chosen.three_d.then(|| Callback {
        url: format!("{}/pay/return?token={token}", turn.call.base()),
        version: 1,
    });
    new.bin = new_payment::first_digits(&chosen.pan);
    particulars.pan = Some(chosen.pan);
    let ids = &mut turn.world.ids;
    if new.order_no.is_empty() {
        new.order_no = ids.order_no(at);
    }
    Payment::new(NewPayment {
        id: ids.payment(),
        transactions: ids.transactions(new.items.len()),
        paid: chosen.total,
        installment: chosen.count,
        three_d: chosen.three_d,
        at,
        ..new
    })
}

/// The browser comes back from the bank's page. What it brings is not believed: the payment knows.
fn back(turn: &mut Turn<'_>) -> Answer {
    let (token, hosted) = match open(turn) {
        Ok(page) => page,
        Err(reply) => return Ok(*reply),
    };
    let last = hosted.last().and_then(|id| owned::payment(turn, id).ok());
    let Some(payment) = last.cloned() else {
        return Ok(checkout_view::form(turn, &hosted, (&Form::default(), &[])));
    };
    let id = payment.id;
    match payment.status() {
        Status::Created | Status::AwaitingThreeDs => {
            Ok(checkout_view::form(turn, &hosted, (&Form::default(), &[])))
        }
        Status::Authenticated(_) => {
            charge(turn, payment, Operation::ThreeDsComplete)?;
            settle(turn, &token, id)
        }
        Status::Authorized | Status::Captured | Status::Voided | Status::Failed(_) => {
            settle(turn, &token, id)
        }
    }
}

/// The attempt is over: the browser goes back to the shop, unless more is to be paid here.
fn settle(turn: &mut Turn<'_>, token: &str, id: PaymentId) -> Answer {
    let payment = owned::payment(turn, id)?;
    let (price, succeeded) = (payment.price, has_paid(payment));
    let stored = payment.particulars.stored.clone();
    let Some(hosted) = turn.world.state.hosted.get_mut(token) else {
        return Ok(checkout_view::gone(turn));
    };
    if succeeded {
        hosted.took(id, price);
        hosted.card = stored.filter(|_| hosted.wants_card());
    }
    let hosted = hosted.clone();
    if hosted.in_parts() && !hosted.is_settled() {
        return Ok(checkout_view::form(turn, &hosted, (&Form::default(), &[])));
    }
    Ok(checkout_view::done(turn, (token, &hosted)))
}

/// Stores the card, and asks nobody.
fn keep(turn: &mut Turn<'_>, token: &str, chosen: Chosen) -> Reply {
    let stored = chosen.to_store.map(|card| card::keep(turn, card).keys);
    let Some(hosted) = turn.world.state.hosted.get_mut(token) else {
        return checkout_view::gone(turn);
    };
    if let Some(keys) = stored {
        hosted.stored(keys);
    }
    let hosted = hosted.clone();
    checkout_view::done(turn, (token, &hosted))
}

fn has_paid(payment: &Payment) -> bool {
    match payment.status() {
        Status::Authorized | Status::Captured | Status::Voided => true,
        Status::Created
        | Status::AwaitingThreeDs
        | Status::Authenticated(_)
        | Status::Failed(_) => false,
    }
}

//! The hosted page, as the shopper's browser sees it. It works without JavaScript.
//! contract: craftgate §5.3, §3.11

use crate::call::form::Form as Said;
use crate::domain::decision::{Authorization, Point};
use crate::domain::hosted::{Hosted, Purpose};
use crate::domain::particulars::Callback;
use crate::domain::payment::{NewPayment, Payment, PaymentId, Status};
use crate::domain::published::Operation;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::scenario::facts::Facts;
use crate::surface::craftgate::checkout_form::{self, Chosen, Form};
use crate::surface::craftgate::dialect;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::way_back::bank_page;
use crate::surface::craftgate::{card, checkout_view, new_payment, of_payment, text};
use crate::surface::steered::handed_on;
use http::Method;

/// The page's own form; the bank's fields come with a browser that returns.
fn told(spec: &mut Spec<'_>) {
    dialect::page(spec);
    spec.form();
    spec.query(&[("token", Said::Text)]);
    spec.open();
}

const fn row(
    method: Method,
    path: &'static str,
    (name, points): (&'static str, &'static [Point]),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (Evidence::Inferred, points), handle).told(told)
}

const VISIT: (&str, &[Point]) = ("craftgate.page.checkout", &[]);
const PAY: (&str, &[Point]) = (
    "craftgate.page.checkout_pay",
    &[Point::ThreeDsInit, Point::Authorization, Point::Webhook],
);
const RETURN: (&str, &[Point]) = (
    "craftgate.page.checkout_return",
    &[Point::Authorization, Point::Webhook],
);

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
        if let Some(payment) = returning(turn) {
            of_payment(payment, facts);
        }
        return;
    }
    let form = Form::read(turn.call);
    facts.amount = Some(hosted.remaining());
    facts.msisdn = hosted.ways.wallet.as_deref().map(Into::into);
    facts.installment = form.count();
    facts.three_d = Some(hosted.ways.three_ds || form.three_ds);
    facts.bin = checkout_form::digits(turn, hosted, &form).map(Into::into);
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
    new_payment::abandon(turn, hosted.last());
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
    if let Some(card) = &chosen.of_wallet {
        turn.verdict.by_card(card, Operation::Payment);
    }
    let payment = payment(turn, (&token, hosted), chosen)?;
    let id = payment.id;
    new_payment::abandon(turn, hosted.last());
    if let Some(page) = turn.world.state.hosted.get_mut(&token) {
        page.tried(id);
    }
    if three_d {
        let said = new_payment::ask(turn, &payment, Operation::ThreeDsInit);
        if begin(turn, payment, &said)? {
            let page = bank_page(turn, id)?;
            return Ok(Reply::see_other(&handed_on(turn.call, page)));
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
        new.particulars.lines.clear();
        (new.particulars.price, new.particulars.paid) = (None, None);
        new.price = chosen.price;
    }
    let particulars = &mut new.particulars;
    particulars.provider = chosen.provider;
    particulars.last_four = Some(chosen.pan.last_four().into());
    particulars.holder_name = chosen.holder.map(Into::into);
    particulars.paid_with_stored_card = chosen.stored;
    particulars.to_store = chosen.to_store.map(Box::new);
    let id = turn.world.ids.payment();
    particulars.page = Some(token.into());
    particulars.callback = chosen
        .three_d
        .then(|| Callback {
            url: format!("{}/pay/return?token={token}&payment={id}", turn.call.base()),
            version: 1,
        })
        .map(Into::into);
    new.bin = new_payment::first_digits(&chosen.pan).into();
    particulars.pan = Some(chosen.pan);
    let ids = &mut turn.world.ids;
    if new.order_no.is_empty() {
        new.order_no = ids.order_no(at);
    }
    Payment::new(NewPayment {
        id,
        transactions: ids.transactions(new.items.len()),
        paid: chosen.total,
        installment: chosen.count,
        three_d: chosen.three_d,
        at,
        ..new
    })
}

/// The payment for which a browser comes back: one that was made on the page that the query names.
fn returning<'t>(turn: &'t Turn<'_>) -> Option<&'t Payment> {
    let token = turn.call.query("token")?;
    let id = text::id(turn.call.query("payment")?)?;
    let payment = turn.world.state.payments.get(&id)?;
    let here = payment.particulars.page.as_deref() == Some(token);
    here.then_some(payment)
}

/// The browser comes back from the bank's page. What it brings is not believed: the payment knows.
fn back(turn: &mut Turn<'_>) -> Answer {
    let (token, hosted) = match open(turn) {
        Ok(page) => page,
        Err(reply) => return Ok(*reply),
    };
    let Some(payment) = returning(turn).cloned() else {
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

/// The attempt is over: the browser goes back to the shop, unless more is to be paid here or somebody
/// has tried again since.
fn settle(turn: &mut Turn<'_>, token: &str, id: PaymentId) -> Answer {
    let Some(hosted) = turn.world.state.hosted.get(token).cloned() else {
        return Ok(checkout_view::gone(turn));
    };
    let goes_on = hosted.in_parts() || hosted.last() != Some(id);
    if goes_on && !hosted.is_settled() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Call;
    use crate::clock::{Clock, ClockSetting, Timestamp};
    use crate::domain::decision::ThreeDs;
    use crate::domain::hosted::Ways;
    use crate::domain::merchant::{Merchants, ThreeDsModel};
    use crate::domain::money::{Currency, Money};
    use crate::route::Router;
    use crate::scenario::Scenario;
    use crate::surface::craftgate::callback;
    use crate::world::{Birth, Sandboxes, World};
    use std::sync::Arc;

    const TOKEN: &str = "t";
    const PAYMENT: PaymentId = 7;

    fn frozen(micros: i64) -> ClockSetting {
        ClockSetting::Frozen(Timestamp::from_micros(micros))
    }

    /// Answers a call at that moment.
    fn at(world: &mut World, micros: i64, direct: fn(&mut Turn<'_>) -> Answer) -> Reply {
        world.clock = Clock::new(frozen(micros));
        let target = format!("/pay/return?token={TOKEN}&payment={PAYMENT}");
        let (clock, scenario) = (frozen(0), Arc::default());
        let call = Call::new(Method::GET, &target);
        let (router, birth) = (Router::new(&[]).unwrap(), Birth { seed: 1, clock });
        let sandboxes = Sandboxes::new(scenario, birth);
        let row = (&ENDPOINTS[2], Vec::new());
        let meter = Arc::default();
        let mut turn = Turn::new(&call, world, row, (&router, &sandboxes, &meter));
        direct(&mut turn).unwrap()
    }

    /// A shopper of such a merchant is at the bank, sent by a page that lapses at 10.
    fn at_the_bank(model: ThreeDsModel) -> World {
        let mut scenario = Scenario::default();
        let mut merchant = (**scenario.merchants.first()).clone();
        merchant.three_ds_model = model;
        let key = merchant.api_key.clone();
        scenario.merchants = Merchants::new(vec![merchant]);
        let clock = frozen(0);
        let mut world = World::new("a", Arc::new(scenario), Birth { seed: 1, clock });
        let mut draft = NewPayment::of(Money::new(100, Currency::TRY));
        (draft.id, draft.three_d) = (PAYMENT, true);
        draft.particulars.merchant = Some(key.into());
        draft.particulars.page = Some(TOKEN.into());
        draft.particulars.callback = Some(
            Callback {
                url: String::new(),
                version: 1,
            }
            .into(),
        );
        let mut payment = Payment::new(draft.clone()).unwrap();
        payment.begin_challenge().unwrap();
        world.state.payments.put(PAYMENT, payment);
        let end = Timestamp::from_micros(10);
        let mut page = Hosted::new(draft, Ways::default(), String::new(), end);
        page.tried(PAYMENT);
        world.state.hosted.put(TOKEN.to_owned(), page);
        world
    }

    #[test]
    fn who_comes_back_to_a_page_that_has_lapsed_is_not_charged() {
        let (by_call, at_once) = (ThreeDsModel::ThreeD, ThreeDsModel::ThreeDPay);
        for (model, confirmed, back_at, charged, status) in [
            (by_call, 9, 9, true, 200),
            (by_call, 9, 10, false, 404),
            (by_call, 10, 10, false, 404),
            (at_once, 9, 10, true, 200),
            (at_once, 10, 10, false, 404),
        ] {
            let told = format!("{model:?} {confirmed} {back_at}");
            let mut world = at_the_bank(model);
            at(&mut world, confirmed, |turn| {
                callback::returned(turn, PAYMENT, Some(ThreeDs::SUCCESS))
            });
            let reply = at(&mut world, back_at, back);
            let payment = world.state.payments.get(&PAYMENT).unwrap();
            let failed = matches!(payment.status(), Status::Failed(_));
            assert_eq!(payment.captured().is_positive(), charged, "{told}");
            assert_eq!(failed, !charged, "{told}");
            assert_eq!(reply.status.as_u16(), status, "{told}");
        }
    }
}

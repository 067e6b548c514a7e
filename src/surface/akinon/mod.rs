//! The commerce backend's checkout, for the payment option "Masterpass Rest". contract: akinon

mod account;
mod address;
mod address_body;
mod basket;
mod basket_body;
mod checkout;
mod complete;
mod completed;
mod envelope;
mod errors;
mod limits;
mod masterpass_rest;
mod order_body;
mod page;
mod pre_order;
mod sent;
mod services;
mod session;
mod storefront;

use crate::call::flag;
use crate::domain::decision::Point;
use crate::domain::payment::Payment;
use crate::domain::shop::PaymentOption;
use crate::route::{Endpoint, Surface, Turn, direct};
use crate::scenario::facts::Facts;
use http::Method;
use std::sync::Arc;

/// The commerce surface.
pub static SURFACE: Surface = Surface {
    name: "akinon",
    title: "the commerce backend's checkout with the payment option Masterpass Rest",
    claims: &["/"],
    endpoints: &[
        services::ENDPOINTS,
        checkout::ENDPOINTS,
        masterpass_rest::ENDPOINTS,
        complete::ENDPOINTS,
        completed::ENDPOINTS,
        account::ENDPOINTS,
        basket::ENDPOINTS,
        address::ENDPOINTS,
        storefront::ENDPOINTS,
    ],
    admit: session::admit,
    facts,
    knows,
    answer: direct,
    refuse: errors::refuse,
    fault: errors::fault,
    finish: session::finish,
    timed: &[],
    preflight: None,
    loose: false,
    reads_cards: false,
    pos_kinds: &[],
    sign: |_, _| {},
    spec: errors::told,
};

/// What the session has chosen is known everywhere, what only a form can say where one is posted.
fn knows(endpoint: &Endpoint) -> &'static [&'static str] {
    const ALL: &[&str] = &[
        "msisdn",
        "bin",
        "stored_card",
        "amount",
        "installment",
        "pos_kind",
        "three_d",
        "order_no",
        "payment_status",
        "transaction_type",
    ];
    let (_, of_session) = ALL.split_last().expect("there are some");
    match endpoint.method {
        Method::GET => of_session,
        _ => ALL,
    }
}

/// What the call is about: what it posts, and else what the session has chosen.
fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    let fields = turn.call.fields().unwrap_or_default();
    let posted = |name: &str| fields.text(name).map(|text| text.into_owned());
    facts.transaction_type = posted("transactionType").map(Into::into);
    facts.bin = posted("bin_number").map(Into::into);
    facts.stored_card = posted("is_masterpass_stored_card").and_then(|text| flag(&text));
    let asked = ["three_d", "three_d_secure"]
        .iter()
        .find_map(|name| turn.call.query(name))
        .and_then(flag);
    facts.three_d = asked.or(posted("use_three_d").and_then(|text| flag(&text)));
    let token = posted("token").or_else(|| turn.call.query("token").map(str::to_owned));
    let token = token.and_then(|token| turn.world.state.result_tokens.get(&*token));
    if token.is_some_and(|token| token.three_ds.is_some()) {
        facts.settled.push(Point::ThreeDs);
    }
    let Some(session) = session::peek(turn) else {
        return;
    };
    let shop = &turn.world.scenario.shop;
    let c = &session.checkout;
    facts.msisdn = session::phone(session, shop).map(Into::into);
    facts.amount = Some(session.totals(shop).payable);
    facts.installment = c.installment.as_ref().map(|i| i.count);
    facts.order_no = c
        .attempt
        .as_ref()
        .map(|attempt| attempt.order_no.as_str().into());
    let order_no = facts.order_no.as_deref().unwrap_or_default();
    let payment = turn.world.state.payments.of_number(order_no).next();
    facts.payment_status = payment.map(Payment::standing);
    if facts.bin.is_none() {
        facts.bin = c.card.as_ref().map(|card| card.bin.as_str().into());
        facts.stored_card = facts
            .stored_card
            .or(c.card.as_ref().map(|card| card.stored));
    }
    if let Some(pk) = posted("payment_option")
        .and_then(|pk| pk.parse().ok())
        .or(c.payment_option)
    {
        facts.pos_kind = shop.payment_option(pk).map(|option| option.pos_kind);
    }
    let by_pos = c.payment_option.and_then(|pk| shop.payment_option(pk));
    let default = |o: &Arc<PaymentOption>| o.three_d_enabled;
    facts.three_d = match c.attempt.as_ref() {
        Some(attempt) if facts.three_d.is_none() => Some(attempt.three_d),
        _ => facts
            .three_d
            .map(|asked| asked || by_pos.is_some_and(default)),
    };
    if turn
        .endpoint
        .page
        .is_some_and(|page| page.contains("Installment"))
    {
        let pk = posted("installment").and_then(|pk| pk.parse::<u32>().ok());
        let offered = envelope::offered(session, &turn.world.scenario);
        let chosen = pk.and_then(|pk| offered.into_iter().find(|i| i.pk == pk));
        facts.installment = chosen.map(|i| i.count);
    }
}

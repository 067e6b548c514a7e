//! The gateway's API, as its official clients speak it. contract: craftgate
//!
//! A resource file has its rows on top, and for each row a request that is read (`body`, `query`),
//! a decision (`decide`), a move of the domain, and an answer (`write`, `payment_body`). `errors`
//! has every code, `dialect` says refusals, `owned` finds what belongs to the caller.

mod bins;
mod body;
mod callback;
mod card;
mod card_payments;
mod card_verify;
mod checkout_form;
mod checkout_init;
mod checkout_page;
mod checkout_payments;
mod checkout_view;
mod checkout_words;
mod decide;
mod dialect;
mod errors;
mod fields;
mod given;
mod hashes;
mod idempotency;
mod ignored;
mod installments;
mod later;
mod loyalties;
mod masterpass;
mod masterpass_payment;
mod mistakes;
mod multi_payments;
mod new_payment;
mod owned;
mod payment_body;
mod payout;
mod query;
mod refund_body;
mod refunds;
mod reporting;
mod search;
mod signature;
mod stored_cards;
mod text;
mod timed;
mod transactions;
mod wallet_token;
mod way_back;
mod webhooks;
mod write;

use crate::domain::money::Currency;
use crate::domain::payment::Payment;
use crate::domain::shop::PosKind;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Surface, Turn, direct};
use crate::scenario::facts::Facts;
use fields::Fields;

/// Whether the vendor's public lists, or our own numbers beside them, have an error's code.
pub fn lists(code: &str) -> bool {
    let number = code.parse().ok();
    number.is_some_and(|n| errors::Code::from_number(n).is_some() || errors::group_of(n).is_some())
}

/// The gateway surface.
pub static SURFACE: Surface = Surface {
    name: "craftgate",
    title: "the payment gateway's API, for its official clients",
    claims: &[
        "/payment/v1/",
        "/payment/v2/",
        "/payment-reporting/",
        "/installment/",
        "/onboarding/",
        "/wallet/v1/",
        "/craftlink/",
        "/fraud/",
        "/merchant/v1/",
        "/settlement/",
        "/settlement-reporting/",
        "/file-reporting/",
        "/bank-account-tracking/",
    ],
    endpoints: &[
        bins::ENDPOINTS,
        installments::ENDPOINTS,
        masterpass::ENDPOINTS,
        masterpass_payment::ENDPOINTS,
        way_back::ENDPOINTS,
        card_payments::ENDPOINTS,
        stored_cards::ENDPOINTS,
        loyalties::ENDPOINTS,
        refunds::ENDPOINTS,
        reporting::ENDPOINTS,
        transactions::ENDPOINTS,
        checkout_payments::ENDPOINTS,
        checkout_page::ENDPOINTS,
        card_verify::ENDPOINTS,
        multi_payments::ENDPOINTS,
        later::ENDPOINTS,
    ],
    admit,
    facts,
    knows,
    answer,
    refuse: dialect::refuse,
    fault: dialect::fault,
    finish: |_, _| {},
    timed: timed::TIMED,
    preflight: None,
    loose: false,
    reads_cards: true,
    pos_kinds: &[PosKind::Gateway],
    sign: signature::sign_example,
    spec: dialect::told,
};

/// Rows for browsers: nobody signs those calls. Their names begin with `craftgate.page.`.
fn is_page(endpoint: &Endpoint) -> bool {
    endpoint.name.starts_with("craftgate.page.")
}

/// Whoever calls finds the sample data there.
fn admit(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    signature::admit(turn)?;
    turn.world.stock();
    Ok(())
}

/// The kept answer, else the scripted error, else the endpoint's own.
fn answer(turn: &mut Turn<'_>) -> Answer {
    webhooks::asked_about(turn);
    idempotency::answer(turn, |turn| match &turn.verdict.error {
        Some(error) => Err(error.refusal()),
        None => direct(turn),
    })
}

/// What can be known, by what a row's calls hold.
fn knows(endpoint: &Endpoint) -> &'static [&'static str] {
    match endpoint.name.split('.').nth(1) {
        Some("bin") => &["bin", "pos_kind"],
        Some("installment") => &["bin", "amount", "pos_kind"],
        Some("stored_card" | "loyalty") => &["bin", "stored_card", "pos_kind"],
        Some("refund" | "transaction" | "reporting") => &[
            "bin",
            "stored_card",
            "amount",
            "installment",
            "pos_kind",
            "three_d",
            "order_no",
            "conversation_id",
            "payment_status",
        ],
        _ if endpoint.name == "craftgate.masterpass.check_user" => &["msisdn", "pos_kind"],
        _ => &[
            "msisdn",
            "bin",
            "stored_card",
            "amount",
            "installment",
            "pos_kind",
            "three_d",
            "order_no",
            "conversation_id",
            "payment_status",
        ],
    }
}

/// Where a call is about a card that it names outright.
const OF_CARDS: &[&str] = &["craftgate.loyalty.retrieve", "craftgate.stored_card.store"];

/// What the call is about: what it says, and else the payment or reference that it names.
fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    facts.pos_kind = Some(PosKind::Gateway);
    checkout_page::facts(turn, facts);
    way_back::facts(turn, facts);
    let posted = body::peek(turn.call, |fields| {
        told(fields, facts);
        fields.object("createPayment", |inner| told(inner, facts));
        fields.object("card", |card| told_of_card(turn, card, facts));
        if OF_CARDS.contains(&turn.endpoint.name) {
            told_of_card(turn, fields, facts);
        }
        (
            fields.id("paymentId"),
            fields.text("referenceId"),
            fields.id("paymentTransactionId"),
        )
    });
    if !turn.call.query.is_empty() {
        query::peek(turn.call, |fields| told(fields, facts));
    }
    if !turn.param("binNumber").is_empty() {
        facts.bin = Some(turn.param("binNumber").into());
    }
    let (payment, reference, item) = posted.unwrap_or_default();
    let state = &turn.world.state;
    let named = || {
        let id = text::id(turn.param("paymentId")).or_else(|| text::id(turn.param("id")));
        id.or_else(|| callback::visited(turn))
    };
    let by_item = || {
        item.and_then(|id| state.payments.of_item(id))
            .map(|(id, _)| id)
    };
    if let Some(reference) = reference.and_then(|id| state.references.get(&*id)) {
        facts.bin = Some(reference.bin.as_str().into());
        facts.amount = Some(reference.paid);
        facts.installment = Some(reference.installment);
        facts.three_d = Some(reference.three_d);
        facts.order_no = Some(reference.order_no.as_str().into());
    } else if let Some(id) = payment.or_else(by_item).or_else(named)
        && let Some(payment) = state.payments.get(&id)
    {
        of_payment(payment, facts);
    }
    if turn.endpoint.name.contains(".3ds_") {
        facts.three_d = Some(true);
    }
}

fn told(fields: &mut Fields<'_>, facts: &mut Facts) {
    let currency = fields.currency("currency").unwrap_or(Currency::TRY);
    let paid = fields.amount("paidPrice", currency);
    let paid = paid.or_else(|| fields.amount("price", currency));
    let paid = paid.or_else(|| fields.amount("verificationPrice", currency));
    let checked = fields.text("paymentAuthenticationType");
    let phone = fields
        .text("msisdn")
        .or_else(|| fields.text("masterpassGsmNumber"));
    facts.conversation_id = fields
        .text("conversationId")
        .or_else(|| facts.conversation_id.take());
    facts.amount = paid.map(|amount| amount.money()).or(facts.amount);
    facts.msisdn = phone.or_else(|| facts.msisdn.take());
    let bin = fields.text("binNumber");
    facts.bin = bin.or_else(|| facts.bin.take());
    facts.installment = fields.count("installment").or(facts.installment);
    let three_d = fields.flag("forceThreeDS");
    let three_d = three_d.or_else(|| checked.map(|how| how == "THREE_DS"));
    facts.three_d = three_d.or(facts.three_d);
}

/// Eight digits of a card number are what a BIN has at most.
fn told_of_card(turn: &Turn<'_>, card: &mut Fields<'_>, facts: &mut Facts) {
    let stored = card::stored(turn, card);
    let number = match stored.flatten() {
        Some(stored) => stored.pan.digits().to_owned(),
        None => card.text("cardNumber").unwrap_or_default().into(),
    };
    if let Some(bin) = number.get(..8) {
        facts.bin = Some(bin.into());
    }
    facts.stored_card = Some(stored.is_some());
}

fn of_payment(payment: &Payment, facts: &mut Facts) {
    facts.payment = Some(payment.id);
    facts.payment_status = Some(payment.standing());
    let conversation = facts.conversation_id.take();
    facts.conversation_id = conversation.or_else(|| payment.particulars.conversation_id.clone());
    facts.bin = Some(payment.bin.clone());
    facts.order_no = Some(payment.order_no.clone()).filter(|order_no| !order_no.is_empty());
    facts.amount = facts.amount.or_else(|| Some(payment.paid()));
    facts.installment = Some(payment.installment);
    facts.three_d = Some(payment.three_d);
    facts.stored_card = Some(payment.particulars.paid_with_stored_card);
}

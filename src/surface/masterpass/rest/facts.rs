//! What a call is about, in words that rules can ask for: what it says, and else the purchase or
//! payment that it names.

use super::caller::{checks, claims};
use super::said::{Said, minor};
use crate::domain::decision::Ask;
use crate::domain::money::{Currency, Money};
use crate::domain::shop::PosKind;
use crate::domain::wallet::{Operation, Persona, Purchase, TransactionKind, msisdn};
use crate::route::Turn;
use crate::scenario::facts::Facts;
use crate::surface::masterpass::{typed, wallet};
use compact_str::CompactString;
use std::borrow::Cow;

/// Fills in what is known before the call is answered.
pub fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    facts.pos_kind = Some(PosKind::Wallet);
    if super::recurring::is_due(turn) {
        return super::recurring::facts(turn, facts);
    }
    let Ok(said) = Said::read(turn.call) else {
        return;
    };
    let claims = claims(turn).ok();
    let of_token = claims.as_ref().map(|claims| Cow::Borrowed(&*claims.msisdn));
    let phone = said.look("accountKey").or(of_token);
    let phone = phone.filter(|phone| !phone.is_empty());
    facts.msisdn = phone.map(|phone| msisdn(&phone).as_ref().into());
    facts.order_no = said
        .look("orderNo")
        .or_else(|| said.look("orderId"))
        .map(Into::into);
    let currency = said.look("currencyCode").and_then(|code| code.parse().ok());
    let amount = said.look("amount").and_then(|text| minor(&text));
    facts.amount = amount.map(|minor| Money::new(minor, currency.unwrap_or(Currency::TRY)));
    let count = said
        .look("installmentCount")
        .and_then(|count| count.parse().ok());
    facts.installment = count.map(|count: u32| count.max(1));
    let asked = checks(&said).0 || claims.is_some_and(|claims| claims.three_d);
    match kind(turn.endpoint.name) {
        Some(kind) => card(turn, &said, (kind, asked), facts),
        None => named(turn, &said, facts),
    }
}

/// How the purchase that this row begins is made.
fn kind(endpoint: &str) -> Option<TransactionKind> {
    match endpoint {
        "masterpass.payment.request" => Some(TransactionKind::Saved),
        "masterpass.payment.direct" => Some(TransactionKind::Direct),
        "masterpass.payment.register" => Some(TransactionKind::Registering),
        _ => None,
    }
}

/// A purchase with a card that was picked or typed.
fn card(
    turn: &Turn<'_>,
    said: &Said<'_>,
    (kind, asked): (TransactionKind, bool),
    facts: &mut Facts,
) {
    facts.stored_card = Some(kind == TransactionKind::Saved);
    let persona = match kind {
        TransactionKind::Saved => saved_card(turn, said, facts),
        TransactionKind::Direct | TransactionKind::Registering => typed_card(turn, said, facts),
    };
    let by_card = persona.and_then(|persona| persona.asks.as_ref());
    let three_d = by_card.map_or(asked, |asks| asks.contains(&Ask::ThreeDs));
    facts.three_d = Some(three_d);
    facts.transaction_type = Some(kind.code(three_d).into());
}

fn saved_card<'t>(turn: &'t Turn<'_>, said: &Said<'_>, facts: &mut Facts) -> Option<&'t Persona> {
    let alias = typed::unescaped(&said.look("cardAlias")?);
    let holder = wallet::holder(turn, facts.msisdn.as_deref().unwrap_or_default());
    let card = holder.and_then(|holder| holder.card(&alias));
    facts.card_alias = Some(alias.into());
    facts.bin = card.map(|card| bin(card.pan.digits()));
    card.map(|card| &card.persona)
}

fn typed_card<'t>(turn: &'t Turn<'_>, said: &Said<'_>, facts: &mut Facts) -> Option<&'t Persona> {
    let number = said.look("cardNumber").unwrap_or_default();
    let number = typed::card_number(turn, &number).ok().flatten();
    let name = said.look("cardHolderName").unwrap_or_default();
    let name = typed::unescaped(&name);
    let known = wallet::known(turn, number.as_ref(), &name);
    let read = number.as_ref().or(known.map(|card| &card.pan));
    facts.bin = read.map(|pan| bin(pan.digits()));
    facts.card_name = Some(name).filter(|name| !name.is_empty()).map(Into::into);
    let alias = said.look("cardAlias");
    facts.card_alias = alias.map(|alias| typed::unescaped(&alias).into());
    known.map(|card| &card.persona)
}

/// Eight digits of a card number are what a BIN has at most.
pub(super) fn bin(digits: &str) -> CompactString {
    digits.chars().take(8).collect()
}

/// What is under way under the token of the call, or was paid under its order number; else the card
/// that it names.
fn named(turn: &Turn<'_>, said: &Said<'_>, facts: &mut Facts) {
    let state = &turn.world.state;
    let token = said.look("token").unwrap_or_default();
    let paid = state.result_tokens.get(&*token);
    if let Some(purchase) = paid.and_then(|paid| paid.purchase.as_deref()) {
        let three_d = paid.is_some_and(|paid| paid.three_ds.is_some());
        return of_purchase(purchase, three_d, facts);
    }
    if let Ok(flow) = state.wallet.flow(&token) {
        facts.msisdn = Some(flow.msisdn.as_str().into());
        if let Operation::Purchase(purchase) = &flow.operation {
            of_purchase(purchase, flow.asked() == Some(Ask::ThreeDs), facts);
        }
        return;
    }
    let order_no = facts.order_no.as_deref().unwrap_or_default();
    if let Some(payment) = state.payments.of_order(order_no) {
        facts.payment_status = Some(payment.standing());
        facts.bin = Some(payment.bin.clone());
        facts.amount = facts.amount.or_else(|| Some(payment.paid()));
        facts.installment = Some(payment.installment);
        facts.three_d = Some(payment.three_d);
        return;
    }
    if said.look("cardNumber").is_some() {
        typed_card(turn, said, facts);
        let alias = said.look("accountAliasName");
        let alias = alias.map(|alias| typed::unescaped(&alias).into());
        facts.card_alias = facts.card_alias.take().or(alias);
    } else {
        saved_card(turn, said, facts);
    }
}

fn of_purchase(purchase: &Purchase, three_d: bool, facts: &mut Facts) {
    facts.msisdn = Some(purchase.msisdn.clone());
    facts.order_no = Some(purchase.order_no.clone());
    facts.amount = facts.amount.or(Some(purchase.amount));
    facts.installment = Some(purchase.installment);
    facts.bin = Some(bin(purchase.card.pan.digits()));
    facts.stored_card = Some(purchase.kind == TransactionKind::Saved);
    facts.card_alias = Some(purchase.card.alias.clone());
    facts.card_name = Some(purchase.card.name.clone());
    facts.three_d = Some(three_d);
    facts.transaction_type = Some(purchase.kind.code(three_d).into());
}

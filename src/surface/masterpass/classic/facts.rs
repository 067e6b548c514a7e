//! What a call is about, for the rules of a scenario.

use super::caller::{Admitted, peek, phone};
use super::sent::Sent;
use super::validate;
use crate::domain::decision::Ask;
use crate::domain::shop::PosKind;
use crate::domain::wallet::{Card, Operation, Purchase, TransactionKind};
use crate::route::Turn;
use crate::scenario::facts::Facts;
use crate::surface::masterpass::typed::card_number;
use crate::surface::masterpass::wallet;

/// What it says, and else what is under way.
pub fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    facts.pos_kind = Some(PosKind::Wallet);
    let Ok(sent) = Sent::of(turn) else { return };
    facts.msisdn = phone(turn, sent).map(Into::into);
    facts.order_no = sent.text("orderNo").map(Into::into);
    facts.amount = sent.amount().ok();
    facts.installment = sent.installment().ok();
    facts.card_name = sent.alias("cardHolderName").map(Into::into);
    facts.card_alias = aliases(sent).map(Into::into);
    let admitted = peek(turn, sent).ok();
    if let Some(token) = validate::token(turn)
        && let Ok(flow) = turn.world.state.wallet.flow(&token)
    {
        facts.msisdn = Some(flow.msisdn.as_str().into());
        match &flow.operation {
            Operation::Purchase(purchase) => under_way(purchase, facts),
            Operation::Register(card) => of_card(card, false, facts),
            Operation::Link
            | Operation::ChangeUser(_)
            | Operation::ChangeNumber(_)
            | Operation::MoveIn(_)
            | Operation::Recur(_)
            | Operation::Confirm => {}
        }
    }
    if let Some(admitted) = admitted {
        said(turn, sent, (&admitted, facts));
    }
}

fn aliases(sent: Sent<'_>) -> Option<String> {
    let names = ["listAccountName", "accountAliasName", "cardAliasName"];
    names.iter().find_map(|name| sent.alias(name))
}

fn said(turn: &Turn<'_>, sent: Sent<'_>, (admitted, facts): (&Admitted, &mut Facts)) {
    let caller = &admitted.caller;
    if !caller.msisdn.is_empty() {
        facts.msisdn = Some(caller.msisdn.as_str().into());
    }
    let kind = kind(turn.endpoint.name);
    if kind.is_some() && facts.order_no.is_none() {
        facts.order_no = admitted
            .reference
            .clone()
            .or_else(|| sent.text("referenceNo"))
            .map(Into::into);
    }
    let card = match kind {
        Some(TransactionKind::Saved) => saved(turn, &caller.msisdn, facts),
        Some(TransactionKind::Direct | TransactionKind::Registering) => typed(turn, sent),
        None if turn.endpoint.name == "mfs.card.register" => typed(turn, sent),
        None => None,
    };
    if let Some(card) = &card {
        of_card(card, kind == Some(TransactionKind::Saved), facts);
    }
    let Some(kind) = kind else { return };
    let of_card = card.and_then(|card| card.persona.asks);
    let asks = of_card.or_else(|| caller.asks.clone()).unwrap_or_default();
    transacting(kind, asks.contains(&Ask::ThreeDs), facts);
}

fn kind(endpoint: &str) -> Option<TransactionKind> {
    match endpoint {
        "mfs.payment.purchase" => Some(TransactionKind::Saved),
        "mfs.payment.direct" => Some(TransactionKind::Direct),
        "mfs.payment.register" => Some(TransactionKind::Registering),
        _ => None,
    }
}

fn saved(turn: &Turn<'_>, msisdn: &str, facts: &Facts) -> Option<Card> {
    let holder = wallet::holder(turn, msisdn)?;
    holder.card(facts.card_alias.as_deref()?).cloned()
}

fn typed(turn: &Turn<'_>, sent: Sent<'_>) -> Option<Card> {
    let number = card_number(turn, &sent.text("rtaPan")?).ok()?;
    let name = sent.alias("cardHolderName").unwrap_or_default();
    wallet::typed(turn, (number, &name), ("", "")).ok()
}

fn of_card(card: &Card, stored: bool, facts: &mut Facts) {
    facts.bin = card.pan.digits().get(..8).map(Into::into);
    facts.stored_card = Some(stored);
}

fn under_way(purchase: &Purchase, facts: &mut Facts) {
    let stored = purchase.kind == TransactionKind::Saved;
    of_card(&purchase.card, stored, facts);
    facts.order_no = Some(purchase.order_no.clone());
    facts.amount = Some(purchase.amount);
    facts.installment = Some(purchase.installment);
    facts.card_name = Some(purchase.card.name.clone()).filter(|name| !name.is_empty());
    facts.card_alias = Some(purchase.card.alias.clone()).filter(|alias| !alias.is_empty());
    let asks = purchase.card.persona.asks.as_deref().unwrap_or_default();
    transacting(purchase.kind, asks.contains(&Ask::ThreeDs), facts);
}

fn transacting(kind: TransactionKind, three_d: bool, facts: &mut Facts) {
    facts.three_d = Some(three_d);
    facts.transaction_type = Some(kind.code(three_d).into());
}

//! The cards of an account: listed, deleted, moved in, named. contract: masterpass §2.3, §6

use super::caller::{caller, peek};
use super::envelope::{ListItem, ListItems, Transaction};
use super::next::{answer, success, told};
use super::sent::Sent;
use crate::domain::decision::{Point, WalletFault};
use crate::domain::wallet::Card;
use crate::refusal::Refusal;
use crate::route::{Answer, Turn};
use crate::scenario::masterpass::EmptyList;
use crate::surface::masterpass::typed::card_number;
use crate::surface::masterpass::{ica, wallet};

operations! {
    "listManagement" "mfs.cards.list" (Observed, POINTS) => list;
    "deleteCard" "mfs.card.delete" (Observed, POINTS) => delete;
    "addCardToMasterPass" "mfs.card.move_in" (Inferred, MOVE_IN) => move_in;
    "getCardUniqueId" "mfs.card.identify" (Inferred, POINTS) => identify;
}

const POINTS: &[Point] = &[Point::Page, Point::Token, Point::Account, Point::Wallet];
const MOVE_IN: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Account,
    Point::Wallet,
    Point::Asks,
];

/// Its form is not public. Proposed; contract: masterpass §6
const CARD_STATUS: &str = "0000000000000000";

fn list(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let holder = wallet::account(turn, &caller)?;
    let cards = holder.cards.iter();
    let cards: Vec<_> = cards.map(|card| item(turn, &holder.msisdn, card)).collect();
    if cards.is_empty() {
        match turn.world.scenario.settings.masterpass.empty_list {
            EmptyList::Success => {}
            EmptyList::Code => return Err(Refusal::Wallet(WalletFault::NoCards)),
        }
    }
    let transaction = Transaction {
        account_status: wallet::status(turn, &caller).to_string(),
        list_items: ListItems {
            list_item: cards,
            bank_list: [],
        },
        ..Transaction::default()
    };
    let fault = success(turn, true);
    Ok(answer(turn, &fault, transaction))
}

fn item(turn: &Turn<'_>, msisdn: &str, card: &Card) -> ListItem {
    let bin = turn.world.scenario.bins.find(card.pan.digits());
    let eft = bin.and_then(|bin| bin.bank.as_ref()?.code);
    let ica = eft.and_then(ica::of_bank);
    let program = bin.and_then(|bin| bin.program.as_deref());
    let program = program.unwrap_or_default().to_owned();
    ListItem {
        name: card.alias.to_string(),
        value1: card.pan.to_string(),
        value2: "",
        unique_id: card.unique_id(msisdn),
        bank_ica: ica.map_or_else(String::new, |ica| ica.to_string()),
        eft_code: eft.map_or_else(String::new, |code| format!("{code:04}")),
        // Codes of reward programmes are not public: the programme's name stands for it.
        loyalty_code: program.clone(),
        product_name: program,
        is_master_pass_member: if card.vault { "N" } else { "Y" },
        promt_cpin: "N",
        card_status: CARD_STATUS,
    }
}

fn delete(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let alias = Sent::of(turn)?.need_alias("accountAliasName")?;
    wallet::delete_card(turn, &caller, &alias)?;
    let transaction = Transaction {
        account_status: wallet::status(turn, &caller).to_string(),
        ..Transaction::default()
    };
    let fault = success(turn, false);
    Ok(answer(turn, &fault, transaction))
}

fn move_in(turn: &mut Turn<'_>) -> Answer {
    let caller = caller(turn)?.caller;
    let alias = Sent::of(turn)?.need_alias("cardAliasName")?;
    let next = wallet::move_in(turn, &caller, &alias)?;
    told(turn, &caller, next)
}

/// A card's unique id is one of a wallet: the one that the token names.
fn identify(turn: &mut Turn<'_>) -> Answer {
    let sent = Sent::of(turn)?;
    let msisdn = peek(turn, sent)?.caller.msisdn;
    let number = card_number(turn, &sent.text("rtaPan").unwrap_or_default())?;
    let card = wallet::typed(turn, (number, ""), ("", ""))?;
    let transaction = Transaction {
        card_unique_id: card.unique_id(&msisdn),
        ..Transaction::default()
    };
    let fault = success(turn, false);
    Ok(answer(turn, &fault, transaction))
}

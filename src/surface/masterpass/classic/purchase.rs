//! Purchases: with a card of the wallet, with a typed one, with a typed one that is kept.
//! contract: masterpass §2.3, §1.1

use super::caller::{Admitted, caller};
use super::envelope::Transaction;
use super::fields::{
    direct as direct_fields, purchase as purchase_fields, registering as registering_fields,
};
use super::next::{answer, success, told};
use super::register::typed_card;
use super::sent::Sent;
use crate::domain::decision::Point;
use crate::domain::wallet::{Card, TransactionKind};
use crate::refusal::{Refusal, TokenFault, WalletFault};
use crate::route::{Answer, Turn};
use crate::surface::masterpass::wallet::{self, Wanted};

operations! {
    "remotePurchaseOther" "mfs.payment.purchase" (Observed, POINTS) => saved purchase_fields;
    "directPurchase" "mfs.payment.direct" (Observed, POINTS) => direct direct_fields;
    "purchaseAndRegister" "mfs.payment.register" (Observed, POINTS) => registering registering_fields;
    "commitTransaction" "mfs.payment.commit" (Inferred, COMMIT) => commit;
}

const POINTS: &[Point] = &[
    Point::Page,
    Point::Token,
    Point::Account,
    Point::Wallet,
    Point::Asks,
];
const COMMIT: &[Point] = &[Point::Page, Point::Token];

fn saved(turn: &mut Turn<'_>) -> Answer {
    let admitted = caller(turn)?;
    let alias = Sent::of(turn)?.need_alias("listAccountName")?;
    let card = wallet::saved(turn, &admitted.caller, &alias)?;
    purchase(turn, admitted, (TransactionKind::Saved, card))
}

fn direct(turn: &mut Turn<'_>) -> Answer {
    let admitted = caller(turn)?;
    let card = typed_card(turn, "")?;
    purchase(turn, admitted, (TransactionKind::Direct, card))
}

fn registering(turn: &mut Turn<'_>) -> Answer {
    let admitted = caller(turn)?;
    let alias = Sent::of(turn)?.need_alias("accountAliasName")?;
    let card = typed_card(turn, &alias)?;
    purchase(turn, admitted, (TransactionKind::Registering, card))
}

/// Where the bank sends no passwords, 3-D Secure takes their place. contract: masterpass §11 row 35
fn purchase(
    turn: &mut Turn<'_>,
    admitted: Admitted,
    (kind, card): (TransactionKind, Card),
) -> Answer {
    let sent = Sent::of(turn)?;
    let (amount, installment) = (sent.amount()?, sent.installment()?);
    let order_no = order_no(turn, &admitted)?;
    let wanted = Wanted {
        kind,
        order_no,
        amount,
        installment,
        card,
    };
    let next = wallet::purchase(turn, &admitted.caller, wanted, true)?;
    told(turn, &admitted.caller, next)
}

/// The call's order number, else the token's or the call's number of the request: SDKs have an empty
/// order number by default. Err when the token is for another order.
fn order_no(turn: &mut Turn<'_>, admitted: &Admitted) -> Result<String, Refusal> {
    let sent = Sent::of(turn)?;
    let known = admitted.reference.clone();
    match (sent.text("orderNo"), known) {
        (Some(order_no), Some(bound)) if admitted.bound && order_no != bound => {
            Err(Refusal::Wallet(WalletFault::OrderMismatch))
        }
        (Some(order_no), _) => Ok(order_no),
        (None, known) => {
            let known = known.or_else(|| sent.text("referenceNo"));
            let now = turn.world.now();
            Ok(known.unwrap_or_else(|| turn.world.ids.order_no(now).into()))
        }
    }
}

/// The page says that it has the payment token: its SDK ignores the answer. Money moves when the
/// merchant's backend completes the purchase.
fn commit(turn: &mut Turn<'_>) -> Answer {
    let token = Sent::of(turn)?.need("token")?;
    let paid = turn.world.state.result_tokens.get(&*token);
    let paid = paid.ok_or(Refusal::Token(TokenFault::Unknown))?;
    if !paid.successful {
        return Err(Refusal::Wallet(WalletFault::NotVerified));
    }
    let fault = success(turn, false);
    Ok(answer(turn, &fault, Transaction::default()))
}

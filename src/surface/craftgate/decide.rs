//! What bank and shopper say: a rule of the scenario, else the published table of test cards, else
//! yes.

use crate::domain::decision::{Authorization, ThreeDs};
use crate::domain::pan::Pan;
use crate::domain::published::{Operation, TestCard, test_card};
use crate::route::Turn;

/// What a rule says to `operation`.
pub const fn ruled<'t>(turn: &'t Turn<'_>, operation: Operation) -> Option<&'t Authorization> {
    match operation {
        Operation::ThreeDsInit => turn.verdict.three_ds_init.as_ref(),
        Operation::Payment
        | Operation::ThreeDsVerify
        | Operation::ThreeDsComplete
        | Operation::PreAuth
        | Operation::PostAuth
        | Operation::Refund => turn.verdict.authorization.as_ref(),
    }
}

/// The bank's answer to `operation` with this card.
pub fn bank(turn: &mut Turn<'_>, operation: Operation, card: Option<&Pan>) -> Authorization {
    if let Some(said) = ruled(turn, operation) {
        return said.clone();
    }
    let Some(card) = known(card) else {
        return Authorization::Approved;
    };
    let said = card.authorization(operation);
    if said != Authorization::Approved {
        turn.verdict.magic = Some("test card");
    }
    said
}

/// How 3-D Secure ends with this card.
pub fn three_ds(turn: &mut Turn<'_>, card: Option<&Pan>) -> ThreeDs {
    if let Some(said) = turn.verdict.three_ds {
        return said;
    }
    let said = known(card).map_or(ThreeDs::SUCCESS, |card| card.three_ds);
    if said != ThreeDs::SUCCESS {
        turn.verdict.magic = Some("test card");
    }
    said
}

fn known(card: Option<&Pan>) -> Option<&'static TestCard> {
    test_card(card?.digits())
}

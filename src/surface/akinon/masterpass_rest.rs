//! The pages of the payment option: card, installments, order number. contract: akinon §9.4–§9.6

use crate::call::form::Form;
use crate::domain::checkout::{Attempt, CardChoice, Step};
use crate::domain::decision::Point;
use crate::refusal::{Refusal, Why};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::checkout::{
    begin, choice, next, option_of, page, supersede_reference, truth,
};
use crate::surface::akinon::{envelope, session};
use std::sync::Arc;

/// Rows of the card pages. Storefronts that do not know the payment option post an installment to
/// the pages of others (contract: akinon §14, H1): those are aliases.
pub const ENDPOINTS: &[Endpoint] = &[
    offering(page(
        "MasterpassRestBinNumberPage",
        "akinon.checkout.bin",
        Evidence::Documented,
        bin_number,
    ))
    .told(|spec| {
        spec.need(&[("bin_number", Form::Digits)]);
        spec.body(&[("is_masterpass_stored_card", Form::Flag)]);
        envelope::told(spec);
    }),
    page(
        "MasterpassRestInstallmentPage",
        INSTALLMENT,
        Evidence::Documented,
        installment,
    ),
    page(
        "InstallmentSelectionPage",
        INSTALLMENT,
        Evidence::Observed,
        installment,
    ),
    page(
        "MasterpassInstallmentPage",
        INSTALLMENT,
        Evidence::Observed,
        installment,
    ),
    page(
        "MasterpassRestOrderNoPage",
        "akinon.checkout.order_no",
        Evidence::Documented,
        order_no,
    ),
];

/// In how many parts the card may pay is decided when it is named.
const fn offering(mut page: Endpoint) -> Endpoint {
    page.points = &[Point::Page, Point::Installments];
    page
}

const INSTALLMENT: &str = "akinon.checkout.installment";

fn bin_number(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::Bin)?;
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let bin = fields
        .text("bin_number")
        .ok_or_else(|| Refusal::field("bin_number", Why::Missing))?;
    if !(6..=8).contains(&bin.len()) || !bin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::field(
            "bin_number",
            Why::Malformed("the first 6 to 8 digits of the card"),
        ));
    }
    let card = CardChoice {
        bin: bin.into_owned(),
        stored: truth(turn, "is_masterpass_stored_card")?,
        terms: turn.verdict.installments.clone(),
    };
    let session = session::open(turn);
    session.checkout.card = Some(card);
    session.undo_after(Step::Bin);
    next(turn)
}

fn installment(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::Installment)?;
    let pk = choice(turn, "installment")?;
    let scenario = Arc::clone(&turn.world.scenario);
    let session = session::open(turn);
    let offered = envelope::offered(session, &scenario);
    let chosen = offered.into_iter().find(|i| i.pk == pk);
    let chosen = chosen.ok_or_else(|| Refusal::field("installment", Why::NotOffered))?;
    session.checkout.installment = Some(chosen);
    session.undo_after(Step::Installment);
    next(turn)
}

/// Gives out a new order number; a gateway's token must be asked for again after it.
fn order_no(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::OrderNo)?;
    let asked = truth(turn, "use_three_d")?;
    supersede_reference(turn);
    let order_no = turn.world.ids.order_no(turn.world.clock.now());
    let scenario = Arc::clone(&turn.world.scenario);
    let session = session::open(turn);
    let by_pos = option_of(session, &scenario.shop).is_some_and(|o| o.three_d_enabled);
    session.checkout.attempt = Some(Attempt {
        order_no: order_no.into(),
        three_d: asked || by_pos,
    });
    next(turn)
}

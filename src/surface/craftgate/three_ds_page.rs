//! A small page in the bank's place, to which `htmlContent` leads. It works without JavaScript, and
//! ends by itself where the scenario or the test card has decided. contract: craftgate §5.2

use crate::domain::decision::{Point, ThreeDs, ThreeDsOutcome};
use crate::domain::payment::{Payment, Status};
use crate::domain::published::test_card;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::settings::Language;
use crate::surface::craftgate::callback::{STYLE, language, owner, returned, tag, visited};
use crate::surface::craftgate::errors::{Code, Text};
use askama::Template;
use http::{Method, StatusCode};

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[row(Method::GET), row(Method::POST)];

const fn row(method: Method) -> Endpoint {
    Endpoint::of(
        method,
        (
            "/payment/v1/card-payments/3ds-page/{key}",
            "craftgate.page.three_ds",
        ),
        (
            Evidence::Inferred,
            &[
                Point::ThreeDs,
                Point::Callback,
                Point::Authorization,
                Point::Webhook,
            ],
        ),
        visit,
    )
}

/// No script; the form leads back here.
const POLICY: &str = concat!(
    "default-src 'none'; base-uri 'none'; form-action 'self'; ",
    "style-src 'sha256-VFSdvYhjSjQZmoIBVxCeYYW0yyUe+0atN9PdctUYixU='"
);

/// What the buttons say, and how the challenge then ends.
const BUTTONS: &[(&str, ThreeDsOutcome, Text)] = &[
    (
        "confirm",
        ThreeDsOutcome::Succeeds,
        text("Onayla", "Confirm"),
    ),
    (
        "cancel",
        ThreeDsOutcome::Cancelled,
        text("Vazgeç", "Cancel"),
    ),
    (
        "fail",
        ThreeDsOutcome::Fails,
        text("TEST: doğrulama başarısız", "TEST: verification fails"),
    ),
    (
        "time_out",
        ThreeDsOutcome::TimesOut,
        text("TEST: süre dolar", "TEST: time runs out"),
    ),
    (
        "half",
        ThreeDsOutcome::Half,
        text("TEST: yarım doğrulama", "TEST: attempted only"),
    ),
];

const fn text(tr: &'static str, en: &'static str) -> Text {
    Text { tr, en }
}

#[derive(Template)]
#[template(path = "craftgate/three_ds.html")]
struct Page<'a> {
    language: &'a str,
    title: &'a str,
    style: &'static str,
    facts: Vec<(&'a str, String)>,
    buttons: Vec<(&'a str, &'a str)>,
}

/// Shows the form, or ends the challenge.
fn visit(turn: &mut Turn<'_>) -> Answer {
    let Ok(id) = visited(turn) else {
        return Ok(missing(language(turn)));
    };
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let pressed = fields.text("outcome");
    let pressed = BUTTONS
        .iter()
        .find(|(name, ..)| pressed.as_deref() == Some(name));
    let said = pressed.map(|(_, outcome, _)| outcome.usual());
    let payment = turn.world.state.payments.get(&id);
    let payment = payment.ok_or(Code::PaymentNotFound)?;
    let waiting = *payment.status() == Status::AwaitingThreeDs;
    let decided = said.is_some() || turn.verdict.three_ds.is_some() || card_decides(payment);
    if waiting && !decided {
        return Ok(form(turn, payment));
    }
    returned(turn, id, said)
}

fn card_decides(payment: &Payment) -> bool {
    let pan = payment.particulars.pan.as_ref();
    let card = pan.and_then(|pan| test_card(pan.digits()));
    card.is_some_and(|card| card.three_ds != ThreeDs::SUCCESS)
}

fn form(turn: &Turn<'_>, payment: &Payment) -> Reply {
    let language = language(turn);
    let [title, merchant, amount, card, order] = [
        text("3-D Secure doğrulama", "3-D Secure verification"),
        text("Üye işyeri", "Merchant"),
        text("Tutar", "Amount"),
        text("Kart", "Card"),
        text("Sipariş numarası", "Order number"),
    ]
    .map(|text| text.of(language));
    let paid = payment.paid();
    let last_four = payment.particulars.last_four.as_deref().unwrap_or("****");
    let facts = vec![
        (merchant, owner(turn, payment).name.clone()),
        (amount, format!("{paid} {}", paid.currency().code())),
        (card, format!("{}** **** {last_four}", payment.bin)),
        (order, payment.order_no.clone()),
    ];
    let buttons = BUTTONS
        .iter()
        .map(|(name, _, label)| (*name, label.of(language)));
    show(
        StatusCode::OK,
        &Page {
            language: tag(language),
            title,
            style: STYLE,
            facts,
            buttons: buttons.collect(),
        },
    )
}

/// What a browser sees whose key opens nothing.
pub fn missing(language: Language) -> Reply {
    show(
        StatusCode::NOT_FOUND,
        &Page {
            language: tag(language),
            title: Code::PaymentNotFound.text().of(language),
            style: STYLE,
            facts: Vec::new(),
            buttons: Vec::new(),
        },
    )
}

fn show(status: StatusCode, page: &Page<'_>) -> Reply {
    Reply::html(status, POLICY, page.render().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_allows_exactly_this_style() {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "{hash}");
    }
}

//! The bank behind 3-D Secure: the page where its customer is authenticated, and the way there and
//! back. A third party in life, so a surface of its own, for every other one.
//! contract: masterpass §7, craftgate §5.2

mod acs_form;
mod leave;
mod otp;
mod page;
mod shown;
mod view;
mod words;

use crate::call::Call;
use crate::call::form::Form;
use crate::domain::challenge::{Challenge, Purpose};
use crate::domain::decision::Point;
use crate::domain::payment::Payment;
use crate::domain::shop::PosKind;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Fault, Surface, Turn, direct, status};
use crate::scenario::Scenario;
use crate::scenario::facts::Facts;
use http::{Method, StatusCode};

/// The bank surface.
pub static SURFACE: Surface = Surface {
    name: "bank",
    title: "the bank's 3-D Secure and one-time password page",
    claims: &["/bank/", "/user-authorization/mp-3d-"],
    endpoints: &[page::ENDPOINTS, acs_form::ENDPOINTS],
    admit: |_| Ok(()),
    facts,
    knows: |_| {
        &[
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
        ]
    },
    answer: direct,
    refuse,
    fault,
    finish: |_, _| {},
    timed: &[],
    preflight: None,
    loose: false,
    reads_cards: false,
    pos_kinds: &[],
    sign: |_, _| {},
    spec: |spec| {
        spec.form();
        spec.query(&[
            ("lang", Form::Text),
            ("mockpos-then", Form::Text),
            ("returnUrl", Form::Text),
        ]);
        spec.html(200);
        spec.empty(303);
        spec.fails_as_page();
    },
};

/// The challenge that the call names.
fn named<'t>(turn: &'t Turn<'_>) -> Option<&'t Challenge> {
    let id = match turn.param("id") {
        "" => acs_form::token(turn.call)?,
        id => id,
    };
    turn.world.state.challenges.get(id)
}

/// What the challenge is about. How it ends by itself is decided when somebody looks at it first, and
/// a password only where one is given.
fn facts(turn: &Turn<'_>, facts: &mut Facts) {
    facts.three_d = Some(true);
    let looks = turn.call.method == Method::POST && page::is_look(turn.call);
    if !otp::is_given(turn.call) {
        facts.settled.push(Point::Otp);
    }
    let Some(challenge) = named(turn) else {
        return;
    };
    if looks || challenge.looked_at || !challenge.is_open(turn.world.now()) {
        facts.settled.push(Point::ThreeDs);
    }
    facts.msisdn = challenge.asked.msisdn.as_deref().map(Into::into);
    facts.bin = Some(challenge.asked.card.bin.as_str().into());
    facts.stored_card = Some(challenge.asked.card.stored);
    facts.amount = Some(challenge.asked.amount);
    facts.installment = Some(challenge.asked.installment);
    facts.order_no = Some(challenge.asked.order_no.as_str().into());
    facts.transaction_type = challenge.asked.kind.map(|kind| kind.code(true).into());
    if let Purpose::Payment(id) = challenge.asked.purpose {
        let payment = turn.world.state.payments.get(&id);
        facts.payment_status = payment.map(Payment::standing);
    }
    facts.pos_kind = Some(match challenge.asked.purpose {
        Purpose::Payment(_) => PosKind::Gateway,
        Purpose::Purchase { .. } => PosKind::Wallet,
    });
}

/// The handlers answer for themselves; what is left is said in one way.
fn refuse(turn: &mut Turn<'_>, refusal: Refusal) -> Reply {
    let status = match refusal {
        Refusal::NotFound(_) => return view::gone(turn),
        Refusal::NotAuthenticated => StatusCode::UNAUTHORIZED,
        Refusal::Forbidden(_) => StatusCode::FORBIDDEN,
        Refusal::IllegalState => StatusCode::CONFLICT,
        Refusal::Full => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Unreadable(_)
        | Refusal::Invalid(_)
        | Refusal::WrongOrder
        | Refusal::EmptyBasket
        | Refusal::Token(_)
        | Refusal::Wallet(_)
        | Refusal::Otp(_)
        | Refusal::ThreeDsMixUp
        | Refusal::ThreeDsFailed(_)
        | Refusal::Declined(_)
        | Refusal::ResponseCode { .. }
        | Refusal::Vendor(_)
        | Refusal::Scripted { .. }
        | Refusal::Amount => StatusCode::BAD_REQUEST,
    };
    view::broken(turn.call, (status, None))
}

/// A call that reached no page, or died in one.
fn fault(call: &Call, fault: Fault, _: &Scenario) -> Reply {
    let said = match fault {
        Fault::NoSuchPath => (StatusCode::NOT_FOUND, None),
        Fault::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, None),
        Fault::BadRequest(why) => (StatusCode::BAD_REQUEST, Some(why)),
        Fault::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, None),
        Fault::TooSlow => (StatusCode::REQUEST_TIMEOUT, None),
        Fault::Unsupported(why) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, Some(why)),
        Fault::Misdirected => (StatusCode::MISDIRECTED_REQUEST, None),
        Fault::Expectation(why) => (StatusCode::EXPECTATION_FAILED, Some(why)),
        Fault::NotImplemented(why) => (StatusCode::NOT_IMPLEMENTED, Some(why)),
        Fault::Full | Fault::Busy => (StatusCode::SERVICE_UNAVAILABLE, None),
        Fault::Crashed => (StatusCode::INTERNAL_SERVER_ERROR, None),
        Fault::Scripted(number) => (status(number), None),
    };
    view::broken(call, said)
}

#[cfg(test)]
mod tests;

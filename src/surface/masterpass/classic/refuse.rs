//! Refusals and faults in this generation's words: HTTP 200 and a code, for its SDK reads nothing else.
//! contract: masterpass §2.2, §4.1

use super::caller::mismatch;
use super::codes::Code;
use super::cors;
use super::envelope::{ServiceFault, reply};
use super::next::said;
use super::sent::Sent;
use super::validate;
use crate::call::Call;
use crate::refusal::{Decline, Problem, Refusal, TokenFault, Why};
use crate::reply::Reply;
use crate::route::{Fault, Turn, status};
use crate::scenario::Scenario;
use crate::scenario::settings::Language;
use http::{Method, StatusCode};

/// Says `refusal`.
pub fn refuse(turn: &mut Turn<'_>, refusal: Refusal) -> Reply {
    if refusal == Refusal::Token(TokenFault::Unknown) {
        turn.notes.mismatch = mismatch(turn).map(Box::new);
    }
    let mut fault = said(turn, code(&refusal));
    match refusal {
        Refusal::Unreadable(why) => more(&mut fault, why),
        Refusal::Invalid(problems) => more(&mut fault, &fields(&problems)),
        Refusal::Scripted { field, message } if field.is_empty() => fault.response_desc = message,
        Refusal::Scripted { field, message } => {
            fault.response_desc = format!("{field}: {message}");
        }
        Refusal::ResponseCode { code, description } => coded(turn, &mut fault, code, description),
        Refusal::Vendor(error) => coded(turn, &mut fault, error.code, error.description),
        Refusal::Declined(why) => why.group().clone_into(&mut fault.internal_response_code),
        // Clients that are written by hand lose it else. contract: masterpass §2.4
        Refusal::Otp(_) => fault.token = validate::token(turn).unwrap_or_default(),
        Refusal::NotAuthenticated
        | Refusal::Forbidden(_)
        | Refusal::WrongOrder
        | Refusal::EmptyBasket
        | Refusal::Token(_)
        | Refusal::Wallet(_)
        | Refusal::ThreeDsMixUp
        | Refusal::ThreeDsFailed(_)
        | Refusal::IllegalState
        | Refusal::Amount
        | Refusal::NotFound(_)
        | Refusal::Full => {}
    }
    reply(StatusCode::OK, &fault, None)
}

fn code(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::Unreadable(_) => Code::Unreadable,
        Refusal::Invalid(_) | Refusal::Scripted { .. } => Code::Field,
        Refusal::NotAuthenticated | Refusal::Token(_) => Code::Token,
        Refusal::Wallet(fault) => (*fault).into(),
        Refusal::Otp(fault) => (*fault).into(),
        Refusal::Forbidden(_)
        | Refusal::WrongOrder
        | Refusal::IllegalState
        | Refusal::EmptyBasket => Code::NotAllowed,
        Refusal::ThreeDsMixUp | Refusal::ThreeDsFailed(_) => Code::NotVerified,
        Refusal::Declined(
            Decline::NoResponse | Decline::RequestTimeout | Decline::CommunicationError,
        ) => Code::NoAnswer,
        Refusal::Declined(_) | Refusal::ResponseCode { .. } | Refusal::Vendor(_) => Code::Declined,
        Refusal::Amount => Code::Amount,
        Refusal::NotFound(_) => Code::NotFound,
        Refusal::Full => Code::Trouble,
    }
}

/// The vendor's own code, word for word.
fn coded(turn: &Turn<'_>, fault: &mut ServiceFault, code: String, description: Option<String>) {
    let language = language(turn.call);
    let known = Code::from_number(&code).map(|code| code.text(language).to_owned());
    if let Some(text) = description.or(known) {
        fault.response_desc = text;
    }
    fault.response_code = code;
}

fn more(fault: &mut ServiceFault, why: &str) {
    fault.response_desc = format!("{}: {why}", fault.response_desc);
}

fn fields(problems: &[Problem]) -> String {
    let told = problems.iter().map(|problem| {
        let why = match problem.why {
            Why::Missing => "missing".to_owned(),
            Why::Malformed(form) | Why::Differs(form) => format!("expected {form}"),
            Why::NotOffered => "not offered".to_owned(),
            Why::TooLong(most) => format!("longer than {most} characters"),
        };
        format!("{} ({why})", problem.field)
    });
    told.collect::<Vec<_>>().join(", ")
}

fn language(call: &Call) -> Language {
    let fields = call.fields();
    fields
        .map(|fields| Sent::from(fields).language())
        .unwrap_or_default()
}

/// Says `fault`.
pub fn fault(call: &Call, fault: Fault, scenario: &Scenario) -> Reply {
    let (status, code, why) = match fault {
        Fault::NoSuchPath if call.method == Method::OPTIONS => {
            return unknown_preflight(call, scenario);
        }
        Fault::NoSuchPath => (StatusCode::OK, Code::Unsupported, ""),
        Fault::WrongMethod => (
            StatusCode::METHOD_NOT_ALLOWED,
            Code::Unreadable,
            "expected POST",
        ),
        Fault::BadRequest(why) => (StatusCode::BAD_REQUEST, Code::Unreadable, why),
        Fault::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Code::Unreadable, "too large"),
        Fault::Expectation(why) => (StatusCode::EXPECTATION_FAILED, Code::Unreadable, why),
        Fault::NotImplemented(why) => (StatusCode::NOT_IMPLEMENTED, Code::Unreadable, why),
        Fault::TooSlow => (StatusCode::REQUEST_TIMEOUT, Code::Unreadable, "too slow"),
        Fault::Unsupported(what) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::Unreadable, what),
        Fault::Misdirected => (
            StatusCode::MISDIRECTED_REQUEST,
            Code::Trouble,
            "not our host",
        ),
        Fault::Full => (
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Trouble,
            "no room for another sandbox",
        ),
        Fault::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Trouble,
            "too many requests at once",
        ),
        Fault::Scripted(number) => (status(number), Code::Trouble, "scripted"),
        Fault::Crashed => (
            StatusCode::INTERNAL_SERVER_ERROR,
            Code::Trouble,
            "a bug of mockpos",
        ),
    };
    let mut said = ServiceFault {
        response_code: code.number().to_owned(),
        response_desc: code.text(language(call)).to_owned(),
        ..ServiceFault::default()
    };
    if !why.is_empty() {
        more(&mut said, why);
    }
    let mut reply = reply(status, &said, None);
    cors::readable(&mut reply, scenario);
    reply
}

/// So that a browser learns that there is no such operation.
fn unknown_preflight(call: &Call, scenario: &Scenario) -> Reply {
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    cors::readable(&mut reply, scenario);
    cors::allow(&mut reply, (&call.headers, scenario));
    reply
}

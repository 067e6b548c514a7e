//! Refusals and faults in the vendor's words: a status, and nothing but `errors` in the body.
//! contract: craftgate §2.1, §2.2, §7

use crate::call::Call;
use crate::domain::decision::Point;
use crate::journal::TroubleKind;
use crate::refusal::{Decline, Problem, Refusal, Thing, TokenFault, VendorError, Why};
use crate::reply::Reply;
use crate::route::{Answer, Fault, Spec, Turn, status};
use crate::scenario::Scenario;
use crate::scenario::settings::Language;
use crate::surface::bilingual::Text;
use crate::surface::craftgate::errors::{Code, group_of, payment_error};
use crate::surface::craftgate::fields::Wrong;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

/// What is wrong, as clients read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// digits; above 10000 for payment errors
    pub error_code: String,
    /// for people
    pub error_description: String,
    /// of payment errors only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_group: Option<&'static str>,
}

impl ErrorBody {
    /// A payment error.
    pub fn declined(why: Decline, language: Language) -> Self {
        let (number, text) = payment_error(why);
        Self {
            error_code: number.to_string(),
            error_description: text.of(language).to_owned(),
            error_group: Some(why.group()),
        }
    }

    /// Any error by its code: the usual text and group where none are given.
    pub fn coded(error: &VendorError, language: Language) -> Self {
        let number: Option<u16> = error.code.parse().ok();
        let group = error.group.or_else(|| group_of(number?));
        let known = number.and_then(Code::from_number).map(Code::text);
        let usual = known.or_else(|| group.map(|why| payment_error(why).1));
        let unknown = Text {
            tr: "İşlem başarısız",
            en: "The call failed",
        };
        let usual = usual.unwrap_or(unknown).of(language);
        let group = group.or(is_payment_code(&error.code).then_some(Decline::Unknown));
        Self {
            error_code: error.code.clone(),
            error_description: error
                .description
                .clone()
                .unwrap_or_else(|| usual.to_owned()),
            error_group: group.map(Decline::group),
        }
    }

    fn code(code: Code, language: Language) -> (StatusCode, Self) {
        let body = Self {
            error_code: code.number().to_string(),
            error_description: code.text().of(language).to_owned(),
            error_group: None,
        };
        (code.status(), body)
    }

    fn plain(status: StatusCode, description: &str) -> (StatusCode, Self) {
        let body = Self {
            error_code: status.as_str().to_owned(),
            error_description: description.to_owned(),
            error_group: None,
        };
        (status, body)
    }
}

#[derive(Serialize, JsonSchema)]
struct Errors<'a> {
    errors: Said<'a>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Said<'a> {
    #[serde(flatten)]
    error: &'a ErrorBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_error: Option<ProviderError>,
}

/// What the bank itself says.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ProviderError {
    error_code: &'static str,
    error_message: &'static str,
}

/// The bank's words for the one decline for which they are public. contract: craftgate §2.1
fn provider_error(error: &ErrorBody) -> Option<ProviderError> {
    (error.error_code == "10051").then_some(ProviderError {
        error_code: "51",
        error_message: "Yetersiz bakiye",
    })
}

fn reply((status, error): (StatusCode, ErrorBody)) -> Reply {
    let errors = Said {
        error: &error,
        provider_error: provider_error(&error),
    };
    Reply::json(status, &Errors { errors })
}

/// What all rows have in common.
pub fn told(spec: &mut Spec<'_>) {
    spec.fails::<Errors<'_>>();
    let signature = "of address, keys and body: the vendor's clients make it";
    spec.credential("x-api-key", "names the merchant");
    spec.credential("x-signature", signature);
    spec.header("x-rnd-key", "a new text for every call");
    spec.header("x-auth-version", "1");
    spec.header("lang", "of error texts: tr or en");
}

/// A page for browsers, which sign nothing.
pub fn page(spec: &mut Spec<'_>) {
    spec.headers.clear();
    spec.html(200);
    spec.empty(303);
    spec.fails_as_page();
}

/// The language of the caller.
pub fn language(turn: &Turn<'_>) -> Language {
    match turn.call.header("lang") {
        Some(lang) if lang.eq_ignore_ascii_case("en") => Language::En,
        Some(lang) if lang.eq_ignore_ascii_case("tr") => Language::Tr,
        Some(_) | None => turn.world.scenario.settings.craftgate.default_language,
    }
}

/// How the caller went wrong, where the vendor's code says so.
fn mistake(refusal: &Refusal) -> Option<TroubleKind> {
    let Refusal::Vendor(error) = refusal else {
        return None;
    };
    match Code::from_number(error.code.parse().ok()?)? {
        Code::NotInCallback
        | Code::CaptureImpossible
        | Code::RefundImpossible
        | Code::CheckoutNotCompleted => Some(TroubleKind::WrongOrder),
        Code::ReferenceInvalid | Code::TokenNotAccepted | Code::CheckoutTokenUnknown => {
            Some(TroubleKind::BadToken)
        }
        _ => None,
    }
}

/// Says `refusal`.
pub fn refuse(turn: &mut Turn<'_>, refusal: Refusal) -> Reply {
    if turn.notes.trouble.is_none() && turn.verdict.error.is_none() {
        turn.notes.trouble = mistake(&refusal);
    }
    reply(said(turn, &refusal))
}

/// Whether it is the bank that says no: such an answer is final, and kept for its idempotency key.
pub fn is_payment_error(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Declined(_) | Refusal::ResponseCode { .. } => true,
        Refusal::Vendor(error) => error.group.is_some() || is_payment_code(&error.code),
        Refusal::Unreadable(_)
        | Refusal::Invalid(_)
        | Refusal::NotAuthenticated
        | Refusal::Forbidden(_)
        | Refusal::WrongOrder
        | Refusal::EmptyBasket
        | Refusal::Token(_)
        | Refusal::Wallet(_)
        | Refusal::Otp(_)
        | Refusal::ThreeDsMixUp
        | Refusal::ThreeDsFailed(_)
        | Refusal::Scripted { .. }
        | Refusal::IllegalState
        | Refusal::Amount
        | Refusal::NotFound(_)
        | Refusal::Full => false,
    }
}

fn is_payment_code(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|number| number > 10_000)
}

fn said(turn: &Turn<'_>, refusal: &Refusal) -> (StatusCode, ErrorBody) {
    let language = language(turn);
    let code = |code| ErrorBody::code(code, language);
    let payment = |why| {
        let body = ErrorBody::declined(why, language);
        (StatusCode::UNPROCESSABLE_ENTITY, body)
    };
    match refusal {
        Refusal::Vendor(error) => vendor(error, language),
        Refusal::ResponseCode {
            code: own,
            description,
        } => vendor(&response_code(own, description.as_deref()), language),
        Refusal::Declined(why) => payment(*why),
        Refusal::Invalid(problems) => invalid(problems, language),
        Refusal::Scripted { field, message } => {
            let (status, mut body) = code(Code::FieldMalformed);
            let colon = if field.is_empty() { "" } else { ": " };
            body.error_description = format!("{field}{colon}{message}");
            (status, body)
        }
        Refusal::Token(fault) => match fault {
            TokenFault::Unknown
            | TokenFault::Expired
            | TokenFault::Used
            | TokenFault::Superseded => code(Code::ReferenceInvalid),
            TokenFault::Mismatch | TokenFault::NotSuccessful => code(Code::TokenNotAccepted),
            TokenFault::Unavailable => payment(Decline::CommunicationError),
        },
        Refusal::Wallet(_) | Refusal::Otp(_) => code(Code::TokenNotAccepted),
        Refusal::ThreeDsFailed(_)
        | Refusal::ThreeDsMixUp
        | Refusal::WrongOrder
        | Refusal::IllegalState => match asked(turn) {
            Some(Point::Capture) => code(Code::CaptureImpossible),
            Some(Point::Refund) => payment(Decline::NonRefundablePayment),
            _ => code(Code::NotInCallback),
        },
        Refusal::Amount => match asked(turn) {
            Some(Point::Capture) => code(Code::CaptureTooHigh),
            Some(Point::Refund) => code(Code::RefundExceedsRest),
            _ => code(Code::NotPositive),
        },
        Refusal::EmptyBasket => code(Code::NoItems),
        Refusal::NotAuthenticated => code(Code::ApiKeyUnknown),
        Refusal::NotFound(Thing::Product) => code(Code::TransactionNotFound),
        Refusal::NotFound(Thing::Payment | Thing::Order | Thing::Page | Thing::Address) => {
            code(Code::PaymentNotFound)
        }
        Refusal::Unreadable(why) => ErrorBody::plain(
            StatusCode::BAD_REQUEST,
            &format!("the request body is {why}"),
        ),
        Refusal::Forbidden(why) => ErrorBody::plain(StatusCode::FORBIDDEN, why),
        Refusal::Full => ErrorBody::plain(StatusCode::SERVICE_UNAVAILABLE, "the sandbox is full"),
    }
}

/// What the bank is asked at this endpoint besides to authorise.
fn asked(turn: &Turn<'_>) -> Option<Point> {
    let aside = |point: &&Point| matches!(point, Point::Capture | Point::Refund);
    turn.endpoint.points.iter().find(aside).copied()
}

/// A bank's own code, with the group that goes with it.
pub fn response_code(code: &str, description: Option<&str>) -> VendorError {
    VendorError {
        code: code.to_owned(),
        group: None,
        description: description.map(str::to_owned),
    }
}

fn vendor(error: &VendorError, language: Language) -> (StatusCode, ErrorBody) {
    let known = error.code.parse().ok().and_then(Code::from_number);
    let status = known.map_or(StatusCode::UNPROCESSABLE_ENTITY, Code::status);
    (status, ErrorBody::coded(error, language))
}

/// The code of the first problem, and a description that names every field.
fn invalid(problems: &[Problem], language: Language) -> (StatusCode, ErrorBody) {
    let code = |problem: &Problem| match problem.why {
        Why::Missing => Code::FieldMissing,
        Why::Malformed(_) | Why::NotOffered | Why::TooLong(_) | Why::Differs(_) => {
            Code::FieldMalformed
        }
    };
    let named = |p: &Problem| Wrong {
        field: p.field.to_owned(),
        code: code(p),
        value: None,
    };
    let problems: Vec<_> = problems.iter().map(named).collect();
    vendor(&aggregate(&problems, language), language)
}

/// The code of the first problem, and a description that names every field: `price: required;
/// items[0].price: must be greater than zero`. contract: craftgate §7.3, the form is ours
pub fn aggregate(problems: &[Wrong], language: Language) -> VendorError {
    let first = problems.first();
    let first = first.map_or(Code::FieldMalformed, |wrong| wrong.code);
    let sentence = |wrong: &Wrong| {
        if let Some(value) = &wrong.value {
            return wrong.code.text_of(value, language);
        }
        let field = &wrong.field;
        let colon = if field.is_empty() { "" } else { ": " };
        format!("{field}{colon}{}", wrong.code.text().of(language))
    };
    let sentences: Vec<String> = problems.iter().map(sentence).collect();
    VendorError {
        code: first.number().to_string(),
        group: None,
        description: Some(sentences.join("; ")).filter(|text| !text.is_empty()),
    }
}

/// A call that reached no endpoint, or died in one.
pub fn fault(_: &Call, fault: Fault, _: &Scenario) -> Reply {
    let plain = ErrorBody::plain;
    reply(match fault {
        Fault::NoSuchPath => plain(StatusCode::NOT_FOUND, "there is no such path"),
        Fault::WrongMethod => plain(
            StatusCode::METHOD_NOT_ALLOWED,
            "the path does not take this method",
        ),
        Fault::BadRequest(why) => plain(StatusCode::BAD_REQUEST, why),
        Fault::Expectation(why) => plain(StatusCode::EXPECTATION_FAILED, why),
        Fault::NotImplemented(why) => plain(StatusCode::NOT_IMPLEMENTED, why),
        Fault::Unsupported(why) => plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, why),
        Fault::TooSlow => plain(StatusCode::REQUEST_TIMEOUT, "the request took too long"),
        Fault::TooLarge => plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the request body is too large",
        ),
        Fault::Misdirected => plain(
            StatusCode::MISDIRECTED_REQUEST,
            "this host is not served here",
        ),
        Fault::Full => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "there is no room for another sandbox",
        ),
        Fault::Busy => plain(StatusCode::SERVICE_UNAVAILABLE, "too many requests at once"),
        Fault::Crashed => plain(StatusCode::INTERNAL_SERVER_ERROR, "a server error occurred"),
        Fault::Scripted(number) => plain(status(number), "a server error occurred"),
    })
}

/// What a row answers that is known and not mocked.
pub fn not_mocked(turn: &mut Turn<'_>) -> Answer {
    let text = format!(
        "mockpos does not mock this call yet: {} {} ({})",
        turn.endpoint.method, turn.endpoint.path, turn.endpoint.name
    );
    Ok(reply(ErrorBody::plain(StatusCode::NOT_IMPLEMENTED, &text)))
}

//! The envelope of every answer. The vendor's script looks at the body's `statusCode`, not at the
//! status line; it never calls back when the body is no JSON, and breaks when an error has no
//! `exception`. contract: masterpass §3.4

use super::codes;
use crate::call::form::Form;
use crate::reply::Reply;
use crate::route::{Spec, Turn};
use crate::scenario::settings::Language;
use crate::surface::bilingual::Text;
use crate::surface::masterpass::wallet::{Done, Next};

use http::header::{CONTENT_LOCATION, HeaderValue};
use http::{HeaderName, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

const LANGUAGE: HeaderName = HeaderName::from_static("x-language");
const REFERENCE_DIGITS: usize = 12;
const BUILD: &str = "1";

/// The envelope.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Envelope<R> {
    version: Option<&'static str>,
    build_id: &'static str,
    status_code: u16,
    message: &'static str,
    correlation_id: String,
    request_id: Option<&'static str>,
    result: Option<R>,
    exception: Option<Exception>,
}

/// What the vendor's script and backends send with every call, and nobody reads here.
const EVERYWHERE: &[&str] = &[
    "merchantId",
    "requestReferenceNo",
    "requestReferenceNumber",
    "sourceChannel",
    "sdkVersion",
    "paymentType",
    "accountKey",
    "accountKeyType",
    "deviceFingerPrint",
    "currencyCode",
    "terminalGroupId",
    "installmentCount",
    "acquirerIcaNumber",
    "cvc",
    "cvv",
];

/// What all rows have in common.
pub fn common(spec: &mut Spec<'_>) {
    spec.fails::<Envelope<()>>();
    for name in EVERYWHERE {
        spec.either(&[(name, Form::Any)]);
    }
    spec.credential("authorization", "the bearer token, bare");
    spec.header("x-language", "of texts for people: tr or en");
}

/// The row answers with such a result.
pub fn told<R: JsonSchema>(spec: &mut Spec<'_>) {
    spec.json::<Envelope<R>>(200);
}

/// As [`told`]; or 202, where the holder is asked for something first.
pub fn asking<R: JsonSchema>(spec: &mut Spec<'_>) {
    told::<R>(spec);
    spec.json::<Envelope<R>>(202);
}

/// Why there is no result.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    /// how bad it is
    pub level: &'static str,
    /// `CARD_ALREADY_EXISTS`
    pub code: String,
    /// for people
    pub message: String,
    /// fields that are refused
    pub validation_errors: Vec<ValidationError>,
    /// the numeric code of the classic generation, where one is known
    pub details: Vec<&'static str>,
    /// what the bank says, when it does
    pub vpos_error_code: Option<String>,
    /// as a sentence
    pub vpos_error_message: Option<String>,
    /// names the attempt at the bank
    pub retrieval_reference_number: Option<String>,
    /// what somebody else says
    pub third_party_api_response: Option<&'static str>,
    /// the bank's number
    pub acquirer_ica_number: Option<String>,
}

/// One field that is refused.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ValidationError {
    /// its name on the wire
    pub field: String,
    /// for people
    pub message: String,
    /// for programs
    pub code: &'static str,
}

/// The language of the caller: Turkish, unless English is asked for.
pub fn language(turn: &Turn<'_>) -> Language {
    let asked = turn.call.header(LANGUAGE.as_str()).unwrap_or_default();
    match asked.get(..2) {
        Some(two) if two.eq_ignore_ascii_case("en") => Language::En,
        Some(_) | None => Language::Tr,
    }
}

/// An answer that is good.
pub fn success(turn: &mut Turn<'_>, result: &impl Serialize) -> Reply {
    reply(turn, StatusCode::OK, (Some(result), None))
}

/// An answer that says what is wrong.
pub fn failure(turn: &mut Turn<'_>, status: StatusCode, exception: Exception) -> Reply {
    reply(turn, status, (None::<()>, Some(exception)))
}

/// As [`failure`], of a call that reached no world.
pub fn fault(status: StatusCode, exception: Exception) -> Reply {
    let nobody = uuid::Uuid::nil().to_string();
    envelope(status, nobody, (None::<()>, Some(exception)))
}

fn reply<R: Serialize>(
    turn: &mut Turn<'_>,
    status: StatusCode,
    said: (Option<R>, Option<Exception>),
) -> Reply {
    let correlation = turn.world.ids.uuid().to_string();
    envelope(status, correlation, said)
}

fn envelope<R: Serialize>(
    status: StatusCode,
    correlation_id: String,
    (result, exception): (Option<R>, Option<Exception>),
) -> Reply {
    let body = Envelope {
        version: None,
        build_id: BUILD,
        status_code: status.as_u16(),
        message: status.canonical_reason().unwrap_or("Error"),
        correlation_id,
        request_id: None,
        result,
        exception,
    };
    Reply::json(status, &body)
}

/// Names an attempt: twelve digits.
pub fn reference(turn: &mut Turn<'_>) -> String {
    turn.world.ids.digits(REFERENCE_DIGITS)
}

/// Where an operation stands, as results say it.
#[derive(Debug)]
pub struct Stand {
    /// something is asked for first
    pub asks: bool,
    /// of what is asked for, or of what is done
    pub token: Option<String>,
    /// `0000`, or what is asked for
    pub response_code: &'static str,
    /// for people
    pub description: &'static str,
    /// the bank's page
    pub urls: Urls,
    /// names the attempt
    pub reference: String,
}

/// The bank's page, and where the browser would be sent from it. contract: masterpass §7
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Urls {
    /// the page; callers append `&returnUrl=`
    #[serde(rename = "url3d")]
    pub page: Option<String>,
    /// native clients wait for it
    #[serde(rename = "url3dSuccess")]
    pub success: Option<String>,
    /// native clients wait for it
    #[serde(rename = "url3dFail")]
    pub fail: Option<String>,
}

impl Urls {
    fn of(turn: &Turn<'_>, challenge: &str) -> Self {
        let base = format!("{}/user-authorization", turn.call.base());
        Self {
            page: Some(format!("{base}/mp-3d-acs-form?token={challenge}")),
            success: Some(format!("{base}/mp-3d-client-success")),
            fail: Some(format!("{base}/mp-3d-client-error")),
        }
    }
}

impl Stand {
    /// Of what came next.
    pub fn of(turn: &mut Turn<'_>, next: &Next) -> Self {
        let language = language(turn);
        let reference = reference(turn);
        let done = |token: Option<&String>, text: Text| Self {
            asks: false,
            token: token.cloned(),
            response_code: codes::DONE,
            description: text.of(language),
            urls: Urls::default(),
            reference: reference.clone(),
        };
        match next {
            Next::Ask {
                ask,
                token,
                challenge,
            } => {
                let (response_code, text) = codes::asked(*ask);
                let urls = challenge.as_deref().map(|id| Urls::of(turn, id));
                Self {
                    asks: true,
                    response_code,
                    urls: urls.unwrap_or_default(),
                    ..done(Some(token), text)
                }
            }
            Next::Done(Done::Purchased {
                token,
                kept: Some(false),
                ..
            }) => done(Some(token), codes::NOT_KEPT),
            Next::Done(Done::Purchased { token, .. }) => done(Some(token), codes::DONE_TEXT),
            Next::Done(
                Done::Linked
                | Done::Registered(_)
                | Done::UserChanged
                | Done::NumberChanged
                | Done::MovedIn
                | Done::Confirmed,
            ) => done(None, codes::DONE_TEXT),
        }
    }

    /// 200, or 202 with the address for what is asked for.
    pub fn say(&self, turn: &mut Turn<'_>, result: &impl Serialize) -> Reply {
        if !self.asks {
            return success(turn, result);
        }
        let mut reply = reply(turn, StatusCode::ACCEPTED, (Some(result), None));
        let path = &turn.world.scenario.settings.masterpass.verify_path;
        if let Ok(path) = HeaderValue::from_str(path) {
            reply.set(CONTENT_LOCATION, path);
        }
        reply
    }
}

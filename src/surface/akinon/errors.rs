//! Refusals in the dialect of the commerce backend: checkout pages answer 200 with `errors`,
//! services answer 4xx in the manner of Django REST framework. contract: akinon §5, §1.7

use crate::call::Call;
use crate::call::form::Form;
use crate::refusal::{Decline, Problem, Refusal, Thing, TokenFault, WalletFault, Why};
use crate::reply::Reply;
use crate::route::{self, Fault, Spec, Turn};
use crate::scenario::Scenario;
use crate::scenario::settings::Texts;
use crate::surface::akinon::envelope::{self, FLOW, Say, page_of};
use crate::surface::akinon::session;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Says `refusal`: as a page where a page was asked for, else as a service.
pub fn refuse(turn: &mut Turn<'_>, refusal: Refusal) -> Reply {
    let is_page = turn.endpoint.path == "/orders/checkout";
    if matches!(refusal, Refusal::Forbidden(_)) || !is_page {
        return service(turn, &refusal);
    }
    session::open(turn);
    if refusal == Refusal::WrongOrder {
        let step = session::peek(turn).map(|s| s.next_step());
        turn.notes.missing = Some(step.map_or("IndexPage", page_of).to_owned());
    }
    page(turn, &refusal)
}

/// A checkout page: 200, the page to stay on, and what is wrong. Clients repeat other statuses.
fn page(turn: &Turn<'_>, refusal: &Refusal) -> Reply {
    let step = session::peek(turn).map(|s| s.next_step());
    let missing = step.map_or("IndexPage", page_of);
    let texts = &turn.world.scenario.settings.akinon.texts;
    let mut errors = Map::new();
    let stay = match refusal {
        Refusal::EmptyBasket => {
            return envelope::reply(turn, Say::default());
        }
        Refusal::WrongOrder => {
            if turn.world.scenario.settings.strict {
                let text = format!("{missing} must be completed first.");
                errors.insert("non_field_errors".to_owned(), text.into());
            }
            missing
        }
        Refusal::Invalid(problems) => {
            for Problem { field, why } in problems {
                let key = if *field == ANY_FIELD {
                    "non_field_errors"
                } else {
                    field
                };
                errors.insert(key.to_owned(), json!([sentence(why, texts)]));
            }
            posted(turn)
        }
        Refusal::Scripted { field, message } if !field.is_empty() => {
            errors.insert(field.clone(), json!([message]));
            posted(turn)
        }
        other => {
            errors.insert("non_field_errors".to_owned(), failure(turn, other).into());
            posted(turn)
        }
    };
    let errors = (!errors.is_empty()).then_some(&errors);
    if session::is_browser(turn.call)
        && turn
            .endpoint
            .page
            .is_some_and(|p| p.ends_with("CompletePage"))
    {
        return Reply::see_other(&format!("{}/orders/checkout/", turn.call.base()));
    }
    envelope::reply(
        turn,
        Say {
            pages: vec![stay],
            errors,
            ..Say::default()
        },
    )
}

/// Stands for the whole form in a [`Problem`].
pub const ANY_FIELD: &str = "non_field_errors";

/// The page that was posted, under its own name rather than an alias.
fn posted(turn: &Turn<'_>) -> &'static str {
    match turn.endpoint.page {
        Some("InstallmentSelectionPage" | "MasterpassInstallmentPage") => {
            "MasterpassRestInstallmentPage"
        }
        Some(page) => FLOW
            .iter()
            .find(|(name, _)| *name == page)
            .map_or(page, |(name, _)| name),
        None => "IndexPage",
    }
}

fn sentence(why: &Why, texts: &Texts) -> String {
    let own = |text: &Option<String>, usual: &str| text.clone().unwrap_or_else(|| usual.to_owned());
    match why {
        Why::Missing => own(&texts.required, "This field is required."),
        Why::NotOffered => own(
            &texts.invalid_choice,
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        Why::Malformed(expected) => format!("Enter {expected}."),
        Why::TooLong(most) => format!("Ensure this field has no more than {most} characters."),
        Why::Differs(other) => format!("This value differs from {other}."),
    }
}

/// One sentence for a payment that did not go through.
fn failure(turn: &Turn<'_>, refusal: &Refusal) -> String {
    let texts = &turn.world.scenario.settings.akinon.texts;
    let failed = texts
        .payment_failed
        .as_deref()
        .unwrap_or("Your payment could not be completed.");
    let changed = texts
        .payment_changed
        .as_deref()
        .unwrap_or("Payment amount or basket has changed.");
    match refusal {
        Refusal::Scripted { message, .. } => message.clone(),
        Refusal::Token(TokenFault::Mismatch) | Refusal::Amount => changed.to_owned(),
        Refusal::Token(fault) => format!("{failed} {}", token_fault(*fault)),
        Refusal::Declined(why) => format!("{failed} {}", decline(*why)),
        Refusal::ThreeDsFailed(md) => {
            format!("{failed} 3-D Secure verification failed (mdStatus {md}).")
        }
        Refusal::Wallet(WalletFault::OrderMismatch | WalletFault::AmountMismatch) => {
            changed.to_owned()
        }
        Refusal::Wallet(_) => format!("{failed} The wallet did not accept the payment."),
        Refusal::Otp(_) => format!("{failed} The one-time password was not accepted."),
        Refusal::ThreeDsMixUp => {
            format!("{failed} The 3-D Secure choice differs from the order's.")
        }
        Refusal::ResponseCode {
            description: Some(own),
            ..
        } => own.clone(),
        Refusal::ResponseCode {
            code,
            description: None,
        } => format!("{failed} (code {code})"),
        Refusal::Vendor(error) => match &error.description {
            Some(own) => own.clone(),
            None => format!("{failed} (code {})", error.code),
        },
        Refusal::Unreadable(why) => format!("The request body is {why}."),
        Refusal::NotAuthenticated => "Authentication credentials were not provided.".to_owned(),
        Refusal::Full => "The sandbox is full.".to_owned(),
        Refusal::Forbidden(why) => (*why).to_owned(),
        Refusal::WrongOrder | Refusal::IllegalState => {
            "An earlier step must be completed first.".to_owned()
        }
        Refusal::EmptyBasket => "The basket is empty.".to_owned(),
        Refusal::NotFound(thing) => not_found(*thing).to_owned(),
        Refusal::Invalid(_) => failed.to_owned(),
    }
}

const fn token_fault(fault: TokenFault) -> &'static str {
    match fault {
        TokenFault::Unavailable => "The payment provider does not answer.",
        TokenFault::Unknown => "The payment token is unknown.",
        TokenFault::Expired => "The payment token has expired.",
        TokenFault::Used => "The payment token has already been used.",
        TokenFault::Superseded => {
            "The payment token must be requested again after MasterpassRestOrderNoPage."
        }
        TokenFault::Mismatch => "The payment token is for another amount or order.",
        TokenFault::NotSuccessful => "The payment was not approved.",
    }
}

const fn not_found(thing: Thing) -> &'static str {
    match thing {
        Thing::Payment | Thing::Order | Thing::Page | Thing::Address | Thing::Product => {
            "Not found."
        }
    }
}

/// What a shopper reads when a bank declines. Reasons that are no shopper's business share a
/// sentence.
#[rustfmt::skip]
const fn decline(why: Decline) -> &'static str {
    use Decline as D;
    match why {
        D::InsufficientFunds => "Insufficient funds.",
        D::InsufficientAward | D::SalesAmountLessThanAward => "The points cannot be used.",
        D::DoNotHonour => "The bank does not honour the card.",
        D::Declined | D::ReferToCardIssuer | D::RequestBlockedByBank | D::Unknown => "The bank declined the payment.",
        D::ExpiredCard | D::InvalidExpireYearMonth => "The card has expired.",
        D::InvalidCvc | D::InvalidCvcLength | D::CvcRequired | D::CvcMaxAttempt => "The security code is wrong.",
        D::InvalidPin | D::ExceedsAllowablePinTries => "The PIN is wrong.",
        D::InvalidCardNumber | D::BinNotFound | D::NoSuchIssuer => "The card number is not valid.",
        D::InvalidTransaction | D::InputData | D::InvalidCharsInEmail | D::InvalidIp | D::InvalidMerchantOrSp
        | D::ApprovedCompleted | D::OrderIdAlreadyUsed => "The transaction is not valid.",
        D::LostCard => "The card is reported lost.",
        D::StolenCard => "The card is reported stolen.",
        D::PickupCard => "The bank has withdrawn the card.",
        D::BlockedCard => "The card is blocked.",
        D::RestrictedCard | D::RestrictedByLaw => "The card is restricted.",
        D::CardNotPermitted | D::InvalidCardType | D::AmexCanUseOnlyMr
        | D::DebitCardsInstallmentNotAllowed => "The card does not permit this payment.",
        D::NotPermittedToCardholder => "The holder may not make this payment.",
        D::NotPermittedToTerminal | D::NotPermittedToForeignCard | D::NotPermittedToInstallment
        | D::RequiresDayEnd => "The terminal may not take this payment.",
        D::FraudSuspect | D::FraudCheckBlock => "The bank suspects fraud.",
        D::InvalidAmount => "The amount is not valid.",
        D::ExceedsLimit => "The card's limit is exceeded.",
        D::RequiresThreeDs | D::DebitCardsRequiresThreeDs => "The payment needs 3-D Secure.",
        D::ThreeDsInitError | D::InvalidCavv | D::InvalidEci => "3-D Secure failed.",
        D::IssuerInoperative => "The card's bank is not available.",
        D::NoResponse | D::RequestTimeout | D::TooManyRequests => "The bank did not answer.",
        D::CommunicationError => "The bank could not be reached.",
        D::ApmError | D::ApmAccountNotFound | D::ApmAccountPermissionDenied | D::ApmInvalidVerificationCode
        | D::ApmVerificationCodeError | D::ApmValidationError | D::ApmVposError
        | D::BnplCancelled => "The payment method did not accept the payment.",
        D::ArchivedPayment | D::ExpiredProvision | D::InvalidRefundTransaction | D::MayHaveAlreadyRefunded
        | D::NonRefundablePayment | D::PaymentNotFoundForRefund | D::PosBalanceNotSufficient
        | D::RefundDecline => "The payment cannot be given back.",
    }
}

/// A service: `detail`, field lists, or the platform's own 406. contract: akinon §5
fn service(turn: &Turn<'_>, refusal: &Refusal) -> Reply {
    let detail = |status, text: &str| failed(status, text);
    let texts = &turn.world.scenario.settings.akinon.texts;
    match refusal {
        Refusal::NotAuthenticated => detail(
            StatusCode::FORBIDDEN,
            "Authentication credentials were not provided.",
        ),
        Refusal::Forbidden(why) => detail(StatusCode::FORBIDDEN, why),
        Refusal::NotFound(thing) => detail(StatusCode::NOT_FOUND, not_found(*thing)),
        Refusal::Unreadable(why) => detail(
            StatusCode::BAD_REQUEST,
            &format!("The request body is {why}."),
        ),
        Refusal::Full => detail(StatusCode::SERVICE_UNAVAILABLE, "The sandbox is full."),
        Refusal::Invalid(problems) => {
            let field = |p: &Problem| (p.field.to_owned(), json!([sentence(&p.why, texts)]));
            let fields: Map<String, Value> = problems.iter().map(field).collect();
            Reply::json(StatusCode::BAD_REQUEST, &Failed::Fields(fields))
        }
        other => {
            let status = turn.world.scenario.settings.akinon.service_error_status;
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_ACCEPTABLE);
            let code = format!("orders_masterpass_{}", error_number(other));
            let body = Failed::Refused {
                non_field_errors: failure(turn, other),
                error_code: code,
            };
            Reply::json(status, &body)
        }
    }
}

/// A stable number for each kind of failed precondition. contract: akinon §5, proposed
const fn error_number(refusal: &Refusal) -> u8 {
    match refusal {
        Refusal::WrongOrder | Refusal::IllegalState | Refusal::EmptyBasket => 1,
        Refusal::Token(TokenFault::Unavailable) => 2,
        Refusal::Token(TokenFault::Unknown) => 3,
        Refusal::Token(TokenFault::Superseded) => 4,
        Refusal::Token(TokenFault::Expired) => 5,
        Refusal::Token(TokenFault::Used) => 6,
        Refusal::Token(TokenFault::Mismatch | TokenFault::NotSuccessful) => 7,
        Refusal::ThreeDsMixUp | Refusal::ThreeDsFailed(_) => 8,
        Refusal::Declined(_)
        | Refusal::Wallet(_)
        | Refusal::Otp(_)
        | Refusal::ResponseCode { .. }
        | Refusal::Vendor(_)
        | Refusal::Scripted { .. } => 9,
        Refusal::Amount
        | Refusal::Full
        | Refusal::Forbidden(_)
        | Refusal::Invalid(_)
        | Refusal::NotAuthenticated
        | Refusal::NotFound(_)
        | Refusal::Unreadable(_) => 10,
    }
}

/// A call that reached no endpoint, or died in one.
pub fn fault(call: &Call, fault: Fault, _: &Scenario) -> Reply {
    let not_allowed = format!("Method \"{}\" not allowed.", call.method);
    let (status, text) = match fault {
        Fault::NoSuchPath => (StatusCode::NOT_FOUND, "Not found."),
        Fault::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, &*not_allowed),
        Fault::BadRequest(why) | Fault::Unsupported(why) => (StatusCode::BAD_REQUEST, why),
        Fault::Expectation(why) => (StatusCode::EXPECTATION_FAILED, why),
        Fault::NotImplemented(why) => (StatusCode::NOT_IMPLEMENTED, why),
        Fault::TooSlow => (StatusCode::REQUEST_TIMEOUT, "The request took too long."),
        Fault::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request body is too large.",
        ),
        Fault::Misdirected => (
            StatusCode::MISDIRECTED_REQUEST,
            "This host is not served here.",
        ),
        Fault::Full => (
            StatusCode::SERVICE_UNAVAILABLE,
            "There is no room for another sandbox.",
        ),
        Fault::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many requests at once.",
        ),
        Fault::Crashed => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "A server error occurred.",
        ),
        Fault::Scripted(status) => (route::status(status), "A server error occurred."),
    };
    failed(status, text)
}

fn failed(status: StatusCode, text: &str) -> Reply {
    let detail = text.to_owned();
    Reply::json(status, &Failed::Detail { detail })
}

/// How services fail.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Failed {
    Detail {
        detail: String,
    },
    Refused {
        non_field_errors: String,
        error_code: String,
    },
    Fields(#[schemars(with = "BTreeMap<String, Vec<String>>")] Map<String, Value>),
}

/// What all rows have in common.
pub fn told(spec: &mut Spec<'_>) {
    spec.form();
    spec.query(&[("format", Form::Text)]);
    spec.fails::<Failed>();
    spec.header("accept-language", "of texts for people: tr or en");
}

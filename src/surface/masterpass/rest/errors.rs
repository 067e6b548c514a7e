//! Refusals and faults in the words of the new generation: `exception` with a named code.
//! contract: masterpass §3.4, §3.5, §4.2. Codes that it does not name are proposals.

use super::cors;
use super::envelope::{self, Exception, ValidationError, language};
use super::problems::{self, INVALID};
use super::vpos;
use crate::call::Call;
use crate::refusal::{OtpFault, Refusal, Thing, TokenFault, WalletFault};
use crate::reply::Reply;
use crate::route::{self, Fault, Turn};
use crate::scenario::Scenario;
use crate::scenario::settings::Language;
use crate::surface::bilingual::Text;
use http::StatusCode;

/// An error: its status, its code, the classic generation's number for it, and what is said.
type Known = (StatusCode, &'static str, Option<&'static str>, Text);

const OK_NOT: StatusCode = StatusCode::BAD_REQUEST;
const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;
const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
const UNAUTHORIZED: StatusCode = StatusCode::UNAUTHORIZED;

const NOT_VERIFIED: &str = "PAYMENT_IS_NOT_VERIFIED";
const OTP: &str = "OTP_IS_NOT_VALID";

/// Faults with a code of their own.
const FAULTS: &[WalletFault] = &[
    WalletFault::NoAccount,
    WalletFault::NoUser,
    WalletFault::NotLinked,
    WalletFault::Blocked,
    WalletFault::UserConflict,
    WalletFault::CardNotFound,
    WalletFault::CardExists,
    WalletFault::InvalidCard,
    WalletFault::RepeatedDeletion,
    WalletFault::OtpUnsupported,
    WalletFault::SaveFailed,
    WalletFault::NotVerified,
    WalletFault::Unsupported,
];

/// Of people who may see an account, and of cards.
#[rustfmt::skip]
pub const fn wallet(fault: WalletFault) -> Known {
    use WalletFault as W;
    match fault {
        W::NoAccount => (NOT_FOUND, "ACCOUNT_NOT_FOUND", None, Text::new("Bu numaraya ait Masterpass hesabı yok", "There is no Masterpass account for this number")),
        W::NoUser => (NOT_FOUND, "USER_NOT_FOUND", None, Text::new("Kullanıcı bulunamadı", "There is no such user")),
        W::NotLinked => (NOT_FOUND, "ACCOUNT_NOT_LINKED_TO_MERCHANT", Some("5460"), Text::new("Hesap bu iş yerine bağlı değil", "The account is not linked to this merchant")),
        W::Blocked => (FORBIDDEN, "ACCOUNT_IS_BLOCKED", None, Text::new("Hesap kilitli", "The account is blocked")),
        W::UserConflict => (FORBIDDEN, "MERCHANT_USER_ID_ALREADY_IN_USE", Some("4005"), Text::new("Bu numara başka bir kullanıcıya ait", "The number belongs to another user of this merchant")),
        W::NoCards | W::CardNotFound => (NOT_FOUND, "CARD_NOT_FOUND", Some("1056"), Text::new("Kart bulunamadı", "There is no such card")),
        W::CardExists => (OK_NOT, "CARD_ALREADY_EXISTS", Some("4004"), Text::new("Bu kart zaten kayıtlı", "This card is saved already")),
        W::InvalidCard => (OK_NOT, INVALID, None, Text::new("Kart numarası geçersiz", "The card number is not valid")),
        W::RepeatedDeletion => (FORBIDDEN, "FRAUD_DETECTED_DUE_TO_REPETITIVE_DELETION", None, Text::new("Çok sayıda kart silindi, işlem engellendi", "Too many cards were deleted")),
        W::OtpUnsupported => (OK_NOT, "BANK_DOES_NOT_SUPPORT_OTP", None, Text::new("Kartın bankası doğrulama kodu göndermiyor", "The card's bank sends no verification codes")),
        W::SaveFailed => (OK_NOT, "CARD_COULD_NOT_BE_SAVED", Some("5196"), Text::new("Kart kaydedilemedi", "The card could not be saved")),
        W::NotVerified => (OK_NOT, NOT_VERIFIED, None, Text::new("Ödeme henüz doğrulanmadı", "The payment is not verified yet")),
        W::OrderMismatch => (OK_NOT, NOT_VERIFIED, Some("4057"), Text::new("Sipariş numarası ödemeninkinden farklı", "The order number is not that of the payment")),
        W::AmountMismatch => (OK_NOT, NOT_VERIFIED, None, Text::new("Tutar ödemeninkinden farklı", "The amount is not that of the payment")),
        W::Unsupported => (StatusCode::NOT_IMPLEMENTED, "NOT_SUPPORTED", None, Text::new("mockpos bu işlemi desteklemiyor", "mockpos does not mock this call")),
    }
}

#[rustfmt::skip]
const fn otp(fault: OtpFault) -> Known {
    match fault {
        OtpFault::Wrong => (OK_NOT, OTP, Some("1409"), Text::new("Doğrulama kodu hatalı", "The verification code is wrong")),
        OtpFault::Expired => (OK_NOT, OTP, Some("1410"), Text::new("Doğrulama kodunun süresi doldu", "The verification code has expired")),
        OtpFault::TooManyTries => (OK_NOT, OTP, Some("1422"), Text::new("Çok sayıda hatalı deneme, işlem sonlandı", "Too many wrong codes: this one is of no more use")),
    }
}

#[rustfmt::skip]
const fn token(fault: TokenFault) -> Known {
    match fault {
        TokenFault::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", None, Text::new("Servis yanıt vermiyor", "The service does not answer")),
        TokenFault::Expired => (UNAUTHORIZED, "TOKEN_HAS_EXPIRED", Some("1419"), Text::new("Token süresi doldu", "The token has expired")),
        TokenFault::Unknown | TokenFault::Superseded => (OK_NOT, "TOKEN_IS_NOT_VALID", Some("1419"), Text::new("Token geçersiz", "The token is not valid")),
        TokenFault::Used => (OK_NOT, NOT_VERIFIED, None, Text::new("Token daha önce kullanıldı", "The token has been used already")),
        TokenFault::Mismatch => (OK_NOT, NOT_VERIFIED, None, Text::new("Token başka bir ödemeye ait", "The token is for another payment")),
        TokenFault::NotSuccessful => (OK_NOT, NOT_VERIFIED, None, Text::new("Ödeme doğrulanmadı", "The payment was not verified")),
    }
}

#[rustfmt::skip]
const fn thing(thing: Thing) -> Known {
    match thing {
        Thing::Payment => (NOT_FOUND, "PAYMENT_NOT_FOUND", None, Text::new("Ödeme bulunamadı", "There is no such payment")),
        Thing::Order => (NOT_FOUND, "ORDER_NOT_FOUND", None, Text::new("Talimat bulunamadı", "There is no such order")),
        Thing::Page | Thing::Address | Thing::Product => (NOT_FOUND, "NOT_FOUND", None, Text::new("Bulunamadı", "Not found")),
    }
}

/// The error for a refusal that needs no more words; None: it does.
#[rustfmt::skip]
const fn known(refusal: &Refusal) -> Option<Known> {
    Some(match refusal {
        Refusal::Wallet(fault) => wallet(*fault),
        Refusal::Otp(fault) => otp(*fault),
        Refusal::Token(fault) => token(*fault),
        Refusal::NotFound(what) => thing(*what),
        Refusal::NotAuthenticated => (UNAUTHORIZED, "UNAUTHORIZED", Some("1419"), Text::new("Yetkilendirme başarısız", "Not authorized")),
        Refusal::ThreeDsFailed(_) | Refusal::ThreeDsMixUp => (OK_NOT, NOT_VERIFIED, None, Text::new("3D Secure doğrulaması başarısız", "3-D Secure has failed")),
        Refusal::WrongOrder | Refusal::EmptyBasket | Refusal::IllegalState => (OK_NOT, "PAYMENT_STATE_IS_NOT_VALID", None, Text::new("Ödemenin durumu bu işleme uygun değil", "The payment's state does not allow this")),
        Refusal::Amount => (OK_NOT, "AMOUNT_IS_NOT_VALID", None, Text::new("Tutar geçersiz", "The amount is not valid")),
        Refusal::Full => (StatusCode::SERVICE_UNAVAILABLE, "SANDBOX_IS_FULL", None, Text::new("Sandbox dolu", "The sandbox is full")),
        Refusal::Unreadable(_)
        | Refusal::Invalid(_)
        | Refusal::Forbidden(_)
        | Refusal::Declined(_)
        | Refusal::ResponseCode { .. }
        | Refusal::Vendor(_)
        | Refusal::Scripted { .. } => return None,
    })
}

/// An exception of that code which says no more.
pub fn exception(code: &str, message: &str) -> Exception {
    Exception {
        level: "Error",
        code: code.to_owned(),
        message: message.to_owned(),
        validation_errors: Vec::new(),
        details: Vec::new(),
        vpos_error_code: None,
        vpos_error_message: None,
        retrieval_reference_number: None,
        third_party_api_response: None,
        acquirer_ica_number: None,
    }
}

/// Says `refusal`.
pub fn refuse(turn: &mut Turn<'_>, refusal: Refusal) -> Reply {
    let language = language(turn);
    let (status, exception) = match known(&refusal) {
        Some((status, code, number, text)) => {
            let mut said = exception(code, text.of(language));
            said.details.extend(number);
            if refusal == Refusal::Wallet(WalletFault::InvalidCard) {
                said.validation_errors = vec![problems::invalid_card(language)];
            }
            (status, said)
        }
        None => wordy(turn, &refusal, language),
    };
    envelope::failure(turn, status, exception)
}

/// What needs more words than its code.
fn wordy(turn: &mut Turn<'_>, refusal: &Refusal, language: Language) -> (StatusCode, Exception) {
    match refusal {
        Refusal::Invalid(wrong) => {
            let errors = wrong.iter().map(|wrong| problems::of(wrong, language));
            (OK_NOT, invalid(errors.collect()))
        }
        Refusal::Scripted { field, message } => {
            let error = ValidationError {
                field: field.clone(),
                message: message.clone(),
                code: problems::REFUSED,
            };
            (OK_NOT, invalid(vec![error]))
        }
        Refusal::Vendor(error) => {
            let (status, number, text) = by_code(&error.code);
            let message = error.description.as_deref();
            let mut said = exception(&error.code, message.unwrap_or(text.of(language)));
            said.details.extend(number);
            (status, said)
        }
        Refusal::Unreadable(why) => {
            let text = format!("the request body is {why}");
            (OK_NOT, exception("INVALID_REQUEST", &text))
        }
        Refusal::Forbidden(why) => (FORBIDDEN, exception("FORBIDDEN", why)),
        Refusal::Declined(why) => {
            let (code, text) = vpos::of(*why);
            (OK_NOT, declined(turn, code, text.of(language)))
        }
        Refusal::ResponseCode { code, description } => {
            let message = description.as_deref();
            let message = message.unwrap_or(vpos::DECLINED.of(language));
            (OK_NOT, declined(turn, code, message))
        }
        Refusal::NotAuthenticated
        | Refusal::WrongOrder
        | Refusal::EmptyBasket
        | Refusal::Token(_)
        | Refusal::Wallet(_)
        | Refusal::Otp(_)
        | Refusal::ThreeDsMixUp
        | Refusal::ThreeDsFailed(_)
        | Refusal::IllegalState
        | Refusal::Amount
        | Refusal::NotFound(_)
        | Refusal::Full => (StatusCode::INTERNAL_SERVER_ERROR, exception("ERROR", "")),
    }
}

fn invalid(errors: Vec<ValidationError>) -> Exception {
    let sentences: Vec<_> = errors.iter().map(|error| &*error.message).collect();
    let mut said = exception(INVALID, &sentences.join(", "));
    said.validation_errors = errors;
    said
}

/// The bank says no. contract: masterpass §11 row 28
fn declined(turn: &mut Turn<'_>, code: &str, message: &str) -> Exception {
    let ica = turn.world.scenario.settings.bank.ica;
    let mut said = exception("VPOS_ERROR", message);
    said.vpos_error_code = Some(code.to_owned());
    said.vpos_error_message = Some(message.to_owned());
    said.retrieval_reference_number = Some(envelope::reference(turn));
    said.acquirer_ica_number = Some(ica.to_string());
    said
}

/// What goes with a code that a scenario names.
fn by_code(code: &str) -> (StatusCode, Option<&'static str>, Text) {
    let faults = FAULTS.iter().map(|fault| wallet(*fault));
    let others = [
        otp(OtpFault::Wrong),
        token(TokenFault::Expired),
        token(TokenFault::Unknown),
    ];
    let known = faults.chain(others).find(|(_, known, ..)| *known == code);
    let unknown = Text::new("İşlem başarısız", "The call has failed");
    known.map_or((OK_NOT, None, unknown), |(status, _, number, text)| {
        (status, number, text)
    })
}

/// A call that reached no endpoint, or died in one.
pub fn fault(_: &Call, fault: Fault, scenario: &Scenario) -> Reply {
    let (status, code, text) = match fault {
        Fault::NoSuchPath => (NOT_FOUND, "NOT_FOUND", "there is no such path"),
        Fault::WrongMethod => (
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            "the path does not take this method",
        ),
        Fault::BadRequest(why) => (OK_NOT, "INVALID_REQUEST", why),
        Fault::Unsupported(why) => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            why,
        ),
        Fault::TooSlow => (
            StatusCode::REQUEST_TIMEOUT,
            "REQUEST_TIMEOUT",
            "the request took too long",
        ),
        Fault::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE",
            "the request body is too large",
        ),
        Fault::Expectation(why) => (StatusCode::EXPECTATION_FAILED, "EXPECTATION_FAILED", why),
        Fault::NotImplemented(why) => (StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", why),
        Fault::Misdirected => (
            StatusCode::MISDIRECTED_REQUEST,
            "MISDIRECTED_REQUEST",
            "this host is not served here",
        ),
        Fault::Full => (
            StatusCode::SERVICE_UNAVAILABLE,
            "SANDBOX_IS_FULL",
            "there is no room for another sandbox",
        ),
        Fault::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "TOO_MANY_REQUESTS",
            "too many requests at once",
        ),
        Fault::Crashed => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_SERVER_ERROR",
            "a server error occurred",
        ),
        Fault::Scripted(number) => (
            route::status(number),
            "SERVER_ERROR",
            "a server error occurred",
        ),
    };
    let mut reply = envelope::fault(status, exception(code, text));
    cors::allow(scenario.settings.masterpass.cors, &mut reply);
    reply
}

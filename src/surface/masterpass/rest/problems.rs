//! What is wrong with a field, as `validationErrors` say it. Codes and sentences are proposals.
//! contract: masterpass §3.4

use super::envelope::ValidationError;
use crate::refusal::{Problem, Why};
use crate::scenario::settings::Language;

/// `exception.code` of a call with wrong fields.
pub const INVALID: &str = "VALIDATION_ERROR";
/// A rule refuses the field.
pub const REFUSED: &str = "Refused";

/// One wrong field, as a sentence.
pub fn of(problem: &Problem, language: Language) -> ValidationError {
    let field = problem.field;
    let (code, tr, en) = match &problem.why {
        Why::Missing => (
            "Required",
            format!("{field} zorunludur"),
            format!("{field} is required"),
        ),
        Why::TooLong(most) => (
            "MaximumLength",
            format!("{field} en fazla {most} karakter olabilir"),
            format!("{field} must have at most {most} characters"),
        ),
        Why::Malformed(form) => (
            "Invalid",
            format!("{field} geçersiz"),
            format!("{field} must be {form}"),
        ),
        Why::NotOffered => (
            "Invalid",
            format!("{field} geçersiz"),
            format!("{field} is not known"),
        ),
        Why::Differs(other) => (
            "Differs",
            format!("{field} token içindekinden farklı"),
            format!("{field} differs from {other}"),
        ),
    };
    let message = match language {
        Language::Tr => tr,
        Language::En => en,
    };
    ValidationError {
        field: field.to_owned(),
        message,
        code,
    }
}

/// The card's number is none, wherever that was found out.
pub fn invalid_card(language: Language) -> ValidationError {
    let problem = Problem {
        field: "cardNumber",
        why: Why::Malformed("the number of a test card"),
    };
    of(&problem, language)
}

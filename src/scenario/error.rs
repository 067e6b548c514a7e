//! The errors that a rule names itself: a field that is refused, or a vendor's exact code.

use crate::refusal::Decline;
use crate::refusal::VendorError;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::read::{At, table};
use crate::scenario::values::{Code, Name};
use crate::scenario::verdict::ScriptedError;

table! {
    /// A field that is refused (`field`, `message`), or a vendor's exact error (`code`, and with it
    /// `group`, `description`).
    struct ErrorRow {
        /// the field's name on the wire; empty: the whole form
        field: Option<At<String>> = r#"field = "bin_number""#,
        /// what to say of the field
        message: Option<At<Name>> = r#"message = "this card is not accepted""#,
        /// the vendor's error code, word for word
        code: Option<At<Code>> = r#"code = "4155""#,
        /// the reason that goes with `code`, as a word or as the vendor's error group
        group: Option<At<Decline>> = r#"group = "NOT_SUFFICIENT_FUNDS""#,
        /// what to say with `code`; not given: the usual text
        description: Option<At<Name>> = r#"description = "Kart kabul edilmiyor""#,
    }
}

impl At<ErrorRow> {
    /// The error; None when it is neither kind or both, and the report says how.
    pub fn compile(self, report: &mut Report) -> Option<ScriptedError> {
        let place = self.place;
        let ErrorRow {
            field,
            message,
            code,
            group,
            description,
        } = self.value;
        let with_code = group.as_ref().map(|v| ("group", v.place));
        let with_code = with_code.or(description.as_ref().map(|v| ("description", v.place)));
        match (field, message, code) {
            (None, None, Some(code)) => Some(ScriptedError::Code(VendorError {
                code: code.value.0,
                group: group.map(|group| group.value),
                description: description.map(|text| text.value.0),
            })),
            (Some(field), Some(message), None) => {
                if let Some((name, place)) = with_code {
                    report.say(
                        Mistake::NeedsAnother,
                        place,
                        format!("`{name}` needs `code`"),
                    );
                    return None;
                }
                Some(ScriptedError::Field {
                    field: field.value,
                    message: message.value.0,
                })
            }
            (Some(_), None, None) => {
                let found = report.say(Mistake::MissingKey, place, "missing key `message`");
                found.hint("what to say of the field, as in `message = \"not accepted\"`");
                None
            }
            (None, Some(_), None) => {
                let found = report.say(Mistake::MissingKey, place, "missing key `field`");
                found.hint("the field's name on the wire, as in `field = \"bin_number\"`");
                None
            }
            _ => {
                let found = report.say(Mistake::NotSingle, place, "this is no single error");
                found.hint("give `field` and `message`, or `code`");
                None
            }
        }
    }
}

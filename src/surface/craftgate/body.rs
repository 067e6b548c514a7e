//! Reads a JSON body: numbers keep their digits, unknown fields are accepted, and all that is wrong
//! is said at once.

use crate::call::Call;
use crate::refusal::Refusal;
use crate::route::Turn;
use crate::surface::craftgate::dialect::{aggregate, language};
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::given::Given;

/// What `read` makes of the body. Err when the body is no JSON object (an empty one counts as `{}`),
/// or with every field that `read` found wrong.
pub fn read<'a, T>(turn: &Turn<'a>, read: impl FnOnce(&mut Fields<'a>) -> T) -> Result<T, Refusal> {
    let sent = entries(turn.call)?;
    finish(turn, Fields::new(sent, false), read)
}

/// The body for a peek: what is wrong with it is not this caller's business.
pub fn peek<T>(call: &Call, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
    let sent = entries(call).ok();
    let sent = sent.filter(|sent| matches!(sent, Given::Json(_)))?;
    Some(read(&mut Fields::new(sent, false)))
}

pub(super) fn finish<'a, T>(
    turn: &Turn<'a>,
    mut fields: Fields<'a>,
    read: impl FnOnce(&mut Fields<'a>) -> T,
) -> Result<T, Refusal> {
    fields = fields.heard_by(turn.call.ear.as_ref());
    let value = read(&mut fields);
    if turn.call.describes().is_some() {
        return Err(Refusal::Unreadable("nobody calls"));
    }
    let problems = fields.into_problems();
    if problems.is_empty() {
        return Ok(value);
    }
    Err(aggregate(&problems, language(turn)).into())
}

/// The entries of the body. Err says what is wrong with it.
fn entries(call: &Call) -> Result<Given<'_>, Refusal> {
    if call.body.trim_ascii().is_empty() {
        return Ok(Given::NOTHING);
    }
    call.object().map(Given::Json).map_err(Refusal::Unreadable)
}

/// For tests of whoever reads a part of a body.
#[cfg(test)]
pub(super) fn try_read<T>(
    body: &str,
    read: impl FnOnce(&mut Fields<'_>) -> T,
) -> Result<T, Vec<(String, crate::surface::craftgate::errors::Code)>> {
    let mut call = Call::new(http::Method::POST, "/");
    call.body = body.to_owned().into();
    let sent = entries(&call).unwrap_or(Given::NOTHING);
    let mut fields = Fields::new(sent, false);
    let value = read(&mut fields);
    let problems = fields.into_problems();
    if problems.is_empty() {
        Ok(value)
    } else {
        Err(problems
            .into_iter()
            .map(|wrong| (wrong.field, wrong.code))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use crate::surface::craftgate::errors::Code;

    #[test]
    fn numbers_keep_their_digits_and_may_be_texts() {
        let body = r#"{"a":100.0,"b":"100.00","c":100,"d":1e2,"e":"","f":null,"g":12.345}"#;
        let mut got = Vec::new();
        let problems = try_read(body, |f| {
            for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
                let amount = f.amount(name, Currency::TRY);
                got.push(amount.map(|amount| amount.to_string()));
            }
        });
        let some = |text: &str| Some(text.to_owned());
        let want = [
            some("100.0"),
            some("100.00"),
            some("100"),
            None,
            None,
            None,
            None,
            None,
        ];
        assert_eq!(got, want);
        let malformed = |name: &str| (name.to_owned(), Code::FieldMalformed);
        assert_eq!(problems, Err(vec![malformed("d"), malformed("g")]));
    }

    #[test]
    fn texts_have_an_end() {
        let base = "http://x/";
        for (kind, most, code) in [
            ("text", 1_024, Code::FieldMalformed),
            ("reference", 255, Code::FieldMalformed),
            ("url", 2_048, Code::CallbackUrlInvalid),
        ] {
            let read = |text: String| {
                let body = serde_json::json!({ kind: text }).to_string();
                let read = try_read(&body, |f| match kind {
                    "text" => f.text(kind),
                    "reference" => f.reference(kind),
                    _ => f.url(kind).map(Into::into),
                });
                read.map(|read| read.map_or(0, |text| text.chars().count()))
            };
            let of = |length: usize| format!("{base}{}", "ğ".repeat(length - base.len()));
            assert_eq!(read(of(most)), Ok(most), "{kind}");
            let wrong = Err(vec![(kind.to_owned(), code)]);
            assert_eq!(read(of(most + 1)), wrong, "{kind}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let body = r#"{"price":-1,"paidPrice":0,"items":[{"price":"x"},{"price":5},7],"id":"7",
                       "conversationId":"+1","flag":"True","callbackUrl":"javascript:1","ids":["1",2]}"#;
        let mut seen = (0, false, Vec::new());
        let got = try_read(body, |f| {
            f.need_amount("price", Currency::TRY);
            f.need_amount("paidPrice", Currency::TRY);
            f.list("items", |item| item.need_amount("price", Currency::TRY));
            f.need_text("referenceId");
            seen = (f.need_id("id"), f.is("flag"), f.ids("ids"));
            f.reference("conversationId");
            f.need_url("callbackUrl");
            f.need_object("card", |card| card.need_text("cardNumber"));
            f.object("absent", |card| card.need_text("cardNumber"));
        });
        assert_eq!(seen, (7, true, vec![1, 2]));
        let want = [
            ("price", Code::NotPositive),
            ("paidPrice", Code::NotPositive),
            ("items[0].price", Code::FieldMalformed),
            ("items[2]", Code::FieldMalformed),
            ("referenceId", Code::FieldMissing),
            ("conversationId", Code::UnsafeStart),
            ("callbackUrl", Code::CallbackUrlInvalid),
            ("card", Code::FieldMissing),
        ];
        let want: Vec<_> = want
            .iter()
            .map(|(f, code)| ((*f).to_owned(), *code))
            .collect();
        assert_eq!(got, Err(want));
    }
}

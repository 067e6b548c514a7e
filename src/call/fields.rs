//! The fields of a body: a form, or a JSON object.

use super::ear::{Ear, Part};
use super::form::Form;
use super::json::Value;
use super::{Call, Pair};
use std::borrow::Cow;

/// The fields of a form or of a JSON object.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'c> {
    sent: Sent<'c>,
    ear: Option<&'c Ear>,
}

#[derive(Debug, Clone, Copy)]
enum Sent<'c> {
    /// names and texts, of which the last of two with one name counts
    Form(&'c [Pair]),
    /// an object
    Json(Value<'c>),
}

impl Default for Sent<'_> {
    fn default() -> Self {
        Self::Form(&[])
    }
}

impl<'c> Fields<'c> {
    /// Of a call. Err says what is wrong with the body.
    pub(super) fn of(call: &'c Call) -> Result<Self, &'static str> {
        let sent = match call.body.trim_ascii_start().first() {
            None => Sent::default(),
            Some(first) if *first != b'{' && is_form(call) => Sent::Form(call.form()?),
            Some(_) => Sent::Json(call.object()?),
        };
        let ear = call.ear.as_ref();
        Ok(Self { sent, ear })
    }

    /// A field as text, when it is there and not empty. Numbers and booleans are their own text.
    pub fn text(self, name: &str) -> Option<Cow<'c, str>> {
        self.hear(name, Form::Text);
        self.glance(name)
    }

    /// As [`Self::text`], of one who looks at the fields of every call.
    pub fn glance(self, name: &str) -> Option<Cow<'c, str>> {
        match self.sent {
            Sent::Form(pairs) => filled(Some(last(pairs, name)?.into())),
            Sent::Json(object) => filled(object.get(name)?.scalar()),
        }
    }

    /// The first text of a field whose name is like that, whatever the case of either; of one who looks at the fields
    /// of every call.
    pub fn text_like(self, name: &str) -> Option<Cow<'c, str>> {
        match self.sent {
            Sent::Form(pairs) => pairs
                .iter()
                .filter(|(known, _)| known.eq_ignore_ascii_case(name))
                .find_map(|(_, text)| filled(Some(text.into()))),
            Sent::Json(object) => {
                let mut alike = object.all_like(name)?;
                alike.find_map(|value| filled(value.scalar()))
            }
        }
    }

    /// Nobody calls: a reader is asked what it reads.
    pub fn describes(self) -> bool {
        self.ear.is_some_and(|ear| ear.describes().is_some())
    }

    /// Tells who listens that this is asked for.
    pub fn need(self, name: &str, form: Form) {
        if let Some(ear) = self.ear {
            ear.hear(Part::Body, name, (form, true));
        }
    }

    fn hear(self, name: &str, form: Form) {
        if let Some(ear) = self.ear {
            ear.hear(Part::Body, name, (form, false));
        }
    }

    /// As [`Self::text`], by a path of keys and positions from 0 with dots between them.
    pub fn text_at(self, path: &str) -> Option<Cow<'c, str>> {
        let object = match self.sent {
            Sent::Form(_) => return self.glance(path),
            Sent::Json(object) => object,
        };
        if let Some(whole) = object.get(path) {
            return filled(whole.scalar());
        }
        let found = path.split('.').try_fold(object, |value, step| {
            if value.is_object() {
                return value.get(step);
            }
            value.items()?.nth(step.parse().ok()?)
        });
        filled(found?.scalar())
    }

    /// Every field that is a text, as [`Self::text`], by its name.
    pub fn texts(self) -> Vec<(Cow<'c, str>, Cow<'c, str>)> {
        let names: Vec<Cow<'c, str>> = match self.sent {
            Sent::Form(pairs) => pairs.iter().map(|(name, _)| name.into()).collect(),
            Sent::Json(object) => {
                let members = object.members().into_iter().flatten();
                members.map(|(name, _)| name).collect()
            }
        };
        let texts = names.into_iter();
        texts
            .filter_map(|name| Some((name.clone(), self.text(&name)?)))
            .collect()
    }

    /// Whether the field was sent, whatever it is.
    pub fn has(self, name: &str) -> bool {
        self.hear(name, Form::Any);
        match self.sent {
            Sent::Form(pairs) => last(pairs, name).is_some(),
            Sent::Json(object) => object.get(name).is_some(),
        }
    }
}

fn is_form(call: &Call) -> bool {
    call.media_type() == "application/x-www-form-urlencoded"
}

fn last<'c>(pairs: &'c [Pair], name: &str) -> Option<&'c str> {
    let found = pairs.iter().rev().find(|(known, _)| known == name);
    found.map(|(_, text)| text.as_str())
}

/// What is empty says nothing.
fn filled(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    fn call(body: &str) -> Call {
        let mut call = Call::new(Method::POST, "/");
        call.body = body.to_owned().into();
        call
    }

    #[test]
    fn scalars_are_their_own_text_with_all_their_digits() {
        let body = r#"{"a":"y","n":10,"m":-1,"f":1.50,"g":100.0,"t":true,"e":"","z":null,
                       "l":[{"k":"v"},2],"o":{"p":{"q":false}}}"#;
        let call = call(body);
        let fields = call.fields().unwrap();
        let text = |name: &str| fields.text(name).map(Cow::into_owned);
        for (name, expected) in [
            ("a", Some("y")),
            ("n", Some("10")),
            ("m", Some("-1")),
            ("f", Some("1.50")),
            ("g", Some("100.0")),
            ("t", Some("true")),
            ("e", None),
            ("z", None),
            ("l", None),
            ("x", None),
        ] {
            assert_eq!(text(name).as_deref(), expected, "{name}");
        }
        let at = |path: &str| fields.text_at(path).map(Cow::into_owned);
        for (path, expected) in [
            ("n", Some("10")),
            ("l.0.k", Some("v")),
            ("l.1", Some("2")),
            ("l.2", None),
            ("o.p.q", Some("false")),
            ("o.p", None),
            ("a.b", None),
        ] {
            assert_eq!(at(path).as_deref(), expected, "{path}");
        }
        assert!(fields.has("z") && !fields.has("x"));
    }

    #[test]
    fn what_is_no_object_is_told_from_what_is_no_json() {
        for (body, why) in [
            ("[1]", Some("not a JSON object")),
            ("1", Some("not a JSON object")),
            ("{\"a\":}", Some("not valid JSON")),
            ("{} x", Some("not valid JSON")),
            ("{\"a\":1,\"a\":2}", Some("not valid JSON")),
            (" ", None),
        ] {
            assert_eq!(call(body).fields().err(), why, "{body}");
        }
    }

    #[test]
    fn of_a_form_the_last_of_two_counts() {
        let mut call = call("a=x&a=y+z&b=");
        let media =
            http::HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
        call.headers.insert(http::header::CONTENT_TYPE, media);
        let fields = call.fields().unwrap();
        assert_eq!(fields.text("a").unwrap(), "y z");
        assert_eq!(fields.text_like("A").unwrap(), "x");
        assert!(fields.has("b") && fields.text("b").is_none());
    }
}

//! The fields of a body: a form, or a JSON object.

use super::ear::{Ear, Part};
use super::form::Form;
use super::{Call, decode_pairs};
use compact_str::{CompactString, ToCompactString};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::fmt;

/// The fields of a form or of a JSON object. There are a dozen of them: looking through a list takes less than
/// building a map. The last of two with one name counts.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    sent: Vec<(CompactString, Sent)>,
    ear: Option<Ear>,
}

/// A value as it was sent.
#[derive(Debug, Clone)]
enum Sent {
    /// a text; numbers and booleans are their own text
    Text(CompactString),
    /// null, a list or an object
    Other(Box<Value>),
}

impl Fields {
    pub(super) fn read(call: &Call) -> Result<Self, &'static str> {
        let ear = call.ear.clone();
        let body = call.body.trim_ascii();
        if body.is_empty() {
            let sent = Vec::new();
            return Ok(Self { sent, ear });
        }
        let form = call.media_type() == "application/x-www-form-urlencoded";
        if form && body[0] != b'{' {
            let text = std::str::from_utf8(body).map_err(|_| "not valid UTF-8")?;
            let pairs = decode_pairs(text).into_iter();
            let sent = pairs.map(|(k, v)| (k.into(), Sent::Text(v.into())));
            let sent = sent.collect();
            return Ok(Self { sent, ear });
        }
        match serde_json::from_slice(body) {
            Ok(Entries(sent)) => Ok(Self { sent, ear }),
            Err(_) => Err(match serde_json::from_slice::<IgnoredAny>(body) {
                Ok(_) => "not a JSON object",
                Err(_) => "not valid JSON",
            }),
        }
    }

    fn sent(&self, name: &str) -> Option<&Sent> {
        let mut entries = self.sent.iter().rev();
        let found = entries.find(|(known, _)| known == name);
        found.map(|(_, sent)| sent)
    }

    /// A field as text, when it is there and not empty. Numbers and booleans are their own text.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.hear(name, Form::Text);
        self.glance(name)
    }

    /// As [`Self::text`], of one who looks at the fields of every call.
    pub fn glance(&self, name: &str) -> Option<Cow<'_, str>> {
        self.sent(name)?.text()
    }

    /// Nobody calls: a reader is asked what it reads.
    pub fn describes(&self) -> bool {
        self.ear
            .as_ref()
            .is_some_and(|ear| ear.describes().is_some())
    }

    /// Tells who listens that this is asked for.
    pub fn need(&self, name: &str, form: Form) {
        if let Some(ear) = &self.ear {
            ear.hear(Part::Body, name, (form, true));
        }
    }

    fn hear(&self, name: &str, form: Form) {
        if let Some(ear) = &self.ear {
            ear.hear(Part::Body, name, (form, false));
        }
    }

    /// As [`Self::text`], by a path of keys and positions from 0 with dots between them.
    pub fn text_at(&self, path: &str) -> Option<Cow<'_, str>> {
        if let Some(sent) = self.sent(path) {
            return sent.text();
        }
        let (first, rest) = path.split_once('.')?;
        let Sent::Other(first) = self.sent(first)? else {
            return None;
        };
        let value = rest
            .split('.')
            .try_fold(&**first, |value, step| match value {
                Value::Object(map) => map.get(step),
                Value::Array(list) => list.get(step.parse::<usize>().ok()?),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            });
        text_of(value?)
    }

    /// Whether the field was sent, whatever it is.
    pub fn has(&self, name: &str) -> bool {
        self.hear(name, Form::Any);
        self.sent(name).is_some()
    }

    /// The names as received, each with its text when it has one.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<Cow<'_, str>>)> {
        self.sent
            .iter()
            .map(|(name, sent)| (name.as_str(), sent.text()))
    }
}

impl Sent {
    fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text.as_str())).filter(|text| !text.is_empty()),
            Self::Other(_) => None,
        }
    }
}

/// A value as text, when it is one and not empty; numbers and booleans are their own text.
fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The entries of a JSON object, in the order received.
struct Entries(Vec<(CompactString, Sent)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::with_capacity(16);
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        from.deserialize_map(Read)
    }
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Sent;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_str<E>(self, text: &str) -> Result<Sent, E> {
                Ok(Sent::Text(text.into()))
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Sent, E> {
                let text = if flag { "true" } else { "false" };
                Ok(Sent::Text(CompactString::const_new(text)))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Sent, E> {
                Ok(Sent::Text(number.to_compact_string()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Sent, E> {
                Ok(Sent::Text(number.to_compact_string()))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Sent, E> {
                let number = Number::from_f64(number);
                let number = number.ok_or_else(|| E::custom("not a number"))?;
                Ok(Sent::Text(number.to_compact_string()))
            }

            fn visit_unit<E>(self) -> Result<Sent, E> {
                Ok(Sent::Other(Box::new(Value::Null)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Sent, A::Error> {
                let list = Value::deserialize(SeqAccessDeserializer::new(list));
                list.map(|list| Sent::Other(Box::new(list)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Sent, A::Error> {
                let map = Value::deserialize(MapAccessDeserializer::new(map));
                map.map(|map| Sent::Other(Box::new(map)))
            }
        }

        from.deserialize_any(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    fn fields(body: &str) -> Result<Fields, &'static str> {
        let mut call = Call::new(Method::POST, "/");
        call.body = body.to_owned().into();
        Fields::read(&call)
    }

    #[test]
    fn scalars_are_their_own_text_and_the_last_of_two_counts() {
        let body = r#"{"a":"x","a":"y","n":10,"m":-1,"f":1.50,"g":100.0,"t":true,"e":"","z":null,
                       "l":[{"k":"v"},2],"o":{"p":{"q":false}}}"#;
        let fields = fields(body).unwrap();
        let text = |name: &str| fields.text(name).map(Cow::into_owned);
        for (name, expected) in [
            ("a", Some("y")),
            ("n", Some("10")),
            ("m", Some("-1")),
            ("f", Some("1.5")),
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
        assert_eq!(fields("[1]").unwrap_err(), "not a JSON object");
        assert_eq!(fields("1").unwrap_err(), "not a JSON object");
        assert_eq!(fields("{\"a\":}").unwrap_err(), "not valid JSON");
        assert_eq!(fields("{} x").unwrap_err(), "not valid JSON");
        assert!(fields(" ").is_ok());
    }
}

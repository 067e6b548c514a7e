//! A request read to its end, as a plain value.

pub mod ear;
pub mod form;
pub mod judge;

use bytes::Bytes;
use compact_str::CompactString;
use ear::{Ear, Part};
use form::Form;
use http::{HeaderMap, Method};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

/// A request read to its end.
#[derive(Debug, Clone)]
pub struct Call {
    /// GET, POST, …
    pub method: Method,
    /// the request target as received, sandbox prefix and all: what clients sign
    pub target: String,
    /// what routing looks at: no sandbox prefix, no doubled leading slash, no trailing slash
    pub path: String,
    /// decoded query parameters in the order received
    pub query: Vec<(String, String)>,
    /// header fields
    pub headers: HeaderMap,
    /// the body, byte for byte
    pub body: Bytes,
    /// the sandbox it names; `default` when it names none
    pub sandbox: String,
    /// how browsers reach us, without the sandbox prefix: `http://127.0.0.1:4242`
    pub origin: String,
    /// `/~NAME` when the sandbox was named in the path, else empty
    pub prefix: String,
    /// listens to what is read of it; a client's call has none
    pub ear: Option<Ear>,
    fields: OnceLock<Result<Fields, &'static str>>,
}

/// The fields of a form or of a flat JSON body. There are a dozen of them: looking through a list takes less than
/// building a map. The last of two with one name counts.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    sent: Vec<(CompactString, Value)>,
    ear: Option<Ear>,
}

impl Call {
    /// A call for `method` and `target` (path and query), with the rest empty.
    pub fn new(method: Method, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method,
            target: target.to_owned(),
            path: plain_path(path),
            query: decode_pairs(query),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            sandbox: DEFAULT_SANDBOX.to_owned(),
            origin: "http://127.0.0.1".to_owned(),
            prefix: String::new(),
            ear: None,
            fields: OnceLock::new(),
        }
    }

    /// The first query parameter of that name, unless it is empty.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.hear(Part::Query, name, (Form::Text, false));
        let found = self.query.iter().find(|(key, _)| key == name)?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }

    /// Tells who listens that this is asked for.
    pub fn hear(&self, part: Part, name: &str, what: (Form, bool)) {
        if let Some(ear) = &self.ear {
            ear.hear(part, name, what);
        }
    }

    /// Nobody calls: a reader is asked what it reads. Some(true): it hears that every field is there.
    pub fn describes(&self) -> Option<bool> {
        self.ear.as_ref()?.describes()
    }

    /// A header's text, when it is text and not empty.
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?.to_str().ok()?;
        Some(value).filter(|value| !value.is_empty())
    }

    /// A cookie of that name, from any `Cookie` header.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let headers = self.headers.get_all(http::header::COOKIE).iter();
        headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.trim_matches('"'))
            .filter(|value| !value.is_empty())
    }

    /// Base of absolute URLs for browsers, inside the caller's sandbox, however that was named.
    pub fn base(&self) -> String {
        match self.sandbox.as_str() {
            name if self.prefix.is_empty() && name != DEFAULT_SANDBOX => {
                format!("{}/~{name}", self.origin)
            }
            _ => format!("{}{}", self.origin, self.prefix),
        }
    }

    /// The body's media type in lower case, without parameters; empty when absent.
    pub fn media_type(&self) -> Cow<'_, str> {
        let text = self.header("content-type").unwrap_or_default();
        let essence = text.split(';').next().unwrap_or_default().trim();
        if essence.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(essence.to_ascii_lowercase())
        } else {
            Cow::Borrowed(essence)
        }
    }

    /// The body as fields: a form, or a JSON object whatever the content type says.
    /// Err says what is wrong with the body.
    pub fn fields(&self) -> Result<&Fields, &'static str> {
        let parsed = self.fields.get_or_init(|| Fields::read(self));
        parsed.as_ref().map_err(|why| *why)
    }
}

/// The sandbox that serves calls which name none.
pub const DEFAULT_SANDBOX: &str = "default";

/// One leading slash, no trailing one: vendors' clients are loose with both. Escapes of what needs none are
/// the same as the plain characters: RFC 3986 §6.2.2.2.
pub fn plain_path(path: &str) -> String {
    let path = if path.contains('%') {
        unescaped(path)
    } else {
        Cow::Borrowed(path)
    };
    let inner = path.trim_start_matches('/').trim_end_matches('/');
    let mut plain = String::with_capacity(inner.len() + 1);
    plain.push('/');
    plain.push_str(inner);
    plain
}

fn unescaped(path: &str) -> Cow<'_, str> {
    let mut parts = path.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let code = code.filter(|b| b.is_ascii_alphanumeric() || b"-._~".contains(b));
        match code {
            Some(code) => {
                plain.push(char::from(code));
                plain.push_str(&part[2..]);
            }
            None => {
                plain.push('%');
                plain.push_str(part);
            }
        }
    }
    Cow::Owned(plain)
}

/// `a=1&b=%20` as decoded pairs; `+` is a space.
pub fn decode_pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes())
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

impl Fields {
    fn read(call: &Call) -> Result<Self, &'static str> {
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
            let sent = pairs.map(|(k, v)| (k.into(), Value::String(v))).collect();
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

    fn sent(&self, name: &str) -> Option<&Value> {
        let mut entries = self.sent.iter().rev();
        let found = entries.find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// A field as text, when it is there and not empty. Numbers and booleans are their own text.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.hear(name, Form::Text);
        self.glance(name)
    }

    /// As [`Self::text`], of one who looks at the fields of every call.
    pub fn glance(&self, name: &str) -> Option<Cow<'_, str>> {
        text_of(self.sent(name)?)
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
        if let Some(value) = self.sent(path) {
            return text_of(value);
        }
        let mut steps = path.split('.');
        let first = self.sent(steps.next()?)?;
        let value = steps.try_fold(first, |value, step| match value {
            Value::Object(map) => map.get(step),
            Value::Array(list) => list.get(step.parse::<usize>().ok()?),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        });
        text_of(value?)
    }

    /// The field as received, whatever its type.
    pub fn raw(&self, name: &str) -> Option<&Value> {
        self.hear(name, Form::Any);
        self.sent(name)
    }

    /// The names and values as received.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.sent.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// The entries of a JSON object, in the order received.
struct Entries(Vec<(CompactString, Value)>);

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

/// A value as text, when it is one and not empty; numbers and booleans are their own text.
pub fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `true/1/on/yes` and `false/0/off/no`, case ignored; None for anything else.
/// contract: akinon §1.3
pub fn flag(text: &str) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1", "on", "yes"]) {
        return Some(true);
    }
    is(["false", "0", "off", "no"]).then_some(false)
}

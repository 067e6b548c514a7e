//! A request read to its end, as a plain value.

pub mod ear;
mod fields;
pub mod form;
pub mod json;
pub mod judge;

pub use fields::Fields;

use bytes::Bytes;
use compact_str::CompactString;
use ear::{Ear, Part};
use form::Form;
use http::{HeaderMap, Method};
use json::{Json, JsonFault};
use memchr::memchr2;
use std::borrow::Cow;
use std::sync::OnceLock;

/// A name and a text. Most are short, and then need no memory of their own.
pub type Pair = (CompactString, CompactString);
/// Names and texts in the order received.
pub type Pairs = Vec<Pair>;

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
    pub query: Pairs,
    /// header fields
    pub headers: HeaderMap,
    /// the body, byte for byte
    pub body: Bytes,
    /// the sandbox it names; `default` when it names none
    pub sandbox: CompactString,
    /// how browsers reach us, without the sandbox prefix: `http://127.0.0.1:4242`
    pub origin: CompactString,
    /// `/~NAME` when the sandbox was named in the path, else empty
    pub prefix: CompactString,
    /// listens to what is read of it; a client's call has none
    pub ear: Option<Ear>,
    json: OnceLock<Result<Json, JsonFault>>,
    form: OnceLock<Result<Pairs, &'static str>>,
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
            sandbox: CompactString::const_new(DEFAULT_SANDBOX),
            origin: CompactString::const_new("http://127.0.0.1"),
            prefix: CompactString::const_new(""),
            ear: None,
            json: OnceLock::new(),
            form: OnceLock::new(),
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

    /// The body as a JSON object. Err says what is wrong with it.
    pub fn object(&self) -> Result<json::Value<'_>, &'static str> {
        match self.json_within(json::DEPTH).map(Json::root) {
            Ok(whole) if whole.is_object() => Ok(whole),
            Ok(_) => Err("not a JSON object"),
            Err(_) => Err("not valid JSON"),
        }
    }

    /// The body as JSON, nested at most so deep; who asks first says how deep. Err says what is wrong with it.
    pub fn json_within(&self, depth: usize) -> Result<&Json, JsonFault> {
        let read = self.json.get_or_init(|| Json::read(&self.body, depth));
        read.as_ref().map_err(|why| *why)
    }

    /// The body as fields: a form, or a JSON object whatever the content type says.
    /// Err says what is wrong with the body.
    pub fn fields(&self) -> Result<Fields<'_>, &'static str> {
        Fields::of(self)
    }

    /// The names and texts of a form, in the order received. Err says what is wrong with the body.
    fn form(&self) -> Result<&[Pair], &'static str> {
        let read = self.form.get_or_init(|| {
            let text = std::str::from_utf8(self.body.trim_ascii());
            text.map(decode_pairs).map_err(|_| "not valid UTF-8")
        });
        read.as_deref().map_err(|why| *why)
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
pub fn decode_pairs(text: &str) -> Pairs {
    let pieces = text.split('&').filter(|piece| !piece.is_empty());
    let pair = |piece: &str| match memchr2(b'%', b'+', piece.as_bytes()).is_some() {
        true => form_urlencoded::parse(piece.as_bytes())
            .next()
            .map(|(key, value)| (key.into(), value.into())),
        // most are: nothing to undo
        false => {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            Some((key.into(), value.into()))
        }
    };
    // room for all of them, but not for whatever somebody sends
    let ends = text.bytes().filter(|byte| *byte == b'&').count();
    let room = if text.is_empty() { 0 } else { ends + 1 };
    let mut pairs = Vec::with_capacity(room.min(64));
    pairs.extend(pieces.filter_map(pair));
    pairs
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

//! What the examples of a file remember from answer to call: cookies, and values by name.

use crate::call::Call;
use crate::reply::Reply;
use crate::scenario::example::Example;
use http::header::SET_COOKIE;
use http::{HeaderName, HeaderValue};
use serde_json::Value;

/// Cookies and values that earlier answers gave.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    cookies: Vec<(String, String)>,
    values: Vec<(String, String)>,
}

impl Kept {
    /// Remembers the cookies of an answer, and what `example` keeps of it. Err says what is not
    /// there.
    pub fn learn(&mut self, example: &Example, reply: &Reply) -> Result<(), String> {
        for line in reply.headers.get_all(SET_COOKIE) {
            self.cookie(&String::from_utf8_lossy(line.as_bytes()));
        }
        if example.keep.is_empty() || !reply.pace.answers() {
            return Ok(());
        }
        let json: Value = serde_json::from_slice(&reply.body)
            .map_err(|_| "nothing can be kept of an answer that is not JSON".to_owned())?;
        for (name, path) in &example.keep {
            let text = match path.find(&json) {
                Some(Value::String(text)) => text.clone(),
                Some(scalar @ (Value::Number(_) | Value::Bool(_))) => scalar.to_string(),
                Some(Value::Null | Value::Array(_) | Value::Object(_)) => {
                    return Err(format!("`{path}` is no text to keep as `{name}`"));
                }
                None => return Err(format!("there is no `{path}` to keep as `{name}`")),
            };
            put(&mut self.values, name, text);
        }
        Ok(())
    }

    /// One `Set-Cookie` line; an empty value or `Max-Age=0` takes the cookie away.
    fn cookie(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let Some((name, value)) = pair.trim().split_once('=') else {
            return;
        };
        let ends = |a: &str| a.trim().eq_ignore_ascii_case("max-age=0");
        if value.is_empty() || attributes.split(';').any(ends) {
            self.cookies.retain(|(known, _)| known != name);
        } else {
            put(&mut self.cookies, name, value.to_owned());
        }
    }

    pub(crate) fn cookie_header(&self) -> Option<String> {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let pairs: Vec<String> = pairs.collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.values.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    /// `text` with what was kept in place of `{name}`.
    pub(crate) fn fill(&self, text: &str) -> String {
        self.filled(text, |value| value.to_owned())
    }

    /// A target with what was kept. A variable at its beginning is a path or URL of the server
    /// and stays as it is; elsewhere it is percent-encoded.
    pub(crate) fn fill_target(&self, target: &str) -> String {
        let first = variables(target).next().filter(|_| target.starts_with('{'));
        let begin = first.filter(|name| target[1..].starts_with(*name));
        let Some((name, value)) = begin.and_then(|name| Some((name, self.value(name)?))) else {
            return self.filled(target, encoded);
        };
        let rest = self.filled(&target[name.len() + 2..], encoded);
        format!("{}{rest}", local(value))
    }

    pub(crate) fn fill_json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(list) => list.iter().map(|value| self.fill_json(value)).collect(),
            Value::Object(map) => {
                let filled = |(key, value): (&String, &Value)| (key.clone(), self.fill_json(value));
                Value::Object(map.iter().map(filled).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn filled(&self, text: &str, write: impl Fn(&str) -> String) -> String {
        let mut full = String::with_capacity(text.len());
        let mut done = 0;
        for name in variables(text) {
            // `name` is a part of `text`: its address says where.
            let start = name.as_ptr().addr() - text.as_ptr().addr() - 1;
            full.push_str(&text[done..start]);
            done = start + name.len() + 2;
            match self.value(name) {
                Some(value) => full.push_str(&write(value)),
                None => full.push_str(&text[start..done]),
            }
        }
        full.push_str(&text[done..]);
        full
    }
}

fn put(list: &mut Vec<(String, String)>, name: &str, value: String) {
    match list.iter_mut().find(|(known, _)| known == name) {
        Some(entry) => entry.1 = value,
        None => list.push((name.to_owned(), value)),
    }
}

/// The names in braces in `text`: letters, digits and `_`. Other braces are just braces.
pub(crate) fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        (!name.is_empty() && name.bytes().all(fits)).then_some(name)
    })
}

/// The path and query of a URL; a path stays as it is.
fn local(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://").filter(|_| !url.starts_with('/')) else {
        return url;
    };
    rest.find('/').map_or("/", |at| &rest[at..])
}

fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Sets a header of a call. What is no header value is left out.
pub(crate) fn set_header(call: &mut Call, name: &str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes());
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
        call.headers.insert(name, value);
    }
}

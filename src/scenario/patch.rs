//! What a rule changes in the answer that was made: values of its JSON by path, and its headers.

use crate::reply::Reply;
use crate::scenario::example::header_name;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::read::{At, Map, table};
use crate::scenario::want::{Json, Path};
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

table! {
    /// One change of the answer's JSON: `set` or `replace` with `value` or `null`, or `remove`. Keys that are
    /// missing on the way are made; a position may be one behind the end of its list. What does not
    /// fit the answer changes nothing, nor does an answer that is no JSON change.
    struct PatchRow {
        /// where a value is put
        set: Option<At<Path>> = r#"set = "data.paymentStatus""#,
        /// where there is a value in whose place another one is put; where there is none, nothing changes
        replace: Option<At<Path>> = r#"replace = "data.paymentStatus""#,
        /// the value of `set` or `replace`
        value: Option<At<Json>> = r#"value = "FAILURE""#,
        /// the value is null
        null: Option<At<bool>> = "null = true",
        /// what is taken away
        remove: Option<At<Path>> = r#"remove = "data.items.0""#,
    }
}

/// One change of an answer's JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    path: Path,
    /// only where there is something
    replaces: bool,
    /// None: it is taken away
    value: Option<Value>,
}

/// A header of an answer; None: it is taken away.
pub type HeaderEdit = (HeaderName, Option<HeaderValue>);

impl At<PatchRow> {
    /// The change; None when it is none or several, and the report says how.
    pub fn compile(self, report: &mut Report) -> Option<Edit> {
        let PatchRow {
            set,
            replace,
            value,
            null,
            remove,
        } = self.value;
        let null = null.filter(|null| null.value).map(|_| Value::Null);
        let replaces = replace.is_some();
        let edit = |path: At<Path>, value| Edit {
            path: path.value,
            replaces,
            value,
        };
        let value = match (value.map(|value| value.value.0), null) {
            (Some(_), Some(_)) => None,
            (value, null) => value.or(null).map(Some),
        };
        match (set, replace, value, remove) {
            (Some(path), None, Some(value), None) | (None, Some(path), Some(value), None) => {
                Some(edit(path, value))
            }
            (None, None, None, Some(path)) => Some(edit(path, None)),
            _ => {
                let found = report.say(Mistake::NotSingle, self.place, "this is no single change");
                found.hint("`{ set = \"a.b\", value = 1 }`, `{ set = \"a.b\", null = true }`, `{ replace = \"a.b\", value = 1 }` or `{ remove = \"a.b\" }`");
                None
            }
        }
    }
}

/// The headers that are HTTP's business, not the answer's.
const TRAVEL: [HeaderName; 3] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING];

/// The headers that a rule sets; an empty text takes one away.
pub(crate) fn headers(rows: At<Map<At<String>>>, report: &mut Report) -> Vec<HeaderEdit> {
    if rows.value.0.is_empty() {
        report.say(
            Mistake::SaysNothing,
            rows.place,
            "empty `headers` change nothing",
        );
    }
    let mut edits = Vec::with_capacity(rows.value.0.len());
    for (name, text) in rows.value.0 {
        let place = name.place;
        let name = header_name(&name, report);
        let Ok(value) = HeaderValue::from_str(&text.value) else {
            report.say(Mistake::NoHeader, text.place, "a header cannot say this");
            continue;
        };
        if name.as_ref().is_some_and(|name| TRAVEL.contains(name)) {
            let found = report.say(
                Mistake::NoHeader,
                place,
                "this header is not for rules to set",
            );
            found.hint("`wire` says how an answer travels");
        }
        let value = (!text.value.is_empty()).then_some(value);
        edits.extend(name.map(|name| (name, value)));
    }
    edits
}

/// Makes the changes, in order.
pub fn amend(reply: &mut Reply, edits: &[Edit], headers: &[HeaderEdit]) {
    if !edits.is_empty() && is_json(reply) {
        let text = std::str::from_utf8(&reply.body).ok().map(str::to_owned);
        let changed = text.map(|mut text| {
            for edit in edits {
                let steps = edit.path.steps();
                if edit.replaces && !there(&text, &edit.path) {
                    continue;
                }
                text = edited(&text, steps, edit.value.as_ref()).unwrap_or(text);
            }
            text
        });
        reply.body = changed.map_or_else(|| reply.body.clone(), Into::into);
    }
    for (name, value) in headers {
        match value {
            Some(value) => reply.set(name.clone(), value.clone()),
            None => drop(reply.headers.remove(name)),
        }
    }
}

fn there(text: &str, path: &Path) -> bool {
    let json: Option<Value> = serde_json::from_str(text).ok();
    json.is_some_and(|json| path.find(&json).is_some())
}

fn is_json(reply: &Reply) -> bool {
    let media_type = reply.headers.get(CONTENT_TYPE).map(HeaderValue::to_str);
    media_type.is_some_and(|text| text.is_ok_and(|text| text.contains("json")))
}

/// `text` with another value at `steps`; None when that does not fit. All else keeps its bytes, for
/// numbers must come as the vendor writes them: `100.00`.
fn edited(text: &str, steps: &[String], value: Option<&Value>) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else {
        return value.map(Value::to_string);
    };
    let removes = value.is_none() && rest.is_empty();
    if text.trim_start().starts_with('[') {
        let list: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        let mut list: Vec<String> = list.iter().map(|raw| raw.get().to_owned()).collect();
        let at: usize = step.parse().ok()?;
        match list.get(at) {
            Some(_) if removes => drop(list.remove(at)),
            Some(old) => list[at] = edited(old, rest, value)?,
            None if at == list.len() => list.push(made(rest, value?)),
            None => return None,
        }
        return Some(format!("[{}]", list.join(",")));
    }
    let Entries(mut entries) = serde_json::from_str(text).ok()?;
    match entries.iter().position(|(key, _)| key == step) {
        Some(at) if removes => drop(entries.remove(at)),
        Some(at) => entries[at].1 = edited(&entries[at].1, rest, value)?,
        None => entries.push((step.clone(), made(rest, value?))),
    }
    let pairs = entries.iter();
    let pairs = pairs.map(|(key, raw)| format!("{}:{raw}", Value::from(key.as_str())));
    Some(format!("{{{}}}", pairs.collect::<Vec<_>>().join(",")))
}

/// The value in as many objects as there are steps to it.
fn made(steps: &[String], value: &Value) -> String {
    steps.iter().rev().fold(value.to_string(), |inner, step| {
        format!("{{{}:{inner}}}", Value::from(step.as_str()))
    })
}

/// The keys and values of an object, as written and in order.
struct Entries(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, raw)) = map.next_entry::<String, &RawValue>()? {
                    entries.push((key, raw.get().to_owned()));
                }
                Ok(Entries(entries))
            }
        }

        reader.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;
    use serde_json::json;

    #[test]
    fn values_are_set_and_taken_away_and_all_else_keeps_its_bytes() {
        let body = r#"{ "a":100.00, "b":[1.50,{"c":null}] ,"ş\n":1e2}"#;
        // path, value, what comes of it
        let cases = [
            (
                "a",
                Some(json!("x")),
                r#"{"a":"x","b":[1.50,{"c":null}],"ş\n":1e2}"#,
            ),
            (
                "b.0",
                Some(json!(null)),
                r#"{"a":100.00,"b":[null,{"c":null}],"ş\n":1e2}"#,
            ),
            (
                "b.1.c",
                Some(json!({"d": 1})),
                r#"{"a":100.00,"b":[1.50,{"c":{"d":1}}],"ş\n":1e2}"#,
            ),
            (
                "b.2",
                Some(json!(7)),
                r#"{"a":100.00,"b":[1.50,{"c":null},7],"ş\n":1e2}"#,
            ),
            ("b.1", None, r#"{"a":100.00,"b":[1.50],"ş\n":1e2}"#),
            ("b", None, r#"{"a":100.00,"ş\n":1e2}"#),
            (
                "e.f",
                Some(json!(1)),
                r#"{"a":100.00,"b":[1.50,{"c":null}],"ş\n":1e2,"e":{"f":1}}"#,
            ),
            ("b.3", Some(json!(1)), body),
            ("b.x", Some(json!(1)), body),
            ("a.x", Some(json!(1)), body),
            ("x", None, body),
            ("b.1.x.y", None, body),
        ];
        for (path, value, expected) in cases {
            let mut reply = Reply::new(StatusCode::OK, "application/json", body);
            let steps = path.split('.').map(str::to_owned).collect();
            let edit = Edit {
                replaces: false,
                path: Path::of(steps),
                value,
            };
            amend(&mut reply, &[edit], &[]);
            assert_eq!(std::str::from_utf8(&reply.body), Ok(expected), "{path}");
        }
    }

    #[test]
    fn what_is_no_json_stays_and_headers_change() {
        let edit = Edit {
            replaces: false,
            path: Path::of(vec!["a".to_owned()]),
            value: Some(json!(1)),
        };
        let name = HeaderName::from_static("x-a");
        let set = (name.clone(), Some(HeaderValue::from_static("z")));
        for (media_type, body) in [("text/html", "{}"), ("application/json", "{")] {
            let mut reply = Reply::new(StatusCode::OK, media_type, body);
            amend(
                &mut reply,
                std::slice::from_ref(&edit),
                std::slice::from_ref(&set),
            );
            assert_eq!(reply.body, body);
            assert_eq!(reply.headers[&name], "z");
            amend(&mut reply, &[], &[(name.clone(), None)]);
            assert!(!reply.headers.contains_key(&name));
        }
    }
}

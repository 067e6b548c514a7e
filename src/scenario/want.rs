//! JSON values in examples: paths into answers, what must stand there, bodies to send.

use crate::scenario::knob::Kind;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Report, clipped, tick};
use crate::scenario::read::{At, Item, Read, in_order, table};
use crate::scenario::values::{Glob, Int, text_value};
use serde_json::Value;
use std::fmt;
use toml::de::DeValue;

/// A path into a JSON value: keys and positions from 0, with dots between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

text_value!(Path, "a path: `\"context_list.0.page_name\"`", Path::parse);

impl Path {
    fn parse(text: &str) -> Option<Self> {
        let steps: Vec<String> = text.split('.').map(str::to_owned).collect();
        let fits = steps.iter().all(|step| !step.is_empty());
        fits.then_some(Self(steps))
    }

    /// A path that stands as a key.
    pub fn compile(key: &At<String>, report: &mut Report) -> Option<Self> {
        let path = Self::parse(&key.value);
        if path.is_none() {
            report.say(
                Mistake::NoPath,
                key.place,
                format!("{} is no path", tick(&key.value)),
            );
        }
        path
    }

    /// A path of these steps.
    #[cfg(test)]
    pub const fn of(steps: Vec<String>) -> Self {
        Self(steps)
    }

    /// Its keys and positions.
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// What stands there.
    pub fn find<'v>(&self, json: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(json, |value, step| match value {
            Value::Object(map) => map.get(step),
            Value::Array(list) => list.get(step.parse::<usize>().ok()?),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

table! {
    /// What TOML has no word for.
    struct SpecialRow {
        /// the value is null
        null: Option<At<bool>> = "null = true",
        /// there is no such key or position
        absent: Option<At<bool>> = "absent = true",
        /// the length of a list
        count: Option<Int<0, 1_000_000>> = "count = 2",
    }
}

/// What must stand at a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Want {
    Null,
    Absent,
    Count(i64),
    Text(Glob),
    Same(Value),
}

impl Read for Want {
    const KIND: Kind = Kind::Either(&[
        Kind::Text("a string; `*` stands for anything"),
        Kind::Flag,
        Kind::Number,
        Kind::List(&Kind::Anything),
        Kind::Table(SpecialRow::KNOBS),
    ]);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        if let DeValue::String(text) = item.value {
            return Some(Self::Text(Glob(text.to_string())));
        }
        if !matches!(item.value, DeValue::Table(_)) {
            return Json::read(item, report).map(|json| Self::Same(json.0));
        }
        let SpecialRow {
            null,
            absent,
            count,
        } = SpecialRow::read(item, report)?;
        let on = |flag: Option<At<bool>>| flag.is_some_and(|flag| flag.value);
        match (on(null), on(absent), count) {
            (true, false, None) => Some(Self::Null),
            (false, true, None) => Some(Self::Absent),
            (false, false, Some(count)) => Some(Self::Count(count.0)),
            _ => {
                let found = report.say(
                    Mistake::NotSingle,
                    item.place,
                    "this is no single thing to expect",
                );
                found.hint("`{ null = true }`, `{ absent = true }` or `{ count = 2 }`");
                None
            }
        }
    }
}

impl Want {
    /// What is different at `path`, if anything.
    pub fn differs(&self, path: &Path, json: &Value) -> Option<String> {
        let found = path.find(json);
        let holds = match (self, found) {
            (Self::Absent, found) => found.is_none(),
            (_, None) => false,
            (Self::Null, Some(found)) => found.is_null(),
            (Self::Count(count), Some(found)) => {
                let len = found
                    .as_array()
                    .and_then(|list| i64::try_from(list.len()).ok());
                len == Some(*count)
            }
            (Self::Text(glob), Some(found)) => found.as_str().is_some_and(|t| glob.matches(t)),
            (Self::Same(wanted), Some(found)) => same(wanted, found),
        };
        if holds {
            return None;
        }
        let found = found.map_or_else(|| "absent".to_owned(), short);
        Some(format!("`{path}` is {found}, expected {self}"))
    }
}

impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Absent => f.write_str("nothing there"),
            Self::Count(count) => write!(f, "a list of {count}"),
            Self::Text(glob) => write!(f, "\"{}\"", glob.0),
            Self::Same(value) => f.write_str(&short(value)),
        }
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    let short = clipped(&text, 200);
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("{short}{dots}")
}

/// Equal, where `100` and `100.0` are the same number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            plain(&one.to_string()) == plain(&other.to_string())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            let there = |(key, a)| other.get(key).is_some_and(|b| same(a, b));
            one.len() == other.len() && one.iter().all(there)
        }
        (one, other) => one == other,
    }
}

/// A number's text without needless zeros. No float is compared.
fn plain(number: &str) -> &str {
    if number.contains('.') && !number.contains(['e', 'E']) {
        return number.trim_end_matches('0').trim_end_matches('.');
    }
    number
}

/// Any value, as JSON: numbers keep their digits, dates become strings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Json(pub Value);

impl Read for Json {
    const KIND: Kind = Kind::Anything;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let value = match item.value {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(flag) => Value::Bool(*flag),
            DeValue::Datetime(date) => Value::String(date.to_string()),
            DeValue::Integer(n) => {
                Int::<{ i64::MIN }, { i64::MAX }>::read(item, report).map(|_| ())?;
                Value::from(i64::from_str_radix(n.as_str(), n.radix()).ok()?)
            }
            DeValue::Float(number) => {
                let json = serde_json::from_str(number.as_str().trim_start_matches('+'));
                let Ok(json) = json else {
                    report.say(Mistake::WrongValue, item.place, "JSON has no such number");
                    return None;
                };
                json
            }
            DeValue::Array(array) => {
                let all: Vec<Option<Self>> = array
                    .iter()
                    .map(|value| Self::read(report.item(value), report))
                    .collect();
                Value::Array(
                    all.into_iter()
                        .map(|v| v.map(|v| v.0))
                        .collect::<Option<_>>()?,
                )
            }
            DeValue::Table(table) => {
                let mut all = Vec::with_capacity(table.len());
                for (key, value) in in_order(table) {
                    let value = Self::read(report.item(value), report);
                    all.push(value.map(|value| (key.get_ref().to_string(), value.0)));
                }
                Value::Object(all.into_iter().collect::<Option<_>>()?)
            }
        };
        Some(Self(value))
    }
}

//! Holds what a call says against its description.

use super::form::{Departure, DepartureKind, Field, Form};
use crate::near::distance;
use serde_json::Value;

/// How the values of a call are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// as JSON
    Json,
    /// as JSON whose names have any case
    LooseJson,
    /// as texts: a query, a form
    Texts,
}

/// What a value departs from, in the order of the value.
pub fn judge(form: &Form, value: &Value, (path, writing): (&str, Writing)) -> Vec<Departure> {
    let mut found = Vec::new();
    look(form, value, (path, writing), &mut found);
    found
}

fn look(form: &Form, value: &Value, (path, writing): (&str, Writing), found: &mut Vec<Departure>) {
    match (form, value) {
        (Form::Object(fields), Value::Object(map)) => {
            for (name, value) in map {
                let path = format!("{path}.{name}");
                match fields.iter().find(|field| field.is_named(name, writing)) {
                    Some(field) if value.is_null() && !field.need => {}
                    Some(field) => look(&field.form, value, (&path, writing), found),
                    None => found.push(unknown(path, fields, name)),
                }
            }
            let there = |field: &Field| map.keys().any(|name| field.is_named(name, writing));
            let missing = fields.iter().filter(|field| field.need && !there(field));
            found.extend(missing.map(|field| Departure::missing(path, &field.name)));
        }
        (Form::List(each), Value::Array(all)) => {
            for (n, value) in all.iter().enumerate() {
                look(each, value, (&format!("{path}[{n}]"), writing), found);
            }
        }
        (Form::List(each), value) if writing == Writing::Texts => {
            look(each, value, (path, writing), found);
        }
        (Form::Map(each), Value::Object(map)) => {
            for (name, value) in map {
                look(each, value, (&format!("{path}.{name}"), writing), found);
            }
        }
        (form, value) => found.extend(one(form, value, (path, writing))),
    }
}

/// A single value.
fn one(form: &Form, value: &Value, (path, writing): (&str, Writing)) -> Option<Departure> {
    let departure = |kind, says| {
        let path = path.to_owned();
        Some(Departure { path, kind, says })
    };
    let text = value.as_str();
    if let (Form::Word(words), Some(text)) = (form, text) {
        let says = || format!("is none of {}", words.join(", "));
        return match words.iter().any(|word| word == text) {
            true => None,
            false => departure(DepartureKind::UndocumentedValue, says()),
        };
    }
    // Several parameters of one name, of which the first counts.
    let as_text = text.filter(|_| writing == Writing::Texts);
    if is(form, value) || as_text.is_some_and(|text| reads(form, text)) {
        return None;
    }
    let says = format!("is {}, not {}", kind(value), name(form));
    departure(DepartureKind::WrongType, says)
}

fn is(form: &Form, value: &Value) -> bool {
    match form {
        Form::Any => true,
        Form::Text | Form::Word(_) => value.is_string(),
        Form::Whole => value.is_u64(),
        Form::Number => value.is_number(),
        Form::Digits => value.is_u64() || value.as_str().is_some_and(|text| reads(form, text)),
        Form::Flag => value.is_boolean(),
        Form::List(_) => value.is_array(),
        Form::Map(_) | Form::Object(_) => value.is_object(),
    }
}

/// Whether a text says such a value.
fn reads(form: &Form, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match form {
        Form::Any | Form::Text | Form::Word(_) => true,
        Form::Whole | Form::Digits => digits(text),
        Form::Number => {
            let text = text.strip_prefix('-').unwrap_or(text);
            let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
            digits(whole) && digits(part)
        }
        Form::Flag => super::flag(text).is_some(),
        Form::List(_) | Form::Map(_) | Form::Object(_) => false,
    }
}

fn unknown(path: String, fields: &[Field], name: &str) -> Departure {
    let near = |field: &&Field| distance(&field.name, name, name.len() / 3).is_some();
    let near = fields.iter().find(near);
    let hint = near.map(|field| format!("; did you mean `{}`?", field.name));
    Departure {
        path,
        kind: DepartureKind::UnknownField,
        says: format!("is not known here{}", hint.unwrap_or_default()),
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

const fn name(form: &Form) -> &'static str {
    match form {
        Form::Any => "anything",
        Form::Text | Form::Word(_) => "a text",
        Form::Whole => "a whole number",
        Form::Number => "a number",
        Form::Digits => "digits",
        Form::Flag => "true or false",
        Form::List(_) => "a list",
        Form::Map(_) | Form::Object(_) => "an object",
    }
}

impl Field {
    /// Names of parameters ignore case, and may end like those of a list: `ids[]`, `ids[0]`.
    fn is_named(&self, name: &str, writing: Writing) -> bool {
        let plain = name.split('[').next().unwrap_or_default();
        match writing {
            Writing::Json => self.name == name,
            Writing::LooseJson => self.name.eq_ignore_ascii_case(name),
            Writing::Texts => self.name.eq_ignore_ascii_case(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_held_against_their_form() {
        let (json, texts) = (Writing::Json, Writing::Texts);
        for (form, value, writing, good) in [
            (Form::Any, json!([1]), json, true),
            (Form::Text, json!("1"), json, true),
            (Form::Text, json!(1), json, false),
            (Form::Whole, json!(0), json, true),
            (Form::Whole, json!(-1), json, false),
            (Form::Whole, json!("1"), json, false),
            (Form::Whole, json!("1"), texts, true),
            (Form::Whole, json!("x"), texts, false),
            (Form::Number, json!(1.5), json, true),
            (Form::Number, json!("-1.5"), texts, true),
            (Form::Number, json!("1."), texts, false),
            (Form::Digits, json!("12"), json, true),
            (Form::Digits, json!(12), json, true),
            (Form::Digits, json!("1.2"), json, false),
            (Form::Flag, json!(true), json, true),
            (Form::Flag, json!("true"), json, false),
            (Form::Flag, json!("True"), texts, true),
            (Form::words(["A", "B"]), json!("A"), json, true),
            (Form::words(["A", "B"]), json!("a"), json, false),
            (Form::List(Box::new(Form::Whole)), json!([1, 2]), json, true),
            (
                Form::List(Box::new(Form::Whole)),
                json!([1, "x"]),
                json,
                false,
            ),
            (Form::List(Box::new(Form::Whole)), json!("1"), texts, true),
            (
                Form::Map(Box::new(Form::Flag)),
                json!({"a": true}),
                json,
                true,
            ),
            (
                Form::Map(Box::new(Form::Flag)),
                json!({"a": 1}),
                json,
                false,
            ),
        ] {
            let found = judge(&form, &value, ("x", writing));
            assert_eq!(found.is_empty(), good, "{form:?} {value} {found:?}");
        }
    }
}

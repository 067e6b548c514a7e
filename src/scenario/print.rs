//! Values as TOML on one line.

use serde_json::Value;
use std::fmt::Write;
use toml::de::DeValue;

/// A value of a file as one line of TOML.
pub(crate) fn inline(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(list) => bracketed(list.iter().map(|item| inline(item.get_ref()))),
        DeValue::Table(table) => {
            let entries = crate::scenario::read::in_order(table).into_iter();
            braced(entries.map(|(key, item)| (key.get_ref().as_ref(), inline(item.get_ref()))))
        }
    }
}

/// A JSON value as one line of TOML. Err: TOML has no such value.
pub fn from_json(value: &Value) -> Result<String, &'static str> {
    Ok(match value {
        Value::Null => return Err("there is no `null` in a rule"),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(list) => {
            let items: Result<Vec<_>, _> = list.iter().map(from_json).collect();
            bracketed(items?.into_iter())
        }
        Value::Object(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map {
                entries.push((key.as_str(), from_json(value)?));
            }
            braced(entries.into_iter())
        }
    })
}

fn bracketed(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    format!("[{}]", items.join(", "))
}

fn braced<'k>(entries: impl Iterator<Item = (&'k str, String)>) -> String {
    let entries = entries.map(|(key, value)| format!("{} = {value}", key_text(key)));
    let entries: Vec<String> = entries.collect();
    match entries.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{ {} }}", entries.join(", ")),
    }
}

/// A key: bare where it may be.
pub fn key_text(key: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    match !key.is_empty() && key.bytes().all(bare) {
        true => key.to_owned(),
        false => quoted(key),
    }
}

/// A basic string.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_printed_reads_the_same() {
        let value = json!({"a": [1, 2.5, true, "x\"\\\n\u{7f}ş"], "b c": {"d": {}}, "": "e"});
        let line = from_json(&value).unwrap();
        assert!(!line.contains('\n'), "{line}");
        let document = format!("v = {line}");
        let table: toml::Table = toml::from_str(&document).unwrap();
        assert_eq!(serde_json::to_value(&table["v"]).unwrap(), value);
        let parsed = toml::de::DeTable::parse(&document).unwrap();
        assert_eq!(inline(parsed.get_ref()["v"].get_ref()), line);
        assert!(from_json(&json!([null])).is_err());
    }
}

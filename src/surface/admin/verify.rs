//! Has everything happened that should have, and nothing else?

use super::junit::junit;
use super::report::Report;
use super::summary::summary;
use super::{NOTHING, error};
use crate::call::form::Form;
use crate::call::{Call, flag};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::expectation::Wanted;
use crate::surface;
use http::{HeaderName, Method, StatusCode};
use serde_json::{Map, Value};

/// Verification.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint::of(
    Method::POST,
    ("/__mockpos/verify", "admin.verify.run"),
    (Evidence::Documented, NOTHING),
    verify,
)
.told(|spec| {
    spec.media(&["application/json", "application/toml"]);
    spec.query(&[
        ("format", Form::words(["json", "junit", "text"])),
        ("strict", Form::Flag),
    ]);
    spec.whole_body();
    for status in [200, 409] {
        spec.json::<Report>(status);
        spec.text(status, "application/xml");
        spec.text(status, "text/plain");
    }
})];

/// How the answer is written.
#[derive(Debug, Clone, Copy)]
enum Format {
    Json,
    Junit,
    Text,
}

impl Format {
    /// By the query, else by what the caller accepts. None: it is none of these.
    fn of(call: &Call) -> Option<Self> {
        let accept = call.header("accept").unwrap_or_default();
        match call.query("format") {
            Some("json") => Some(Self::Json),
            Some("junit") => Some(Self::Junit),
            Some("text") => Some(Self::Text),
            Some(_) => None,
            None if ["application/xml", "text/xml"]
                .iter()
                .any(|xml| accept.contains(xml)) =>
            {
                Some(Self::Junit)
            }
            None => Some(Self::Json),
        }
    }
}

/// 200 when all is well, 409 when not; the body says what was found.
fn verify(turn: &mut Turn<'_>) -> Answer {
    let Some(format) = Format::of(turn.call) else {
        let hint = "as in `?format=junit`";
        return Ok(bad("`format` is `json`, `junit` or `text`", hint));
    };
    let mut wanted = match wanted(turn.call) {
        Ok(wanted) => wanted,
        Err(reply) => return Ok(*reply),
    };
    match turn.call.query("strict").map(flag) {
        None => {}
        Some(Some(strict)) => wanted.set_strict(strict),
        Some(None) => return Ok(bad("`strict` is true or false", "as in `?strict=true`")),
    }
    if let Some(name) = not_kept(turn, &wanted) {
        let text = format!("the journal does not keep the header `{name}`");
        let hint =
            "a rule or `[[expect]]` of the scenario has to ask for it, before the calls come";
        return Ok(error(StatusCode::UNPROCESSABLE_ENTITY, &text, hint));
    }
    let report = Report::of(turn.world, turn.router, &wanted);
    let status = match report.passed {
        true => StatusCode::OK,
        false => StatusCode::CONFLICT,
    };
    Ok(match format {
        Format::Json => Reply::json(status, &report),
        Format::Junit => Reply::new(status, "application/xml", junit(&[report])),
        Format::Text => Reply::new(status, "text/plain; charset=utf-8", summary(&[report])),
    })
}

fn bad(text: &str, hint: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, text, hint)
}

/// What the body asks for; nothing: what the scenario does.
fn wanted(call: &Call) -> Result<Wanted, Box<Reply>> {
    if call.body.trim_ascii().is_empty() {
        return Ok(Wanted::default());
    }
    let toml = match &*call.media_type() {
        "application/json" => {
            let body: Result<Map<String, Value>, _> = serde_json::from_slice(&call.body);
            let body = body.map_err(|e| {
                let text = format!("the body is no JSON object: {e}");
                Box::new(bad(
                    &text,
                    "the keys are `expect` and `verify`, as in a scenario",
                ))
            })?;
            let lines = body.iter().filter(|(_, value)| !value.is_null());
            lines
                .map(|(key, value)| format!("{} = {}\n", quoted(key), toml(value)))
                .collect()
        }
        _ => String::from_utf8(call.body.to_vec())
            .map_err(|_| Box::new(bad("the body is not valid UTF-8", "TOML is UTF-8")))?,
    };
    Wanted::compile("verify", &toml, &surface::catalog()).map_err(|problems| {
        let hint = "`[[expect]]` and `[verify]` are as in a scenario";
        Box::new(error(
            StatusCode::UNPROCESSABLE_ENTITY,
            &problems.render(),
            hint,
        ))
    })
}

/// JSON as a TOML value; what is null is not there.
fn toml(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(list) => {
            let all: Vec<_> = list.iter().filter(|v| !v.is_null()).map(toml).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Object(table) => {
            let given = table.iter().filter(|(_, value)| !value.is_null());
            let all = given.map(|(key, value)| format!("{} = {}", quoted(key), toml(value)));
            format!("{{ {} }}", all.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A JSON string is a TOML string, but for one character that TOML wants escaped.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

/// A header that the body asks for, and nobody has kept.
fn not_kept(turn: &Turn<'_>, wanted: &Wanted) -> Option<HeaderName> {
    let asked = wanted.expectations.iter().flatten();
    let mut asked = asked.flat_map(|one| one.headers());
    asked.find(|name| !turn.world.scenario.headers.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_toml() {
        for (json, want) in [
            (r#""a\"b\n\u007f""#, r#""a\"b\n\u007F""#),
            (r#"[1, null, "x"]"#, r#"[1, "x"]"#),
            (
                r#"{"a b": {"c": true}, "d": null}"#,
                r#"{ "a b" = { "c" = true } }"#,
            ),
        ] {
            let text = toml(&serde_json::from_str(json).unwrap());
            assert_eq!(text, want);
            let read: Result<toml::Table, _> = toml::from_str(&format!("x = {text}"));
            assert!(read.is_ok(), "{text}");
        }
    }
}

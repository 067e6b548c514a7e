//! A call with what it must answer, as a scenario file gives it. Running one needs a server and
//! is done elsewhere; here are the call that it makes and the judgement of the answer.

use crate::call::Call;
use crate::reply::Reply;
use crate::scenario::compile::BUILTIN;
use crate::scenario::expect::{Expect, ExpectRow};
use crate::scenario::kept::{Kept, set_header, variables};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::read::{At, Map, table};
use crate::scenario::suggest::nearest;
use crate::scenario::values::Name;
use crate::scenario::want::{Json, Path};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use serde_json::Value;
use std::time::Duration;

table! {
    /// A call with what it must answer. The examples of a file run in order in one fresh sandbox
    /// and share its cookies. Each sends `X-Requested-With: XMLHttpRequest` unless it says
    /// otherwise; where a vendor's clients sign their calls, so does the example.
    struct ExampleRow {
        /// what it shows
        name: Option<Name> = r#"name = "the retry succeeds""#,
        /// method and path; `{x}` stands for what an earlier example kept
        call: At<String> = r#"call = "POST /orders/checkout/?page=OrderNotePage""#,
        /// request headers
        headers: Map<At<String>> = r#"headers = { accept = "text/html" }"#,
        /// the body as JSON; `{x}` in its strings stands for what an earlier example kept
        json: Option<At<Json>> = "json = { payment_option = 1 }",
        /// the body as a form
        form: Option<At<Map<At<Json>>>> = "form = { payment_option = 1 }",
        /// the body, word for word
        body: Option<At<String>> = r#"body = "not JSON""#,
        /// what later examples need: a name = a path into the JSON answer
        keep: Map<Path> = r#"keep = { order_no = "context_list.0.page_context.order_no" }"#,
        /// what must come back; not given: any status below 400
        expect: Option<ExpectRow> = "expect = { status = 200 }",
    }
}

/// The body of an example's call.
#[derive(Debug, Clone)]
enum Payload {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
    Text(String),
}

/// A call with what it must answer.
#[derive(Debug, Clone)]
pub struct Example {
    /// what it shows
    pub name: Option<String>,
    /// `declines.toml:40`
    pub place: String,
    method: Method,
    target: String,
    headers: Vec<(HeaderName, String)>,
    payload: Payload,
    pub(crate) keep: Vec<(String, Path)>,
    expect: Expect,
}

impl Example {
    /// The call that it makes, with what earlier examples kept, and their cookies.
    pub fn call(&self, kept: &Kept) -> Call {
        let mut call = Call::new(self.method.clone(), &kept.fill_target(&self.target));
        set_header(&mut call, "x-requested-with", "XMLHttpRequest");
        if let Some(cookies) = kept.cookie_header() {
            set_header(&mut call, "cookie", &cookies);
        }
        let (media_type, body) = match &self.payload {
            Payload::None => (None, Bytes::new()),
            Payload::Text(text) => (None, Bytes::from(text.clone())),
            Payload::Json(value) => {
                let value = kept.fill_json(value);
                (Some("application/json"), Bytes::from(value.to_string()))
            }
            Payload::Form(fields) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                for (name, value) in fields {
                    form.append_pair(name, &kept.fill(value));
                }
                let media_type = "application/x-www-form-urlencoded";
                (Some(media_type), Bytes::from(form.finish()))
            }
        };
        if let Some(media_type) = media_type {
            set_header(&mut call, "content-type", media_type);
        }
        call.body = body;
        for (name, value) in &self.headers {
            set_header(&mut call, name.as_str(), &kept.fill(value));
        }
        call
    }

    /// Whether `reply` is what must come back; `held` is how long the call was held before
    /// anything happened. Err says all that is different.
    pub fn verify(&self, reply: &Reply, held: Option<Duration>) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        self.expect.travel(reply, held, &mut wrong);
        if reply.pace.answers() {
            self.expect.answer(reply, &mut wrong);
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// The examples of a file. Each may use what the ones before it kept.
pub(crate) fn examples(rows: Vec<At<ExampleRow>>, report: &mut Report) -> Vec<Example> {
    let mut known: Vec<String> = Vec::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let kept: Vec<String> = row.value.keep.0.iter().map(|k| k.0.value.clone()).collect();
        all.extend(example(row, &known, report));
        known.extend(kept);
    }
    all
}

fn example(row: At<ExampleRow>, known: &[String], report: &mut Report) -> Option<Example> {
    let before = report.count();
    let place = report.spot(row.place);
    let ExampleRow {
        name,
        call,
        headers,
        json,
        form,
        body,
        keep,
        expect,
    } = row.value;
    let line = call_line(&call, report);
    known_only(&call.value, call.place, (known, report));
    let headers = headers.0.into_iter().filter_map(|(name, value)| {
        known_only(&value.value, value.place, (known, report));
        if HeaderValue::from_str(&value.value).is_err() {
            report.say(Mistake::NoHeader, value.place, "a header cannot say this");
        }
        Some((header_name(&name, report)?, value.value))
    });
    let headers = headers.collect();
    let payload = payload((json, form, body), known, report);
    for (name, _) in &keep.0 {
        if variables(&format!("{{{}}}", name.value)).next().is_none() {
            let found = report.say(
                Mistake::WrongValue,
                name.place,
                format!("{} is no name", tick(&name.value)),
            );
            found.hint("letters, digits and `_`");
        }
    }
    let expect = expect
        .map(|expect| expect.compile(report))
        .unwrap_or_default();
    let (method, target) = line?;
    let called = (method.as_str(), target.as_str());
    if report.file >= BUILTIN.len() {
        report.check_target(call.place, called, expect.status());
    }
    let example = Example {
        name: name.map(|name| name.0),
        place,
        method,
        target,
        headers,
        payload,
        keep: keep
            .0
            .into_iter()
            .map(|(name, path)| (name.value, path))
            .collect(),
        expect,
    };
    (report.count() == before).then_some(example)
}

/// `POST /path?query`
fn call_line(call: &At<String>, report: &mut Report) -> Option<(Method, String)> {
    let (method, target) = call.value.split_once(' ').unwrap_or((&call.value, ""));
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    if !methods.contains(&method) {
        let message = format!("unknown method {}", tick(method));
        let found = report.say(Mistake::NoCall, call.place, message);
        found.hint(match nearest(method, &methods) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a call is a method and a path: `GET /__mockpos/health`".to_owned(),
        });
        return None;
    }
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if !target.starts_with(['/', '{']) || target.contains(odd) {
        let message = format!("{} is no path", tick(target));
        let found = report.say(Mistake::NoCall, call.place, message);
        found.hint("it begins with `/`, and a space in it is written `%20`");
        return None;
    }
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    Some((method, target.to_owned()))
}

pub(crate) fn header_name(name: &At<String>, report: &mut Report) -> Option<HeaderName> {
    let parsed = HeaderName::from_bytes(name.value.as_bytes()).ok();
    if parsed.is_none() {
        report.say(
            Mistake::NoHeader,
            name.place,
            format!("{} is no header name", tick(&name.value)),
        );
    }
    parsed
}

/// Says which `{x}` was kept by no example before.
fn known_only(text: &str, place: Place, (known, report): (&[String], &mut Report)) {
    for name in variables(text).filter(|name| !known.iter().any(|k| k == name)) {
        let message = format!("no example before this one keeps {}", tick(name));
        let found = report.say(Mistake::NotKept, place, message);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        if let Some(near) = nearest(name, &known) {
            found.hint(format!("did you mean `{{{near}}}`?"));
        }
    }
}

/// Says which `{x}` in the strings of `value` was kept by no example before.
fn known_in(value: &Value, place: Place, (known, report): (&[String], &mut Report)) {
    match value {
        Value::String(text) => known_only(text, place, (known, report)),
        Value::Array(all) => all.iter().for_each(|v| known_in(v, place, (known, report))),
        Value::Object(map) => map
            .values()
            .for_each(|v| known_in(v, place, (known, report))),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

type Bodies = (
    Option<At<Json>>,
    Option<At<Map<At<Json>>>>,
    Option<At<String>>,
);

fn payload((json, form, body): Bodies, known: &[String], report: &mut Report) -> Payload {
    let given = [
        json.as_ref().map(|v| v.place),
        form.as_ref().map(|v| v.place),
        body.as_ref().map(|v| v.place),
    ];
    if let Some(second) = given.iter().flatten().nth(1) {
        report.say(
            Mistake::NotSingle,
            *second,
            "there can be only one of `json`, `form` and `body`",
        );
    }
    if let Some(json) = json {
        known_in(&json.value.0, json.place, (known, report));
        return Payload::Json(json.value.0);
    }
    if let Some(form) = form {
        let fields = form.value.0.into_iter().filter_map(|(name, value)| {
            known_in(&value.value.0, value.place, (known, report));
            let text = match value.value.0 {
                Value::String(text) => text,
                scalar @ (Value::Bool(_) | Value::Number(_)) => scalar.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => {
                    report.say(
                        Mistake::WrongType,
                        value.place,
                        "a field of a form is a string, number or boolean",
                    );
                    return None;
                }
            };
            Some((name.value, text))
        });
        return Payload::Form(fields.collect());
    }
    body.map_or(Payload::None, |body| Payload::Text(body.value))
}

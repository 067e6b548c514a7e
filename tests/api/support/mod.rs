//! A client for tests: an app in the process, a shopper with cookies, and a transcript of it all.

pub mod held;
pub mod merchant;
pub mod moved;
pub mod story;
pub mod walk;
pub mod wallet;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use mockpos::app::App;
use mockpos::call::Call;
use mockpos::clock::ClockSetting;
use mockpos::config::PanGuard;
use mockpos::domain::webhook;
use mockpos::reply::{Reply, Travel};
use mockpos::scenario::Scenario;
use mockpos::surface;
use mockpos::surface::admin::Access;
use mockpos::surface::webhook::Parcel;
use mockpos::world::Birth;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

/// An app that plays `rules` on top of the default scenario.
pub fn app(rules: &str) -> Arc<App> {
    playing(compiled(rules))
}

/// As [`app`], without sample data: a payment or card is there only when the test made it.
pub fn bare(rules: &str) -> Arc<App> {
    let table = "[craftgate]\n";
    let bare = format!("{table}samples = false\n");
    let rules = match rules.contains(table) {
        true => rules.replacen(table, &bare, 1),
        false => format!("{rules}\n{bare}"),
    };
    playing(compiled(&rules))
}

/// As [`app`], with this guard against card numbers that may be somebody's.
pub fn guarded(guard: PanGuard, rules: &str) -> Arc<App> {
    let app = App::new(Arc::new(compiled(rules)), birth(), Access::default());
    Arc::new(app.guarding(guard))
}

/// As [`app`], with settings that no scenario can have.
pub fn app_with(change: impl FnOnce(&mut Scenario)) -> Arc<App> {
    let mut scenario = compiled("");
    change(&mut scenario);
    playing(scenario)
}

fn compiled(rules: &str) -> Scenario {
    let catalog = surface::catalog();
    let text = format!("version = 1\n{rules}");
    let scenario = Scenario::compile("test.toml", &text, &catalog);
    scenario.unwrap_or_else(|problems| panic!("{}", problems.render()))
}

fn playing(scenario: Scenario) -> Arc<App> {
    Arc::new(App::new(Arc::new(scenario), birth(), Access::default()))
}

/// Compares a transcript with the one in `tests/flows/`; `UPDATE=1` keeps this one.
pub fn kept_as(transcript: &str, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/flows")
        .join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, transcript).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let line = kept
        .lines()
        .zip(transcript.lines())
        .position(|(a, b)| a != b);
    assert!(
        kept == transcript,
        "{name} differs from its transcript at line {line:?}; `UPDATE=1 cargo test` rewrites it"
    );
}

/// The receiver of tests that have none.
pub fn nobody(_: &Parcel) -> webhook::Answer {
    webhook::Answer::Nothing("nobody listens".to_owned())
}

/// Seed 1, frozen at 2026-01-02 03:04:05 UTC.
pub fn birth() -> Birth {
    let clock: ClockSetting = "frozen:2026-01-02T03:04:05Z".parse().unwrap();
    Birth { seed: 1, clock }
}

/// One answer, with what happened on its way.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub json: Value,
    pub text: String,
    /// held so many milliseconds, before or after the change of state
    pub delay: u128,
    /// the connection was closed without an answer
    pub dropped: bool,
    /// in what shape it arrives
    pub travel: Travel,
}

impl Answer {
    fn of(reply: &Reply, held: u128) -> Self {
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        Self {
            status: reply.status.as_u16(),
            headers: reply.headers.clone(),
            json: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
            delay: held + reply.pace.delay.as_millis(),
            dropped: reply.pace.travel == Travel::Dropped,
            travel: reply.pace.travel,
        }
    }

    /// A value by a path like `context_list.0.page_name`.
    pub fn at(&self, path: &str) -> &Value {
        let pointer = format!("/{}", path.replace('.', "/"));
        self.json.pointer(&pointer).unwrap_or(&Value::Null)
    }

    /// As [`Self::at`], as text.
    pub fn text_at(&self, path: &str) -> String {
        match self.at(path) {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// The name of the first page of a checkout answer.
    pub fn page(&self) -> String {
        self.text_at("context_list.0.page_name")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn decided_by(&self) -> &str {
        self.header("x-mockpos-decided-by")
    }
}

/// Somebody who calls: keeps cookies, names a sandbox, sends the storefront's headers.
pub struct Shopper {
    app: Arc<App>,
    sandbox: String,
    cookie: Option<String>,
    headers: HeaderMap,
    /// every call and answer; of `pre_order` what has changed
    pub transcript: String,
    pre_order: Value,
}

impl Shopper {
    /// In the default sandbox.
    pub fn new(app: &Arc<App>) -> Self {
        Self::in_sandbox(app, "default")
    }

    /// In a sandbox of that name.
    pub fn in_sandbox(app: &Arc<App>, sandbox: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-requested-with",
            HeaderValue::from_static("XMLHttpRequest"),
        );
        let (sandbox, transcript) = (sandbox.to_owned(), String::new());
        Self {
            app: Arc::clone(app),
            sandbox,
            cookie: None,
            headers,
            transcript,
            pre_order: Value::Null,
        }
    }

    /// Sends this header from now on; an empty value no longer sends it.
    pub fn header(&mut self, name: &str, value: &str) -> &mut Self {
        let name: HeaderName = name.parse().unwrap();
        if value.is_empty() {
            self.headers.remove(name);
        } else {
            self.headers.insert(name, value.parse().unwrap());
        }
        self
    }

    /// The session cookie, `osessionid=…`.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// Comes with this cookie from now on.
    pub fn with_cookie(&mut self, cookie: &str) -> &mut Self {
        self.cookie = (!cookie.is_empty()).then(|| cookie.to_owned());
        self
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.send(Method::GET, target, ("", String::new()))
    }

    /// Posts JSON.
    pub fn post(&mut self, target: &str, json: &Value) -> Answer {
        self.send(Method::POST, target, ("application/json", json.to_string()))
    }

    /// Posts a form.
    pub fn post_form(&mut self, target: &str, form: &str) -> Answer {
        let media = "application/x-www-form-urlencoded;charset=UTF-8";
        self.send(Method::POST, target, (media, form.to_owned()))
    }

    /// Posts JSON to a checkout page; `page` may carry further query parameters.
    pub fn page(&mut self, page: &str, json: &Value) -> Answer {
        self.post(&format!("/orders/checkout/?page={page}"), json)
    }

    /// Any call; the body with its media type.
    pub fn send(&mut self, method: Method, target: &str, (media, body): (&str, String)) -> Answer {
        let mut call = Call::new(method, target);
        call.headers = self.headers.clone();
        call.body = body.clone().into();
        call.sandbox = self.sandbox.as_str().into();
        if !media.is_empty() {
            call.headers.insert("content-type", media.parse().unwrap());
        }
        if let Some(cookie) = &self.cookie {
            call.headers.insert("cookie", cookie.parse().unwrap());
        }
        let (reply, held) = moved::whole(&self.app, &call, nobody);
        let answer = Answer::of(&reply, held.unwrap_or_default().as_millis());
        if let Some(set) = answer.headers.get("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie = Some(pair.to_owned());
        }
        self.note(&call, &body, &answer);
        answer
    }

    fn note(&mut self, call: &Call, body: &str, answer: &Answer) {
        let out = &mut self.transcript;
        writeln!(out, "> {} {}", call.method, call.target).unwrap();
        if !body.is_empty() {
            writeln!(out, "> {body}").unwrap();
        }
        let fate = if answer.dropped { " dropped" } else { "" };
        let delay = if answer.delay > 0 {
            format!(" after {} ms", answer.delay)
        } else {
            String::new()
        };
        writeln!(
            out,
            "< {}{delay}{fate} ({})",
            answer.status,
            answer.decided_by()
        )
        .unwrap();
        let pretty = match self.changed(&answer.json) {
            Value::Null => answer.text.clone(),
            json => serde_json::to_string_pretty(&json).unwrap(),
        };
        let out = &mut self.transcript;
        for line in pretty.lines() {
            writeln!(out, "< {line}").unwrap();
        }
        writeln!(out).unwrap();
    }

    /// The answer with nothing of its `pre_order` but the keys that differ from the one before.
    fn changed(&mut self, json: &Value) -> Value {
        let mut json = json.clone();
        let Some(pre_order) = json.get_mut("pre_order").and_then(Value::as_object_mut) else {
            return json;
        };
        let before = std::mem::replace(&mut self.pre_order, Value::Object(pre_order.clone()));
        pre_order.retain(|key, value| before.get(key) != Some(value));
        json
    }
}

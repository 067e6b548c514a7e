//! A merchant with a receiver, a shopper's browser and somebody at the admin, in one app; and a transcript
//! of what was called and what was told, in that order.

use super::merchant::{HOST, Merchant};
use super::{Answer, kept_as};
use http::{HeaderValue, Method};
use mockpos::app::App;
use mockpos::call::Call;
use mockpos::domain::webhook;
use mockpos::surface::webhook::{Parcel, SIGNATURE};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::Arc;

/// Where the merchant listens.
pub const HOOK: &str = "http://127.0.0.1:3000/hook";

/// Rules on top of a merchant that listens.
pub fn listening(rules: &str) -> String {
    format!("[[merchant]]\nwebhook_url = \"{HOOK}\"\n{rules}")
}

/// What one delivery said.
#[derive(Debug, Clone)]
pub struct Told {
    pub url: String,
    pub body: Value,
    pub signature: Option<String>,
}

pub struct Story {
    app: Arc<App>,
    merchant: Merchant,
    /// what the receiver answers next; then 200
    pub answers: VecDeque<u16>,
    /// what was told, oldest first
    pub told: Vec<Told>,
    transcript: String,
}

impl Story {
    /// With these rules, on top of a merchant that listens.
    pub fn new(rules: &str) -> Self {
        Self::playing(&listening(rules))
    }

    /// With these rules and nothing else.
    pub fn playing(rules: &str) -> Self {
        let app = super::bare(rules);
        Self {
            merchant: Merchant::new(&app),
            app,
            answers: VecDeque::new(),
            told: Vec::new(),
            transcript: String::new(),
        }
    }

    /// Goes on in that app.
    pub fn resumed(app: &Arc<App>) -> Self {
        Self {
            merchant: Merchant::new(app),
            app: Arc::clone(app),
            answers: VecDeque::new(),
            told: Vec::new(),
            transcript: String::new(),
        }
    }

    /// What was called and told so far.
    pub fn transcript(&self) -> &str {
        &self.transcript
    }

    /// Where it all happens.
    pub fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// A signed call.
    pub fn call(&mut self, method: Method, target: &str, body: &Value) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let call = self.merchant.signed(method, target, &body);
        self.send(&call)
    }

    pub fn post(&mut self, target: &str, body: &Value) -> Answer {
        self.call(Method::POST, target, body)
    }

    /// A browser's call; with a form when there is one.
    pub fn browse(&mut self, target: &str, form: &str) -> Answer {
        let method = if form.is_empty() {
            Method::GET
        } else {
            Method::POST
        };
        let mut call = Call::new(method, target);
        call.origin = format!("http://{HOST}").into();
        let media = HeaderValue::from_static("application/x-www-form-urlencoded");
        call.headers.insert("content-type", media);
        call.body = form.to_owned().into();
        self.send(&call)
    }

    /// A call to the admin below `/__mockpos`: `POST /clock/advance`.
    pub fn admin(&mut self, line: &str, body: &Value) -> Answer {
        let (method, target) = line.split_once(' ').unwrap();
        let mut call = Call::new(method.parse().unwrap(), &format!("/__mockpos{target}"));
        call.headers.insert("host", HeaderValue::from_static(HOST));
        if !body.is_null() {
            let media = HeaderValue::from_static("application/json");
            call.headers.insert("content-type", media);
            call.body = body.to_string().into();
        }
        self.send(&call)
    }

    pub fn advance(&mut self, by: &str) -> Answer {
        self.admin("POST /clock/advance", &json!({ "by": by }))
    }

    /// What is due goes out, as a server would see to by itself.
    pub fn due(&mut self) {
        let (app, mut log) = (super::moved::here(&self.app), String::new());
        let errand = app.errand("default").unwrap();
        app.carry(errand, |parcel| self.receive(parcel, &mut log));
        self.transcript += &log;
    }

    /// How the deliveries stand.
    pub fn states(&mut self) -> Vec<String> {
        let list = self.admin("GET /webhooks", &Value::Null);
        let all = list.at("webhooks").as_array().unwrap().clone();
        let state = |it: &Value| it["state"].as_str().unwrap().to_owned();
        all.iter().map(state).collect()
    }

    /// What was told since the last time, as `EVENT STATUS`.
    pub fn heard(&mut self) -> Vec<String> {
        let told = std::mem::take(&mut self.told);
        let text = |told: &Told, key: &str| told.body[key].as_str().unwrap_or("-").to_owned();
        let line = |told: &Told| format!("{} {}", text(told, "eventType"), text(told, "status"));
        told.iter().map(line).collect()
    }

    /// Compares the transcript with the one that is kept.
    pub fn kept_as(&self, name: &str) {
        kept_as(&self.transcript, name);
    }

    fn send(&mut self, call: &Call) -> Answer {
        let body = String::from_utf8_lossy(&call.body).into_owned();
        let (app, mut log) = (Arc::clone(&self.app), String::new());
        let (reply, _) = super::moved::whole(&app, call, |parcel| self.receive(parcel, &mut log));
        let answer = Answer::of(&reply, 0);
        let out = &mut self.transcript;
        writeln!(out, "> {} {}", call.method, call.target).unwrap();
        if !body.is_empty() {
            writeln!(out, "> {body}").unwrap();
        }
        *out += &log;
        writeln!(out, "< {} ({})", answer.status, answer.decided_by()).unwrap();
        for line in gist(&answer).lines() {
            writeln!(out, "< {line}").unwrap();
        }
        writeln!(out).unwrap();
        answer
    }

    fn receive(&mut self, parcel: &Parcel, log: &mut String) -> webhook::Answer {
        let message = &parcel.message;
        let status = self.answers.pop_front().unwrap_or(200);
        let signature = message.headers.iter().find(|(name, _)| *name == SIGNATURE);
        writeln!(log, "  * POST {}", message.url).unwrap();
        for (name, value) in &message.headers {
            writeln!(log, "  * {name}: {value}").unwrap();
        }
        writeln!(log, "  * {}\n  * answered {status}", message.body).unwrap();
        self.told.push(Told {
            url: message.url.clone(),
            body: serde_json::from_str(&message.body).unwrap(),
            signature: signature.map(|(_, value)| value.clone()),
        });
        webhook::Answer::Status(status, String::new())
    }
}

/// Of a payment its number and how it stands, of a page nothing, of all else everything.
fn gist(answer: &Answer) -> String {
    match &answer.json {
        Value::Null => String::new(),
        json if json.get("data").is_some() => {
            let keys = ["id", "paymentId", "paymentStatus", "token", "refundType"];
            let data = keys
                .iter()
                .filter_map(|key| Some((*key, json["data"].get(key)?)));
            data.map(|(key, value)| format!("{key}: {value}\n"))
                .collect()
        }
        json => serde_json::to_string_pretty(json).unwrap(),
    }
}

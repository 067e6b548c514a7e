//! A merchant's backend: signs its calls as the vendor's Node client does.

use super::{Answer, nobody};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Method};
use mockpos::app::App;
use mockpos::call::Call;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How clients reach the app.
pub const HOST: &str = "127.0.0.1:4242";

/// Somebody with an API key.
pub struct Merchant {
    app: Arc<App>,
    api_key: String,
    secret_key: String,
    sandbox: String,
    headers: BTreeMap<String, String>,
    calls: u32,
}

impl Merchant {
    /// With the keys of the default scenario.
    pub fn new(app: &Arc<App>) -> Self {
        Self::with_keys(app, "api-key", "secret-key")
    }

    pub fn with_keys(app: &Arc<App>, api_key: &str, secret_key: &str) -> Self {
        Self {
            app: Arc::clone(app),
            api_key: api_key.to_owned(),
            secret_key: secret_key.to_owned(),
            sandbox: String::new(),
            headers: BTreeMap::new(),
            calls: 0,
        }
    }

    /// Names this sandbox in its base URL: `/~NAME`.
    pub fn in_sandbox(mut self, name: &str) -> Self {
        name.clone_into(&mut self.sandbox);
        self
    }

    /// Sends this header from now on; an empty value no longer sends it.
    pub fn header(&mut self, name: &str, value: &str) -> &mut Self {
        if value.is_empty() {
            self.headers.remove(name);
        } else {
            self.headers.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// With this idempotency key, once.
    pub fn post_once(&mut self, key: &str, target: &str, json: &Value) -> Answer {
        self.header("x-idempotency-key", key);
        let answer = self.post(target, json);
        self.header("x-idempotency-key", "");
        answer
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.send(Method::GET, target, "")
    }

    pub fn delete(&mut self, target: &str) -> Answer {
        self.send(Method::DELETE, target, "")
    }

    pub fn post(&mut self, target: &str, json: &Value) -> Answer {
        self.send(Method::POST, target, &json.to_string())
    }

    pub fn put(&mut self, target: &str, json: &Value) -> Answer {
        self.send(Method::PUT, target, &json.to_string())
    }

    /// Any call, signed. The body goes out as it is.
    pub fn send(&mut self, method: Method, target: &str, body: &str) -> Answer {
        let call = self.signed(method, target, body);
        self.deliver(&call)
    }

    /// A signed call that is not sent yet.
    pub fn signed(&mut self, method: Method, target: &str, body: &str) -> Call {
        self.calls += 1;
        let mut call = Call::new(method, target);
        if !self.sandbox.is_empty() {
            call.prefix = format!("/~{}", self.sandbox).into();
            call.sandbox = self.sandbox.as_str().into();
            call.target = format!("{}{target}", call.prefix);
        }
        call.origin = format!("http://{HOST}").into();
        call.body = body.to_owned().into();
        let random = format!("rnd{}", self.calls);
        let url = decoded(&format!("http://{HOST}{}", call.target));
        let text = format!("{url}{}{}{random}{body}", self.api_key, self.secret_key);
        let signature = STANDARD.encode(Sha256::digest(text));
        let own = [
            ("host", HOST),
            ("accept", "application/json, text/plain, */*"),
            ("content-type", "application/json"),
            ("x-api-key", &self.api_key),
            ("x-rnd-key", &random),
            ("x-auth-version", "1"),
            ("x-client-version", "craftgate-node-client:1.0.65"),
            ("x-signature", &signature),
        ];
        let more = self.headers.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        for (name, value) in own.into_iter().chain(more) {
            let name: HeaderName = name.parse().unwrap();
            call.headers
                .insert(name, HeaderValue::from_str(value).unwrap());
        }
        call
    }

    /// Sends a call as it is.
    pub fn deliver(&self, call: &Call) -> Answer {
        let (reply, held) = super::moved::whole(&self.app, call, nobody);
        Answer::of(&reply, held.unwrap_or_default().as_millis())
    }
}

/// What JavaScript's `decodeURIComponent` makes of it: the whole URL is one key of a form, once all
/// that forms know better is escaped.
fn decoded(url: &str) -> String {
    let escaped = url
        .replace('+', "%2B")
        .replace('=', "%3D")
        .replace('&', "%26");
    let whole = form_urlencoded::parse(escaped.as_bytes()).next();
    whole.map_or_else(String::new, |(key, _)| key.into_owned())
}

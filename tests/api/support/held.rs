//! Every answer of the tests is held against what mockpos says of itself, and so is what it reads of each call.

use http::Method;
use jsonschema::Validator;
use mockpos::call::Call;
use mockpos::call::ear::{Ear, Heard};
use mockpos::reply::Reply;
use mockpos::route::Router;
use mockpos::surface;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

static ROUTER: LazyLock<Router> = LazyLock::new(|| Router::new(surface::ALL).unwrap());

/// Validators by pointer into the document.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The call, with somebody who listens to what is read of it.
pub fn listened(call: &Call) -> (Call, Ear) {
    let ear = Ear::recording();
    let mut call = call.clone();
    call.ear = Some(ear.clone());
    (call, ear)
}

/// What departs from the description, as sentences.
pub fn departures(call: &Call, ear: &Ear, reply: &Reply) -> Vec<String> {
    let heard = ear.heard();
    let Ok((endpoint, _)) = ROUTER.find(call).row else {
        return Vec::new();
    };
    if call.method == Method::OPTIONS {
        return Vec::new();
    }
    let row = ROUTER.description().row(endpoint).unwrap();
    let secret = heard.iter().filter(|heard| !row.tells_of(heard));
    let secret = secret.map(|Heard { part, path, .. }| {
        format!(
            "{}: {part:?} `{path}` is read, and not described",
            endpoint.name
        )
    });
    let mut found: Vec<String> = secret.collect();
    if !reply.pace.scripted {
        let path = row.path();
        let place = (&*path, endpoint.method.as_str());
        let wrong = answer(place, call, reply);
        found.extend(wrong.map(|why| format!("{}: {} {why}", endpoint.name, reply.status)));
    }
    found
}

/// Why an answer is none that the description has.
fn answer((path, method): (&str, &str), call: &Call, reply: &Reply) -> Option<String> {
    let document = &ROUTER.description().document;
    let responses = &document["paths"][path][method.to_ascii_lowercase()]["responses"];
    let status = reply.status.as_str();
    let known = if responses[status].is_object() {
        status
    } else {
        "default"
    };
    let said = &responses[known];
    if !said.is_object() {
        return Some("is no status that is described".to_owned());
    }
    let media = reply
        .headers
        .get("content-type")
        .map(|it| it.to_str().unwrap());
    let media = media.unwrap_or_default().split(';').next().unwrap();
    let content = &said["content"];
    if media.is_empty() || content.is_null() {
        let same = media.is_empty() && reply.body.is_empty();
        return (!same).then(|| format!("has a body: {media}"));
    }
    let schema = &content[media]["schema"];
    if schema.is_null() {
        return Some(format!("is of no media type that is described: {media}"));
    }
    if media != "application/json" || call.method == Method::HEAD {
        return None;
    }
    let key = format!("{method} {path} {known}");
    let validator = Arc::clone(VALIDATORS.lock().unwrap().entry(key).or_insert_with(|| {
        let mut whole = json!({"components": document["components"]});
        let inner = schema.as_object().unwrap().clone();
        whole.as_object_mut().unwrap().extend(inner);
        Arc::new(jsonschema::validator_for(&whole).unwrap())
    }));
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else {
        return Some("is no JSON".to_owned());
    };
    let mut wrong = validator.iter_errors(&body).peekable();
    wrong.peek()?;
    let wrong = wrong.map(|error| format!("{}: {error}", error.instance_path()));
    Some(wrong.collect::<Vec<_>>().join("; "))
}

//! What a page of another origin may do. contract: masterpass §2.2

use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::Scenario;
use crate::scenario::masterpass::Cors;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

/// Answers a browser that asks before it posts.
pub static PREFLIGHT: Endpoint = Endpoint::of(
    Method::OPTIONS,
    ("/v2/{operation}", "mfs.browser.preflight"),
    (Evidence::Observed, &[]),
    preflight,
);

fn preflight(turn: &mut Turn<'_>) -> Answer {
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    allow(&mut reply, (&turn.call.headers, &turn.world.scenario));
    Ok(reply)
}

/// Any origin may post whatever headers it asks for, unless the scenario refuses that.
pub fn allow(reply: &mut Reply, (asked, scenario): (&HeaderMap, &Scenario)) {
    if !is_open(scenario) {
        return;
    }
    let headers = asked.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let headers = headers.unwrap_or(HeaderValue::from_static(
        "content-type, x-mockpos-then, x-mockpos-sandbox",
    ));
    let methods = HeaderValue::from_static("GET, POST, OPTIONS");
    reply.set(ACCESS_CONTROL_ALLOW_METHODS, methods);
    reply.set(ACCESS_CONTROL_ALLOW_HEADERS, headers);
}

/// Any origin may read the answer, unless the scenario refuses that.
pub fn readable(reply: &mut Reply, scenario: &Scenario) {
    if !is_open(scenario) {
        return;
    }
    let any = HeaderValue::from_static("*");
    reply.set(ACCESS_CONTROL_ALLOW_ORIGIN, any);
    let ours = HeaderValue::from_static("x-mockpos-decided-by, x-mockpos-problem");
    reply.set(ACCESS_CONTROL_EXPOSE_HEADERS, ours);
}

/// What every answer carries.
pub fn finish(turn: &Turn<'_>, reply: &mut Reply) {
    readable(reply, &turn.world.scenario);
}

fn is_open(scenario: &Scenario) -> bool {
    match scenario.settings.masterpass.cors {
        Cors::Open | Cors::HideLocation => true,
        Cors::Refused => false,
    }
}

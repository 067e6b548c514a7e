//! What a page of another origin may do. contract: masterpass §2.2

use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
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
    if is_open(turn) {
        allow(&mut reply, &turn.call.headers);
    }
    Ok(reply)
}

/// Any origin may post whatever headers it asks for.
pub fn allow(reply: &mut Reply, asked: &HeaderMap) {
    let headers = asked.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let headers = headers.unwrap_or(HeaderValue::from_static(
        "content-type, x-mockpos-then, x-mockpos-sandbox",
    ));
    let methods = HeaderValue::from_static("GET, POST, OPTIONS");
    reply.set(ACCESS_CONTROL_ALLOW_METHODS, methods);
    reply.set(ACCESS_CONTROL_ALLOW_HEADERS, headers);
}

/// Any origin may read the answer.
pub fn readable(reply: &mut Reply) {
    let any = HeaderValue::from_static("*");
    reply.set(ACCESS_CONTROL_ALLOW_ORIGIN, any);
    let ours = HeaderValue::from_static("x-mockpos-decided-by, x-mockpos-problem");
    reply.set(ACCESS_CONTROL_EXPOSE_HEADERS, ours);
}

/// Every answer may be read by any origin, unless the scenario refuses that.
pub fn finish(turn: &Turn<'_>, reply: &mut Reply) {
    match is_open(turn) {
        true => readable(reply),
        false => super::super::close(&turn.world.scenario, reply),
    }
}

fn is_open(turn: &Turn<'_>) -> bool {
    match turn.world.scenario.settings.masterpass.cors {
        Cors::Open | Cors::HideLocation => true,
        Cors::Refused => false,
    }
}

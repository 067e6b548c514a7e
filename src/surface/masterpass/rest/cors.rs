//! What a page of another origin may do here. contract: masterpass §3.2, §11 row 34

use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::settings::Cors;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    HeaderValue,
};
use http::{Method, StatusCode};

/// Answers OPTIONS at every path of this generation.
pub static PREFLIGHT: Endpoint = Endpoint::of(
    Method::OPTIONS,
    ("/", "masterpass.preflight"),
    (Evidence::Observed, &[]),
    preflight,
);

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
/// contract: masterpass §3.2, those of the backend (§8.3), and our own
const HEADERS: &str = "Content-Type, Accept, x-channel, x-source-channel, Authorization, \
                       x-api-version, x-language, ClientId, Secret, GrantType, \
                       x-mockpos-then, x-mockpos-sandbox";
const ONE_DAY: HeaderValue = HeaderValue::from_static("86400");

fn preflight(turn: &mut Turn<'_>) -> Answer {
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    if turn.world.scenario.settings.masterpass.cors == Cors::Refused {
        return Ok(reply);
    }
    reply.set(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    reply.set(ACCESS_CONTROL_MAX_AGE, ONE_DAY);
    let more = turn.call.header(ACCESS_CONTROL_REQUEST_HEADERS.as_str());
    let known = |name: &&str| {
        let mut names = HEADERS.split(", ");
        !name.is_empty() && !names.any(|known| known.eq_ignore_ascii_case(name))
    };
    let asked = more.unwrap_or_default().split(',').map(str::trim);
    let headers = asked
        .filter(known)
        .fold(HEADERS.to_owned(), |all, name| format!("{all}, {name}"));
    if let Ok(headers) = HeaderValue::from_str(&headers) {
        reply.set(ACCESS_CONTROL_ALLOW_HEADERS, headers);
    }
    Ok(reply)
}

/// What every answer carries.
pub fn finish(turn: &Turn<'_>, reply: &mut Reply) {
    allow(turn.world.scenario.settings.masterpass.cors, reply);
}

/// Lets pages of any origin read the answer: the vendor's script sends no credentials but its token.
pub fn allow(cors: Cors, reply: &mut Reply) {
    let exposed = match cors {
        Cors::Refused => return,
        Cors::HideLocation => "x-mockpos-decided-by, x-mockpos-problem",
        Cors::Open => "Content-Location, x-mockpos-decided-by, x-mockpos-problem",
    };
    reply.set(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(exposed),
    );
    reply.set(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

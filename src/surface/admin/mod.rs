//! Everything under `/__mockpos`, and the page at `/`: what a person or a test asks mockpos itself.

use crate::call::Call;
use crate::domain::decision::Point;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Fault, Surface, Turn};
use crate::scenario::facts::Facts;
use http::{Method, StatusCode};
use serde_json::json;

/// The admin surface.
pub static SURFACE: Surface = Surface {
    name: "admin",
    title: "what a person or a test asks mockpos itself",
    claims: &["/__mockpos"],
    endpoints: &[ENDPOINTS],
    admit,
    facts,
    refuse,
    fault,
    finish: |_, _| {},
};

const NOTHING: &[Point] = &[];

const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/__mockpos/health",
    page: None,
    name: "admin.health.read",
    evidence: Evidence::Documented,
    points: NOTHING,
    handle: health,
}];

fn admit(_: &mut Turn<'_>) -> Result<(), Refusal> {
    Ok(())
}

fn facts(_: &Turn<'_>, _: &mut Facts) {}

fn health(_: &mut Turn<'_>) -> Answer {
    Ok(Reply::json(StatusCode::OK, &json!({"status": "ok"})))
}

fn refuse(_: &mut Turn<'_>, refusal: Refusal) -> Reply {
    Reply::json(
        StatusCode::BAD_REQUEST,
        &json!({"error": format!("{refusal:?}")}),
    )
}

fn fault(_: &Call, fault: Fault) -> Reply {
    let status = match fault {
        Fault::NoSuchPath => StatusCode::NOT_FOUND,
        Fault::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        Fault::BadRequest(_) => StatusCode::BAD_REQUEST,
        Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Fault::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Fault::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Fault::Misdirected => StatusCode::MISDIRECTED_REQUEST,
        Fault::Full => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Crashed => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Reply::json(status, &json!({"error": format!("{fault:?}")}))
}

//! What there is to call, for programs: OpenAPI, made from the rows and their readers.

use super::NOTHING;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use http::{Method, StatusCode};
use serde_json::Value;
use std::collections::BTreeMap;

/// The row.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint::of(
    Method::GET,
    ("/__mockpos/openapi.json", "admin.openapi.retrieve"),
    (Evidence::Documented, NOTHING),
    retrieve,
)
.told(|spec| spec.json::<BTreeMap<String, Value>>(200))];

fn retrieve(turn: &mut Turn<'_>) -> Answer {
    // Who describes asks every row what it reads, this one too.
    if turn.call.describes().is_some() {
        return Ok(Reply::empty(StatusCode::NO_CONTENT));
    }
    let document = &turn.router.description().document;
    Ok(Reply::json(StatusCode::OK, document))
}

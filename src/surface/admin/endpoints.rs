//! What there is to call, and how well it is known.

use super::NOTHING;
use crate::domain::decision::Point;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;

/// The list of endpoints.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/__mockpos/endpoints",
    page: None,
    name: "admin.endpoints.list",
    evidence: Evidence::Documented,
    points: NOTHING,
    handle: list,
}];

#[derive(Serialize)]
struct Row {
    method: &'static str,
    path: &'static str,
    page: Option<&'static str>,
    name: &'static str,
    surface: &'static str,
    evidence: Evidence,
    /// what a scenario's `then` can decide here
    points: Vec<&'static str>,
}

fn list(turn: &mut Turn<'_>) -> Answer {
    let rows = turn.router.rows().map(|(surface, endpoint)| Row {
        method: endpoint.method.as_str(),
        path: endpoint.path,
        page: endpoint.page,
        name: endpoint.name,
        surface: surface.name,
        evidence: endpoint.evidence,
        points: endpoint.points.iter().copied().map(word).collect(),
    });
    let answer = json!({"endpoints": rows.collect::<Vec<_>>()});
    Ok(Reply::json(StatusCode::OK, &answer))
}

/// A decision in the word of the documentation.
pub const fn word(point: Point) -> &'static str {
    match point {
        Point::Token => "token",
        Point::Page => "page",
        Point::ThreeDs => "three_ds",
        Point::Callback => "callback",
        Point::Authorization => "authorization",
        Point::ThreeDsInit => "three_ds_init",
        Point::Capture => "capture",
        Point::Refund => "refund",
        Point::Account => "account",
        Point::Wallet => "wallet",
        Point::Asks => "asks",
        Point::Otp => "otp",
        Point::Webhook => "webhook",
    }
}

//! What there is to call, and how well it is known.

use super::NOTHING;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Surface, Turn, word};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

/// The list of endpoints.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/__mockpos/endpoints",
    page: None,
    name: "admin.endpoints.list",
    evidence: Evidence::Documented,
    points: NOTHING,
    handle: list,
    spec: |spec| spec.json::<Rows>(200),
}];

#[derive(Serialize, JsonSchema)]
struct Row {
    /// `TIME` where nobody calls
    method: &'static str,
    /// empty where nobody calls
    path: &'static str,
    page: Option<&'static str>,
    name: &'static str,
    surface: &'static str,
    evidence: Evidence,
    /// what a scenario's `then` can decide here
    points: Vec<&'static str>,
    /// nobody calls it: time does, when something falls due
    timed: bool,
}

#[derive(Serialize, JsonSchema)]
struct Rows {
    endpoints: Vec<Row>,
}

fn list(turn: &mut Turn<'_>) -> Answer {
    let timed = turn.router.surfaces().iter().flat_map(|surface| {
        let rows = surface.timed.iter();
        rows.map(move |endpoint| row((surface, endpoint), true))
    });
    let rows = turn.router.rows().map(|it| row(it, false));
    let answer = Rows {
        endpoints: rows.chain(timed).collect(),
    };
    Ok(Reply::json(StatusCode::OK, &answer))
}

fn row((surface, endpoint): (&'static Surface, &'static Endpoint), timed: bool) -> Row {
    Row {
        method: if timed {
            "TIME"
        } else {
            endpoint.method.as_str()
        },
        path: endpoint.path,
        page: endpoint.page,
        name: endpoint.name,
        surface: surface.name,
        evidence: endpoint.evidence,
        points: endpoint.points.iter().copied().map(word).collect(),
        timed,
    }
}

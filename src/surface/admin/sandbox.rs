//! Health, reset, and the list of sandboxes.

use super::bodies::{Done, Health, Sandboxes as Listed, Used};
use super::{NOTHING, error};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use http::{Method, StatusCode};

/// Whether it is well: anybody may ask.
pub const HEALTH: &str = "/__mockpos/health";

/// Sandboxes as a whole.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::GET,
        path: HEALTH,
        page: None,
        name: "admin.health.read",
        evidence: Evidence::Documented,
        points: NOTHING,
        handle: health,
        spec: |spec| spec.json::<Health<'_>>(200),
    },
    Endpoint {
        method: Method::POST,
        path: "/__mockpos/reset",
        page: None,
        name: "admin.sandbox.reset",
        evidence: Evidence::Documented,
        points: NOTHING,
        handle: reset,
        spec: |spec| spec.json::<Done<'_>>(200),
    },
    Endpoint {
        method: Method::GET,
        path: "/__mockpos/sandboxes",
        page: None,
        name: "admin.sandboxes.list",
        evidence: Evidence::Documented,
        points: NOTHING,
        handle: list,
        spec: |spec| spec.json::<Listed>(200),
    },
];

fn health(turn: &mut Turn<'_>) -> Answer {
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        sandbox: &turn.world.name,
        // It serves all the same: with the last scenario that was good.
        scenario_problem: turn.sandboxes.told_trouble(),
    };
    Ok(Reply::json(StatusCode::OK, &health))
}

/// State, journal, counters, ids and time begin again. The scenario that is playing stays; with
/// `?scenario=first` the one of the start plays again.
fn reset(turn: &mut Turn<'_>) -> Answer {
    match turn.call.query("scenario") {
        None => {}
        Some("first") => turn.world.join(turn.sandboxes.scenario()),
        Some(_) => {
            let text = "`scenario` is `first`, or not there";
            let hint = "`PUT /__mockpos/scenario` plays another one";
            return Ok(error(StatusCode::BAD_REQUEST, text, hint));
        }
    }
    turn.world.reset();
    let answer = Done {
        status: "reset",
        sandbox: &turn.world.name,
    };
    Ok(Reply::json(StatusCode::OK, &answer))
}

fn list(turn: &mut Turn<'_>) -> Answer {
    let rows = turn.sandboxes.usage().into_iter().map(|usage| {
        let last_used = usage.last_used.iso_micros();
        Used {
            name: usage.name,
            calls: usage.calls,
            last_used,
        }
    });
    let sandboxes = rows.collect();
    let answer = Listed { sandboxes };
    Ok(Reply::json(StatusCode::OK, &answer))
}

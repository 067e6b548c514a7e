//! What the sandbox is told to do: read it, replace it.

use super::bodies::{Failed, Played, Playing, Warning};
use super::{NOTHING, error};
use crate::call::form::Form;
use crate::call::{Call, flag};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::Scenario;
use crate::surface;
use http::{Method, StatusCode};
use std::sync::Arc;

/// The scenario.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::GET,
        path: "/__mockpos/scenario",
        page: None,
        name: "admin.scenario.read",
        evidence: Evidence::Documented,
        points: NOTHING,
        handle: read,
        spec: |spec| spec.text(200, "application/toml"),
    },
    Endpoint {
        method: Method::PUT,
        path: "/__mockpos/scenario",
        page: None,
        name: "admin.scenario.replace",
        evidence: Evidence::Documented,
        points: NOTHING,
        handle: replace,
        spec: |spec| {
            spec.media(&["application/toml"]);
            spec.query(&[("name", Form::Text), ("layer", Form::Flag)]);
            spec.whole_body();
            spec.json::<Playing<'_>>(200);
            spec.json::<Failed<'_>>(422);
            spec.text(422, "text/plain");
        },
    },
];

fn read(turn: &mut Turn<'_>) -> Answer {
    let source = turn.world.scenario.source.clone();
    Ok(Reply::new(StatusCode::OK, "application/toml", source))
}

/// `?name=declines.toml` is what `x-mockpos-decided-by` will call it; `scenario` without. `?layer=true` puts it on
/// top of what is playing.
fn replace(turn: &mut Turn<'_>) -> Answer {
    if turn.call.media_type() != "application/toml" {
        let hint = "send the scenario's text with `content-type: application/toml`";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Ok(error(status, "a scenario is TOML", hint));
    }
    let name = turn.call.query("name").unwrap_or("scenario");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if name.len() > 64 || !name.bytes().all(plain) {
        let text = "the name of a scenario is at most 64 letters, digits, `.`, `_` and `-`";
        let hint = "leave `name` out, or give a file name";
        return Ok(error(StatusCode::BAD_REQUEST, text, hint));
    }
    let on_top = match turn.call.query("layer").map(flag) {
        None => false,
        Some(Some(on_top)) => on_top,
        Some(None) => {
            let hint = "`?layer=true` puts the scenario on top of what is playing";
            let text = "`layer` is true or false";
            return Ok(error(StatusCode::BAD_REQUEST, text, hint));
        }
    };
    match compile(name, turn, on_top) {
        Ok(scenario) => {
            let answer = Playing {
                status: "playing",
                sandbox: &turn.world.name,
                scenario: Played {
                    name: &scenario.name,
                    description: &scenario.description,
                    rules: scenario.rules.len(),
                },
                warnings: scenario.warnings.list.iter().map(Warning::of).collect(),
            };
            let reply = Reply::json(StatusCode::OK, &answer);
            turn.world.play(Arc::new(scenario));
            Ok(reply)
        }
        Err(problems) => Ok(refused(turn.call, &problems)),
    }
}

/// The compiler's own words: as JSON, or as text for a person who asks for that.
pub(super) fn refused(call: &Call, problems: &str) -> Reply {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let accept = call.header("accept").unwrap_or_default();
    if accept.contains("text/plain") {
        return Reply::new(status, "text/plain; charset=utf-8", problems.to_owned());
    }
    let hint = "the scenario before it goes on playing; `accept: text/plain` gives this as text";
    error(status, problems, hint)
}

fn compile(name: &str, turn: &Turn<'_>, on_top: bool) -> Result<Scenario, String> {
    let text = std::str::from_utf8(&turn.call.body).map_err(|_| "not valid UTF-8".to_owned())?;
    let catalog = surface::catalog();
    let scenario = match on_top {
        true => turn.world.scenario.topped(name, text, &catalog),
        false => Scenario::compile(name, text, &catalog),
    };
    scenario.map_err(|problems| problems.render())
}

//! What the sandbox is told to do: read it, replace it.

use super::bodies::{Failed, Played, Playing, Warning};
use super::{NOTHING, error};
use crate::call::form::Form;
use crate::call::{Call, flag};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::Scenario;
use crate::scenario::shipped::{Text, shipped};
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
            spec.query(&[
                ("name", Form::Text),
                ("layer", Form::Flag),
                ("shipped", Form::Text),
            ]);
            spec.whole_body();
            spec.json::<Playing<'_>>(200);
            spec.json::<Failed<'_>>(422);
            spec.text(422, "text/plain");
        },
    },
];

/// The text of a single file; of several what holds of them in the end, which is a file, too.
fn read(turn: &mut Turn<'_>) -> Answer {
    let scenario = &turn.world.scenario;
    let source = match scenario.layers.as_slice() {
        [] | [_] => scenario.source.clone(),
        _ => scenario.explained(),
    };
    Ok(Reply::new(StatusCode::OK, "application/toml", source))
}

/// `?name=declines.toml` is what `x-mockpos-decided-by` will call it; `scenario` without. `?layer=true` puts it on
/// top of what is playing. `?shipped=slow-bank` is one that comes with the program, and needs no body.
fn replace(turn: &mut Turn<'_>) -> Answer {
    let (name, text) = match given(turn.call) {
        Ok(given) => given,
        Err(refused) => return Ok(*refused),
    };
    let on_top = match turn.call.query("layer").map(flag) {
        None => false,
        Some(Some(on_top)) => on_top,
        Some(None) => {
            let hint = "`?layer=true` puts the scenario on top of what is playing";
            let text = "`layer` is true or false";
            return Ok(error(StatusCode::BAD_REQUEST, text, hint));
        }
    };
    match compile((&name, &text), turn, on_top) {
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

/// The scenario that the call brings, or names.
fn given(call: &Call) -> Result<Text, Box<Reply>> {
    let refuse = |status, text: &str, hint| Err(Box::new(error(status, text, hint)));
    if let Some(name) = call.query("shipped") {
        let hint = "`mockpos scenarios` lists them all";
        return match shipped(name) {
            Some(_) if !call.body.is_empty() => {
                let text = "there is a scenario in the body, and `shipped` names another one";
                refuse(StatusCode::BAD_REQUEST, text, "send one of them")
            }
            Some(text) => Ok(text),
            None => refuse(
                StatusCode::NOT_FOUND,
                "there is no such shipped scenario",
                hint,
            ),
        };
    }
    if call.media_type() != "application/toml" {
        let hint = "send the scenario's text with `content-type: application/toml`, or `?shipped=slow-bank`";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return refuse(status, "a scenario is TOML", hint);
    }
    let name = call.query("name").unwrap_or("scenario");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if name.len() > 64 || !name.bytes().all(plain) {
        let text = "the name of a scenario is at most 64 letters, digits, `.`, `_` and `-`";
        let hint = "leave `name` out, or give a file name";
        return refuse(StatusCode::BAD_REQUEST, text, hint);
    }
    match std::str::from_utf8(&call.body) {
        Ok(text) => Ok((name.to_owned(), text.to_owned())),
        Err(_) => refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not valid UTF-8",
            "a scenario is TOML",
        ),
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

fn compile((name, text): (&str, &str), turn: &Turn<'_>, on_top: bool) -> Result<Scenario, String> {
    let catalog = surface::catalog();
    let scenario = match on_top {
        true => turn.world.scenario.topped(name, text, &catalog),
        false => Scenario::compile(name, text, &catalog),
    };
    scenario.map_err(|problems| problems.render())
}

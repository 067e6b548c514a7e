//! Rules for a while, in front of the scenario's: added, listed, taken away.

use super::bodies::{AddedBody, Removed, Rules};
use super::{NOTHING, error};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::added::{AddedRule, MOST};
use crate::scenario::print::from_json;
use crate::surface;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::fmt::Write;

const fn row(
    method: Method,
    (path, name): (&'static str, &'static str),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(
        method,
        (path, name),
        (Evidence::Documented, NOTHING),
        handle,
    )
}

const ALL: &str = "/__mockpos/rules";
const ONE: &str = "/__mockpos/rules/{id}";

/// The rules that were added.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::GET, (ALL, "admin.rules.list"), list).told(|spec| spec.json::<Rules>(200)),
    row(Method::POST, (ALL, "admin.rules.add"), add).told(|spec| {
        spec.media(&["application/json", "application/toml"]);
        spec.whole_body();
        spec.json::<Rules>(201);
    }),
    row(Method::DELETE, (ALL, "admin.rules.clear"), clear).told(|spec| spec.json::<Removed>(200)),
    row(Method::DELETE, (ONE, "admin.rules.remove"), remove).told(|spec| spec.json::<Removed>(200)),
];

fn told(added: &AddedRule) -> AddedBody {
    AddedBody {
        id: added.id,
        decided_by: added.title(),
        source: added.source.clone(),
        spoken: added.spoken,
        left: added.left,
        until: added.until.map(|until| until.iso_micros()),
    }
}

/// Those that are still there: one whose time is over is gone.
fn list(turn: &mut Turn<'_>) -> Answer {
    let now = turn.world.now();
    let rules = turn.world.progress.added.rules(now).iter().map(told);
    let (status, rules) = (None, rules.collect());
    let answer = Rules { status, rules };
    Ok(Reply::json(StatusCode::OK, &answer))
}

/// A rule as TOML or JSON: the keys of one, or a list `rule` of them, with `times` and `for`.
fn add(turn: &mut Turn<'_>) -> Answer {
    let text = match text(turn) {
        Ok(text) => text,
        Err(why) => {
            let hint = "as in `{\"when\": {\"bin\": \"525864\"}, \"then\": {\"decline\": \"declined\"}, \"times\": 1}`";
            return Ok(error(StatusCode::BAD_REQUEST, &why, hint));
        }
    };
    let new = match turn.world.scenario.additions(&text, &surface::catalog()) {
        Ok(new) => new,
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let hint = "nothing was added; `mockpos knobs` prints what a rule can say";
            return Ok(error(status, &problems.render(), hint));
        }
    };
    let now = turn.world.now();
    let added = &mut turn.world.progress.added;
    let Some(ids) = added.put(new, now) else {
        let text = format!("a sandbox has at most {MOST} rules of this kind");
        let hint = "`DELETE /__mockpos/rules` takes all away";
        return Ok(error(StatusCode::CONFLICT, &text, hint));
    };
    let rules = added.rules(now).iter();
    let rules = rules.filter(|rule| ids.contains(&rule.id)).map(told);
    let (status, rules) = (Some("added"), rules.collect());
    let answer = Rules { status, rules };
    Ok(Reply::json(StatusCode::CREATED, &answer))
}

/// The body as TOML. Err says why it is none.
fn text(turn: &Turn<'_>) -> Result<String, String> {
    if turn.call.media_type() == "application/toml" {
        let text = std::str::from_utf8(&turn.call.body).map_err(|_| "not valid UTF-8")?;
        return Ok(text.to_owned());
    }
    let body: Value = serde_json::from_slice(&turn.call.body).map_err(|_| "not valid JSON")?;
    let body = match body {
        Value::Array(_) => json!({ "rule": body }),
        other => other,
    };
    let Value::Object(keys) = body else {
        return Err("a rule is an object".to_owned());
    };
    let mut text = String::new();
    for (key, value) in &keys {
        let key = crate::scenario::print::key_text(key);
        let _ = writeln!(text, "{key} = {}", from_json(value)?);
    }
    Ok(text)
}

fn clear(turn: &mut Turn<'_>) -> Answer {
    let removed = turn.world.progress.added.clear();
    let status = "removed";
    let answer = Removed { status, removed };
    Ok(Reply::json(StatusCode::OK, &answer))
}

fn remove(turn: &mut Turn<'_>) -> Answer {
    let id = turn.param("id").parse().ok();
    let removed = id.is_some_and(|id| turn.world.progress.added.remove(id));
    if !removed {
        let hint = "`GET /__mockpos/rules` lists those that there are";
        return Ok(error(StatusCode::NOT_FOUND, "there is no such rule", hint));
    }
    let (status, removed) = ("removed", 1);
    let answer = Removed { status, removed };
    Ok(Reply::json(StatusCode::OK, &answer))
}

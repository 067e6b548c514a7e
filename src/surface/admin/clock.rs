//! The sandbox's time: read it, freeze it, set it, move it on.

use super::bodies::Time;
use super::{NOTHING, error};
use crate::call::form::Form;
use crate::clock::{Timestamp, span};
use crate::reply::{Order, Reply};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::world::World;
use http::{Method, StatusCode};
use serde_json::Value;
use std::time::Duration;

const CLOCK: &str = "/__mockpos/clock";

/// The clock.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::GET, (CLOCK, "admin.clock.read"), read).told(|spec| spec.json::<Time>(200)),
    row(Method::PUT, (CLOCK, "admin.clock.set"), set).told(|spec| {
        spec.body(&[("freeze", Form::Flag), ("now", Form::Text)]);
        spec.json::<Time>(200);
    }),
    row(
        Method::POST,
        ("/__mockpos/clock/advance", "admin.clock.advance"),
        advance,
    )
    .told(|spec| {
        spec.need(&[("by", Form::Text)]);
        spec.json::<Time>(200);
    }),
];

const fn row(
    method: Method,
    name: (&'static str, &'static str),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, name, (Evidence::Documented, NOTHING), handle)
}

/// How far one call may move the time.
const FARTHEST: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

const USES: &str =
    "as in `{\"freeze\": true}`, `{\"freeze\": false}` or `{\"now\": \"2026-01-02T03:04:05Z\"}`";

/// What it shows.
pub fn shown(world: &World) -> Time {
    let clock = world.clock;
    Time {
        now: clock.now().iso_micros(),
        frozen: clock.is_frozen(),
        at_birth: clock.setting().to_string(),
        happened: None,
        note: None,
        more: None,
    }
}

fn read(turn: &mut Turn<'_>) -> Answer {
    Ok(Reply::json(StatusCode::OK, &shown(turn.world)))
}

/// `freeze` and `now` may come together: it stands or goes from then on. Set forwards, all that falls due on the way
/// happens, as when it is moved on.
fn set(turn: &mut Turn<'_>) -> Answer {
    let body = match object(turn, &["freeze", "now"]) {
        Ok(body) => body,
        Err(reply) => return Ok(*reply),
    };
    let freeze = match body.get("freeze") {
        None => None,
        Some(Value::Bool(freeze)) => Some(*freeze),
        Some(_) => return Ok(bad("`freeze` is true or false", USES)),
    };
    let now = match body.get("now") {
        None => None,
        Some(text) => match text.as_str().and_then(Timestamp::parse) {
            Some(now) => Some(now),
            None => return Ok(bad("`now` is a moment in RFC 3339", USES)),
        },
    };
    if freeze.is_none() && now.is_none() {
        return Ok(bad("the body says nothing", USES));
    }
    if let Some(now) = now.filter(|now| *now > turn.world.now().plus(FARTHEST)) {
        let text = format!("{} is more than ten years on", now.iso_micros());
        return Ok(bad(
            &text,
            "set it on in steps: all that falls due on the way happens",
        ));
    }
    let clock = &mut turn.world.clock;
    match freeze {
        Some(true) => clock.freeze(),
        Some(false) => clock.unfreeze(),
        None => {}
    }
    Ok(match now {
        None => Reply::json(StatusCode::OK, &shown(turn.world)),
        Some(now) if now < turn.world.now() => {
            turn.world.go_back(now);
            let note = "the clock was set back: nothing happens, and what has happened stays";
            let mut time = shown(turn.world);
            (time.happened, time.note) = (Some(Vec::new()), Some(note));
            Reply::json(StatusCode::OK, &time)
        }
        Some(now) => until(now),
    })
}

/// The answer comes when it is `now` and all is quiet: [`super::settled`].
fn until(now: Timestamp) -> Reply {
    let mut reply = Reply::empty(StatusCode::OK);
    reply.pace.order = Some(Order::Until(now));
    reply
}

/// What falls due on the way happens, in order; the answer comes when all is quiet, and says what it was.
fn advance(turn: &mut Turn<'_>) -> Answer {
    const HINT: &str = "as in `{\"by\": \"15m\"}`: `ms`, `s`, `m`, `h` or `d`";
    let body = match object(turn, &["by"]) {
        Ok(body) => body,
        Err(reply) => return Ok(*reply),
    };
    let by = body.get("by").and_then(Value::as_str).and_then(span);
    let Some(by) = by.filter(|by| *by <= FARTHEST) else {
        return Ok(bad("`by` is a span of time of at most ten years", HINT));
    };
    Ok(until(turn.world.now().plus(by)))
}

/// The body, with no other keys than `known`.
fn object(turn: &Turn<'_>, known: &[&str]) -> Result<serde_json::Map<String, Value>, Box<Reply>> {
    let body: Result<Value, _> = serde_json::from_slice(&turn.call.body);
    let Ok(Value::Object(body)) = body else {
        let hint = format!("send an object with {}", known.join(", "));
        return Err(Box::new(bad("the body is no JSON object", &hint)));
    };
    match body.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(body),
        Some(odd) => {
            let odd: String = odd.chars().take(40).collect();
            let text = format!("unknown key `{odd}`");
            let hint = format!("there are {}", known.join(", "));
            Err(Box::new(bad(&text, &hint)))
        }
    }
}

fn bad(text: &str, hint: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, text, hint)
}

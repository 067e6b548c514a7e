//! The whole sandbox as JSON, and back. A snapshot that is no good changes nothing.

use super::bodies::{Failed, Restored};
use super::place::place;
use super::sealed::sealed;
use super::{NOTHING, error, scenario};
use crate::domain::pan::Pan;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::compile::Input;
use crate::scenario::{Layer, Scenario};
use crate::surface;
use crate::world::{Script, Snapshot, VERSION, World, scripts};
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const STATE: &str = "/__mockpos/state";

/// The snapshot.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint::of(
        Method::GET,
        (STATE, "admin.state.read"),
        (Evidence::Documented, NOTHING),
        read,
    )
    .told(|spec| spec.json::<BTreeMap<String, Value>>(200)),
    Endpoint::of(
        Method::PUT,
        (STATE, "admin.state.restore"),
        (Evidence::Documented, NOTHING),
        restore,
    )
    .told(|spec| {
        spec.whole_body();
        spec.json::<Restored<'_>>(200);
        spec.json::<Failed<'_>>(422);
        spec.text(422, "text/plain");
    }),
];

/// The most that is read of a snapshot, in bytes.
pub const LIMIT: usize = 32 * 1024 * 1024;

/// Whether that call brings a snapshot, which may be longer than other bodies.
pub fn is_restore(method: &Method, path: &str) -> bool {
    method == Method::PUT && path == STATE
}

fn read(turn: &mut Turn<'_>) -> Answer {
    let text = sealed(&turn.world.snapshot());
    Ok(Reply::new(StatusCode::OK, "application/json", text))
}

fn restore(turn: &mut Turn<'_>) -> Answer {
    let (snapshot, scenario) = match understood(turn) {
        Ok(found) => found,
        Err(reply) => return Ok(*reply),
    };
    turn.world.restore(snapshot, scenario);
    let answer = Restored {
        status: "restored",
        sandbox: &turn.world.name,
        scenario: &turn.world.scenario.name,
        now: turn.world.now().iso_micros(),
    };
    Ok(Reply::json(StatusCode::OK, &answer))
}

/// The snapshot of the body, with the scenario that it plays. Err says what is wrong with it.
fn understood(turn: &Turn<'_>) -> Result<(Snapshot, Arc<Scenario>), Box<Reply>> {
    let text = &turn.call.body;
    let body: Value = serde_json::from_slice(text).map_err(|e| {
        let why = format!("the body is no JSON: {e}");
        Box::new(error(StatusCode::BAD_REQUEST, &why, HINT))
    })?;
    match body.get("version") {
        Some(version) if *version == json!(VERSION) => {}
        None => return Err(refused(("version", "is missing"))),
        Some(given) => {
            let given: String = given.to_string().chars().take(20).collect();
            let why = format!(
                "this mockpos reads format {VERSION}, and was given format {given}: take the snapshot anew \
                 with this version, or restore it with the version that took it"
            );
            return Err(refused(("version", &why)));
        }
    }
    let given = body.get("scenario").cloned().unwrap_or_default();
    let given: Vec<Script> = said(&given).map_err(|(at, why)| {
        let at = match at.as_str() {
            "." => "scenario".to_owned(),
            at => format!("scenario{at}"),
        };
        refused((&at, &why))
    })?;
    let set = body.get("set").cloned();
    let set: Vec<(String, String)> = said(&set.unwrap_or_else(|| json!([])))
        .map_err(|(at, why)| refused((&format!("set{at}"), &why)))?;
    let scenario = playing(turn.world, (&given, set));
    let scenario =
        scenario.map_err(|problems| Box::new(scenario::refused(turn.call, &problems)))?;
    let mut body = body;
    Known::of(&scenario).name_in(&mut body);
    let mut snapshot: Snapshot = said(&body).map_err(|(at, why)| refused((&at, &why)))?;
    let revived = snapshot.revive(&scenario, &surface::catalog());
    revived.map_err(|why| refused(("progress.added", &why)))?;
    Ok((snapshot, scenario))
}

/// The scenario of those files: the one that is playing, when it is of the same.
fn playing(
    world: &World,
    (files, set): (&[Script], Vec<(String, String)>),
) -> Result<Arc<Scenario>, String> {
    if scripts(&world.scenario) == files && world.scenario.set == set {
        return Ok(Arc::clone(&world.scenario));
    }
    let layer = |script: &Script| Layer {
        name: script.name.clone(),
        text: script.source.clone(),
        settled: true,
        is_base: false,
    };
    let input = Input {
        layers: files.iter().map(layer).collect(),
        set,
        finder: None,
    };
    let scenario = Scenario::load(&input, &surface::catalog());
    scenario.map(Arc::new).map_err(|problems| problems.render())
}

/// Err: where the first mistake is, and what it is. Read from a text, for then the reader says how far it came.
fn said<T: DeserializeOwned>(value: &Value) -> Result<T, (String, String)> {
    let text = value.to_string();
    serde_json::from_str(&text).map_err(|e| {
        let why = e.to_string();
        let why = why.split(" at line ").next().unwrap_or_default();
        (place(&text, e.column()), why.to_owned())
    })
}

const HINT: &str = "send what `GET /__mockpos/state` has given; nothing was changed";

/// How much of a mistake is told.
const LONGEST: usize = 300;

fn refused((at, why): (&str, &str)) -> Box<Reply> {
    let text = format!("the snapshot is no good at `{at}`: {why}");
    let text: String = text.chars().take(LONGEST).collect();
    Box::new(error(StatusCode::UNPROCESSABLE_ENTITY, &text, HINT))
}

/// The numbers that a scenario names, by what a snapshot says of them. None: of several.
struct Known(HashMap<String, Option<String>>);

impl Known {
    fn of(scenario: &Scenario) -> Self {
        let holders = scenario.wallet.holders.values();
        let kept = holders.flat_map(|holder| holder.cards.iter().map(|card| &card.pan));
        let typed = scenario.wallet.cards.iter().map(|card| &card.pan);
        let mut known: HashMap<String, Option<String>> = HashMap::new();
        for pan in kept.chain(typed) {
            let one = known.entry(Pan::masked(pan));
            let digits = Some(pan.digits().to_owned());
            let first = one.or_insert_with(|| digits.clone());
            if *first != digits {
                *first = None;
            }
        }
        Self(known)
    }

    /// Whole numbers come in place of their masks wherever the scenario knows them.
    fn name_in(&self, value: &mut Value) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|one| self.name_in(one)),
            Value::Object(object) if object.contains_key("test_card") => {}
            Value::Object(object) => {
                for (key, value) in object {
                    match (&**key, value) {
                        ("pan", Value::String(pan)) => self.name(pan),
                        (_, value) => self.name_in(value),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn name(&self, pan: &mut String) {
        if let Some(Some(digits)) = self.0.get(pan) {
            digits.clone_into(pan);
        }
    }
}

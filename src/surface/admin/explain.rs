//! Why did this call get this answer?

use super::report::{Mistake, NO_MISTAKE, mistake};
use super::{NOTHING, error};
use crate::call::Call;
use crate::call::form::Form;
use crate::journal::{Entry, Mismatch};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Router, Turn};
use crate::scenario::engine::Asked;
use crate::scenario::explain::{Explained, Then};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

/// Explanation.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint::of(
    Method::GET,
    ("/__mockpos/explain", "admin.explain.read"),
    (Evidence::Documented, NOTHING),
    explain,
)
.told(|spec| {
    spec.need_query(&[("journal", Form::Whole)]);
    spec.query(&[("format", Form::words(["json", "text"]))]);
    spec.json::<Explanation<'_>>(200);
    spec.text(200, "text/plain");
})];

/// Why a call got its answer.
#[derive(Serialize, JsonSchema)]
pub struct Explanation<'a> {
    /// the call, as the journal has it
    pub call: &'a Entry,
    /// in one sentence
    pub because: String,
    /// each rule that was asked
    #[serde(flatten)]
    pub rules: Explained,
    /// how the caller went wrong, and what would have been right
    pub mistake: Option<Mistake>,
    /// the texts behind a signature or hash that is not right
    pub signature: Option<&'a Mismatch>,
}

impl<'a> Explanation<'a> {
    /// Of a call that is kept.
    pub fn of(entry: &'a Entry, router: &Router) -> Self {
        let rules = rules(entry, &entry.call());
        let mistake = mistake(entry, router);
        Self {
            because: because(entry, rules.as_ref(), mistake.as_ref()),
            call: entry,
            rules: rules.unwrap_or_default(),
            mistake,
            signature: entry.mismatch.as_deref(),
        }
    }
}

fn explain(turn: &mut Turn<'_>) -> Answer {
    let number = turn.call.query("journal").map(str::parse::<u64>);
    let Some(Ok(number)) = number else {
        let hint = "as in `?journal=7`; `GET /__mockpos/journal` has the numbers";
        return Ok(error(
            StatusCode::BAD_REQUEST,
            "which call? `journal` is its number",
            hint,
        ));
    };
    let journal = &turn.world.journal;
    let Some(entry) = journal.entry(number) else {
        let (text, hint) = missing(number, journal.next());
        return Ok(error(StatusCode::NOT_FOUND, &text, hint));
    };
    let explanation = Explanation::of(entry, turn.router);
    match turn.call.query("format") {
        None | Some("json") => Ok(Reply::json(StatusCode::OK, &explanation)),
        Some("text") => Ok(Reply::new(
            StatusCode::OK,
            "text/plain; charset=utf-8",
            explanation.text(),
        )),
        Some(_) => {
            let hint = "as in `?journal=7&format=text`";
            Ok(error(
                StatusCode::BAD_REQUEST,
                "`format` is `json` or `text`",
                hint,
            ))
        }
    }
}

/// Why there is no such call, and what to do.
pub fn missing(number: u64, next: u64) -> (String, &'static str) {
    match number < next && number > 0 {
        true => (
            format!("call {number} has left the journal"),
            "it keeps the last 1,000 calls of a sandbox",
        ),
        false => (
            format!("there was no call {number} yet"),
            "calls are counted from 1 in each sandbox",
        ),
    }
}

/// What the rules said; None: they can no longer be asked.
fn rules(entry: &Entry, call: &Call) -> Option<Explained> {
    let scenario = entry.seen.scenario.upgrade()?;
    let Some(row) = entry.seen.row.filter(|_| was_admitted(entry)) else {
        return Some(Explained::default());
    };
    let asked = Asked {
        call,
        facts: &entry.facts,
        points: row.points,
        now: entry.at,
        asides: &[],
    };
    Some(scenario.explain(&Then {
        asked: &asked,
        row: &row,
        kept: &entry.seen.scene,
        spoke: &entry.rules,
    }))
}

/// Rules are asked about calls that were let in, and of which the facts are known.
fn was_admitted(entry: &Entry) -> bool {
    !entry.facts.endpoint.is_empty()
}

fn because(entry: &Entry, rules: Option<&Explained>, mistake: Option<&Mistake>) -> String {
    if let Some(mistake) = mistake {
        return mistake.says.clone();
    }
    if !entry.counts() {
        return "its time was over; no rule is asked about that".to_owned();
    }
    let gone = match rules {
        Some(_) => "",
        None => "; the scenario that was playing then is gone, and its rules with it",
    };
    let who = match &*entry.decided_by {
        "default" => "no rule spoke, and nothing published says otherwise: the default".to_owned(),
        "test card" => {
            "no rule spoke of it; the vendor's published table of test cards did".to_owned()
        }
        who => format!("{who} spoke"),
    };
    let wrong = entry.mismatch.as_deref().map(|found| {
        let which = found.mistake.as_deref().unwrap_or(NO_MISTAKE);
        format!("; `{}` is wrong: {which}", found.what)
    });
    who + gone + wrong.as_deref().unwrap_or_default()
}

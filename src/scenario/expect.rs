//! What must come back to an example's call, and the judgement of what did.

use crate::reply::{Reply, Travel};
use crate::scenario::example::header_name;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Report, clipped};
use crate::scenario::read::{At, Map, table};
use crate::scenario::values::{Delay, Glob, Int};
use crate::scenario::want::{Path, Want};
use crate::scenario::words::{spelled, words};
use http::HeaderName;
use serde_json::Value;
use std::time::Duration;

table! {
    /// What must come back.
    struct ExpectRow {
        /// the status; not given: any below 400
        status: Option<At<Int<100, 599>>> = "status = 200",
        /// values in the JSON answer by path: equal, or a pattern with `*`, or one of
        /// `{ null = true }`, `{ absent = true }`, `{ count = 2 }`
        body: Map<Want> = r#"body = { "context_list.0.page_name" = "ThankYouPage" }"#,
        /// answer headers, each with a pattern
        headers: Map<Glob> = r#"headers = { location = "/orders/*" }"#,
        /// a pattern for who decided
        decided_by: Option<Glob> = r#"decided_by = "rule *""#,
        /// the connection is closed without an answer
        dropped: Option<At<bool>> = "dropped = true",
        /// in what shape the answer arrives: `half_body`, `garbage`, `slow` or `stall`
        arrives: Option<At<ArrivesWord>> = r#"arrives = "half_body""#,
        /// how long the answer is held in all
        delay: Option<Delay> = r#"delay = "800ms""#,
    }
}

/// In what shape an answer arrives that is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArrivesWord {
    Half,
    Garbage,
    Slow,
    Stall,
}

words! { ArrivesWord, "shape of an answer":
    "half_body" => Half,
    "garbage" => Garbage,
    "slow" => Slow,
    "stall" => Stall,
}

impl ArrivesWord {
    const fn of(travel: Travel) -> Option<Self> {
        match travel {
            Travel::Whole | Travel::Dropped => None,
            Travel::Half => Some(Self::Half),
            Travel::Garbage => Some(Self::Garbage),
            Travel::Slow(_) => Some(Self::Slow),
            Travel::Stalled => Some(Self::Stall),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Expect {
    status: Option<u16>,
    body: Vec<(Path, Want)>,
    headers: Vec<(HeaderName, Glob)>,
    decided_by: Option<Glob>,
    dropped: bool,
    arrives: Option<ArrivesWord>,
    delay: Option<Duration>,
}

/// The header that says who decided.
const DECIDED_BY: &str = "x-mockpos-decided-by";

impl Expect {
    pub fn travel(&self, reply: &Reply, held: Option<Duration>, wrong: &mut Vec<String>) {
        let dropped = reply.pace.travel == Travel::Dropped;
        match (self.dropped, dropped) {
            (true, false) => wrong.push("the connection was not dropped".to_owned()),
            (false, true) => wrong.push("the connection was dropped".to_owned()),
            (true, true) | (false, false) => {}
        }
        let arrives = ArrivesWord::of(reply.pace.travel);
        if !dropped && arrives != self.arrives {
            let word = |arrives: Option<ArrivesWord>| arrives.map_or("whole", spelled);
            let (found, wanted) = (word(arrives), word(self.arrives));
            wrong.push(format!("the answer arrives `{found}`, expected `{wanted}`"));
        }
        let delay = held.unwrap_or_default() + reply.pace.delay;
        if let Some(wanted) = self.delay.filter(|wanted| *wanted != delay) {
            wrong.push(format!(
                "the answer was held {delay:?}, expected {wanted:?}"
            ));
        }
        if let Some(glob) = &self.decided_by {
            let found = header(reply, DECIDED_BY).unwrap_or_default();
            if !glob.matches(found) {
                wrong.push(format!("decided by `{found}`, expected `{}`", glob.0));
            }
        }
    }

    /// The status that is expected, where one is.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    pub fn answer(&self, reply: &Reply, wrong: &mut Vec<String>) {
        let status = reply.status.as_u16();
        match self.status {
            Some(wanted) if wanted != status => {
                wrong.push(format!("status {status}, expected {wanted}"));
            }
            None if status >= 400 => wrong.push(format!("status {status}, expected below 400")),
            Some(_) | None => {}
        }
        for (name, glob) in &self.headers {
            let found = header(reply, name.as_str());
            if !found.is_some_and(|value| glob.matches(value)) {
                let found = found.map_or_else(|| "missing".to_owned(), |v| format!("`{v}`"));
                wrong.push(format!("header `{name}` is {found}, expected `{}`", glob.0));
            }
        }
        if self.body.is_empty() {
            return;
        }
        let Ok(json) = serde_json::from_slice::<Value>(&reply.body) else {
            let text = String::from_utf8_lossy(&reply.body);
            wrong.push(format!("the answer is not JSON: `{}`", clipped(&text, 200)));
            return;
        };
        wrong.extend(
            self.body
                .iter()
                .filter_map(|(path, want)| want.differs(path, &json)),
        );
    }
}

fn header<'r>(reply: &'r Reply, name: &str) -> Option<&'r str> {
    reply.headers.get(name)?.to_str().ok()
}

impl ExpectRow {
    pub fn compile(self, report: &mut Report) -> Expect {
        let Self {
            status,
            body,
            headers,
            decided_by,
            dropped,
            arrives,
            delay,
        } = self;
        let answer = status.as_ref().map(|s| s.place);
        let answer = answer.or(body.0.first().map(|(path, _)| path.place));
        let answer = answer.or(headers.0.first().map(|(name, _)| name.place));
        let dropped = dropped.is_some_and(|d| d.value);
        if let (true, Some(place)) = (dropped, answer) {
            report.say(
                Mistake::NoAnswer,
                place,
                "a dropped connection has no answer to expect",
            );
        }
        let garbage = |a: &At<ArrivesWord>| a.value == ArrivesWord::Garbage;
        if let (true, Some(place)) = (arrives.as_ref().is_some_and(garbage), answer) {
            report.say(
                Mistake::NoAnswer,
                place,
                "bytes that are no HTTP have no answer to expect",
            );
        }
        let headers = headers.0.into_iter();
        let body = body.0.into_iter();
        Expect {
            status: status.map(|status| status.value.narrow()),
            body: body
                .filter_map(|(path, want)| Some((Path::compile(&path, report)?, want)))
                .collect(),
            headers: headers
                .filter_map(|(name, glob)| Some((header_name(&name, report)?, glob)))
                .collect(),
            decided_by,
            dropped,
            arrives: arrives.map(|a| a.value),
            delay: delay.map(|delay| delay.0),
        }
    }
}

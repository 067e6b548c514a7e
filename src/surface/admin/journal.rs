//! What was asked, decided and answered in this sandbox: as a list, when enough has come, or as it
//! comes.

use super::report::departures;
use super::{NOTHING, error};
use crate::call::Call;
use crate::call::form::{Departure, Form};
use crate::clock::span;
use crate::journal::{Entry, EntryKind};
use crate::reply::{Again, Reply, json};
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::scenario::Glob;
use compact_str::CompactString;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// The journal.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint::of(
    Method::GET,
    ("/__mockpos/journal", "admin.journal.list"),
    (Evidence::Documented, NOTHING),
    list,
)
.told(told)];

fn told(spec: &mut Spec<'_>) {
    let texts = TEXTS.iter().map(|(name, _)| (*name, Form::Text));
    spec.query(&texts.collect::<Vec<_>>());
    for name in ["status", "since", "before", "limit", "wait"] {
        spec.query(&[(name, Form::Whole)]);
    }
    spec.query(&[("timeout", Form::Text)]);
    spec.json::<List<'_>>(200);
    spec.text(200, "text/event-stream");
    spec.json::<List<'_>>(408);
}

/// How long a call waits for others without a word of its own, and at most.
const PATIENCE: Duration = Duration::from_secs(10);
const MOST_PATIENCE: Duration = Duration::from_secs(120);

type Text = fn(&Entry) -> &str;

/// The filters that are patterns: `*` stands for any characters.
const TEXTS: &[(&str, Text)] = &[
    ("endpoint", |entry| entry.endpoint.unwrap_or_default()),
    ("kind", |entry| match entry.kind {
        EntryKind::Call => "call",
        EntryKind::Time => "time",
    }),
    ("page", |entry| entry.page.unwrap_or_default()),
    ("method", |entry| entry.method.as_str()),
    ("path", |entry| entry.path()),
    ("msisdn", |entry| text(&entry.facts.msisdn)),
    ("bin", |entry| text(&entry.facts.bin)),
    ("order_no", |entry| text(&entry.facts.order_no)),
    ("decided_by", |entry| &entry.decided_by),
];

fn text(fact: &Option<CompactString>) -> &str {
    fact.as_deref().unwrap_or_default()
}

/// Which entries are asked for, and how many of them must be there; all by default.
#[derive(Default)]
struct Filter {
    texts: Vec<(Text, Glob)>,
    /// the answer's status; 0: none
    status: Option<u16>,
    /// from this number on
    since: Option<u64>,
    /// up to this number, itself left out
    before: Option<u64>,
    /// so many of the newest
    limit: Option<usize>,
    /// so many must be there
    wait: Option<usize>,
    timeout: Option<Duration>,
}

/// A call, and where that counts what it departs from.
#[derive(Serialize, JsonSchema)]
struct Kept<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    departures: Vec<Departure>,
}

impl<'a> Kept<'a> {
    fn of(turn: &Turn<'_>, entry: &'a Entry) -> Self {
        let scenario = &turn.world.scenario;
        let departures = match scenario.settings.strict || scenario.verify.strict {
            true => departures(entry, turn.router),
            false => Vec::new(),
        };
        Self { entry, departures }
    }
}

#[derive(Serialize, JsonSchema)]
struct List<'a> {
    /// oldest first
    entries: Vec<Kept<'a>>,
    /// how many made room since the sandbox began
    dropped: u64,
    /// what to give as `since` to see only what comes after this answer
    next: u64,
    /// what to give as `before` to see what `limit` left out; null: nothing
    earlier: Option<u64>,
    /// how many were waited for
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<usize>,
}

fn list(turn: &mut Turn<'_>) -> Answer {
    let filter = match Filter::of(turn.call) {
        Ok(filter) => filter,
        Err((text, hint)) => return Ok(error(StatusCode::BAD_REQUEST, &text, &hint)),
    };
    let accept = turn.call.header("accept").unwrap_or_default();
    if accept.contains("text/event-stream") {
        return Ok(events(turn, filter));
    }
    let journal = &turn.world.journal;
    let most = journal.limit();
    if filter.wait > Some(most) {
        // more than the journal holds would never be there
        let (text, hint) = (
            format!("`wait` is at most {most}"),
            "the journal keeps no more entries",
        );
        return Ok(error(StatusCode::BAD_REQUEST, &text, hint));
    }
    let mut fitting: Vec<_> = journal.entries().filter(|e| filter.fits(e)).collect();
    let found = fitting.len();
    let left_out = found.saturating_sub(filter.limit.unwrap_or(usize::MAX));
    let entries = fitting.split_off(left_out);
    let first = entries.first().map_or(journal.next(), |entry| entry.n);
    let entries = entries.into_iter().map(|entry| Kept::of(turn, entry));
    let entries = entries.collect();
    let short = filter.wait.filter(|wanted| found < *wanted);
    let list = List {
        entries,
        dropped: journal.dropped(),
        next: journal.next(),
        earlier: (left_out > 0).then_some(first),
        wanted: short,
    };
    let Some(_) = short else {
        return Ok(Reply::json(StatusCode::OK, &list));
    };
    let mut reply = Reply::json(StatusCode::REQUEST_TIMEOUT, &list);
    reply.pace.again = Some(Again::Within(filter.timeout.unwrap_or(PATIENCE)));
    Ok(reply)
}

/// What is there, and then what comes, one event an entry. A client that has lost its connection says
/// what it has seen last, as browsers do; so does the server when it asks again.
fn events(turn: &Turn<'_>, mut filter: Filter) -> Reply {
    let journal = &turn.world.journal;
    let last = turn.call.header("last-event-id");
    let last = last.and_then(|id| id.parse::<u64>().ok());
    let first = last.is_none();
    // A number that is still to come is from before a reset.
    if let Some(last) = last.filter(|last| *last < journal.next()) {
        filter.since = filter.since.max(Some(last + 1));
        filter.limit = None;
    }
    let mut fitting: Vec<_> = journal.entries().filter(|e| filter.fits(e)).collect();
    let left_out = fitting
        .len()
        .saturating_sub(filter.limit.unwrap_or(usize::MAX));
    let mut body = String::from(if first { ": the journal\n\n" } else { "" });
    for entry in fitting.split_off(left_out) {
        let data = json::to_string(&Kept::of(turn, entry)).unwrap_or_default();
        let event = match entry.kind {
            EntryKind::Call => "call",
            EntryKind::Time => "time",
        };
        body += &format!("id: {}\nevent: {event}\ndata: {data}\n\n", entry.n);
    }
    let mut reply = Reply::new(StatusCode::OK, "text/event-stream", body);
    reply.set(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply.pace.again = Some(Again::After(journal.next() - 1));
    reply
}

/// What is wrong, and what to do.
type Wrong = (String, String);

impl Filter {
    fn of(call: &Call) -> Result<Self, Wrong> {
        let mut filter = Self::default();
        for (key, value) in &call.query {
            match key.as_str() {
                "status" => filter.status = Some(number(key, value)?),
                "since" => filter.since = Some(number(key, value)?),
                "before" => filter.before = Some(number(key, value)?),
                "limit" => filter.limit = Some(number(key, value)?),
                "wait" => filter.wait = Some(number(key, value)?),
                "timeout" => filter.timeout = Some(patience(value)?),
                _ => filter.texts.push(pattern(key, value)?),
            }
        }
        Ok(filter)
    }

    fn fits(&self, entry: &Entry) -> bool {
        let Self {
            texts,
            status,
            since,
            before,
            limit: _,
            wait: _,
            timeout: _,
        } = self;
        texts.iter().all(|(of, glob)| glob.matches(of(entry)))
            && status.is_none_or(|status| entry.status == status)
            && since.is_none_or(|since| entry.n >= since)
            && before.is_none_or(|before| entry.n < before)
    }
}

/// Of a card the first digits will do.
fn pattern(key: &str, value: &str) -> Result<(Text, Glob), Wrong> {
    let Some((name, of)) = TEXTS.iter().find(|(name, _)| *name == key) else {
        let names = TEXTS.iter().map(|(name, _)| *name);
        let numbers = ["status", "since", "before", "limit", "wait", "timeout"];
        let names: Vec<_> = names.chain(numbers).collect();
        let hint = format!("the filters are {}", names.join(", "));
        return Err((format!("`{key}` is no filter of the journal"), hint));
    };
    let more = if *name == "bin" { "*" } else { "" };
    Ok((*of, Glob::new(&format!("{value}{more}"))))
}

fn number<T: std::str::FromStr>(key: &str, value: &str) -> Result<T, Wrong> {
    let text = || format!("`{key}` is not a number: `{value}`");
    value
        .parse()
        .map_err(|_| (text(), "give it in digits".to_owned()))
}

fn patience(value: &str) -> Result<Duration, Wrong> {
    let found = span(value).filter(|span| *span <= MOST_PATIENCE);
    found.ok_or_else(|| {
        let text = "`timeout` is a span of time of at most 120 seconds".to_owned();
        (text, "as in `5s` or `500ms`".to_owned())
    })
}

//! What was asked, decided and answered in this sandbox.

use super::{NOTHING, error};
use crate::call::Call;
use crate::journal::Entry;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use http::{Method, StatusCode};
use serde::Serialize;

/// The journal.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/__mockpos/journal",
    page: None,
    name: "admin.journal.list",
    evidence: Evidence::Documented,
    points: NOTHING,
    handle: list,
}];

/// Which entries are asked for; all by default.
#[derive(Debug, Default)]
struct Filter<'a> {
    /// an endpoint's name; `*` stands for any characters
    endpoint: Option<&'a str>,
    /// a checkout page's name; `*` as above
    page: Option<&'a str>,
    /// the answer's status
    status: Option<u16>,
    /// from this number on
    since: Option<u64>,
    /// so many of the newest
    limit: Option<usize>,
}

#[derive(Serialize)]
struct List<'a> {
    /// oldest first
    entries: Vec<&'a Entry>,
    /// how many made room since the sandbox began
    dropped: u64,
    /// what to give as `since` to see only what comes after this answer
    next: u64,
}

fn list(turn: &mut Turn<'_>) -> Answer {
    let filter = match Filter::of(turn.call) {
        Ok(filter) => filter,
        Err((text, hint)) => return Ok(error(StatusCode::BAD_REQUEST, &text, hint)),
    };
    let journal = &turn.world.journal;
    let fitting = journal.entries().rev().filter(|entry| filter.fits(entry));
    let mut entries: Vec<_> = fitting.take(filter.limit.unwrap_or(usize::MAX)).collect();
    entries.reverse();
    let list = List {
        entries,
        dropped: journal.dropped(),
        next: journal.next(),
    };
    Ok(Reply::json(StatusCode::OK, &list))
}

impl<'a> Filter<'a> {
    /// Err: what is wrong, and what to do.
    fn of(call: &'a Call) -> Result<Self, (String, &'static str)> {
        let mut filter = Self::default();
        for (key, value) in &call.query {
            match key.as_str() {
                "endpoint" => filter.endpoint = Some(value),
                "page" => filter.page = Some(value),
                "status" => filter.status = Some(number(key, value)?),
                "since" => filter.since = Some(number(key, value)?),
                "limit" => filter.limit = Some(number(key, value)?),
                _ => {
                    let hint = "the filters are `endpoint`, `page`, `status`, `since` and `limit`";
                    return Err((format!("`{key}` is no filter of the journal"), hint));
                }
            }
        }
        Ok(filter)
    }

    fn fits(&self, entry: &Entry) -> bool {
        let Self {
            endpoint,
            page,
            status,
            since,
            limit: _,
        } = self;
        endpoint.is_none_or(|glob| matches(glob, entry.endpoint.unwrap_or_default()))
            && page.is_none_or(|glob| matches(glob, entry.page.unwrap_or_default()))
            && status.is_none_or(|status| entry.status == status)
            && since.is_none_or(|since| entry.n >= since)
    }
}

fn number<T: std::str::FromStr>(key: &str, value: &str) -> Result<T, (String, &'static str)> {
    let text = || format!("`{key}` is not a number: `{value}`");
    value.parse().map_err(|_| (text(), "give it in digits"))
}

/// Whether `text` is `glob`, in which `*` stands for any characters, none included. Linear in both:
/// each piece takes the first place that fits.
fn matches(glob: &str, text: &str) -> bool {
    let Some((head, rest)) = glob.split_once('*') else {
        return glob == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let mut pieces: Vec<_> = rest.split('*').collect();
    let tail = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = text.find(piece) else {
            return false;
        };
        text = &text[at + piece.len()..];
    }
    text.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, text, want) in [
            ("", "", true),
            ("", "a", false),
            ("a.b", "a.b", true),
            ("a.b", "a.bc", false),
            ("*", "", true),
            ("a.*", "a.b.c", true),
            ("a.*", "b.a.", false),
            ("*.c", "a.b.c", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("a**b", "ab", true),
        ] {
            assert_eq!(matches(glob, text), want, "{glob} {text}");
        }
    }
}

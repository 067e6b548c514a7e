//! The id by which an answer and its line in the log are found: the client's own, or one of ours.

use crate::mask;
use compact_str::format_compact;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use std::sync::atomic::{AtomicU64, Ordering};

/// The header, in requests and answers.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest that is taken from a client, in bytes.
const LONGEST: usize = 64;

/// Gives ids to requests that bring none. They differ between processes, so that logs of several can be put together.
#[derive(Debug)]
pub struct RequestIds {
    process: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids of this process.
    pub fn new() -> Self {
        let mut process = [0; 4];
        // Err: ids begin with zeros, and still differ within the process
        let _ = getrandom::fill(&mut process);
        Self {
            process: u32::from_be_bytes(process),
            next: AtomicU64::new(1),
        }
    }

    /// The id of a request: what its client calls it, when that may stand in a line of the log.
    pub fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let given = headers.get(REQUEST_ID);
        if let Some(given) = given.filter(|id| is_plain(id.as_bytes())) {
            return given.clone();
        }
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let id = format_compact!("{:08x}-{next:x}", self.process);
        HeaderValue::from_str(&id).expect("hexadecimal digits are a header value")
    }
}

/// Letters, digits and `-._`, in which nothing is to be hidden; and no long number, which may be a card's with a slip.
fn is_plain(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._".contains(byte);
    let digits = id.iter().filter(|byte| byte.is_ascii_digit()).count();
    let number = digits >= 13 && !id.iter().any(u8::is_ascii_alphabetic);
    (1..=LONGEST).contains(&id.len()) && id.iter().all(plain) && !number && mask::is_plain(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_id_is_kept_when_it_is_plain() {
        let ids = RequestIds {
            process: 0xab,
            next: AtomicU64::new(1),
        };
        let long = "x".repeat(LONGEST + 1);
        // sent, answered
        let cases = [
            ("job-7_a.b", "job-7_a.b"),
            (
                "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            ),
            ("", "000000ab-1"),
            ("a b", "000000ab-2"),
            (&long, "000000ab-3"),
            ("4111111111111111", "000000ab-4"),
            ("4111-1111-1111-1111", "000000ab-5"),
            ("123456", "123456"),
            ("4111111111111112", "000000ab-6"),
            ("order4111111111111111x", "000000ab-7"),
        ];
        for (sent, answered) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_str(sent).unwrap());
            assert_eq!(ids.of(&headers), answered, "{sent}");
        }
        assert_eq!(ids.of(&HeaderMap::new()), "000000ab-8");
    }
}

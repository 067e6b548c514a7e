//! What was asked, decided and answered: a ring, bounded by entries and by bytes, with card data
//! masked on the way in.

use serde::Serialize;
use std::collections::VecDeque;

/// One call and its answer.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// counts from 1 in a sandbox
    pub n: u64,
    /// sandbox time
    pub at: String,
    /// GET, POST, …
    pub method: String,
    /// path and query without the sandbox prefix, masked
    pub target: String,
    /// the endpoint's name; null when there is none
    pub endpoint: Option<&'static str>,
    /// the checkout page, when the endpoint is one
    pub page: Option<&'static str>,
    /// the body, masked
    pub request: String,
    /// the answer's status; 0 when the connection was dropped
    pub status: u16,
    /// the answer's body, masked
    pub answer: String,
    /// who decided
    pub decided_by: String,
}

/// The ring.
#[derive(Debug, Clone)]
pub struct Journal {
    entries: VecDeque<Entry>,
    next: u64,
    dropped: u64,
    limit: usize,
}

impl Journal {
    /// An empty journal of at most `limit` entries.
    pub fn new(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            next: 1,
            dropped: 0,
            limit: limit.max(1),
        }
    }

    /// Adds an entry; its number is given here.
    pub fn record(&mut self, mut entry: Entry) {
        entry.n = self.next;
        self.next += 1;
        if self.entries.len() == self.limit {
            self.entries.pop_front();
            self.dropped += 1;
        }
        self.entries.push_back(entry);
    }

    /// Oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How many had to make room.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }
}

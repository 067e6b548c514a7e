//! What was asked, decided and answered: a ring, bounded by entries and by bytes, with card data
//! masked on the way in.

mod block;
mod entry;
mod event;
mod merged;
mod notes;
mod question;
mod text;
mod verify;

pub use entry::{AllConcerned, BODY, Concerned, Entry, EntryKind, Exchange, TARGET};
pub use event::{TIMED_OUT, lapsed};
pub use notes::{Mismatch, Notes, Trouble, TroubleKind};
pub use question::Question;
pub use text::Text;
pub use verify::{Finding, Miss, judge};

use crate::clock::Timestamp;
use crate::meter::Counter;
use block::Block;
use merged::Merged;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One sandbox may hold an eighth of the budget, so that a few busy ones leave room; but so much at least.
const SHARE: usize = 1024 * 1024;

/// Bytes that journals share.
#[derive(Debug)]
pub struct Budget {
    limit: usize,
    used: AtomicUsize,
    dropped: Counter,
}

impl Budget {
    /// So many bytes for all journals that share it.
    pub fn new(limit: usize) -> Self {
        let used = AtomicUsize::new(0);
        Self {
            limit,
            used,
            dropped: Counter::default(),
        }
    }

    /// Bytes that there are in all.
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// How many entries had to make room, in all journals.
    pub fn dropped(&self) -> u64 {
        self.dropped.value()
    }

    /// Whether less than a sixteenth is left.
    pub fn is_short(&self) -> bool {
        self.used() > self.limit - self.limit / 16
    }

    /// Whether there is room again for a while: an eighth, so that what was short is not so at once again.
    pub fn has_room(&self) -> bool {
        self.used() <= self.limit - self.limit / 8
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    fn take(&self, bytes: usize) -> bool {
        let fits = |used: usize| used.checked_add(bytes).filter(|sum| *sum <= self.limit);
        let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
        self.used.fetch_update(set, fetch, fits).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// The ring of one sandbox.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Entry>,
    /// what has merely expired: in a ring of its own, so that it takes no call's place
    expired: VecDeque<Entry>,
    block: Block,
    calls: u64,
    next: u64,
    dropped: u64,
    limit: usize,
    bytes: usize,
    budget: Arc<Budget>,
}

impl Journal {
    /// An empty journal of at most `limit` entries, with its bytes out of `budget`.
    pub fn new(limit: usize, budget: Arc<Budget>) -> Self {
        Self {
            entries: VecDeque::new(),
            expired: VecDeque::new(),
            block: Block::default(),
            calls: 0,
            next: 1,
            dropped: 0,
            limit,
            bytes: 0,
            budget,
        }
    }

    /// Writes an exchange down, masked. The oldest entries of this journal make room; when there is
    /// none left and other journals hold the whole budget, this one counts as dropped. What is no longer kept is
    /// handed back, so that it need not be torn down under the sandbox's lock.
    pub fn record(&mut self, exchange: Exchange<'_>) -> Option<Entry> {
        self.block.fit(self.bytes);
        let entry = Entry::of(self.next, exchange, &mut self.block);
        self.next += 1;
        self.calls += u64::from(entry.kind == EntryKind::Call);
        let size = entry.size();
        let mut gone = None;
        while self.entries.len() >= self.limit.max(1) {
            gone = self.drop_oldest();
        }
        while self.bytes + size > self.share().max(size) || !self.budget.take(size) {
            if self.drop_expired() {
                continue;
            }
            gone = self.drop_oldest();
            if gone.is_none() {
                self.count_dropped();
                return Some(entry);
            }
        }
        self.bytes += size;
        room(&mut self.entries, self.limit).push_back(entry);
        gone
    }

    /// Writes down what time has ended, and which. It takes the place of nothing but its like.
    pub fn note(&mut self, at: Timestamp, (what, id): (&'static str, &str)) {
        let entry = Entry::expired(self.next, at, (what, id));
        self.next += 1;
        let size = entry.size();
        while self.expired.len() >= self.limit.max(1)
            || self.bytes + size > self.share()
            || !self.budget.take(size)
        {
            if !self.drop_expired() {
                return;
            }
        }
        self.bytes += size;
        room(&mut self.expired, self.limit).push_back(entry);
    }

    /// Oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        Merged::new(self.entries.iter(), self.expired.iter())
    }

    /// How many calls were answered.
    pub const fn calls(&self) -> u64 {
        self.calls
    }

    /// How many had to make room.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many there may be.
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// The number that the next entry gets.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// The entry of that number, as long as it is kept.
    pub fn entry(&self, n: u64) -> Option<&Entry> {
        let found = |ring: &'_ VecDeque<Entry>| ring.partition_point(|entry| entry.n < n);
        let at = [&self.entries, &self.expired].map(|ring| ring.get(found(ring)));
        at.into_iter().flatten().find(|entry| entry.n == n)
    }

    /// The bytes it shares with others.
    pub const fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Drops all entries, so that others have room.
    pub fn make_room(&mut self) {
        while self.drop_expired() || self.drop_oldest().is_some() {}
        self.entries.shrink_to_fit();
        self.expired.shrink_to_fit();
        self.block = Block::default();
    }

    fn share(&self) -> usize {
        (self.budget.limit / 8).max(SHARE)
    }

    fn drop_expired(&mut self) -> bool {
        let oldest = self.expired.pop_front();
        let size = oldest.as_ref().map_or(0, Entry::size);
        self.bytes -= size;
        self.budget.give_back(size);
        oldest.is_some()
    }

    fn drop_oldest(&mut self) -> Option<Entry> {
        let oldest = self.entries.pop_front()?;
        self.bytes -= oldest.size();
        self.budget.give_back(oldest.size());
        self.count_dropped();
        Some(oldest)
    }

    fn count_dropped(&mut self) {
        self.dropped += 1;
        self.budget.dropped.count();
    }
}

/// A ring with room for one more, and in the end for `limit`: a full one is written over where it has just been read.
fn room(ring: &mut VecDeque<Entry>, limit: usize) -> &mut VecDeque<Entry> {
    if ring.len() == ring.capacity() {
        let most = limit.saturating_sub(ring.len()).max(1);
        ring.reserve_exact(ring.len().max(4).min(most));
    }
    ring
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Call;
    use crate::clock::Timestamp;
    use crate::reply::Reply;
    use crate::scenario::facts::Facts;
    use crate::scenario::verdict::Verdict;
    use http::{Method, StatusCode};

    fn record(journal: &mut Journal, target: &str, body: Vec<u8>) {
        let mut call = Call::new(Method::POST, target);
        call.body = body.into();
        journal.record(Exchange {
            at: Timestamp::from_micros(0),
            event: None,
            question: Question::of(&call),
            call: &call,
            row: None,
            facts: Facts::default(),
            verdict: &Verdict::default(),
            reply: &Reply::empty(StatusCode::OK),
            decided_by: "default".into(),
            payments: AllConcerned::new(),
            notes: Notes::default(),
            scenario: &Arc::default(),
        });
    }

    fn numbers(journal: &Journal) -> Vec<u64> {
        journal.entries().map(|e| e.n).collect()
    }

    #[test]
    fn the_oldest_makes_room_by_count_and_by_bytes() {
        let mut journal = Journal::new(2, Arc::new(Budget::new(1 << 26)));
        for _ in 0..3 {
            record(&mut journal, "/", vec![]);
        }
        assert_eq!((numbers(&journal), journal.dropped()), (vec![2, 3], 1));
        let three = 3 * (size_of::<Entry>() + 16_100);
        let mut journal = Journal::new(100, Arc::new(Budget::new(three)));
        for _ in 0..10 {
            record(&mut journal, "/", vec![b'a'; 16_000]);
        }
        assert_eq!((numbers(&journal), journal.dropped()), (vec![8, 9, 10], 7));
    }

    #[test]
    fn journals_share_a_budget_and_give_it_back() {
        let budget = Arc::new(Budget::new(40_000));
        let mut a = Journal::new(100, Arc::clone(&budget));
        let mut b = Journal::new(100, Arc::clone(&budget));
        record(&mut a, "/", vec![b'a'; 16_000]);
        record(&mut a, "/", vec![b'a'; 16_000]);
        record(&mut b, "/", vec![b'b'; 16_000]);
        assert_eq!(numbers(&a), [1, 2], "another's call takes nothing from it");
        assert_eq!((numbers(&b), b.dropped(), b.next()), (vec![], 1, 2));
        a.make_room();
        record(&mut b, "/", vec![b'b'; 16_000]);
        assert_eq!((numbers(&b), a.dropped()), (vec![2], 2));
        drop((a, b));
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn bodies_are_masked_before_they_are_cut() {
        let mut journal = Journal::new(9, Arc::new(Budget::new(1 << 26)));
        let mut body = vec![b'x'; BODY - 8];
        body.extend_from_slice(b"5258640000000001");
        body.extend_from_slice(&[b'y'; 100_000]);
        record(&mut journal, "/~a/cards/5258640000000001?cvc=123", body);
        let entry = journal.entries().next().unwrap();
        assert_eq!(entry.target.as_str(), "/~a/cards/525864******0001?cvc=***");
        assert!(
            entry
                .request
                .shown()
                .ends_with("x525864**… (116392 bytes in all)")
        );
        // A long secret makes the text shorter; what follows it is not cut through a card number.
        let mut body = format!("{{\"password\":\"{}\",\"x\":\"", "s".repeat(9_000)).into_bytes();
        body.resize(BODY + 512 - 12, b' ');
        body.extend_from_slice(b"5258640000000001\"}");
        record(&mut journal, "/", body);
        assert!(
            !journal
                .entries()
                .next_back()
                .unwrap()
                .request
                .shown()
                .contains("525864000000")
        );
        record(&mut journal, "/", "ğ".repeat(BODY).into_bytes());
    }
}

//! What was asked, decided and answered: a ring, bounded by entries and by bytes, with card data
//! masked on the way in.

use crate::call::Call;
use crate::clock::Timestamp;
use crate::domain::shop::PosKind;
use crate::mask::mask;
use crate::reply::Reply;
use crate::scenario::facts::Facts;
use http::Method;
use serde::{Serialize, Serializer};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much of a body is kept, in bytes.
pub const BODY: usize = 16 * 1024;
/// How much of a target is kept, in bytes.
pub const TARGET: usize = 4 * 1024;
/// How many bytes the journals of one process hold together.
pub const BUDGET: usize = 64 * 1024 * 1024;
/// How many bytes of the budget one sandbox may hold, so that a few busy ones leave room.
pub const SHARE: usize = BUDGET / 8;

/// One call and its answer, masked.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// counts from 1 in a sandbox
    pub n: u64,
    /// sandbox time
    #[serde(serialize_with = "iso")]
    pub at: Timestamp,
    /// GET, POST, …
    #[serde(serialize_with = "word")]
    pub method: Method,
    /// path and query without the sandbox prefix
    pub target: String,
    /// the endpoint's name; null when there is none
    pub endpoint: Option<&'static str>,
    /// the checkout page, when the endpoint is one
    pub page: Option<&'static str>,
    /// what the call was about, as far as its endpoint could tell
    pub facts: Known,
    /// the body; headers are not kept, so no Authorization is
    pub request: String,
    /// the answer's status; 0 when none reached the client
    pub status: u16,
    /// the answer's body
    pub answer: String,
    /// who decided
    pub decided_by: String,
}

/// What is known of a call; what is not is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Known {
    /// the shopper's phone
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msisdn: Option<String>,
    /// first digits of the card, 8 at most
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    /// whether the card comes from the wallet
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_card: Option<bool>,
    /// what is to be paid: `105.00`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// number of parts
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installment: Option<u32>,
    /// who stands behind the POS, in the word that rules use
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pos_kind: Option<&'static str>,
    /// whether 3-D Secure is asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub three_d: Option<bool>,
    /// `DIRECT_PURCHASE`, `PURCHASE_3D`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_type: Option<String>,
}

/// A call and its answer as they are; [`Journal::record`] makes an [`Entry`] of them.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// sandbox time
    pub at: Timestamp,
    /// what was asked
    pub call: &'a Call,
    /// the name and the page of the endpoint, when there is one
    pub endpoint: Option<(&'static str, Option<&'static str>)>,
    /// what the call was about
    pub facts: &'a Facts,
    /// what was answered
    pub reply: &'a Reply,
    /// who decided
    pub decided_by: &'a str,
}

/// Bytes that journals share.
#[derive(Debug)]
pub struct Budget {
    limit: usize,
    used: AtomicUsize,
}

impl Budget {
    /// So many bytes for all journals that share it.
    pub const fn new(limit: usize) -> Self {
        let used = AtomicUsize::new(0);
        Self { limit, used }
    }

    /// Whether less than a sixteenth is left.
    pub fn is_short(&self) -> bool {
        self.used() > self.limit - self.limit / 16
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
    next: u64,
    dropped: u64,
    limit: usize,
    bytes: usize,
    budget: Arc<Budget>,
}

impl Journal {
    /// An empty journal of at most `limit` entries, with its bytes out of `budget`.
    pub const fn new(limit: usize, budget: Arc<Budget>) -> Self {
        Self {
            entries: VecDeque::new(),
            next: 1,
            dropped: 0,
            limit,
            bytes: 0,
            budget,
        }
    }

    /// Writes an exchange down, masked. The oldest entries of this journal make room; when there is
    /// none left and other journals hold the whole budget, this one counts as dropped.
    pub fn record(&mut self, exchange: &Exchange<'_>) {
        let entry = Entry::of(self.next, exchange);
        self.next += 1;
        let size = entry.size();
        while self.entries.len() >= self.limit.max(1) || self.bytes + size > SHARE.max(size) {
            self.drop_oldest();
        }
        while !self.budget.take(size) {
            if !self.drop_oldest() {
                self.dropped += 1;
                return;
            }
        }
        self.bytes += size;
        self.entries.push_back(entry);
    }

    /// Oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// How many had to make room.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The number that the next entry gets.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// The bytes it shares with others.
    pub const fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Drops all entries, so that others have room.
    pub fn make_room(&mut self) {
        while self.drop_oldest() {}
        self.entries.shrink_to_fit();
    }

    fn drop_oldest(&mut self) -> bool {
        let Some(oldest) = self.entries.pop_front() else {
            return false;
        };
        self.bytes -= oldest.size();
        self.budget.give_back(oldest.size());
        self.dropped += 1;
        true
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

impl Entry {
    fn of(n: u64, exchange: &Exchange<'_>) -> Self {
        let (call, reply) = (exchange.call, exchange.reply);
        let target = call.target.strip_prefix(&call.prefix);
        let target = target.unwrap_or(&call.target);
        Self {
            n,
            at: exchange.at,
            method: call.method.clone(),
            target: kept(target.as_bytes(), TARGET),
            endpoint: exchange.endpoint.map(|(name, _)| name),
            page: exchange.endpoint.and_then(|(_, page)| page),
            facts: Known::of(exchange.facts),
            request: kept(&call.body, BODY),
            status: if reply.pace.answers() {
                reply.status.as_u16()
            } else {
                0
            },
            answer: kept(&reply.body, BODY),
            decided_by: exchange.decided_by.to_owned(),
        }
    }

    /// Bytes it takes.
    fn size(&self) -> usize {
        let facts = [
            &self.facts.msisdn,
            &self.facts.bin,
            &self.facts.amount,
            &self.facts.transaction_type,
        ];
        let facts = facts.into_iter().flatten().map(String::len).sum::<usize>();
        let texts = [&self.target, &self.request, &self.answer, &self.decided_by];
        size_of::<Self>() + facts + texts.iter().map(|text| text.len()).sum::<usize>()
    }
}

impl Known {
    fn of(facts: &Facts) -> Self {
        let text = |text: &String| kept(text.as_bytes(), 64);
        Self {
            msisdn: facts.msisdn.as_ref().map(text),
            bin: facts.bin.as_ref().map(|bin| bin.chars().take(8).collect()),
            stored_card: facts.stored_card,
            amount: facts.amount.map(|amount| amount.to_string()),
            installment: facts.installment,
            pos_kind: facts.pos_kind.map(|kind| match kind {
                PosKind::Wallet => "masterpass",
                PosKind::Gateway => "craftgate",
            }),
            three_d: facts.three_d,
            transaction_type: facts.transaction_type.as_ref().map(text),
        }
    }
}

/// `text` masked, and its end cut off behind `limit` bytes. Masked before it is cut, and a little
/// beyond: half a card number passes no Luhn.
fn kept(text: &[u8], limit: usize) -> String {
    const BEYOND: usize = 512;
    let mut kept = mask(&text[..text.len().min(limit + BEYOND)]);
    let whole = text.len() <= limit + BEYOND;
    let sure = if whole {
        kept.len()
    } else {
        kept.len().saturating_sub(BEYOND)
    };
    if !whole || sure > limit {
        kept.truncate(kept.floor_char_boundary(sure.min(limit)));
        kept.push_str(&format!("… ({} bytes in all)", text.len()));
    }
    kept.shrink_to_fit();
    kept
}

fn iso<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.iso_micros())
}

fn word<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    fn record(journal: &mut Journal, target: &str, body: Vec<u8>) {
        let mut call = Call::new(Method::POST, target);
        call.body = body.into();
        journal.record(&Exchange {
            at: Timestamp::from_micros(0),
            call: &call,
            endpoint: None,
            facts: &Facts::default(),
            reply: &Reply::empty(StatusCode::OK),
            decided_by: "default",
        });
    }

    fn numbers(journal: &Journal) -> Vec<u64> {
        journal.entries().map(|e| e.n).collect()
    }

    #[test]
    fn the_oldest_makes_room_by_count_and_by_bytes() {
        let mut journal = Journal::new(2, Arc::new(Budget::new(BUDGET)));
        for _ in 0..3 {
            record(&mut journal, "/", vec![]);
        }
        assert_eq!((numbers(&journal), journal.dropped()), (vec![2, 3], 1));
        let mut journal = Journal::new(100, Arc::new(Budget::new(50_000)));
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
        let mut journal = Journal::new(9, Arc::new(Budget::new(BUDGET)));
        let mut body = vec![b'x'; BODY - 8];
        body.extend_from_slice(b"5258640000000001");
        body.extend_from_slice(&[b'y'; 100_000]);
        record(&mut journal, "/~a/cards/5258640000000001?cvc=123", body);
        let entry = journal.entries().next().unwrap();
        assert_eq!(entry.target, "/~a/cards/525864******0001?cvc=***");
        assert!(entry.request.ends_with("x525864**… (116392 bytes in all)"));
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
                .contains("525864000000")
        );
        record(&mut journal, "/", "ğ".repeat(BODY).into_bytes());
    }
}

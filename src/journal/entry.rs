//! One call and its answer, masked: what is shown of it, and what later questions need.

use super::block::Block;
use super::notes::{Mismatch, Notes, Trouble};
use super::question::{Question, asked};
use super::text::{Text, kept};
use crate::call::Call;
use crate::clock::Timestamp;
use crate::domain::payment::PaymentId;
use crate::mask::is_plain;
use crate::reply::Reply;
use crate::scenario::engine::SceneKept;
use crate::scenario::facts::Facts;
use crate::scenario::verdict::Verdict;
use crate::scenario::words::spelled;
use crate::scenario::{CatalogRow, Scenario};
use compact_str::CompactString;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::{Arc, Weak};

/// How much of a body is kept, in bytes.
pub const BODY: usize = 16 * 1024;
/// How much of a target is kept, in bytes.
pub const TARGET: usize = 4 * 1024;
/// How much of any other text is kept, in bytes.
const WORD: usize = 64;

/// One call and its answer, masked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Entry {
    /// counts from 1 in a sandbox
    pub n: u64,
    /// whether somebody called, or time did something
    pub kind: EntryKind,
    /// sandbox time
    #[serde(serialize_with = "iso")]
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// GET, POST, …; `TIME` where nobody called
    #[serde(serialize_with = "word")]
    #[schemars(with = "String")]
    pub method: Method,
    /// path and query without the sandbox prefix; what happened, where nobody called
    #[schemars(with = "String")]
    pub target: Text,
    /// what time has ended: its number or name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// the endpoint's name; null when there is none
    pub endpoint: Option<&'static str>,
    /// the checkout page, when the endpoint is one
    pub page: Option<&'static str>,
    /// what the call was about, as far as its endpoint could tell
    #[serde(serialize_with = "known")]
    #[schemars(with = "Known<'_>")]
    pub facts: Facts,
    /// the body; headers are not kept, so no Authorization is
    pub request: Text,
    /// the answer's status; 0 when none reached the client
    pub status: u16,
    /// the answer's body
    pub answer: Text,
    /// who decided
    pub decided_by: Cow<'static, str>,
    /// the places of the rules that spoke
    pub rules: Vec<String>,
    /// the payments that the call was about, with where each stood before and after
    #[schemars(with = "Vec<Concerned>")]
    pub payments: AllConcerned,
    /// how the caller went wrong; null when not
    pub trouble: Option<Trouble>,
    /// what the answer warned of
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<&'static str>,
    /// a signature or hash that is not right; `explain` shows it
    #[serde(skip)]
    pub mismatch: Option<Box<Mismatch>>,
    /// what later questions need
    #[serde(skip)]
    pub seen: Seen,
}

/// What an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// somebody called
    Call,
    /// time did something: something expired, or fell due
    Time,
}

/// A payment that a call was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Concerned {
    /// its number
    pub id: PaymentId,
    /// where it stood before; null: it was not there
    pub before: Option<&'static str>,
    /// where it stands after; null: it is not there
    pub after: Option<&'static str>,
}

/// Those of a call; mostly one.
pub type AllConcerned = SmallVec<[Concerned; 1]>;

/// What rules saw of a call.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// the endpoint as rules know it
    pub row: Option<CatalogRow>,
    /// the headers that the scenario asks for, as they came, masked
    pub headers: SmallVec<[(HeaderName, HeaderValue); 1]>,
    /// what they saw besides the call
    pub scene: SceneKept,
    /// what was playing; gone when it plays nowhere any more
    pub scenario: Weak<Scenario>,
}

/// What is shown of a call's facts; what is not known is left out.
#[derive(Serialize, JsonSchema)]
struct Known<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    msisdn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_card: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    installment: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    three_d: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_alias: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_name: Option<&'a str>,
}

/// A call and its answer as they are; [`super::Journal::record`] makes an [`Entry`] of them.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// sandbox time
    pub at: Timestamp,
    /// what fell due; None: somebody called
    pub event: Option<&'static str>,
    /// what was asked
    pub call: &'a Call,
    /// the same, as it is kept
    pub question: Question,
    /// the endpoint, when there is one
    pub row: Option<CatalogRow>,
    /// what the call was about
    pub facts: Facts,
    /// what the rules said
    pub verdict: &'a Verdict,
    /// what was answered
    pub reply: &'a Reply,
    /// who decided
    pub decided_by: Cow<'static, str>,
    /// the payments that it was about
    pub payments: AllConcerned,
    /// what was noted on the way
    pub notes: Notes,
    /// what is playing
    pub scenario: &'a Arc<Scenario>,
}

impl Entry {
    pub(super) fn of(n: u64, exchange: Exchange<'_>, block: &mut Block) -> Self {
        let (call, reply) = (exchange.call, exchange.reply);
        let seen = Seen::of(&exchange);
        let Question { target, body, .. } = &exchange.question;
        let (method, target, body) = match exchange.event {
            Some(what) => (time(), what, &b""[..]),
            None => (
                call.method.clone(),
                target.as_deref().unwrap_or_else(|| asked(call)),
                body.as_ref().map_or(&call.body[..], String::as_bytes),
            ),
        };
        Self {
            n,
            kind: if exchange.event.is_some() {
                EntryKind::Time
            } else {
                EntryKind::Call
            },
            at: exchange.at,
            method,
            target: Text::copied(target.as_bytes(), block),
            id: None,
            endpoint: exchange.row.map(|row| row.name),
            page: exchange.row.and_then(|row| row.page),
            facts: plain(exchange.facts),
            request: Text::copied(body, block),
            status: if reply.pace.answers() && exchange.event.is_none() {
                reply.status.as_u16()
            } else {
                0
            },
            answer: Text::of(&reply.body, BODY, block),
            decided_by: exchange.decided_by,
            rules: exchange.verdict.decided_by.clone(),
            payments: exchange.payments,
            trouble: exchange.notes.trouble(),
            warning: exchange.notes.warning,
            mismatch: exchange.notes.mismatch,
            seen,
        }
    }

    /// Something is over, and that is all.
    pub(super) fn expired(n: u64, at: Timestamp, (what, id): (&'static str, &str)) -> Self {
        Self {
            n,
            kind: EntryKind::Time,
            at,
            method: time(),
            target: Text::fixed(what),
            id: Some(kept(id.as_bytes(), WORD)),
            endpoint: None,
            page: None,
            facts: Facts::default(),
            request: Text::default(),
            status: 0,
            answer: Text::default(),
            decided_by: Cow::Borrowed("default"),
            rules: Vec::new(),
            payments: AllConcerned::new(),
            trouble: None,
            warning: None,
            mismatch: None,
            seen: Seen::default(),
        }
    }

    /// Whether expectations speak of it: of calls, and of what happens where rules have a say.
    pub fn counts(&self) -> bool {
        self.kind == EntryKind::Call || self.endpoint.is_some()
    }

    /// The path of the target.
    pub fn path(&self) -> &str {
        self.target.as_str().split('?').next().unwrap_or_default()
    }

    /// The call as far as rules look at it and as it is kept: masked, and with few of its headers.
    pub fn call(&self) -> Call {
        if self.kind == EntryKind::Time {
            return Call::new(Method::POST, "/");
        }
        let mut call = Call::new(self.method.clone(), self.target.as_str());
        call.body = self.request.bytes().clone();
        for (name, value) in &self.seen.headers {
            call.headers.append(name, value.clone());
        }
        call
    }

    /// Bytes it takes.
    pub(super) fn size(&self) -> usize {
        let facts = [
            &self.facts.msisdn,
            &self.facts.bin,
            &self.facts.transaction_type,
            &self.facts.order_no,
            &self.facts.conversation_id,
            &self.facts.card_alias,
            &self.facts.card_name,
        ];
        let facts = facts
            .into_iter()
            .flatten()
            .map(|text| text.len())
            .sum::<usize>();
        let id = self.id.as_ref().map_or(0, String::len);
        let texts = self.rules.iter().map(String::len);
        let texts = texts.sum::<usize>() + self.decided_by.len() + id;
        let kept = [&self.target, &self.request, &self.answer];
        let kept: usize = kept.map(|text| text.bytes().len()).iter().sum();
        let headers = self.seen.headers.iter();
        let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + 64);
        size_of::<Self>()
            + facts
            + kept
            + texts
            + headers.sum::<usize>()
            + self.rules.len() * size_of::<String>()
            + self.payments.len() * size_of::<Concerned>()
            + self.seen.scene.tallies.len() * size_of::<(u32, u32)>()
            + self.mismatch.as_ref().map_or(0, |mismatch| mismatch.size())
    }
}

impl Seen {
    fn of(exchange: &Exchange<'_>) -> Self {
        let scenario = exchange.scenario;
        let mut headers = SmallVec::new();
        // Without the media type nobody knows how to read the body.
        for name in scenario.headers.iter().chain([&CONTENT_TYPE]) {
            for value in exchange.call.headers.get_all(name) {
                if let Some(value) = held(value) {
                    headers.push((name.clone(), value));
                }
            }
        }
        Self {
            row: exchange.row,
            headers,
            scene: exchange.verdict.scene.clone(),
            scenario: Arc::downgrade(scenario),
        }
    }
}

/// A header's value as it is kept, masked and short; in memory of its own, not in that of the whole head.
fn held(value: &HeaderValue) -> Option<HeaderValue> {
    const USUAL: &str = "application/json";
    match value.as_bytes() == USUAL.as_bytes() {
        true => Some(HeaderValue::from_static(USUAL)),
        false => HeaderValue::from_str(&kept(value.as_bytes(), WORD)).ok(),
    }
}

/// The method of who does not call.
fn time() -> Method {
    Method::from_bytes(b"TIME").unwrap_or_default()
}

/// The facts, masked and short. Most are so already.
fn plain(facts: Facts) -> Facts {
    let short = |text: CompactString| match text.len() <= WORD && is_plain(text.as_bytes()) {
        true => text,
        false => kept(text.as_bytes(), WORD).into(),
    };
    let text = |text: Option<CompactString>| text.map(short);
    Facts {
        msisdn: text(facts.msisdn),
        bin: facts.bin.map(|bin| bin.chars().take(8).collect()),
        order_no: text(facts.order_no),
        conversation_id: text(facts.conversation_id),
        card_alias: text(facts.card_alias),
        card_name: text(facts.card_name),
        transaction_type: text(facts.transaction_type),
        ..facts
    }
}

fn known<S: Serializer>(facts: &Facts, serializer: S) -> Result<S::Ok, S::Error> {
    let known = Known {
        msisdn: facts.msisdn.as_deref(),
        bin: facts.bin.as_deref(),
        stored_card: facts.stored_card,
        amount: facts.amount.map(|amount| amount.to_string()),
        installment: facts.installment,
        pos_kind: facts.pos_kind.map(spelled),
        three_d: facts.three_d,
        transaction_type: facts.transaction_type.as_deref(),
        order_no: facts.order_no.as_deref(),
        conversation_id: facts.conversation_id.as_deref(),
        payment_status: facts.payment_status.map(spelled),
        card_alias: facts.card_alias.as_deref(),
        card_name: facts.card_name.as_deref(),
    };
    known.serialize(serializer)
}

fn iso<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.iso_micros())
}

fn word<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}

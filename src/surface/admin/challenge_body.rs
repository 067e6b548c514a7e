//! A challenge, as the admin tells of it.

use crate::domain::challenge::{Challenge, Purpose};
use crate::domain::decision::{ThreeDs, ThreeDsOutcome};
use crate::route::Turn;
use crate::scenario::words::Words;
use crate::surface::three_ds::{ReturnPost, page_address};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// A challenge.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChallengeBody<'a> {
    id: &'a str,
    /// `payment` of a gateway, `purchase` of the wallet
    purpose: &'static str,
    /// the gateway's payment
    payment_id: Option<u64>,
    merchant: &'a str,
    order_no: &'a str,
    amount: String,
    currency: &'static str,
    installment: u32,
    /// first six digits and last four
    card: String,
    msisdn: Option<&'a str>,
    transaction_type: Option<&'static str>,
    /// `open` or `ended`
    status: &'static str,
    how: Option<How>,
    created_at: String,
    expires_at: String,
    ended_at: Option<String>,
    /// the address of its page
    page: String,
    return_url: Option<&'a str>,
    /// what the browser brings back to the merchant; nothing while it is open, when nobody has said
    /// where to, and when the browser never comes back
    #[serde(rename = "return")]
    back: Option<Return>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct How {
    outcome: &'static str,
    md_status: u8,
}

/// What the browser brings back.
#[derive(Debug, Serialize, JsonSchema)]
struct Return {
    method: &'static str,
    url: String,
    fields: Map<String, Value>,
}

impl<'a> ChallengeBody<'a> {
    /// As it stands.
    pub fn of(turn: &Turn<'_>, challenge: &'a Challenge) -> Self {
        let bank = &turn.world.scenario.settings.bank;
        let ended = challenge.ended();
        let (purpose, payment_id) = match &challenge.asked.purpose {
            Purpose::Payment(id) => ("payment", Some(*id)),
            Purpose::Purchase { .. } => ("purchase", None),
        };
        let card = &challenge.asked.card;
        let bin = card.bin.get(..6).unwrap_or(&card.bin);
        let masked = || format!("{bin}******{}", card.last_four.as_deref().unwrap_or("****"));
        let back = ReturnPost::of(challenge, bank);
        Self {
            id: &challenge.id,
            purpose,
            payment_id,
            merchant: &challenge.asked.merchant,
            order_no: &challenge.asked.order_no,
            amount: challenge.asked.amount.to_string(),
            currency: challenge.asked.amount.currency().code(),
            installment: challenge.asked.installment,
            card: card.pan.as_ref().map_or_else(masked, ToString::to_string),
            msisdn: challenge.asked.msisdn.as_deref(),
            transaction_type: challenge.asked.kind.map(|kind| kind.code(true)),
            status: if ended.is_some() { "ended" } else { "open" },
            how: ended.map(|ended| How::of(ended.how)),
            created_at: challenge.created_at.iso_micros(),
            expires_at: challenge.expires_at.iso_micros(),
            ended_at: ended.map(|ended| ended.at.iso_micros()),
            page: page_address(&turn.call.base(), &challenge.id),
            return_url: challenge.asked.return_url.as_deref(),
            back: back.map(Return::of),
        }
    }
}

/// The scenario's word for an end.
pub fn word(outcome: ThreeDsOutcome) -> &'static str {
    let mut words = ThreeDsOutcome::WORDS.iter();
    words
        .find(|(_, known)| *known == outcome)
        .map_or("", |(word, _)| word)
}

impl How {
    fn of(how: ThreeDs) -> Self {
        Self {
            outcome: word(how.outcome),
            md_status: how.md_status,
        }
    }
}

impl Return {
    fn of(post: ReturnPost<'_>) -> Self {
        let fields = post.fields.into_iter();
        Self {
            method: "POST",
            url: post.url,
            fields: fields
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect(),
        }
    }
}

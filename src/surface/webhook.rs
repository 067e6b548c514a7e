//! A delivery as it goes over the wire: body, signature and header fields. contract: craftgate §8, §5.3

use crate::clock::Timestamp;
use crate::domain::merchant::Merchant;
use crate::domain::webhook::{Delivery, Event, NamedBy, Ticket, WebhookId};
use crate::reply::json;
use crate::scenario::Scenario;
use crate::scenario::settings::Webhooks;
use crate::world::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::Sha256;
use std::sync::Arc;

/// The header with the signature. contract: craftgate §8
pub const SIGNATURE: &str = "x-cg-signature-v1";

/// A POST that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// where to
    pub url: String,
    /// its header fields
    pub headers: Vec<(&'static str, String)>,
    /// JSON
    pub body: String,
}

/// A message that goes out, with all that whoever sends it must know.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// the delivery
    pub id: WebhookId,
    /// the attempt
    pub ticket: Ticket,
    /// what is sent
    pub message: Message,
    /// who named the address
    pub named_by: NamedBy,
    /// where the merchant of the delivery is told, by the scenario
    pub merchant_url: Option<String>,
    scenario: Arc<Scenario>,
}

impl Parcel {
    /// The delivery of that number as it goes out; None when there is none.
    pub fn of(world: &World, (id, ticket): (WebhookId, Ticket)) -> Option<Self> {
        let delivery = world.state.webhooks.find(id)?;
        Some(Self {
            id,
            ticket,
            message: Message::of(delivery, &world.scenario),
            named_by: delivery.notice.named_by,
            merchant_url: merchant(delivery, &world.scenario).webhook_url.clone(),
            scenario: Arc::clone(&world.scenario),
        })
    }

    /// How it may be sent.
    pub fn settings(&self) -> &Webhooks {
        &self.scenario.settings.webhooks
    }
}

impl Message {
    /// What `delivery` says: the same each time.
    pub fn of(delivery: &Delivery, scenario: &Scenario) -> Self {
        let body = body(delivery);
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            (
                "user-agent",
                concat!("mockpos/", env!("CARGO_PKG_VERSION")).to_owned(),
            ),
            ("x-mockpos-webhook", delivery.id.to_string()),
        ];
        if let Some(event) = event_type(delivery.notice.event) {
            let key = &merchant(delivery, scenario).webhook_key;
            headers.push((SIGNATURE, signature(delivery, event, key)));
        }
        Self {
            url: delivery.notice.url.clone(),
            headers,
            body,
        }
    }
}

fn merchant<'s>(delivery: &Delivery, scenario: &'s Scenario) -> &'s Merchant {
    let merchants = &scenario.merchants;
    let named = merchants.find(&delivery.notice.merchant);
    named.unwrap_or_else(|| merchants.first())
}

/// The name of an event on the wire; None: it is told without one.
pub const fn event_type(event: Event) -> Option<&'static str> {
    match event {
        Event::Charged => Some("API_AUTH"),
        Event::Verified => Some("THREEDS_VERIFY"),
        Event::VerifiedAndCharged => Some("API_VERIFY_AND_AUTH"),
        Event::PaidOnPage => Some("CHECKOUTFORM_AUTH"),
        Event::PaidInParts => Some("MULTI_PAYMENT_COMPLETED"),
        Event::Refunded => Some("REFUND"),
        Event::ItemRefunded => Some("REFUND_TX"),
        Event::PageDone => None,
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Signed<'a> {
    event_type: &'a str,
    event_time: String,
    event_timestamp: i64,
    status: &'a str,
    payload_id: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Plain<'a> {
    token: &'a str,
}

fn body(delivery: &Delivery) -> String {
    let notice = &delivery.notice;
    let written = match event_type(notice.event) {
        Some(event_type) => json::to_string(&Signed {
            event_type,
            event_time: local(notice.at),
            event_timestamp: notice.at.seconds(),
            status: status(notice.success),
            payload_id: &notice.subject,
        }),
        None => json::to_string(&Plain {
            token: &notice.subject,
        }),
    };
    written.unwrap_or_default()
}

const fn status(success: bool) -> &'static str {
    if success { "SUCCESS" } else { "FAILURE" }
}

/// `2026-01-02T03:04:05.123456`: Turkish time, with six digits of a second.
fn local(at: Timestamp) -> String {
    let turkey = 3 * 3_600 * 1_000_000;
    let shifted = Timestamp::from_micros(at.micros().saturating_add(turkey));
    shifted.iso_micros().trim_end_matches('Z').to_owned()
}

/// One that does not fit is made with another key: it looks like any other.
fn signature(delivery: &Delivery, event: &str, key: &str) -> String {
    let notice = &delivery.notice;
    let (seconds, status) = (notice.at.seconds(), status(notice.success));
    let text = format!("{event}{seconds}{status}{}", notice.subject);
    match delivery.forged {
        true => sign(&format!("not {key}"), &text),
        false => sign(key, &text),
    }
}

fn sign(key: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mut mac = mac.expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::{Notice, Plan, Webhooks};
    use std::time::Duration;

    /// contract: craftgate §8
    #[test]
    fn signatures_are_those_of_the_vectors() {
        let key = "Aoh7tReTybO6wOjBmOJFFsOR53SBojEp";
        for (key, text, want) in [
            (
                key,
                "API_VERIFY_AND_AUTH1661521221SUCCESS584",
                "0wRB5XqWJxwwPbn5Z9TcbHh8EGYFufSYTsRMB74N094=",
            ),
            (
                key,
                "THREEDS_VERIFY1767323045FAILURE42",
                "r0NaaCEYclKY0Upm8vnp+3cPydILinwY8qC+Qlx677U=",
            ),
            (
                key,
                "CHECKOUTFORM_AUTH1767323045SUCCESS456d1297-908e-4bd6-a13b-4be31a6e47d5",
                "dHNuLIr7kin9aTZbUT0eQlHaviccLhhYgrDc2jwxkJY=",
            ),
            (
                "1Q2w3E4r5T6y7U8i9Op",
                "API_AUTH1641018632SUCCESS2150001",
                "eNXKxfxUpVmp/wBrNUmOLjNXL0sYl0mh1s/rEB8K8NU=",
            ),
        ] {
            assert_eq!(sign(key, text), want, "{text}");
        }
    }

    fn message(event: Event, forged: bool) -> Message {
        let notice = Notice {
            merchant: "api-key".to_owned(),
            url: "http://shop/hook".to_owned(),
            named_by: NamedBy::Settings,
            event,
            subject: "271591".to_owned(),
            success: true,
            at: Timestamp::parse("2026-01-02T00:04:05.123456Z").unwrap(),
        };
        let mut webhooks = Webhooks::new(1);
        let plan = Plan {
            forged,
            ..Plan::default()
        };
        webhooks.add(&notice, plan, Duration::ZERO);
        let delivery = webhooks.find(1).unwrap();
        Message::of(delivery, &Scenario::default())
    }

    fn signed(message: &Message) -> &str {
        let found = message.headers.iter().find(|(name, _)| *name == SIGNATURE);
        found.map_or("", |(_, value)| value)
    }

    /// The contract's own example of a body and its signature. contract: craftgate §8
    #[test]
    fn a_message_is_the_contracts() {
        let good = message(Event::Charged, false);
        let body = r#"{"eventType":"API_AUTH","eventTime":"2026-01-02T03:04:05.123456","eventTimestamp":1767312245,"status":"SUCCESS","payloadId":"271591"}"#;
        assert_eq!(good.body, body);
        let want = "bVF8rgt31davqzrUgdWia2dMA1Evu+yJEih7L9ChmYY=";
        assert_eq!(signed(&good), want);
        let forged = message(Event::Charged, true);
        assert_eq!(forged.body, body);
        assert!(signed(&forged) != want && signed(&forged).len() == want.len());
        let plain = message(Event::PageDone, false);
        assert_eq!(plain.body, r#"{"token":"271591"}"#);
        assert_eq!(signed(&plain), "");
    }
}

//! What merchants are told without asking: the switches of a scenario, and what a rule makes of one
//! delivery.

use crate::domain::webhook::{Plan, Timing};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report};
use crate::scenario::read::{At, table};
use crate::scenario::settings::put;
use crate::scenario::values::{Delay, Int, Lifetime, text_value};
use crate::scenario::words::words;
use http::Uri;
use std::time::Duration;

/// Switches of webhooks.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// merchants are told at all
    pub enabled: bool,
    /// how long after what it tells a delivery is tried first
    pub first_attempt: Duration,
    /// how long after each attempt that failed it is tried again
    pub retries: Vec<Duration>,
    /// how long a receiver may take, in real time
    pub timeout: Duration,
    /// hosts that may be told although their addresses are private
    pub allow_hosts: Vec<String>,
}

/// The vendor's own wait before the first attempt. contract: craftgate §8
const VENDOR_FIRST: Duration = Duration::from_secs(30);
/// The vendor's own table, in seconds. contract: craftgate §8
const VENDOR_RETRIES: [u64; 5] = [10, 30, 3 * 60, 10 * 60, 30 * 60];

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            enabled: true,
            first_attempt: Duration::ZERO,
            retries: VENDOR_RETRIES.map(Duration::from_secs).to_vec(),
            timeout: Duration::from_secs(5),
            allow_hosts: Vec::new(),
        }
    }
}

table! {
    /// What merchants are told without asking, and how it is sent. Spans are in the sandbox's time, but
    /// for `timeout`.
    struct WebhooksTable {
        /// merchants are told at all
        enabled: Option<bool> = "enabled = true",
        /// when a delivery is tried first: at once, after the vendor's 30 seconds, or after a span
        first_attempt: Option<FirstAttempt> = r#"first_attempt = "at_once""#,
        /// how long after each attempt without a 2xx it is tried again; `[]`: never
        retries: Option<Vec<Lifetime>> = r#"retries = ["10s", "30s", "3m", "10m", "30m"]"#,
        /// how long a receiver may take
        timeout: Option<Delay> = r#"timeout = "5s""#,
        /// hosts that may be told although their addresses are private, or although a call names them; loopback always may
        allow_hosts: Option<Vec<HostName>> = r#"allow_hosts = ["host.docker.internal"]"#,
    }
}

/// When a delivery is tried first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstAttempt(Duration);

text_value!(
    FirstAttempt,
    "`at_once`, `vendor`, or a duration of up to 30 days: `\"90s\"`",
    |text| match text {
        "at_once" => Some(Self(Duration::ZERO)),
        "vendor" => Some(Self(VENDOR_FIRST)),
        _ => crate::clock::span(text)
            .filter(|span| *span <= Duration::from_secs(30 * 24 * 3600))
            .map(Self),
    }
);

/// A host, without scheme and port.
#[derive(Debug, Clone)]
pub(crate) struct HostName(String);

text_value!(HostName, "a host's name or address, without port", |text| {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._:".contains(&b);
    let plain = !text.is_empty() && text.bytes().all(fits);
    plain.then(|| Self(text.to_ascii_lowercase()))
});

/// Where deliveries go.
#[derive(Debug, Clone)]
pub(crate) struct HookUrl(pub String);

text_value!(
    HookUrl,
    "an `http://` URL (https is not supported for webhooks yet)",
    |text| {
        let url: Uri = text.parse().ok()?;
        let named = url
            .authority()
            .is_some_and(|who| !who.as_str().contains('@'));
        let fits = named && url.scheme_str() == Some("http");
        fits.then(|| Self(text.to_owned()))
    }
);

impl WebhooksTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, to: &mut Webhooks) {
        let Self {
            enabled,
            first_attempt,
            retries,
            timeout,
            allow_hosts,
        } = self;
        put(&mut to.enabled, enabled);
        put(&mut to.first_attempt, first_attempt.map(|first| first.0));
        let retries = retries.map(|all| all.into_iter().map(|span| span.0).collect());
        put(&mut to.retries, retries);
        put(&mut to.timeout, timeout.map(|span| span.0));
        let hosts = allow_hosts.map(|all| all.into_iter().map(|host| host.0).collect());
        put(&mut to.allow_hosts, hosts);
    }
}

table! {
    /// What becomes of what the merchant is told by itself.
    struct WebhookRow {
        /// when it is sent: before the answer and so before the browser's callback, once the merchant asks by itself, after the next one, when it is released, or never
        send: Option<Timing> = r#"send = "before_callback""#,
        /// how long after what it tells
        delay: Option<At<Lifetime>> = r#"delay = "90s""#,
        /// how often more than once
        duplicate: Option<At<Int<1, 100>>> = "duplicate = 1",
        /// the signature does not fit
        bad_signature: Option<At<bool>> = "bad_signature = true",
    }
}

words! { Timing, "time to send":
    "usual" => Usual,
    "before_callback" => BeforeCallback,
    "after_callback" => AfterCallback,
    "after_next" => AfterNext,
    "held" => Held,
    "never" => Never,
}

impl WebhookRow {
    /// What it says; None when that is nothing or contradicts itself, and the report says so.
    pub fn compile(self, place: Place, report: &mut Report) -> Option<Plan> {
        let Self {
            send,
            delay,
            duplicate,
            bad_signature,
        } = self;
        let timing = send.unwrap_or_default();
        if let Some(delay) = delay.as_ref().filter(|_| timing != Timing::Usual) {
            report.say(
                Mistake::Contradiction,
                delay.place,
                "`delay` contradicts `send`",
            );
            return None;
        }
        let never = timing == Timing::Never;
        let of_it = [
            ("duplicate", duplicate.as_ref().map(|v| v.place)),
            ("bad_signature", bad_signature.as_ref().map(|v| v.place)),
        ];
        for (key, place) in of_it {
            if let Some(place) = place.filter(|_| never) {
                let message = format!("`{key}` contradicts `send = \"never\"`");
                report.say(Mistake::Contradiction, place, message);
            }
        }
        let plan = Plan {
            timing,
            delay: delay.map(|delay| delay.value.0),
            copies: 1 + duplicate.map_or(0, |n| n.value.narrow::<u32>()),
            forged: bad_signature.is_some_and(|forged| forged.value),
        };
        if plan == Plan::default() && send.is_none() {
            let found = report.say(Mistake::SaysNothing, place, "`webhook` says nothing");
            found.hint("as in `webhook = { send = \"held\" }`");
            return None;
        }
        Some(plan)
    }
}

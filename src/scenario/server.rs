//! The keys of the command line that a scenario file may give.

use crate::clock::ClockSetting;
use crate::config::{self, LIMITS, Limit, LogFormat, PanGuard, Unit};
use crate::scenario::knob::Kind;
use crate::scenario::problem::Report;
use crate::scenario::read::{Item, Read, table};
use crate::scenario::values::{Int, Name, parsed, text_value, whole};
use crate::scenario::words::words;
use std::net::SocketAddr;

/// What a scenario file says of the server; a flag or the environment says it louder. Read when
/// the server starts, not when a sandbox gets another scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerKeys {
    /// where to listen
    pub listen: Option<SocketAddr>,
    /// how browsers reach us
    pub public_url: Option<String>,
    /// further names for the admin's Host check
    pub allow_host: Option<Vec<String>>,
    /// chance and ids follow from it
    pub seed: Option<u64>,
    /// how sandboxes tell the time
    pub clock: Option<ClockSetting>,
    /// how much of everything there may be
    pub limits: config::Given,
    /// what becomes of card numbers on calls that may be somebody's
    pub pan_guard: Option<PanGuard>,
    /// how log lines are written
    pub log_format: Option<LogFormat>,
    /// no access lines
    pub quiet: Option<bool>,
}

table! {
    /// The keys of the command line; a flag or the environment says them louder.
    struct ServerTable {
        /// where to listen
        listen: Option<Listen> = r#"listen = "127.0.0.1:4242""#,
        /// how browsers reach us
        public_url: Option<HttpUrl> = r#"public_url = "https://mock.example""#,
        /// further names for the admin's Host check
        allow_host: Option<Vec<Name>> = r#"allow_host = ["mock.example"]"#,
        /// chance and ids follow from it
        seed: Option<Int<0, { i64::MAX }>> = "seed = 1",
        /// `real`, or a moment that never passes
        clock: Option<ClockSetting> = r#"clock = "frozen:2026-01-02T03:04:05Z""#,
        /// the longest head of a request
        head_size: Option<Bound<{ Limit::HeadSize as usize }>> = r#"head_size = "64KiB""#,
        /// the most header fields of a request
        head_fields: Option<Bound<{ Limit::HeadFields as usize }>> = "head_fields = 100",
        /// how long a request's head may take
        header_timeout: Option<Bound<{ Limit::HeaderTimeout as usize }>> = r#"header_timeout = "10s""#,
        /// the longest body of a request
        body_size: Option<Bound<{ Limit::BodySize as usize }>> = r#"body_size = "1MiB""#,
        /// how long a request's body may take
        body_timeout: Option<Bound<{ Limit::BodyTimeout as usize }>> = r#"body_timeout = "10s""#,
        /// how deep the values of a JSON body may lie in each other
        json_depth: Option<Bound<{ Limit::JsonDepth as usize }>> = "json_depth = 64",
        /// how long a connection may wait for its next request
        idle_timeout: Option<Bound<{ Limit::IdleTimeout as usize }>> = r#"idle_timeout = "75s""#,
        /// how long an answer may lie unread
        write_timeout: Option<Bound<{ Limit::WriteTimeout as usize }>> = r#"write_timeout = "30s""#,
        /// the most connections
        connections: Option<Bound<{ Limit::Connections as usize }>> = "connections = 12_000",
        /// the most requests that are being read or held at once
        requests: Option<Bound<{ Limit::Requests as usize }>> = "requests = 4_096",
        /// the most threads that answer calls
        threads: Option<Bound<{ Limit::Threads as usize }>> = "threads = 1",
        /// the most sandboxes beside the default one
        sandboxes: Option<Bound<{ Limit::Sandboxes as usize }>> = "sandboxes = 10_000",
        /// after how long without a call a sandbox may make room for others
        sandbox_idle: Option<Bound<{ Limit::SandboxIdle as usize }>> = r#"sandbox_idle = "1h""#,
        /// the most entries in each store of a sandbox
        store_entries: Option<Bound<{ Limit::StoreEntries as usize }>> = "store_entries = 100_000",
        /// the most entries in the stores of all sandboxes together
        state_entries: Option<Bound<{ Limit::StateEntries as usize }>> = "state_entries = 500_000",
        /// the most 3-D Secure challenges of a sandbox
        challenges: Option<Bound<{ Limit::Challenges as usize }>> = "challenges = 100_000",
        /// the most webhooks of a sandbox
        webhooks: Option<Bound<{ Limit::Webhooks as usize }>> = "webhooks = 10_000",
        /// the most answers that a sandbox keeps for idempotency keys
        kept_answers: Option<Bound<{ Limit::KeptAnswers as usize }>> = "kept_answers = 2_000",
        /// the most entries of a sandbox's journal
        journal_entries: Option<Bound<{ Limit::JournalEntries as usize }>> = "journal_entries = 1_000",
        /// how many bytes all journals have together
        journal_size: Option<Bound<{ Limit::JournalSize as usize }>> = r#"journal_size = "64MiB""#,
        /// what becomes of card numbers on calls that are no test numbers
        pan_guard: Option<PanGuard> = r#"pan_guard = "refuse""#,
        /// how log lines are written
        log_format: Option<LogFormat> = r#"log_format = "json""#,
        /// no access lines
        quiet: Option<bool> = "quiet = true",
    }
}

impl ServerTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, keys: &mut ServerKeys) {
        let Self {
            listen,
            public_url,
            allow_host,
            seed,
            clock,
            head_size,
            head_fields,
            header_timeout,
            body_size,
            body_timeout,
            json_depth,
            idle_timeout,
            write_timeout,
            connections,
            requests,
            threads,
            sandboxes,
            sandbox_idle,
            store_entries,
            state_entries,
            challenges,
            webhooks,
            kept_answers,
            journal_entries,
            journal_size,
            pan_guard,
            log_format,
            quiet,
        } = self;
        let hosts = allow_host.map(|all| all.into_iter().map(|host| host.0).collect());
        keys.listen = listen.map(|l| l.0).or(keys.listen);
        keys.public_url = public_url.map(|url| url.0).or(keys.public_url.take());
        keys.allow_host = hosts.or(keys.allow_host.take());
        keys.seed = seed.map(Int::narrow).or(keys.seed);
        keys.clock = clock.or(keys.clock);
        let limits = [
            head_size.map(Bound::value),
            head_fields.map(Bound::value),
            header_timeout.map(Bound::value),
            body_size.map(Bound::value),
            body_timeout.map(Bound::value),
            json_depth.map(Bound::value),
            idle_timeout.map(Bound::value),
            write_timeout.map(Bound::value),
            connections.map(Bound::value),
            requests.map(Bound::value),
            threads.map(Bound::value),
            sandboxes.map(Bound::value),
            sandbox_idle.map(Bound::value),
            store_entries.map(Bound::value),
            state_entries.map(Bound::value),
            challenges.map(Bound::value),
            webhooks.map(Bound::value),
            kept_answers.map(Bound::value),
            journal_entries.map(Bound::value),
            journal_size.map(Bound::value),
        ];
        for (kept, given) in keys.limits.iter_mut().zip(limits) {
            *kept = given.or(*kept);
        }
        keys.pan_guard = pan_guard.or(keys.pan_guard);
        keys.log_format = log_format.or(keys.log_format);
        keys.quiet = quiet.or(keys.quiet);
    }
}

/// The value of the limit in that row of [`LIMITS`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound<const ROW: usize>(u64);

impl<const ROW: usize> Bound<ROW> {
    const fn value(self) -> u64 {
        self.0
    }
}

impl<const ROW: usize> Read for Bound<ROW> {
    const KIND: Kind = match LIMITS[ROW].unit {
        Unit::Time => Kind::Text("a time with its unit: `\"500ms\"`, `\"10s\"`, `\"5m\"`"),
        Unit::Size => Kind::Text("a size: `\"64KiB\"`, `\"1MiB\"`"),
        // no limit is that high
        Unit::Count => Kind::Integer {
            min: LIMITS[ROW].least.cast_signed(),
            max: LIMITS[ROW].most.cast_signed(),
        },
    };

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let (row, kind) = (&LIMITS[ROW], &Self::KIND);
        if row.unit == Unit::Count {
            let range = row.least.cast_signed()..=row.most.cast_signed();
            let number = whole((item, kind), report, range)?;
            return Some(Self(number.cast_unsigned()));
        }
        parsed((item, kind), report, |text| row.read(text).ok().map(Self))
    }
}

/// An address and a port.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listen(SocketAddr);

text_value!(
    Listen,
    "an address with a port: `\"127.0.0.1:4242\"`",
    |text| { text.parse().ok().map(Self) }
);

/// An absolute URL without a path of its own.
#[derive(Debug, Clone)]
pub(crate) struct HttpUrl(String);

text_value!(HttpUrl, "a URL: `\"https://mock.example\"`", |text| {
    let rest = text.strip_prefix("http://");
    let rest = rest.or_else(|| text.strip_prefix("https://"))?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\@?#".contains(c);
    let host = rest.trim_end_matches('/');
    let fits = !host.is_empty() && !host.starts_with('/') && !rest.contains(odd);
    fits.then(|| Self(text.trim_end_matches('/').to_owned()))
});

text_value!(
    ClockSetting,
    "`\"real\"`, `\"frozen:2026-01-02T03:04:05Z\"` or `\"shifted:15m\"`",
    |text| text.parse().ok()
);

words! { PanGuard, "guard":
    "refuse" => Refuse,
    "warn" => Warn,
    "off" => Off,
}

words! { LogFormat, "log format":
    "text" => Text,
    "json" => Json,
}

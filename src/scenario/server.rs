//! The keys of the command line that a scenario file may give.

use crate::clock::ClockSetting;
use crate::config::LogFormat;
use crate::scenario::read::table;
use crate::scenario::values::{Int, Lifetime, Name, text_value};
use crate::scenario::words::words;
use std::net::SocketAddr;
use std::time::Duration;

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
    /// how long a request's head may take
    pub header_timeout: Option<Duration>,
    /// how long a request's body may take
    pub body_timeout: Option<Duration>,
    /// how long a connection may wait for its next request
    pub idle_timeout: Option<Duration>,
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
        /// how long a request's head may take
        header_timeout: Option<Lifetime> = r#"header_timeout = "10s""#,
        /// how long a request's body may take
        body_timeout: Option<Lifetime> = r#"body_timeout = "10s""#,
        /// how long a connection may wait for its next request
        idle_timeout: Option<Lifetime> = r#"idle_timeout = "75s""#,
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
            header_timeout,
            body_timeout,
            idle_timeout,
            log_format,
            quiet,
        } = self;
        let hosts = allow_host.map(|all| all.into_iter().map(|host| host.0).collect());
        keys.listen = listen.map(|l| l.0).or(keys.listen);
        keys.public_url = public_url.map(|url| url.0).or(keys.public_url.take());
        keys.allow_host = hosts.or(keys.allow_host.take());
        keys.seed = seed.map(Int::narrow).or(keys.seed);
        keys.clock = clock.or(keys.clock);
        keys.header_timeout = header_timeout.map(|t| t.0).or(keys.header_timeout);
        keys.body_timeout = body_timeout.map(|t| t.0).or(keys.body_timeout);
        keys.idle_timeout = idle_timeout.map(|t| t.0).or(keys.idle_timeout);
        keys.log_format = log_format.or(keys.log_format);
        keys.quiet = quiet.or(keys.quiet);
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

words! { LogFormat, "log format":
    "text" => Text,
    "json" => Json,
}

//! What the process is told at its start, and where each value came from. Plain values: reading
//! flags and variables is the command line's business.

mod limits;
mod pan_guard;
pub mod tls;

pub use limits::{Caps, Given, LIMITS, Limit, Limits, Row, Unit};
pub use pan_guard::PanGuard;

use crate::clock::ClockSetting;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

/// Where a value came from; a later one outranks an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// built in
    Default,
    /// a scenario file's `[server]` table
    Scenario,
    /// an environment variable
    Environment,
    /// a flag
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Scenario => "scenario",
            Self::Environment => "environment",
            Self::Flag => "flag",
        })
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// what holds
    pub value: T,
    /// who said so
    pub source: Source,
}

impl<T> Setting<T> {
    /// The built-in value.
    pub const fn new(value: T) -> Self {
        let source = Source::Default;
        Self { value, source }
    }

    /// Takes `value`, when there is one and `source` outranks the present one.
    pub fn fill(&mut self, value: Option<T>, source: Source) {
        if let Some(value) = value.filter(|_| source > self.source) {
            *self = Self { value, source };
        }
    }
}

/// How log lines and the ready line are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// for people
    Text,
    /// one JSON object a line
    Json,
}

/// All that the process can be told at its start.
#[derive(Debug, Clone)]
pub struct Config {
    /// where to listen; port 0 takes a free one
    pub listen: Setting<SocketAddr>,
    /// scenario files or names of shipped scenarios, the later over the earlier
    pub scenario: Setting<Vec<String>>,
    /// a scenario as text, over all files
    pub scenario_inline: Setting<Option<String>>,
    /// values for the scenario's variables, as `name=value`
    pub set: Setting<Vec<String>>,
    /// the scenario's files are read anew whenever they change
    pub watch: Setting<bool>,
    /// chance and ids follow from it. Fixed by default, so that two runs give the same bytes
    pub seed: Setting<u64>,
    /// how sandboxes tell the time
    pub clock: Setting<ClockSetting>,
    /// how browsers reach us, when not by the Host they name
    pub public_url: Setting<Option<String>>,
    /// further Host names that the admin accepts on a loopback bind
    pub allow_host: Setting<Vec<String>>,
    /// what the admin asks for on any other bind
    pub admin_token: Setting<Option<String>>,
    /// what becomes of card numbers on calls that may be somebody's
    pub pan_guard: Setting<PanGuard>,
    /// whether the listener speaks TLS
    pub tls: tls::Tls,
    /// how much of everything there may be
    pub limits: Limits,
    /// gets the port number when ready
    pub port_file: Setting<Option<PathBuf>>,
    /// the user's own copy of the wallet vendor's SDK, served with the sandbox's public key in it
    pub masterpass_sdk: Setting<Option<PathBuf>>,
    /// how log lines are written
    pub log_format: Setting<LogFormat>,
    /// no access lines, no hints
    pub quiet: Setting<bool>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: Setting::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 4242))),
            scenario: Setting::new(vec!["default".to_owned()]),
            scenario_inline: Setting::new(None),
            set: Setting::new(Vec::new()),
            watch: Setting::new(false),
            seed: Setting::new(1),
            clock: Setting::new(ClockSetting::Real),
            public_url: Setting::new(None),
            allow_host: Setting::new(Vec::new()),
            admin_token: Setting::new(None),
            pan_guard: Setting::new(PanGuard::default()),
            tls: tls::Tls::default(),
            limits: Limits::default(),
            port_file: Setting::new(None),
            masterpass_sdk: Setting::new(None),
            log_format: Setting::new(LogFormat::Text),
            quiet: Setting::new(false),
        }
    }
}

impl Config {
    /// Each value as text with its source, in the order of the help. The token is not shown.
    pub fn rows(&self) -> Vec<(&'static str, String, Source)> {
        fn row<T>(
            name: &'static str,
            setting: &Setting<T>,
            text: impl FnOnce(&T) -> String,
        ) -> (&'static str, String, Source) {
            (name, text(&setting.value), setting.source)
        }
        fn maybe(value: &Option<String>) -> String {
            value.clone().unwrap_or_default()
        }
        fn path(value: &Option<PathBuf>) -> String {
            let path = value.as_ref();
            path.map_or(String::new(), |path| path.display().to_string())
        }
        let hidden = |value: &Option<String>| value.as_ref().map_or("", |_| "(hidden)").to_owned();
        let inline = |value: &Option<String>| match value {
            Some(text) => format!("({} bytes)", text.len()),
            None => String::new(),
        };
        let limits = self.limits.rows();
        let limits = limits.map(|(limit, setting)| row(limit.name, setting, |v| limit.text(*v)));
        let mut rows = vec![
            row("listen", &self.listen, ToString::to_string),
            row("scenario", &self.scenario, |names| names.join(",")),
            row("scenario-inline", &self.scenario_inline, inline),
            row("set", &self.set, |pairs| pairs.join(",")),
            row("watch", &self.watch, ToString::to_string),
            row("seed", &self.seed, ToString::to_string),
            row("clock", &self.clock, ToString::to_string),
            row("public-url", &self.public_url, maybe),
            row("allow-host", &self.allow_host, |names| names.join(",")),
            row("admin-token", &self.admin_token, hidden),
            row("pan-guard", &self.pan_guard, ToString::to_string),
            row("port-file", &self.port_file, path),
            row("masterpass-sdk", &self.masterpass_sdk, path),
            row("log-format", &self.log_format, ToString::to_string),
            row("quiet", &self.quiet, ToString::to_string),
        ];
        rows.extend(self.tls.rows());
        rows.extend(limits);
        rows
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl FromStr for LogFormat {
    type Err = String;

    /// Err says what was expected.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("expected `text` or `json`".to_owned()),
        }
    }
}

/// A base URL for browsers, without the trailing slash: `https://pay.example.com`. Err says what
/// was expected.
pub fn base_url(text: &str) -> Result<String, String> {
    let expected = || "expected http:// or https:// and a host, like `https://pay.example.com`";
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"))
        .ok_or_else(expected)?;
    let host = rest.split('/').next().unwrap_or_default();
    let plain = |b: u8| b.is_ascii_graphic() && !b"?#@\\\"'<>`".contains(&b);
    if host.is_empty() || !rest.bytes().all(plain) {
        return Err(expected().to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_higher_source_wins_whatever_the_order() {
        let mut seed = Setting::new(1);
        seed.fill(Some(2), Source::Environment);
        seed.fill(Some(3), Source::Scenario);
        seed.fill(None, Source::Flag);
        assert_eq!((seed.value, seed.source), (2, Source::Environment));
        seed.fill(Some(4), Source::Flag);
        assert_eq!((seed.value, seed.source), (4, Source::Flag));
    }

    #[test]
    fn base_urls_have_a_scheme_and_a_host_and_nothing_odd() {
        assert_eq!(
            base_url("https://a.example/"),
            Ok("https://a.example".to_owned())
        );
        assert_eq!(
            base_url("http://[::1]:4242"),
            Ok("http://[::1]:4242".to_owned())
        );
        for text in [
            "",
            "a.example",
            "ftp://a",
            "http://",
            "http:///x",
            "http://u@a",
            "http://a?b",
            "http://a b",
            "http://a\"b",
            "javascript:x",
        ] {
            assert!(base_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rows_hide_the_token() {
        let mut config = Config::default();
        config
            .admin_token
            .fill(Some(Some("s3cret".to_owned())), Source::Flag);
        let shown = format!("{:?}", config.rows());
        assert!(
            shown.contains("(hidden)") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
}

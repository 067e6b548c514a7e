//! From flags and variables to a [`Config`].

use super::Failure;
use crate::call;
use crate::config::{self, Config, LIMITS, Setting, Source};
use clap::{ArgMatches, Command};
use std::path::PathBuf;

/// The options of `serve`. All are text here: a flag and its variable are read the same way.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:4242]
    #[arg(long, value_name = "ADDR:PORT", help_heading = "Network")]
    listen: Option<String>,
    /// Base of the URLs given to browsers [default: the Host they name]
    #[arg(long, value_name = "URL", help_heading = "Network")]
    public_url: Option<String>,
    /// Gets the port number, as soon as it is served
    #[arg(long, value_name = "PATH", help_heading = "Network")]
    port_file: Option<String>,
    /// A scenario file, or the name of a shipped one; again for more, the later over the earlier
    #[arg(long, value_name = "FILE|NAME", help_heading = "Behaviour")]
    scenario: Vec<String>,
    /// A value for a variable of the scenario; again for more
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Behaviour")]
    set: Vec<String>,
    /// Read the scenario's files anew whenever they change; all state stays
    #[arg(long, help_heading = "Behaviour")]
    watch: bool,
    /// What chance and ids follow from: the same seed, clock and calls give the same bytes [default: 1]
    #[arg(long, value_name = "N", help_heading = "Behaviour")]
    seed: Option<String>,
    /// How to tell the time: `real`, `frozen:2026-01-02T03:04:05Z` or `shifted:15m` [default: real]
    #[arg(long, value_name = "CLOCK", help_heading = "Behaviour")]
    clock: Option<String>,
    /// Your copy of the wallet vendor's SDK: served at /masterpass-sdk/NAME with the sandbox's public key in it
    #[arg(long, value_name = "FILE", help_heading = "Behaviour")]
    masterpass_sdk: Option<String>,
    /// A further Host under which /__mockpos answers, when listening on loopback; again for more
    #[arg(long, value_name = "NAME", help_heading = "Access to /__mockpos")]
    allow_host: Vec<String>,
    /// What /__mockpos asks for, when listening elsewhere [default: made and printed at start]
    #[arg(long, value_name = "TOKEN", help_heading = "Access to /__mockpos")]
    admin_token: Option<String>,
    /// What becomes of card numbers on calls that are no test numbers: `refuse`, `warn` or `off` [default: refuse]
    #[arg(long, value_name = "WHAT", help_heading = "Behaviour")]
    pan_guard: Option<String>,
    /// Speak TLS with a certificate that is made at start: `self-signed`
    #[arg(long, value_name = "HOW", help_heading = "TLS")]
    tls: Option<String>,
    /// Speak TLS with this certificate: PEM, those that lead to who is trusted behind it
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    tls_cert: Option<String>,
    /// Its private key: PEM
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    tls_key: Option<String>,
    /// Gets the authority of the certificate that is made, for clients to trust
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    tls_ca_out: Option<String>,
    #[command(flatten)]
    limits: LimitFlags,
    /// How logs are written: `text` or `json` [default: text]
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    log_format: Option<String>,
    /// No access lines and no hints; the line that says it is ready stays
    #[arg(long, help_heading = "Output")]
    quiet: bool,
    /// Show each value and where it came from, and exit
    #[arg(long, help_heading = "Output")]
    pub print_config: bool,
}

/// The flags of the limits, one a row of [`LIMITS`].
#[derive(Debug, Default)]
struct LimitFlags([Option<String>; LIMITS.len()]);

impl clap::Args for LimitFlags {
    fn augment_args(command: Command) -> Command {
        let flag = |row: &config::Row| {
            let unit = match row.unit {
                config::Unit::Time => "TIME",
                config::Unit::Size => "SIZE",
                config::Unit::Count => "N",
            };
            let help = format!("{} [default: {}]", row.about, row.text(row.default));
            let flag = clap::Arg::new(row.name).long(row.name).value_name(unit);
            flag.help(help).help_heading("Limits")
        };
        command.args(LIMITS.iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for LimitFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |row: config::Row| matches.get_one(row.name).cloned();
        Ok(Self(LIMITS.map(given)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The environment: a variable's text by its name.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's own environment.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The settings as flags and variables have them.
pub fn config(args: &Args, env: Environment<'_>) -> Result<Config, Failure> {
    let mut config = Config::default();
    let c = &mut config;
    let one = |name, flag| Given { name, flag, env };
    one("listen", &args.listen).fill(&mut c.listen, |text| {
        let expected = "expected an IP address and a port, like `127.0.0.1:4242`";
        text.parse().map_err(|_| expected.to_owned())
    })?;
    one("seed", &args.seed).fill(&mut c.seed, |text| {
        let expected = || format!("expected a whole number from 0 to {}", u64::MAX);
        text.parse().map_err(|_| expected())
    })?;
    one("clock", &args.clock).fill(&mut c.clock, str::parse)?;
    one("public-url", &args.public_url)
        .fill(&mut c.public_url, |text| config::base_url(text).map(Some))?;
    one("admin-token", &args.admin_token).fill(&mut c.admin_token, |text| token(text).map(Some))?;
    let file = |text: &str| Ok(Some(PathBuf::from(text)));
    one("tls", &args.tls).fill(&mut c.tls.self_signed, config::tls::self_signed)?;
    one("tls-cert", &args.tls_cert).fill(&mut c.tls.cert, file)?;
    one("tls-key", &args.tls_key).fill(&mut c.tls.key, file)?;
    one("tls-ca-out", &args.tls_ca_out).fill(&mut c.tls.ca_out, file)?;
    for (row, flag) in LIMITS.iter().zip(&args.limits.0) {
        one(row.name, flag).fill(c.limits.setting(row.limit), |text| row.read(text))?;
    }
    one("port-file", &args.port_file).fill(&mut c.port_file, file)?;
    one("masterpass-sdk", &args.masterpass_sdk).fill(&mut c.masterpass_sdk, file)?;
    one("pan-guard", &args.pan_guard).fill(&mut c.pan_guard, str::parse)?;
    one("log-format", &args.log_format).fill(&mut c.log_format, str::parse)?;
    let flag = |text: &str| call::flag(text).ok_or_else(|| "expected `true` or `false`".to_owned());
    let watch = args.watch.then(|| "true".to_owned());
    one("watch", &watch).fill(&mut c.watch, flag)?;
    let quiet = args.quiet.then(|| "true".to_owned());
    one("quiet", &quiet).fill(&mut c.quiet, flag)?;
    one("scenario-inline", &None).fill(&mut c.scenario_inline, |text| Ok(Some(text.to_owned())))?;
    many(&mut c.scenario, &args.scenario, env("MOCKPOS_SCENARIO"));
    many(&mut c.set, &args.set, env("MOCKPOS_SET"));
    many(
        &mut c.allow_host,
        &args.allow_host,
        env("MOCKPOS_ALLOW_HOST"),
    );
    Ok(config)
}

/// A setting's flag, and the way to its variable.
struct Given<'a> {
    name: &'static str,
    flag: &'a Option<String>,
    env: Environment<'a>,
}

impl Given<'_> {
    /// Reads the flag, else the variable, if there is either.
    fn fill<T>(
        &self,
        setting: &mut Setting<T>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<(), Failure> {
        let variable = format!(
            "MOCKPOS_{}",
            self.name.replace('-', "_").to_ascii_uppercase()
        );
        let (text, source, place) = match self.flag {
            Some(text) => (text.clone(), Source::Flag, format!("--{}", self.name)),
            None => match (self.env)(&variable).filter(|text| !text.is_empty()) {
                Some(text) => (text, Source::Environment, variable),
                None => return Ok(()),
            },
        };
        let wrong = |why| match self.name {
            "admin-token" => Failure::usage(format!("`{place}` is no good\nhint: {why}")),
            _ => Failure::usage(format!(
                "`{place}` cannot be `{}`\nhint: {why}",
                text.escape_debug()
            )),
        };
        setting.fill(Some(read(&text).map_err(wrong)?), source);
        Ok(())
    }
}

fn many(setting: &mut Setting<Vec<String>>, flags: &[String], variable: Option<String>) {
    let names = variable.unwrap_or_default();
    let names = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let names: Vec<_> = names.map(str::to_owned).collect();
    let some = |list: Vec<String>| Some(list).filter(|list| !list.is_empty());
    setting.fill(some(names), Source::Environment);
    setting.fill(some(flags.to_vec()), Source::Flag);
}

/// What fits into a header, and is no joke of a secret.
fn token(text: &str) -> Result<String, String> {
    let plain = text.len() >= 8 && text.bytes().all(|b| b.is_ascii_graphic());
    plain
        .then(|| text.to_owned())
        .ok_or_else(|| "expected at least 8 letters, digits or signs, without spaces".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn flags_outrank_variables_and_empty_variables_are_none() {
        let args = Args {
            seed: text("7"),
            allow_host: vec!["a.test".to_owned()],
            ..Args::default()
        };
        let env = |name: &str| match name {
            "MOCKPOS_SEED" => text("8"),
            "MOCKPOS_HEADER_TIMEOUT" => text("250ms"),
            "MOCKPOS_SCENARIO" => text("a.toml, b.toml,"),
            "MOCKPOS_ALLOW_HOST" => text("b.test"),
            "MOCKPOS_QUIET" => text("1"),
            "MOCKPOS_LISTEN" => text(""),
            _ => None,
        };
        let config = config(&args, &env).unwrap();
        let header = config.limits.clone();
        let header = header.rows().find(|(row, _)| row.name == "header-timeout");
        let (seed, (_, header)) = (config.seed, header.unwrap());
        assert_eq!((seed.value, seed.source), (7, Source::Flag));
        assert_eq!(header.value, 250);
        assert_eq!(header.source, Source::Environment);
        assert_eq!(config.scenario.value, ["a.toml", "b.toml"]);
        assert_eq!(config.allow_host.value, ["a.test"]);
        assert!(config.quiet.value);
        assert_eq!(config.listen, Config::default().listen);
    }

    #[test]
    fn bad_values_name_their_place_and_never_a_secret() {
        for (variable, value) in [
            ("MOCKPOS_LISTEN", "4242"),
            ("MOCKPOS_SEED", "-1"),
            ("MOCKPOS_CLOCK", "frozen"),
            ("MOCKPOS_PUBLIC_URL", "shop"),
            ("MOCKPOS_BODY_TIMEOUT", "10"),
            ("MOCKPOS_IDLE_TIMEOUT", "0s"),
            ("MOCKPOS_BODY_SIZE", "1MB"),
            ("MOCKPOS_LOG_FORMAT", "xml"),
            ("MOCKPOS_QUIET", "maybe"),
        ] {
            let env = |name: &str| text(value).filter(|_| name == variable);
            let failure = config(&Args::default(), &env).unwrap_err();
            let expected = format!("error: `{variable}` cannot be `{value}`\nhint: ");
            assert!(failure.to_string().starts_with(&expected), "{failure}");
            assert_eq!(failure.code, 2);
        }
        let args = Args {
            admin_token: text("s3cret"),
            ..Args::default()
        };
        let failure = config(&args, &|_| None).unwrap_err().to_string();
        assert!(
            failure.contains("--admin-token") && !failure.contains("s3cret"),
            "{failure}"
        );
    }
}

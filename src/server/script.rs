//! The scenario that a server starts with: shipped ones by name, others by their text.

use crate::config::{Config, Source};
use crate::scenario::Scenario;
use crate::scenario::server::ServerKeys;
pub use crate::scenario::shipped::{SHIPPED, Text, shipped};
use crate::scenario::suggest::nearest;
use crate::surface;

/// A shipped scenario's name, or a scenario's text. Err is for people to read.
pub fn named(text_or_name: String) -> Result<Text, String> {
    match shipped(&text_or_name) {
        Some(text) => Ok(text),
        None if text_or_name.contains(['=', '[', '#', '\n']) => {
            Ok(("inline".to_owned(), text_or_name))
        }
        None => Err(unknown(&text_or_name)),
    }
}

/// Says that there is no such scenario, and which was probably meant, or where all are.
pub fn unknown(name: &str) -> String {
    let names: Vec<_> = SHIPPED.iter().map(|(name, _)| *name).collect();
    let near = nearest(name, &names);
    let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    format!("`{name}` is no shipped scenario\nhint: {near}`mockpos scenarios` lists them all")
}

/// What the scenario asks of the process, where nobody of higher rank has spoken.
pub fn fill(config: &mut Config, scenario: &Scenario) {
    let ServerKeys {
        listen,
        public_url,
        allow_host,
        seed,
        clock,
        limits,
        pan_guard,
        log_format,
        quiet,
    } = scenario.server.clone();
    let by = Source::Scenario;
    config.listen.fill(listen, by);
    config.public_url.fill(public_url.map(Some), by);
    config.allow_host.fill(allow_host, by);
    config.seed.fill(seed, by);
    config.clock.fill(clock, by);
    config.limits.fill(&limits, by);
    config.pan_guard.fill(pan_guard, by);
    config.log_format.fill(log_format, by);
    config.quiet.fill(quiet, by);
}

/// Compiles scenarios, the later over the earlier. Err is for people to read.
pub fn compile(texts: &[Text]) -> Result<Scenario, String> {
    let catalog = surface::catalog();
    match texts {
        [] => Ok(Scenario::builtin(&catalog)),
        texts => Scenario::layer(texts, &catalog).map_err(|problems| problems.render()),
    }
}

//! The scenario that a server starts with: shipped ones by name, others by their text.

use crate::config::{Config, Source};
use crate::scenario::Scenario;

/// The shipped scenarios by name.
pub const SHIPPED: &[(&str, &str)] = &[("default", include_str!("../../scenarios/default.toml"))];

/// A scenario's name and its text.
pub type Text = (String, String);

/// The shipped scenario of that name.
pub fn shipped(name: &str) -> Option<Text> {
    let (name, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
    Some(((*name).to_owned(), (*text).to_owned()))
}

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

/// Says that there is no such scenario, and which there are.
pub fn unknown(name: &str) -> String {
    let names: Vec<_> = SHIPPED
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    format!(
        "`{name}` is no shipped scenario\nhint: there are {}",
        names.join(", ")
    )
}

/// What the scenario asks of the process, where nobody of higher rank has spoken.
// JOIN: the other keys of the scenario's `[server]` table.
pub fn fill(config: &mut Config, scenario: &Scenario) {
    config.seed.fill(scenario.seed, Source::Scenario);
    config.clock.fill(scenario.clock, Source::Scenario);
}

/// Compiles scenarios, the later over the earlier. Err is for people to read.
// JOIN: `Scenario::layer(texts, &catalog)`, with `Problems::render` for the error.
pub fn compile(texts: &[Text]) -> Result<Scenario, String> {
    let (name, source) = texts.last().cloned().unwrap_or_default();
    Ok(Scenario {
        name,
        source,
        ..Scenario::default()
    })
}

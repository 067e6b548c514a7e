//! Reads the scenarios that the settings name.

use crate::config::Config;
use crate::scenario::Scenario;
use crate::server::script::{self, Text};
use std::fs::File;
use std::io::Read;

/// The largest scenario file, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// The scenario of these settings. Err is for people to read.
pub fn load(config: &Config) -> Result<Scenario, String> {
    let mut texts: Vec<Text> = Vec::new();
    for name in &config.scenario.value {
        texts.push(read(name)?);
    }
    let inline = config.scenario_inline.value.iter();
    texts.extend(inline.map(|text| ("MOCKPOS_SCENARIO_INLINE".to_owned(), text.clone())));
    script::compile(&texts)
}

/// A scenario by its file, or a shipped one by its name.
pub fn read(name: &str) -> Result<Text, String> {
    if !name.contains(['/', '\\']) && !name.ends_with(".toml") {
        let files = "; a file's name ends in `.toml` or holds a `/`";
        return script::shipped(name).ok_or_else(|| script::unknown(name) + files);
    }
    let wrong = |why: String| format!("cannot read scenario `{name}`: {why}");
    let file = File::open(name).map_err(|e| wrong(e.to_string()))?;
    let mut text = String::new();
    let read = file.take(LARGEST + 1).read_to_string(&mut text);
    match read {
        Ok(bytes) if bytes as u64 > LARGEST => Err(wrong("more than 1 MiB".to_owned())),
        Ok(_) => Ok((name.to_owned(), text)),
        Err(e) => Err(wrong(e.to_string())),
    }
}

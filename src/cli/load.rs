//! Reads the scenarios that the settings name, and the files that these stand on.

use crate::config::Config;
use crate::scenario::compile::Input;
use crate::scenario::extends::{Base, Finder};
use crate::scenario::{Layer, Problems, Scenario};
use crate::server::script::{self, Text};
use crate::surface;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};

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
    let set = pairs(&config.set.value)?;
    compile(texts, set).map_err(|problems| problems.render())
}

/// Compiles texts, the later over the earlier, with the files that they stand on.
pub fn compile(texts: Vec<Text>, set: Vec<(String, String)>) -> Result<Scenario, Problems> {
    let layer = |(name, text)| Layer {
        name,
        text,
        settled: false,
        is_base: false,
    };
    let input = Input {
        layers: texts.into_iter().map(layer).collect(),
        set,
        finder: Some(&Files),
    };
    Scenario::load(&input, &surface::catalog())
}

/// `name=value` as a pair. Err says what was expected.
pub fn pairs(texts: &[String]) -> Result<Vec<(String, String)>, String> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            format!("`--set` cannot be `{}`\nhint: expected a variable and its value, like `card=525864`", text.escape_debug())
        })?;
        Ok((name.trim().to_owned(), value.to_owned()))
    };
    texts.iter().map(pair).collect()
}

/// A scenario by its file, or a shipped one by its name.
pub fn read(name: &str) -> Result<Text, String> {
    if !is_file(name) {
        let files = "; a file's name ends in `.toml` or holds a `/`";
        return script::shipped(name).ok_or_else(|| script::unknown(name) + files);
    }
    let text = text(Path::new(name));
    let text = text.map_err(|why| format!("cannot read scenario `{name}`: {why}"))?;
    Ok((name.to_owned(), text))
}

/// Whether a scenario's name is that of a file.
pub fn is_file(name: &str) -> bool {
    name.contains(['/', '\\']) || name.ends_with(".toml")
}

fn text(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut text = String::new();
    match file.take(LARGEST + 1).read_to_string(&mut text) {
        Ok(bytes) if bytes as u64 > LARGEST => Err("more than 1 MiB".to_owned()),
        Ok(_) => Ok(text),
        Err(e) => Err(e.to_string()),
    }
}

/// The files of this machine.
struct Files;

impl Finder for Files {
    fn key(&self, name: &str) -> String {
        let path = Path::new(name).canonicalize();
        path.map_or_else(|_| name.to_owned(), |path| path.display().to_string())
    }

    fn find(&self, top: &str, from: &str, name: &str) -> Result<Base, String> {
        if !is_file(top) {
            return Err("a scenario that is no file cannot stand on one".to_owned());
        }
        let plain =
            |part: Component<'_>| !matches!(part, Component::Prefix(_) | Component::RootDir);
        if !Path::new(name).components().all(plain) {
            return Err("it is named from the scenario's own directory".to_owned());
        }
        let directory = |file: &str| match Path::new(file).parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            Some(_) | None => Path::new(".").to_owned(),
        };
        let path = directory(from).join(name);
        let found = path.canonicalize().map_err(|e| e.to_string())?;
        // Links are followed before it is asked where the file lies.
        let root = directory(top).canonicalize().map_err(|e| e.to_string())?;
        if !found.starts_with(root) {
            return Err("it lies outside of the scenario's directory".to_owned());
        }
        let shown = path.strip_prefix("./").unwrap_or(&path);
        Ok(Base {
            name: shown.display().to_string(),
            key: found.display().to_string(),
            text: text(&found)?,
        })
    }
}

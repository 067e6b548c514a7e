//! What was found at the end of a run, written to files.

use super::Failure;
use crate::surface::admin::{Report, junit};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Junit,
    Json,
}

/// A report to write.
#[derive(Debug)]
pub struct Wanted {
    format: Format,
    path: PathBuf,
}

/// Reads `junit=FILE` and `json=FILE`.
pub fn read(texts: &[String]) -> Result<Vec<Wanted>, Failure> {
    let one = |text: &String| {
        let format = match text.split_once('=') {
            Some(("junit", path)) => Some((Format::Junit, path)),
            Some(("json", path)) => Some((Format::Json, path)),
            Some(_) | None => None,
        };
        let found = format.filter(|(_, path)| !path.is_empty());
        let (format, path) = found.ok_or_else(|| {
            let text = text.escape_debug();
            let hint = "hint: expected `junit=FILE` or `json=FILE`";
            Failure::usage(format!("`--report` cannot be `{text}`\n{hint}"))
        })?;
        let path = PathBuf::from(path);
        Ok(Wanted { format, path })
    };
    texts.iter().map(one).collect()
}

/// Writes all of them. Err says which could not be written.
pub fn write(wanted: &[Wanted], found: &[Report]) -> Result<(), Failure> {
    for Wanted { format, path } in wanted {
        let text = match format {
            Format::Junit => junit(found),
            Format::Json => serde_json::to_string_pretty(found).unwrap_or_default() + "\n",
        };
        put(path, &text).map_err(|e| {
            let path = path.display();
            Failure::run(format!("cannot write report `{path}`: {e}"))
        })?;
    }
    Ok(())
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

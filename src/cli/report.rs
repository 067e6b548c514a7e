//! What was found at the end of a run: written to files, and said in a few lines.

use super::Failure;
use crate::surface::admin::{Report, junit};
use std::fmt::Write;
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

/// For people: what failed, and how much was looked at.
pub fn summary(found: &[Report]) -> String {
    let mut text = String::new();
    let several = found.len() > 1;
    for report in found {
        let place = match several {
            true => format!(" in sandbox `{}`", report.sandbox),
            false => String::new(),
        };
        for finding in report.expectations.iter().filter(|finding| !finding.passed) {
            let why = finding.why.as_deref().unwrap_or("not as expected");
            let _ = writeln!(text, "mockpos: `{}`{place}: {why}", finding.name);
            near(&mut text, finding);
        }
        for mistake in report.mistakes.iter().filter(|_| report.strict) {
            let (n, call, says) = (mistake.n, &mistake.call, &mistake.says);
            let _ = writeln!(text, "mockpos: call {n}{place}, {call}: {says}");
        }
        for broken in &report.broken {
            let (id, why) = (broken.payment, broken.violations.join("; "));
            let _ = writeln!(text, "mockpos: payment {id}{place}: {why}");
            for line in &broken.history {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    for report in found {
        for lost in &report.undelivered {
            let (id, url, tried, why) = (lost.webhook, &lost.url, lost.tried, &lost.why);
            let sandbox = &report.sandbox;
            let _ = writeln!(
                text,
                "mockpos: webhook {id} in sandbox `{sandbox}` to {url} was not delivered in {tried} attempts: {why}"
            );
        }
    }
    let sum = |count: fn(&Report) -> usize| found.iter().map(count).sum::<usize>();
    let calls: u64 = found.iter().map(|report| report.calls).sum();
    let expected = sum(|report| report.expectations.len());
    let met = sum(|r| {
        r.expectations
            .iter()
            .filter(|finding| finding.passed)
            .count()
    });
    let broken = sum(|report| report.broken.len());
    let _ = writeln!(
        text,
        "mockpos: {calls} calls, {met} of {expected} expectations met, {broken} payments broken"
    );
    text
}

fn near(text: &mut String, finding: &crate::journal::Finding) {
    let Some(miss) = finding.nearest.first() else {
        return;
    };
    let differs = miss.differs.iter().map(|condition| {
        let was = condition.was.as_deref().unwrap_or("not known");
        format!("{} was {was}, not {}", condition.key, condition.wanted)
    });
    let differs = differs.collect::<Vec<_>>().join("; ");
    let _ = writeln!(
        text,
        "    nearest: call {}, {}: {differs}",
        miss.n, miss.call
    );
}

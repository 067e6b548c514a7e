//! What holds in the end, of the built-in scenario and all files on top of it: each line as it is read, and the
//! file and line that say so.

use crate::scenario::Scenario;
use crate::scenario::catalog::Catalog;
use crate::scenario::compile::builtin;
use crate::scenario::print::{inline, key_text};
use crate::scenario::problem::{Report, Source};
use crate::scenario::read::in_order;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where the comments begin, unless a line is longer.
const COLUMN: usize = 72;

/// One line of TOML, and where it comes from.
#[derive(Debug, Clone)]
struct Line {
    text: String,
    spot: String,
}

/// A key of a file, or a table or row with all its lines.
#[derive(Debug, Clone)]
struct Entry {
    key: String,
    /// of a table: each key goes over that of earlier files
    keys: Vec<(String, Line)>,
    /// of a list of tables, one after the other
    rows: Vec<Vec<Line>>,
    line: Line,
}

impl Scenario {
    /// The merged scenario as TOML, with `# file:line` behind each line.
    pub fn explained(&self) -> String {
        let mut report = self.reread();
        let mut merged: Vec<Entry> = Vec::new();
        let files = report.sources.len();
        for file in 0..files {
            report.file = file;
            let text = report.sources[file].text.clone();
            let (mut document, _) = DeTable::parse_recoverable(&text);
            report.substitute(document.get_mut());
            for entry in entries(document.get_ref(), &report) {
                put(&mut merged, entry, file + 1 == files);
            }
        }
        written(&merged)
    }
}

impl Scenario {
    /// The rules that count and read as they do in `other`, by their tallies here and there.
    pub fn unchanged(&self, other: &Self) -> Vec<(usize, usize)> {
        let mut known: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (text, tally) in other.counting() {
            known.entry(text).or_default().push_back(tally);
        }
        let both = self.counting().into_iter();
        both.filter_map(|(text, tally)| Some((tally, known.get_mut(&text)?.pop_front()?)))
            .collect()
    }

    /// The rules that count, as they read in the end, with their tallies.
    fn counting(&self) -> Vec<(String, usize)> {
        if self.rules.iter().all(|rule| rule.tally.is_none()) {
            return Vec::new();
        }
        let mut files: Vec<Vec<String>> = Vec::new();
        let mut report = self.reread();
        for file in 0..report.sources.len() {
            report.file = file;
            let text = report.sources[file].text.clone();
            let (mut document, _) = DeTable::parse_recoverable(&text);
            report.substitute(document.get_mut());
            let rows = match document.get_ref().get("rule").map(Spanned::get_ref) {
                Some(DeValue::Array(rows)) => {
                    rows.iter().map(|row| inline(row.get_ref())).collect()
                }
                Some(_) | None => Vec::new(),
            };
            files.push(rows);
        }
        let texts = files.into_iter().rev().flatten();
        let rules = texts.zip(&self.rules);
        rules
            .filter_map(|(text, rule)| Some((text, rule.tally?)))
            .collect()
    }

    /// All its files, with their variables filled in.
    fn reread(&self) -> Report {
        let given = self.layers.iter().map(|layer| Source {
            name: layer.name.clone(),
            text: layer.text.clone(),
        });
        let mut report = Report::new(
            builtin().into_iter().chain(given).collect(),
            &Catalog::default(),
        );
        report.set(&self.set);
        for variable in &self.variables {
            report.declare_open(variable);
        }
        report
    }
}

fn spot(report: &Report, span: std::ops::Range<usize>) -> String {
    let place = report.place(span);
    let name = &report.sources[place.file].name;
    format!("{name}:{}", report.line(place))
}

fn entries(table: &DeTable<'_>, report: &Report) -> Vec<Entry> {
    let mut all = Vec::new();
    for (key, value) in in_order(table) {
        let name = key.get_ref().to_string();
        let mut entry = Entry {
            line: Line {
                text: format!("{} = {}", key_text(&name), inline(value.get_ref())),
                spot: spot(report, key.span()),
            },
            key: name,
            keys: Vec::new(),
            rows: Vec::new(),
        };
        match value.get_ref() {
            DeValue::Table(table) => {
                let keys = lines(table, report);
                let names = in_order(table).into_iter().map(|(key, _)| key.get_ref());
                let names = names.map(ToString::to_string);
                entry.keys = names.zip(keys).collect();
            }
            DeValue::Array(list) => {
                for row in list {
                    if let DeValue::Table(table) = row.get_ref() {
                        let head = Line {
                            text: format!("[[{}]]", key_text(&entry.key)),
                            spot: spot(report, row.span()),
                        };
                        let keys = lines(table, report);
                        entry.rows.push([vec![head], keys].concat());
                    }
                }
            }
            _ => {}
        }
        all.push(entry);
    }
    all
}

fn lines(table: &DeTable<'_>, report: &Report) -> Vec<Line> {
    let line = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        Line {
            text: format!("{} = {}", key_text(name), inline(value.get_ref())),
            spot: spot(report, key.span()),
        }
    };
    in_order(table).into_iter().map(line).collect()
}

/// Puts what a file says on what the files below it say.
fn put(merged: &mut Vec<Entry>, entry: Entry, is_last: bool) {
    // Examples are those of the last file, and what a file stands on is here already.
    if entry.key == "extends" || (entry.key == "example" && !is_last) {
        return;
    }
    let Some(known) = merged.iter_mut().find(|known| known.key == entry.key) else {
        merged.push(entry);
        return;
    };
    match entry.key.as_str() {
        "rule" | "bin" => {
            let below = std::mem::replace(known, entry);
            let above: Vec<String> = known.rows.iter().filter_map(|row| prefix(row)).collect();
            let hidden = |row: &Vec<Line>| prefix(row).is_some_and(|it| above.contains(&it));
            let rows = below.rows.into_iter().filter(|row| !hidden(row));
            known.rows.extend(rows);
        }
        "expect" => known.rows.extend(entry.rows),
        _ if !entry.keys.is_empty() => {
            for (key, line) in entry.keys {
                known.keys.retain(|(earlier, _)| *earlier != key);
                known.keys.push((key, line));
            }
        }
        _ => *known = entry,
    }
}

/// What a `[[bin]]` is known by: one above hides the same one below.
fn prefix(row: &[Line]) -> Option<String> {
    let line = row.iter().find(|line| line.text.starts_with("prefix = "))?;
    Some(line.text.clone())
}

fn written(merged: &[Entry]) -> String {
    let plain = |entry: &&Entry| entry.keys.is_empty() && entry.rows.is_empty();
    let mut text = String::new();
    for entry in merged.iter().filter(plain) {
        write_line(&mut text, &entry.line);
    }
    for entry in merged.iter().filter(|entry| !plain(entry)) {
        if !entry.keys.is_empty() {
            let _ = writeln!(text, "\n[{}]", key_text(&entry.key));
        }
        for (_, line) in &entry.keys {
            write_line(&mut text, line);
        }
        for row in &entry.rows {
            text.push('\n');
            for line in row {
                write_line(&mut text, line);
            }
        }
    }
    text
}

fn write_line(text: &mut String, line: &Line) {
    let gap = COLUMN.saturating_sub(line.text.chars().count());
    let _ = writeln!(text, "{}{:gap$} # {}", line.text, "", line.spot);
}

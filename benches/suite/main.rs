//! The suite: mockpos beside a plain hyper server, how its costs grow, what two threads bring. `just bench` measures and
//! writes Markdown and JSON; without `--bench` all of it runs once with small counts, as a test. Loopback only.
//! Needs Linux. Nothing here fails for being slow.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod asks;
mod checkout;
mod client;
mod full;
mod grow;
mod idle;
mod inside;
mod load;
mod machine;
mod memory;
mod options;
mod plain;
mod report;
mod rest;
mod server;
mod spread;
mod stall;
mod threads;
mod wire;

#[path = "../shared/mod.rs"]
mod shared;

use clap::Parser;
use options::Options;
use report::Section;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// A part of the suite by its key.
type Part = (&'static str, fn(&Options) -> Section);

const PARTS: &[Part] = &[
    ("wire", wire::section),
    ("checkout", checkout::section),
    ("rest", rest::section),
    ("memory", memory::section),
    ("payments", grow::payments),
    ("full", full::section),
    ("rules", grow::rules),
    ("sandboxes", grow::sandboxes),
    ("idle", idle::section),
    ("stall", stall::section),
    ("threads", threads::section),
];

fn main() {
    let args: Vec<_> = std::env::args().collect();
    if let [_, mode, port, answer] = &args[..]
        && mode == "plain"
    {
        let port = port.parse().expect("a port follows `plain`");
        return plain::serve(port, serde_json::from_str(answer).expect("then JSON"));
    }
    let options = Options::parse();
    let keys: Vec<_> = PARTS.iter().map(|(key, _)| *key).collect();
    for key in &options.only {
        assert!(keys.contains(&&**key), "the parts are {}", keys.join(","));
    }
    let wanted = |key: &str| options.only.is_empty() || options.only.iter().any(|k| k == key);
    let parts = PARTS.iter().filter(|(key, _)| wanted(key));
    let sections: Vec<_> = parts.map(|(_, part)| part(&options)).collect();
    if options.measures() {
        keep(&options, &sections);
    }
}

fn keep(options: &Options, sections: &[Section]) {
    let about = machine::about();
    let mut page = String::from("# Benchmarks\n\nWritten by `just bench`. ");
    page.push_str(&format!("{about} Rounds: {}.\n\n", options.rounds()));
    page.push_str(
        "A figure is the median of its samples with their range in parentheses: `median (least–greatest)`. What is compared \
         takes turns, and ratios are made of neighbours, for other programs share the machine. The ratios are worth more \
         than the times.\n",
    );
    if let Some(note) = &options.note {
        page.push_str(&format!("\n{note}\n"));
    }
    for section in sections {
        page.push('\n');
        page.push_str(&section.markdown());
    }
    let parts: Map<String, Value> = sections
        .iter()
        .map(|section| (section.key.to_owned(), section.json()))
        .collect();
    let json =
        json!({"about": about, "note": options.note, "rounds": options.rounds(), "parts": parts});
    let json = serde_json::to_string_pretty(&json).expect("it can be written");
    write(&options.markdown, &page);
    write(&options.json, &(json + "\n"));
}

fn write(path: &Path, text: &str) {
    if let Some(folder) = path.parent() {
        // Err: then the file cannot be written, either
        let _ = fs::create_dir_all(folder);
    }
    let written = fs::write(path, text);
    written.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    eprintln!("written: {}", path.display());
}

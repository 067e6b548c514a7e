//! What the suite can be told.

use crate::server::built;
use crate::shared::{Ask, HOST};
use clap::Parser;
use std::path::PathBuf;

/// Measures mockpos beside a plain hyper server, and how its costs grow.
#[derive(Debug, Parser)]
#[command(name = "bench")]
pub struct Options {
    /// said by `cargo bench`; without it all runs once with small counts, as a test
    #[arg(long, hide = true)]
    bench: bool,
    /// only these parts, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// how often what is compared takes turns
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// where the tables go
    #[arg(long, default_value = "target/benchmarks.md")]
    pub markdown: PathBuf,
    /// where the same goes for programs
    #[arg(long, default_value = "target/benchmarks.json")]
    pub json: PathBuf,
    /// a sentence about this run, for the page
    #[arg(long)]
    pub note: Option<String>,
    /// the program to measure: by default the one that was built for this
    #[arg(long)]
    binary: Option<PathBuf>,
    /// another mock server: `NAME=COMMAND`, with `{port}` in the command
    #[arg(long, value_parser = named)]
    pub other: Vec<Other>,
    /// what the other one is asked for
    #[arg(long, default_value = "/")]
    other_path: String,
    /// JSON that is posted to it; without it the path is got
    #[arg(long)]
    other_body: Option<String>,
}

/// Another mock server.
#[derive(Debug, Clone)]
pub struct Other {
    pub name: String,
    pub command: String,
}

fn named(text: &str) -> Result<Other, String> {
    let (name, command) = text.split_once('=').ok_or("expected NAME=COMMAND")?;
    if !command.contains("{port}") {
        return Err("the command has no `{port}`".to_owned());
    }
    let (name, command) = (name.to_owned(), command.to_owned());
    Ok(Other { name, command })
}

impl Options {
    /// The full number for a measurement, the small one for a test.
    pub const fn pick(&self, small: usize, full: usize) -> usize {
        if self.bench { full } else { small }
    }

    /// Whether anything is measured: then figures are worth keeping.
    pub const fn measures(&self) -> bool {
        self.bench
    }

    pub const fn rounds(&self) -> usize {
        self.pick(1, self.rounds as usize)
    }

    pub fn binary(&self) -> PathBuf {
        self.binary.clone().unwrap_or_else(built)
    }

    /// What other servers are asked.
    pub fn other_ask(&self) -> Ask {
        let mut headers = vec![("host", HOST.to_owned())];
        if self.other_body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        Ask {
            method: self.other_body.as_ref().map_or("GET", |_| "POST"),
            target: self.other_path.clone(),
            headers,
            body: self.other_body.clone().unwrap_or_default(),
        }
    }

    /// Steps of ten from one to `full`, or to `small` in a test.
    pub fn curve(&self, small: usize, full: usize) -> Vec<usize> {
        let last = self.pick(small, full);
        std::iter::successors(Some(1), |n| Some(n * 10))
            .take_while(|n| *n <= last)
            .collect()
    }
}

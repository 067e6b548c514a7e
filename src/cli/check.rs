//! `mockpos check`: are these scenarios any good?

use super::{Failure, load};
use crate::server::script;

/// The options of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Scenario files, or names of shipped ones
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

/// Checks each by itself, and says what is wrong with all of them.
pub fn check(args: &Args) -> Result<(), Failure> {
    let mut bad = 0;
    for name in &args.files {
        match one(name) {
            Ok(()) => println!("{name}: ok"),
            Err(why) => {
                bad += 1;
                eprintln!("error: {why}");
            }
        }
    }
    match bad {
        0 => Ok(()),
        _ => Err(Failure::usage(format!(
            "{bad} of {} no good",
            args.files.len()
        ))),
    }
}

fn one(name: &str) -> Result<(), String> {
    let text = load::read(name)?;
    let scenario = script::compile(&[text])?;
    // JOIN: run the scenario's examples, each call through an `App` of its own.
    drop(scenario);
    Ok(())
}

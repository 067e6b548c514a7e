//! `mockpos check`: are these scenarios any good, and do their examples hold?

use super::{Failure, load};
use crate::app::App;
use crate::clock::ClockSetting;
use crate::domain::webhook::Answer;
use crate::scenario::Scenario;
use crate::scenario::kept::Kept;
use crate::server::script;
use crate::surface::admin::Access;
use crate::surface::webhook::Parcel;
use crate::world::Birth;
use std::fmt::Write;
use std::sync::Arc;

/// The options of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scenario files, or names of shipped ones
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

/// Checks each by itself, and says what is wrong with all of them.
pub(super) fn check(args: &Args) -> Result<(), Failure> {
    let mut bad = 0;
    for name in &args.files {
        match one(name) {
            Ok(examples) => println!("{name}: ok, {examples} examples hold"),
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

fn one(name: &str) -> Result<usize, String> {
    let text = load::read(name)?;
    rehearse(script::compile(&[text])?)
}

/// Plays a scenario's examples in order, in one fresh sandbox that knows nothing else. The number of
/// examples; Err says which do not hold, where they stand and what came back instead.
pub fn rehearse(scenario: Scenario) -> Result<usize, String> {
    let clock = scenario.server.clock.unwrap_or(ClockSetting::Real);
    let seed = scenario.server.seed.unwrap_or(1);
    let scenario = Arc::new(scenario);
    let app = App::new(
        Arc::clone(&scenario),
        Birth { seed, clock },
        Access::default(),
    );
    let mut kept = Kept::default();
    let mut wrong = String::new();
    for example in &scenario.examples {
        let mut call = example.call(&kept);
        if !call.headers.contains_key("host") {
            let here = http::HeaderValue::from_static("localhost");
            call.headers.insert(http::header::HOST, here);
        }
        (app.router().claimant(&call.path).sign)(&mut call, &scenario);
        let nobody = |_: &Parcel| Answer::Nothing("examples have no receiver".to_owned());
        let (reply, held) = app.whole(&call, nobody);
        let differs = example.verify(&reply, held).err().unwrap_or_default();
        let learnt = kept.learn(example, &reply).err();
        for what in differs.into_iter().chain(learnt) {
            let name = example.name.as_deref().unwrap_or("an example");
            let _ = write!(wrong, "\n  {}: {name}: {what}", example.place);
        }
    }
    match wrong.is_empty() {
        true => Ok(scenario.examples.len()),
        false => Err(format!("`{}`: examples do not hold:{wrong}", scenario.name)),
    }
}

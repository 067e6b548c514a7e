//! `mockpos check`: are these scenarios any good, and do their examples hold?

use super::findings::{Finding, Format, Verdict, tell};
use super::{Failure, load, reference};
use crate::app::App;
use crate::clock::ClockSetting;
use crate::domain::webhook::Answer;
use crate::scenario::kept::Kept;
use crate::scenario::mistake::Mistake;
use crate::scenario::{Example, Scenario};
use crate::surface::admin::Access;
use crate::surface::webhook::Parcel;
use crate::world::Birth;
use std::fmt::Write;
use std::sync::Arc;

/// The options of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print what holds in the end, each line with the file and line that says so
    #[arg(long, conflicts_with = "format")]
    explain: bool,
    /// A value for a variable of the scenarios; again for more
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Scenario files, or names of shipped ones
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

/// Checks each by itself, and says what is wrong with all of them.
pub(super) fn check(args: &Args) -> Result<(), Failure> {
    let set = load::pairs(&args.set).map_err(Failure::usage)?;
    if args.explain {
        return explain(&args.files, &set);
    }
    let verdicts: Vec<_> = args.files.iter().map(|name| one(name, &set)).collect();
    tell(args.format, &verdicts);
    let bad = verdicts.iter().filter(|verdict| !verdict.ok).count();
    match bad {
        0 => Ok(()),
        _ => Err(Failure::usage(format!(
            "{bad} of {} no good",
            args.files.len()
        ))),
    }
}

/// Prints the files put one on the other, and where each line comes from.
fn explain(files: &[String], set: &[(String, String)]) -> Result<(), Failure> {
    let texts: Result<Vec<_>, String> = files.iter().map(|name| load::read(name)).collect();
    let texts = texts.map_err(Failure::usage)?;
    let scenario = load::compile(texts, set.to_vec());
    let scenario = scenario.map_err(|problems| Failure::usage(problems.render()))?;
    reference::print(&scenario.explained());
    Ok(())
}

fn one(name: &str, set: &[(String, String)]) -> Verdict {
    let text = match load::read(name) {
        Ok(text) => text,
        Err(why) => {
            let code = Mistake::Unreadable.code();
            let text = format!("error[{code}]: {why}");
            let finding = Finding::at((name, 1), Mistake::Unreadable, why);
            return Verdict::bad(name, vec![finding], text);
        }
    };
    let scenario = match load::compile(vec![text], set.to_vec()) {
        Ok(scenario) => Arc::new(scenario),
        Err(problems) => return Verdict::refused(name, &problems),
    };
    let broken = play(&scenario);
    if broken.is_empty() {
        return Verdict::good(name, (scenario.examples.len(), &scenario.warnings));
    }
    let code = Mistake::ExampleFails.code();
    let text = format!("error[{code}]: {}", told(&scenario, &broken));
    let findings = broken.into_iter().map(|(example, what)| {
        let line = example.place.rsplit(':').next();
        let line = line.and_then(|line| line.parse().ok()).unwrap_or(1);
        Finding::at((name, line), Mistake::ExampleFails, what)
    });
    Verdict::bad(name, findings.collect(), text)
}

/// Plays a scenario's examples in order, in one fresh sandbox that knows nothing else. The number of
/// examples; Err says which do not hold, where they stand and what came back instead.
pub fn rehearse(scenario: Scenario) -> Result<usize, String> {
    let scenario = Arc::new(scenario);
    let broken = play(&scenario);
    match broken.is_empty() {
        true => Ok(scenario.examples.len()),
        false => Err(told(&scenario, &broken)),
    }
}

fn told(scenario: &Scenario, broken: &[(&Example, String)]) -> String {
    let mut text = format!("`{}`: examples do not hold:", scenario.name);
    for (example, what) in broken {
        let name = example.name.as_deref().unwrap_or("an example");
        let _ = write!(text, "\n  {}: {name}: {what}", example.place);
    }
    text
}

/// The examples that do not hold, each with what came back instead.
fn play(scenario: &Arc<Scenario>) -> Vec<(&Example, String)> {
    let clock = scenario.server.clock.unwrap_or(ClockSetting::Real);
    let seed = scenario.server.seed.unwrap_or(1);
    let app = App::new(
        Arc::clone(scenario),
        Birth { seed, clock },
        Access::default(),
    )
    .guarding(scenario.server.pan_guard.unwrap_or_default());
    let mut kept = Kept::default();
    let mut broken = Vec::new();
    for example in &scenario.examples {
        let mut call = example.call(&kept);
        if !call.headers.contains_key("host") {
            let here = http::HeaderValue::from_static("localhost");
            call.headers.insert(http::header::HOST, here);
        }
        (app.router().claimant(&call.path).sign)(&mut call, scenario);
        let nobody = |_: &Parcel| Answer::Nothing("examples have no receiver".to_owned());
        let (reply, held) = app.whole(&call, nobody);
        let differs = example.verify(&reply, held).err().unwrap_or_default();
        let learnt = kept.learn(example, &reply).err();
        let wrong = differs.into_iter().chain(learnt);
        broken.extend(wrong.map(|what| (example, what)));
    }
    broken
}

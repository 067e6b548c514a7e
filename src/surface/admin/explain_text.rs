//! The explanation of a call in lines for people.

use super::explain::{Explanation, missing};
use crate::journal::{Journal, Mismatch};
use crate::route::Router;
use crate::scenario::explain::{Fate, RuleTold};
use std::fmt::Write;

/// Why call `n` got its answer. Err: why nobody knows.
pub fn explain(journal: &Journal, n: u64, router: &Router) -> Result<String, String> {
    match journal.entry(n) {
        Some(entry) => Ok(Explanation::of(entry, router).text()),
        None => {
            let (text, hint) = missing(n, journal.next());
            Err(format!("{text}: {hint}"))
        }
    }
}

impl Explanation<'_> {
    /// The call, why, and the rules with what they did not fit by.
    pub fn text(&self) -> String {
        let call = self.call;
        let mut text = format!(
            "call {}, {} {}: {}\n",
            call.n, call.method, call.target, call.status
        );
        let _ = writeln!(text, "  {}", self.because);
        for rule in self.rules.rules.iter().chain(&self.rules.elsewhere) {
            tell(rule, &mut text);
        }
        if let Some(found) = self.signature {
            compare(found, &mut text);
        }
        text
    }
}

fn tell(rule: &RuleTold, text: &mut String) {
    let fate = match rule.fate {
        Fate::Spoke => "spoke",
        Fate::ComesTooLate => "fitted, and comes too late: an earlier rule had decided",
        Fate::DoesNotFit => "does not fit",
        Fate::HasSaidAll => "fitted, and had said all before",
        Fate::NotDrawn => "fitted, and chance was not for it",
        Fate::SpeaksElsewhere => "speaks elsewhere",
    };
    let _ = writeln!(text, "  {}: {fate}", rule.rule);
    for miss in rule.conditions.iter().filter(|one| !one.fits) {
        let was = miss.was.as_deref().unwrap_or("not known");
        let _ = write!(text, "    {}: {was}, not {}", miss.key, miss.wanted);
        let _ = match &miss.nearly {
            Some(nearly) => writeln!(text, " ({nearly})"),
            None => writeln!(text),
        };
    }
}

fn compare(found: &Mismatch, text: &mut String) {
    let _ = writeln!(text, "  {} came as {:?}", found.what, found.received);
    let _ = writeln!(text, "    to be signed: {:?}", found.ours);
    if let Some(theirs) = &found.theirs {
        let _ = writeln!(text, "    was signed:   {theirs:?}");
    }
    if let Some(at) = found.first_difference {
        let _ = writeln!(text, "    they differ from character {at} on");
    }
}

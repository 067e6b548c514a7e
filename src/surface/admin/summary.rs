//! What was found, in a few lines for people.

use super::report::Report;
use crate::journal::Finding;
use std::fmt::Write;

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

fn near(text: &mut String, finding: &Finding) {
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

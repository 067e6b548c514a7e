//! Reports as JUnit XML, as CI systems read it.

use super::report::{Broken, Mistake, Report};
use super::undelivered::Undelivered;
use crate::journal::{Finding, Miss};
use askama::Template;

#[derive(Template)]
#[template(path = "admin/junit.xml")]
struct Suites {
    tests: usize,
    failures: usize,
    suites: Vec<Suite>,
}

struct Suite {
    sandbox: String,
    failures: usize,
    cases: Vec<Case>,
}

struct Case {
    class: &'static str,
    name: String,
    failure: Option<String>,
    detail: String,
}

/// One suite a sandbox, one case an expectation, a call that went wrong, a payment that is broken,
/// a webhook that nobody took.
pub fn junit(reports: &[Report]) -> String {
    let suites: Vec<Suite> = reports.iter().map(suite).collect();
    let suites = Suites {
        tests: suites.iter().map(|suite| suite.cases.len()).sum(),
        failures: suites.iter().map(|suite| suite.failures).sum(),
        suites,
    };
    // Err: there is no such value here
    suites.render().unwrap_or_default()
}

fn suite(report: &Report) -> Suite {
    let mut cases: Vec<Case> = report.expectations.iter().map(expected).collect();
    if report.strict {
        cases.extend(report.mistakes.iter().map(wrong));
        if report.mistakes.is_empty() {
            cases.push(Case::passed("calls", "no call went wrong"));
        }
        cases.extend(report.undelivered.iter().map(untaken));
    }
    cases.extend(report.broken.iter().map(broken));
    if let Some(payments) = report.payments.filter(|_| report.broken.is_empty()) {
        let name = format!("the sums of {payments} payments agree");
        cases.push(Case::passed("ledger", &name));
    }
    Suite {
        sandbox: readable(&report.sandbox),
        failures: cases.iter().filter(|case| case.failure.is_some()).count(),
        cases,
    }
}

impl Case {
    fn passed(class: &'static str, name: &str) -> Self {
        Self {
            class,
            name: readable(name),
            failure: None,
            detail: String::new(),
        }
    }

    fn failed(class: &'static str, name: &str, (failure, detail): (&str, &str)) -> Self {
        Self {
            class,
            name: readable(name),
            failure: Some(readable(failure)),
            detail: readable(detail),
        }
    }
}

fn expected(finding: &Finding) -> Case {
    let Some(why) = finding.why.as_deref() else {
        return Case::passed("expect", &finding.name);
    };
    let calls = format!("{}\ncalls that fit: {:?}\n", finding.place, finding.calls);
    let near: String = finding.nearest.iter().map(miss).collect();
    Case::failed("expect", &finding.name, (why, &(calls + &near)))
}

fn miss(miss: &Miss) -> String {
    let mut text = format!("near: call {}, {}\n", miss.n, miss.call);
    for condition in &miss.differs {
        let was = condition.was.as_deref().unwrap_or("not known");
        let nearly = condition.nearly.as_deref().unwrap_or_default();
        let (key, wanted) = (&condition.key, &condition.wanted);
        text += &format!("  {key}: wanted {wanted}, was {was} {nearly}\n");
    }
    text
}

fn wrong(mistake: &Mistake) -> Case {
    let name = format!("call {}: {}", mistake.n, mistake.call);
    let detail = format!("answered with {}", mistake.status);
    Case::failed("calls", &name, (&mistake.says, &detail))
}

fn untaken(webhook: &Undelivered) -> Case {
    let event = webhook.event.unwrap_or("a page is done");
    let name = format!("webhook {}: {event}", webhook.webhook);
    let detail = format!("to {}, tried {} times", webhook.url, webhook.tried);
    Case::failed("webhooks", &name, (&webhook.why, &detail))
}

fn broken(broken: &Broken) -> Case {
    let name = format!("payment {} of order {}", broken.payment, broken.order_no);
    let history = broken.history.join("\n");
    let calls = format!("{}\ncalls: {:?}", broken.standing, broken.calls);
    let failure = broken.violations.join("; ");
    Case::failed("ledger", &name, (&failure, &format!("{history}\n{calls}")))
}

/// What XML has no place for, even escaped, becomes a question mark.
fn readable(text: &str) -> String {
    let odd = |c: char| matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.replace(odd, "?")
}

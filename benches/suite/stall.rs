//! How long the longest call takes while stores grow: nobody waits longer than that for the lock. CPU time, page
//! faults included, for on a machine with other work a call may be put aside at any moment.

use crate::asks;
use crate::grow::KEPT;
use crate::inside::{answer, app, call, cpu_ns, told};
use crate::options::Options;
use crate::report::{Section, all, one, text};
use crate::shared;
use crate::spread::{Unit, grouped};
use mockpos::app::App;
use mockpos::call::Call;

const COLUMNS: &[&str] = &[
    "while there come to be",
    "a call, CPU (least–longest)",
    "calls over 1 ms",
    "over 10 ms",
    "over 50 ms",
];

/// The table.
pub fn section(options: &Options) -> Section {
    let mut section = Section::new(("stall", "The longest call while stores grow"), COLUMNS).about(
        "In the process, every call timed. Under the lock of a sandbox nobody waits longer than its longest call takes.",
    );
    let many = options.pick(60, 1_000_000);
    let pay = |n: usize| call(&asks::card_payment(), &format!("s{}", n / KEPT));
    grown(
        &mut section,
        (&app(""), "payments, 100,000 a sandbox", many),
        pay,
    );
    let many = options.pick(30, 2 * KEPT);
    let own = app("");
    let ask = shared::backend_payment(&mut |ask| told(&own, ask));
    let pay = |_| call(&ask, "default");
    grown(
        &mut section,
        (&own, "wallet payments in one sandbox", many),
        pay,
    );
    let shop = |n: usize| call(&shared::option(&format!("session{n}")), "default");
    grown(
        &mut section,
        (&app(""), "sessions in one sandbox", many),
        shop,
    );
    let many = options.pick(30, 10_000);
    let begin = |n: usize| call(&shared::option("benchmark0"), &format!("s{n}"));
    grown(&mut section, (&app(""), "sandboxes", many), begin);
    section
}

fn grown(
    section: &mut Section,
    (app, name, many): (&App, &str, usize),
    next: impl Fn(usize) -> Call,
) {
    let samples: Vec<_> = (0..many)
        .map(|n| {
            let call = next(n);
            let begun = cpu_ns();
            let reply = answer(app, &call);
            let spent = cpu_ns() - begun;
            drop(reply);
            spent
        })
        .collect();
    let over = |limit: u64| {
        let calls = samples.iter().filter(|ns| **ns > limit * 1_000_000).count();
        one(Unit::Count, calls as u64)
    };
    section.row(vec![
        text(format!("{} {name}", grouped(many as u64))),
        all(Unit::Nanos, &samples),
        over(1),
        over(10),
        over(50),
    ]);
}

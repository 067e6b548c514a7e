//! What cannot be said together: decisions of one `then`, what happens on the way, and the calls that are asked for.

use crate::domain::decision::{Point, ThreeDsOutcome};
use crate::scenario::catalog::CatalogRow;
use crate::scenario::effects::Kinds;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report};
use crate::scenario::read::At;
use crate::scenario::then::Then;
use crate::scenario::when::When;
use crate::scenario::wire::WireKeys;

/// What ends a call, and what is decided later in it: where both are, the second is never said.
const ENDS: [(Point, &[Point]); 4] = [
    (
        Point::Page,
        &[
            Point::Token,
            Point::Wallet,
            Point::Asks,
            Point::Otp,
            Point::ThreeDs,
            Point::Authorization,
            Point::Installments,
            Point::Loyalty,
        ],
    ),
    (
        Point::Token,
        &[
            Point::Wallet,
            Point::Asks,
            Point::Otp,
            Point::ThreeDs,
            Point::Authorization,
        ],
    ),
    (
        Point::Wallet,
        &[Point::Asks, Point::Otp, Point::Authorization],
    ),
    // the bank's page ends by itself, and nobody types anything there
    (Point::ThreeDs, &[Point::Otp]),
];

impl Then {
    /// Says which of its keys would never be said at these endpoints, because of others.
    pub fn clashes(&self, rows: &[&CatalogRow], wire: Option<&At<WireKeys>>, report: &mut Report) {
        let decided = self.decided();
        for (end, later) in ENDS {
            let Some((_, by, _)) = decided.iter().find(|(point, ..)| *point == end) else {
                continue;
            };
            for (point, key, place) in decided.iter().filter(|(point, ..)| later.contains(point)) {
                if always_both(rows, (*point, end)) {
                    let why = format!("`{key}` contradicts `{by}`: only one of them can happen");
                    let found = report.say(Mistake::Contradiction, *place, why);
                    found.hint("give each a rule, or one after the other: `then = [{ … }, { … }]`");
                }
            }
        }
        self.nobody_returns(report);
        if let Some(wire) = wire {
            self.lost(&wire.value, report);
        }
    }

    /// What the browser brings back needs a browser that comes back.
    fn nobody_returns(&self, report: &mut Report) {
        let never = |end: &&At<ThreeDsOutcome>| end.value == ThreeDsOutcome::NeverReturns;
        let never = self.three_ds.as_ref().filter(never).is_some();
        if let Some(callback) = self.callback.as_ref().filter(|_| never) {
            let why = "`callback` contradicts `three_ds`: the browser never comes back";
            let found = report.say(Mistake::Contradiction, callback.place, why);
            found.hint("take another end, as in `three_ds = \"fails\"`");
        }
    }

    /// What is decided after the call has ended, or changed in an answer that nobody gets.
    fn lost(&self, wire: &WireKeys, report: &mut Report) {
        let Some(fault) = wire.fault_word() else {
            return;
        };
        let changed = [
            ("patch", self.patch.as_ref().map(|patch| patch.place)),
            ("headers", self.headers.as_ref().map(|rows| rows.place)),
        ];
        let changed = changed
            .into_iter()
            .filter_map(|(key, place)| Some((key, place?)));
        if wire.is_before_commit() {
            let decided = self.decided();
            let decided = decided.into_iter().map(|(_, key, place)| (key, place));
            for (key, place) in decided.chain(changed) {
                let why = format!(
                    "`{key}` contradicts `wire`, which ends the call before anything is decided"
                );
                let found = report.say(Mistake::Contradiction, place, why);
                found.hint("`wire = { …, when = \"after_commit\" }` ends it afterwards");
            }
            return;
        }
        for (key, place) in changed {
            let gone = match key {
                "patch" => fault.leaves_no_body(),
                _ => fault.leaves_no_head(),
            };
            if gone {
                let why = format!("`{key}` contradicts `wire`: nothing is left of the answer");
                let found = report.say(Mistake::Contradiction, place, why);
                found.hint("give each a rule of its own");
            }
        }
    }

    /// Says what contradicts the calls that the rule asks for.
    pub fn clashes_with(&self, when: &When, report: &mut Report) {
        let Some(end) = &self.three_ds else { return };
        if when.fits.three_d == Some(false) {
            let why = "`three_ds` contradicts `three_d = false` in `when`";
            let found = report.say(Mistake::Contradiction, end.place, why);
            found.hint("a payment without 3-D Secure has no end of it");
        }
        if when.fits.three_d == Some(true) && ends_the_payment(end.value) {
            let answers = self.decided();
            let answers = answers
                .iter()
                .filter(|(point, ..)| *point == Point::Authorization);
            for (_, key, place) in answers {
                let why = format!("`{key}` contradicts `three_ds`: without it no bank is asked");
                let found = report.say(Mistake::Contradiction, *place, why);
                found.hint("a 3-D Secure that ends so ends the payment");
            }
        }
    }
}

/// Whether no payment goes on after such an end, whatever the switches are.
const fn ends_the_payment(end: ThreeDsOutcome) -> bool {
    !matches!(end, ThreeDsOutcome::Succeeds | ThreeDsOutcome::Half)
}

/// Whether the second is decided at every endpoint at which the first is, and there is one.
fn always_both(rows: &[&CatalogRow], (point, with): (Point, Point)) -> bool {
    let here = rows.iter().map(|row| Kinds::all(row.points));
    let answers = match point {
        Point::Authorization => Kinds::of(point).and(Kinds::ASIDES),
        _ => Kinds::of(point),
    };
    let mut here = here
        .filter(|here| !here.both(answers).is_empty())
        .peekable();
    here.peek().is_some() && here.all(|here| here.has(with))
}

impl When {
    /// Says what no call can be like, at the endpoints of the rule.
    pub fn check_possible(&self, rows: &[&CatalogRow], report: &mut Report) {
        if let Some(not) = &self.turns.not {
            let named = rows.iter().all(|row| not.value.names(row.name, row.page));
            if named && not.value.covers(&self.fits) {
                let why = "`not` fits every call that the rest fits, so the rule none";
                let found = report.say(Mistake::NeverFits, not.place, why);
                found.hint("`not` is to leave something over");
            }
        }
        if let (Some(nth), Some(every)) = (&self.turns.nth, &self.turns.every) {
            let every: i64 = i64::from(every.value.narrow::<u32>());
            let meets = |(low, high): (i64, i64)| high / every > (low - 1) / every;
            if !nth.0.iter().any(|numbers| meets(numbers.ends())) {
                let why = format!("no call that `nth` names is an `every`-th one of {every}");
                let found = report.say(Mistake::NeverFits, every_place(self), why);
                found.hint("both count the same calls; one of them is enough");
            }
        }
        if let Some(odds) = self
            .turns
            .probability
            .as_ref()
            .filter(|odds| odds.value.0 == 0)
        {
            let why = "with a probability of nothing the rule never speaks";
            let found = report.warn(Mistake::NeverFits, odds.place, why);
            found.hint("leave the rule out, or give it a chance");
        }
    }

    /// The greatest number of calls at which the rule can speak; None: no end is known.
    pub fn most_turns(&self) -> Option<i64> {
        let every = self.turns.every.as_ref();
        let every = every.map_or(1, |every| i64::from(every.value.narrow::<u32>()));
        let nth = self.turns.nth.as_ref()?;
        let turns = |(low, high): (i64, i64)| high / every - (low - 1) / every;
        Some(nth.0.iter().map(|numbers| turns(numbers.ends())).sum())
    }
}

fn every_place(when: &When) -> Place {
    let every = when.turns.every.as_ref();
    every.map_or_else(Place::default, |every| every.place)
}

//! What must have happened when all is over: the expectations of a scenario, or of one who asks.

use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::conditions::{EndpointName, PageName};
use crate::scenario::engine::Scene;
use crate::scenario::file::Version;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Problems, Report, Source, tick};
use crate::scenario::ranges::Numbers;
use crate::scenario::read::{Any, At, Rows, Soft, Table, table};
use crate::scenario::values::{Int, Name};
use crate::scenario::when::When;
use crate::scenario::why::Condition;
use http::HeaderName;
use toml::de::DeTable;

table! {
    /// A call that must have come, or must not: how often, with which answer, in which order.
    struct ExpectationRow {
        /// what it is called in reports, and by other expectations; not given: its place
        name: Option<At<Name>> = r#"name = "paid once""#,
        /// the endpoint's name, or a pattern; or a list of them
        endpoint: Option<Any<At<EndpointName>>> = r#"endpoint = "akinon.checkout.complete""#,
        /// the checkout page, or a pattern; or a list of them
        page: Option<Any<At<PageName>>> = r#"page = "MasterpassRestCompletePage""#,
        /// what else the call must be, as in a rule
        when: Option<When> = r#"when = { bin = "525864" }"#,
        /// the answer's status; or a list of them
        status: Option<Any<Numbers<599>>> = "status = 200",
        /// how often: exactly, a range, a comparison; not given: at least once
        count: Option<At<Count>> = r#"count = "1..3""#,
        /// it must not have come at all
        never: Option<At<bool>> = "never = true",
        /// another expectation: the first call of this one came before the first of that
        before: Option<At<Name>> = r#"before = "refunded""#,
        /// another expectation: the first call of this one came after the first of that
        after: Option<At<Name>> = r#"after = "paid once""#,
        /// expectations with such a number happen in the order of their numbers
        seq: Option<Int<1, 1000>> = "seq = 1",
    }
}

table! {
    /// What else counts when all is verified.
    #[derive(Default)]
    struct VerifyTable {
        /// calls that went wrong are failures: no such endpoint, a bad signature, a step that was not due
        strict: Option<bool> = "strict = true",
        /// the sums of every payment must agree with its history
        ledger: Option<bool> = "ledger = false",
    }
}

table! {
    /// What one who asks may say instead of the scenario.
    struct AskedFor {
        /// the version of this language: 1
        version: Option<Version> = "version = 1",
        /// what else counts
        verify: Soft<VerifyTable> = "[verify]",
        /// calls that must have come, or must not
        expect: Option<Rows<ExpectationRow>> = "[[expect]]",
    }
}

/// How often.
pub(crate) type Count = Numbers<1_000_000, 0>;

/// What else counts when all is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verify {
    /// calls that went wrong are failures
    pub strict: bool,
    /// the sums of every payment must agree with its history
    pub ledger: bool,
}

impl Default for Verify {
    fn default() -> Self {
        Self {
            strict: false,
            ledger: true,
        }
    }
}

impl VerifyTable {
    /// What is said here goes over `verify`.
    pub fn apply(self, verify: &mut Verify) {
        let Self { strict, ledger } = self;
        verify.strict = strict.unwrap_or(verify.strict);
        verify.ledger = ledger.unwrap_or(verify.ledger);
    }
}

/// One expectation.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// what it is called
    pub name: String,
    /// `shop.toml:12`
    pub place: String,
    when: When,
    status: Option<Any<Numbers<599>>>,
    count: Option<Count>,
    never: bool,
    /// the name of the expectation that comes later
    pub before: Option<String>,
    /// the name of the expectation that comes earlier
    pub after: Option<String>,
    /// its place among those that happen in order
    pub seq: Option<i64>,
}

/// What is to be verified.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// what else counts; None: as the scenario says
    verify: Option<VerifyTable>,
    /// None: those of the scenario
    pub expectations: Option<Vec<Expectation>>,
}

impl Wanted {
    /// From TOML. `name` is what it is called in messages.
    pub fn compile(name: &str, text: &str, catalog: &Catalog) -> Result<Self, Problems> {
        let source = Source {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        let mut report = Report::new(vec![source], catalog);
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let place = report.place(error.span().unwrap_or(0..0));
            report.say(Mistake::Syntax, place, error.message());
        }
        report.broken = !errors.is_empty();
        let start = report.place(0..0);
        let table = Table::new(document.get_ref(), start, AskedFor::KNOBS);
        let asked = AskedFor::keys(&table, &mut report);
        table.close(&mut report);
        let mut wanted = Self::default();
        if let Some(asked) = asked {
            let AskedFor {
                version,
                verify,
                expect,
            } = asked;
            // One that there is not was reported when it was read.
            let _known = version;
            wanted.verify = verify.0;
            wanted.expectations = expect.map(|rows| {
                let rows = rows.rows.into_iter();
                let found = rows.filter_map(|row| row.compile(catalog, &mut report));
                let found: Vec<_> = found.collect();
                found
            });
        }
        if let Some(found) = &wanted.expectations {
            named_once(found, &mut report);
        }
        report.finish().map(|_| wanted)
    }

    /// Whether calls that went wrong are failures, whatever else is said.
    pub fn set_strict(&mut self, strict: bool) {
        self.verify.get_or_insert_default().strict = Some(strict);
    }

    /// What else counts, over what the scenario says.
    pub fn verify(&self, scenario: Verify) -> Verify {
        let mut verify = scenario;
        if let Some(table) = self.verify.clone() {
            table.apply(&mut verify);
        }
        verify
    }
}

impl At<ExpectationRow> {
    /// The expectation; None when it contradicts itself or can never be met, and the report says how.
    pub fn compile(self, catalog: &Catalog, report: &mut Report) -> Option<Expectation> {
        let known = report.count();
        let place = report.spot(self.place);
        let ExpectationRow {
            name,
            endpoint,
            page,
            when,
            status,
            count,
            never,
            before,
            after,
            seq,
        } = self.value;
        let mut when = when.unwrap_or_default();
        let twice = [
            (
                "endpoint",
                when.fits.endpoint.is_some() && endpoint.is_some(),
            ),
            ("page", when.fits.page.is_some() && page.is_some()),
        ];
        for (key, _) in twice.iter().filter(|(_, twice)| *twice) {
            let found = report.say(
                Mistake::Twice,
                self.place,
                format!("`{key}` is there twice"),
            );
            found.hint("give it beside `when`, or inside of it");
        }
        when.fits.endpoint = when.fits.endpoint.or(endpoint);
        when.fits.page = when.fits.page.or(page);
        if when.odds().is_some() {
            let found = report.say(
                Mistake::Contradiction,
                self.place,
                "an expectation has no `probability`",
            );
            found.hint("it is met or not; say how often with `count`");
        }
        let named = when.check(report);
        if named && !catalog.rows.iter().any(|row| when.names(row)) {
            report.say(
                Mistake::NoEndpoint,
                self.place,
                "no endpoint fits this expectation",
            );
        }
        if let (Some(count), Some(never)) = (&count, &never)
            && never.value
        {
            report.say(
                Mistake::Contradiction,
                count.place,
                "`count` contradicts `never`",
            );
        }
        (report.count() == known).then(|| Expectation {
            name: name.map_or_else(|| place.clone(), |name| name.value.0),
            place,
            when,
            status,
            count: count.map(|count| count.value),
            never: never.is_some_and(|never| never.value),
            before: before.map(|name| name.value.0),
            after: after.map(|name| name.value.0),
            seq: seq.map(|seq| seq.0),
        })
    }
}

/// Says which names are there twice, and which are spoken of but not there.
pub(crate) fn named_once(all: &[Expectation], report: &mut Report) {
    let start = report.place(0..0);
    for (n, one) in all.iter().enumerate() {
        if let Some(other) = all[..n].iter().find(|other| other.name == one.name) {
            let (name, places) = (tick(&one.name), (&other.place, &one.place));
            let message = format!(
                "two expectations are called {name}: {} and {}",
                places.0, places.1
            );
            report.say(Mistake::Twice, start, message);
        }
        for name in [&one.before, &one.after].into_iter().flatten() {
            if !all.iter().any(|other| other.name == *name) {
                let names = all.iter().map(|other| other.name.as_str());
                report.unknown(start, "expectation", (name, names));
            }
        }
    }
}

impl Expectation {
    /// `at least 1`, `exactly 2`, `never`.
    pub fn wanted(&self) -> String {
        match self.count {
            _ if self.never => "never".to_owned(),
            None => ">= 1".to_owned(),
            Some(count) => count.to_string(),
        }
    }

    /// Whether so many calls are as many as are wanted.
    pub fn is_met_by(&self, calls: usize) -> bool {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        match self.count {
            _ if self.never => calls == 0,
            None => calls > 0,
            Some(count) => count.contains(calls),
        }
    }

    /// Whether more calls could still be wanted.
    pub fn wants_more_than(&self, calls: usize) -> bool {
        !self.never
            && self.count.is_none_or(|count| {
                usize::try_from(count.ends().0).is_ok_and(|least| calls < least)
            })
    }

    /// Whether a call fits but for its turn, answered with that status.
    pub(crate) fn fits(&self, scene: &Scene<'_>, row: Option<&CatalogRow>, status: u16) -> bool {
        row.is_some_and(|row| self.when.names(row))
            && self.when.matches(scene)
            && self.has_status(status)
    }

    fn has_status(&self, status: u16) -> bool {
        let status = u32::from(status);
        let wanted = self.status.as_ref();
        wanted.is_none_or(|any| any.0.iter().any(|numbers| numbers.contains(status)))
    }

    /// Whether it is the turn of the call that is the `n`th to fit.
    pub fn due(&self, n: u32) -> bool {
        self.when.due(n)
    }

    /// Each thing that it asks of a call, but for its turn, with how this call fares by it.
    pub(crate) fn conditions(
        &self,
        scene: &Scene<'_>,
        row: Option<&CatalogRow>,
        status: u16,
    ) -> Vec<Condition> {
        let mut found = self.when.conditions(scene, row, None);
        found.retain(|condition| !matches!(condition.key.as_str(), "nth" | "every"));
        if let Some(wanted) = &self.status {
            let wanted: Vec<_> = wanted.0.iter().map(ToString::to_string).collect();
            found.push(Condition {
                key: "status".to_owned(),
                wanted: wanted.join(" or "),
                was: Some(status.to_string()),
                fits: self.has_status(status),
                nearly: None,
            });
        }
        found
    }

    /// The headers that it asks for.
    pub fn headers(&self) -> impl Iterator<Item = HeaderName> {
        self.when.headers()
    }
}

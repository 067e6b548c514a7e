//! When a rule speaks: what a call must be, what it must not be, and whose turn it is.

use crate::domain::card::{Bin, BinTable};
use crate::scenario::catalog::CatalogRow;
use crate::scenario::conditions::{Conditions, fits};
use crate::scenario::engine::Scene;
use crate::scenario::facts::asked_by;
use crate::scenario::index::Wanted;
use crate::scenario::knob::{Kind, Knob, joined};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report};
use crate::scenario::ranges::{Numbers, Odds};
use crate::scenario::read::{Any, At, Item, Read, Table, table};
use crate::scenario::values::Int;
use crate::scenario::words::spelled;
use http::HeaderName;

table! {
    /// Which of the calls that fit.
    #[derive(Default)]
    struct Turns {
        /// conditions that must not all fit
        not: Option<At<Conditions>> = r#"not = { bin = "525864" }"#,
        /// which of the calls that fit all else, counted from 1 in each sandbox
        nth: Option<Any<Numbers<1_000_000>>> = "nth = 1",
        /// every so manieth of the calls that fit all else, counted as for `nth`
        every: Option<At<Int<2, 1_000_000>>> = "every = 3",
        /// how many of the calls that fit all else, `nth` and `every` too, in per cent; which ones
        /// follows from the sandbox's seed
        probability: Option<At<Odds>> = r#"probability = "12.5""#,
    }
}

/// Which endpoints and pages a rule names, and what it must not be.
pub(crate) type SpotKey = ((Vec<String>, Vec<String>), Option<Conditions>);

/// When a rule speaks.
#[derive(Debug, Clone, Default)]
pub(crate) struct When {
    pub(super) fits: Conditions,
    pub(super) turns: Turns,
    /// where its keys stand
    places: Vec<(String, Place)>,
}

/// The keys of the conditions and those of the turns stand in one table.
const KNOBS: [Knob; Conditions::KNOBS.len() + Turns::KNOBS.len()] =
    joined(Conditions::KNOBS, Turns::KNOBS);

impl Read for When {
    const KIND: Kind = Kind::Table(&KNOBS);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let table = Table::open(item, report, &KNOBS)?;
        let conditions = Conditions::keys(&table, report);
        let turns = Turns::keys(&table, report);
        let places = table.places(report);
        let whole = table.close(report);
        let (fits, turns) = (conditions?, turns?);
        whole.then_some(Self {
            fits,
            turns,
            places,
        })
    }
}

impl When {
    /// Whether the call fits, but for the turns, which need counting.
    pub fn matches(&self, scene: &Scene<'_>) -> bool {
        let facts = scene.asked.facts;
        let not = self.turns.not.as_ref();
        let excluded = not.is_some_and(|not| {
            not.value.names(facts.endpoint, facts.page) && not.value.matches(scene)
        });
        self.fits.matches(scene) && !excluded
    }

    /// Says what it asks for and none of these endpoints knows of its calls.
    pub fn check_known(&self, rows: &[&CatalogRow], report: &mut Report) {
        for (key, place) in &self.places {
            let Some(fact) = asked_by(key) else { continue };
            if rows.iter().any(|row| row.knows.contains(&fact)) {
                continue;
            }
            let why = format!("`{key}` is never known at the endpoints of this rule");
            let found = report.warn(Mistake::NeverKnown, *place, why);
            found.hint("so the rule never fits; a field of the call is asked for by `body`, `query` or `header`");
        }
        self.check_pos(rows, report);
        self.check_fields(rows, report);
    }

    /// Says that another one stands behind the POS at all of these endpoints.
    fn check_pos(&self, rows: &[&CatalogRow], report: &mut Report) {
        let Some(any) = &self.fits.pos_kind else {
            return;
        };
        let fits = |row: &&CatalogRow| {
            row.pos_kinds.is_empty() || any.0.iter().any(|kind| row.pos_kinds.contains(kind))
        };
        let known = rows.iter().flat_map(|row| row.pos_kinds).next();
        if let Some(known) = known.filter(|_| !rows.iter().any(fits)) {
            let place = self.places.iter().find(|(key, _)| key == "pos_kind");
            let place = place.map_or_else(Place::default, |(_, place)| *place);
            let why = "`pos_kind` fits none of the endpoints of this rule";
            let found = report.say(Mistake::NeverFits, place, why);
            found.hint(format!("there it is always `{}`", spelled(*known)));
        }
    }

    /// Whether every call that fits `other` fits this too, wherever both may speak, and whoever's turn it is.
    pub fn covers(&self, other: &Self) -> bool {
        // No `..`: a turn that is not considered does not compile.
        let Turns {
            not,
            nth,
            every,
            probability,
        } = &self.turns;
        let steady = nth.is_none() && every.is_none() && probability.is_none();
        let not = not.is_none()
            || not.as_ref().map(|n| &n.value) == other.turns.not.as_ref().map(|n| &n.value);
        steady && not && self.fits.covers(&other.fits)
    }

    /// The exact values that it asks for, by field.
    pub fn wanted(&self) -> Vec<Wanted> {
        self.fits.wanted()
    }

    /// What calls must be, and must not be.
    pub fn all_conditions(&self) -> impl Iterator<Item = &Conditions> {
        let not = self.turns.not.as_ref().map(|not| &not.value);
        std::iter::once(&self.fits).chain(not)
    }

    /// Whether it needs counting.
    pub const fn counts(&self) -> bool {
        self.turns.nth.is_some() || self.turns.every.is_some()
    }

    /// Whether it is the turn of the call that was counted as the `n`th.
    pub fn due(&self, n: u32) -> bool {
        // No `..`: a knob that is not consulted does not compile.
        let Turns {
            not: _, // `matches`
            nth,
            every,
            probability: _, // `Progress` draws
        } = &self.turns;
        fits(nth.as_ref(), Some(n), |wanted, n| wanted.contains(*n))
            && every
                .as_ref()
                .is_none_or(|every| n.is_multiple_of(every.value.narrow()))
    }

    /// How likely it speaks when all else fits.
    pub fn odds(&self) -> Option<Odds> {
        self.turns.probability.as_ref().map(|odds| odds.value)
    }

    /// The headers that it asks for.
    pub fn headers(&self) -> impl Iterator<Item = HeaderName> {
        let names = self
            .all_conditions()
            .flat_map(|conditions| &conditions.header.0);
        names.filter_map(|(name, _)| HeaderName::from_bytes(name.value.as_bytes()).ok())
    }

    /// What it says of endpoints, if anything.
    pub fn place(&self) -> Option<Place> {
        self.fits.place()
    }

    /// Whether calls at this endpoint can fit.
    pub fn names(&self, row: &CatalogRow) -> bool {
        self.names_spot(row.name, row.page)
    }

    /// All that [`Self::names`] looks at.
    pub fn spot(&self) -> SpotKey {
        let not = self.turns.not.as_ref().map(|not| not.value.clone());
        (self.fits.spot(), not)
    }

    /// As [`Self::names`], by name and page.
    pub fn names_spot(&self, name: &str, page: Option<&str>) -> bool {
        let not = self.turns.not.as_ref().map(|not| &not.value);
        let excluded = |not: &Conditions| not.names(name, page) && not.asks_no_more();
        self.fits.names(name, page) && !not.is_some_and(excluded)
    }

    /// Says what cannot fit any call. True when all is well.
    pub fn check(&self, report: &mut Report) -> bool {
        let mut good = self.fits.check(report);
        if let Some(not) = &self.turns.not {
            good &= not.value.check(report);
            if not.value.is_empty() {
                report.say(
                    Mistake::NeverFits,
                    not.place,
                    "`not` without keys fits every call, so the rule none",
                );
                good = false;
            }
        }
        good
    }

    /// Says which words of it nobody knows: states that are not among these (in order), programmes and banks that no
    /// card has.
    pub fn check_words(&self, report: &mut Report, (states, bins): (&[&str], &BinTable)) {
        for conditions in self.all_conditions() {
            for state in conditions.state.iter().flat_map(|any| &any.0) {
                if states.binary_search(&state.value.0.as_str()).is_err() {
                    let known = states.iter().copied();
                    report.unknown(state.place, "state", (&state.value.0, known));
                }
            }
            let programs: fn(&Bin) -> Option<&str> = |bin| bin.program.as_deref();
            let banks: fn(&Bin) -> Option<&str> = |bin| Some(&bin.bank.as_ref()?.name);
            for (what, asked, words) in [
                ("card programme", &conditions.card_program, programs),
                ("bank", &conditions.bank, banks),
            ] {
                for glob in asked.iter().flat_map(|any| &any.0) {
                    let mut known = bins.all().filter_map(words);
                    if !known.any(|word| glob.value.matches(word)) {
                        let known = bins.all().filter_map(words);
                        report.unknown(glob.place, what, (&glob.value.0, known));
                    }
                }
            }
        }
    }
}

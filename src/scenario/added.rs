//! Rules that are added to a sandbox for a while, in front of those of its scenario.

use crate::clock::Timestamp;
use crate::scenario::Scenario;
use crate::scenario::catalog::Catalog;
use crate::scenario::document;
use crate::scenario::engine::{Hearing, Rule};
use crate::scenario::knob::{Kind, Knob, joined};
use crate::scenario::problem::{Problems, Report, Source};
use crate::scenario::progress::{Progress, Tally};
use crate::scenario::read::{At, Item, Read, Rows, Table};
use crate::scenario::rule::RuleRow;
use crate::scenario::values::{Int, Lifetime};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How many a sandbox may have at once.
pub const MOST: usize = 1_000;

const TIMES: Knob = Knob {
    name: "times",
    doc: " how often it speaks before it goes; not given: until it is taken away",
    kind: <Int<1, 1_000_000> as Read>::KIND,
    required: false,
    example: "times = 1",
};
const FOR: Knob = Knob {
    name: "for",
    doc: " how long it stays, by the sandbox's clock; not given: until it is taken away",
    kind: <Lifetime as Read>::KIND,
    required: false,
    example: r#"for = "30s""#,
};
/// The keys that only rules that are added have, by `POST /__mockpos/rules`.
pub const FOR_A_WHILE: &[Knob] = &[TIMES, FOR];
const KNOBS: [Knob; RuleRow::KNOBS.len() + 2] = joined(RuleRow::KNOBS, &[TIMES, FOR]);
const LIST: &[Knob] = &[Knob {
    name: "rule",
    doc: " the rules",
    kind: Kind::List(&Kind::Table(&KNOBS)),
    required: true,
    example: "[[rule]]",
}];

/// A rule as it is given.
#[derive(Debug)]
struct Row {
    source: String,
    rule: RuleRow,
    times: Option<Int<1, 1_000_000>>,
    lasts: Option<Lifetime>,
}

impl Row {
    fn keys(table: &Table<'_>, report: &mut Report) -> Option<Self> {
        let source = table.printed();
        let rule = RuleRow::keys(table, report);
        let times = table.take(&TIMES, report);
        let lasts = table.take(&FOR, report);
        Some(Self {
            source,
            rule: rule?,
            times: times?,
            lasts: lasts?,
        })
    }
}

impl Read for Row {
    const KIND: Kind = Kind::Table(&KNOBS);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let table = Table::open(item, report, &KNOBS)?;
        let read = Self::keys(&table, report);
        if table.close(report) { read } else { None }
    }
}

/// A rule that is ready to be added.
#[derive(Debug)]
pub struct NewRule {
    source: String,
    rule: Rule,
    times: Option<u32>,
    lasts: Option<Duration>,
}

impl Scenario {
    /// The rules of `text`: a list `[[rule]]`, or the keys of a single one. Their words are looked up in this
    /// scenario; what they set themselves counts too.
    pub fn additions(&self, text: &str, catalog: &Catalog) -> Result<Vec<NewRule>, Problems> {
        let source = Source {
            name: "added".to_owned(),
            text: text.to_owned(),
        };
        let mut report = Report::new(vec![source], catalog);
        let is_list = toml::de::DeTable::parse_recoverable(text).0;
        let rows = if is_list.get_ref().contains_key("rule") {
            let keys = |table: &Table<'_>, report: &mut Report| table.take(&LIST[0], report);
            let rows: Option<Rows<Row>> = document::read(&mut report, LIST, keys);
            rows.map_or_else(Vec::new, |rows| rows.rows)
        } else {
            let place = report.place(0..0);
            let row = document::read(&mut report, &KNOBS, Row::keys);
            row.map(|value| At { place, value }).into_iter().collect()
        };
        let mut all = Vec::new();
        for At { place, value } in rows {
            let Row {
                source,
                rule,
                times,
                lasts,
            } = value;
            let rule = At { place, value: rule };
            all.extend(rule.compile(catalog, &mut report).map(|rule| NewRule {
                source,
                rule,
                times: times.map(Int::narrow),
                lasts: lasts.map(|span| span.0),
            }));
        }
        let states = self.rules.iter().chain(all.iter().map(|new| &new.rule));
        super::compile::check_words(states, &self.bins, &mut report);
        report.finish().map(|_| all)
    }
}

/// A rule that was added. It is written as it was given, and read anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddedRule {
    /// its number in the sandbox
    pub id: u32,
    /// how often it has spoken
    pub spoken: u32,
    /// how often it will still speak; None: without end
    pub left: Option<u32>,
    /// when it goes; None: not by itself
    pub until: Option<Timestamp>,
    /// how it was given, on one line
    pub source: String,
    #[serde(skip)]
    rule: Arc<Rule>,
    tally: Tally,
}

impl AddedRule {
    /// Who it is in `x-mockpos-decided-by`.
    pub fn title(&self) -> String {
        format!("rule {}", self.rule.place)
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.left == Some(0) || self.until.is_some_and(|until| now >= until)
    }
}

/// The rules that were added to a sandbox; the first is heard first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Added {
    rules: Vec<AddedRule>,
    last: u32,
}

impl Added {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Those that are still there at this moment.
    pub fn rules(&mut self, now: Timestamp) -> &[AddedRule] {
        self.rules.retain(|added| !added.is_over(now));
        &self.rules
    }

    /// Puts rules in front of all others, in their order. Their numbers; None: there is no room.
    pub fn put(&mut self, new: Vec<NewRule>, now: Timestamp) -> Option<Vec<u32>> {
        if self.rules(now).len() + new.len() > MOST {
            return None;
        }
        let mut front = Vec::with_capacity(new.len());
        for new in new {
            let NewRule {
                source,
                rule,
                times,
                lasts,
            } = new;
            self.last += 1;
            let place = format!("added:{}", self.last);
            front.push(AddedRule {
                id: self.last,
                spoken: 0,
                left: times,
                until: lasts.map(|span| now.plus(span)),
                source,
                rule: Arc::new(Rule { place, ..rule }),
                tally: Tally::default(),
            });
        }
        let ids = front.iter().map(|added| added.id).collect();
        self.rules.splice(0..0, front);
        Some(ids)
    }

    /// Reads them anew, as they were given. Err says what is wrong with one.
    pub fn revive(&mut self, scenario: &Scenario, catalog: &Catalog) -> Result<(), String> {
        if self.rules.len() > MOST {
            return Err(format!("there are at most {MOST}"));
        }
        for added in &mut self.rules {
            let text = format!("rule = [{}]", added.source);
            let new = scenario.additions(&text, catalog);
            let new = new.map_err(|problems| problems.brief())?;
            let [NewRule { rule, .. }] = <[NewRule; 1]>::try_from(new)
                .map_err(|_| format!("{} is no single rule", added.source))?;
            let place = format!("added:{}", added.id);
            added.rule = Arc::new(Rule { place, ..rule });
        }
        Ok(())
    }

    /// Takes one away. Whether it was there.
    pub fn remove(&mut self, id: u32) -> bool {
        let before = self.rules.len();
        self.rules.retain(|added| added.id != id);
        self.rules.len() < before
    }

    /// Takes all away. How many there were.
    pub fn clear(&mut self) -> usize {
        std::mem::take(&mut self.rules).len()
    }

    pub(crate) fn hear(
        &mut self,
        hearing: &mut Hearing<'_>,
        (progress, now): (&mut Progress, Timestamp),
    ) {
        let facts = hearing.scene.asked.facts;
        for added in &mut self.rules {
            let here = added.rule.when.names_spot(facts.endpoint, facts.page);
            if !here || added.is_over(now) {
                continue;
            }
            if hearing.hear((&added.rule, &mut added.tally), progress) {
                added.spoken = added.spoken.saturating_add(1);
                added.left = added.left.map(|left| left.saturating_sub(1));
            }
        }
        self.rules.retain(|added| !added.is_over(now));
    }
}

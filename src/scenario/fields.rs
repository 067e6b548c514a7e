//! What a rule asks of a field of the call: a text with a pattern, or a number within bounds; and where in a body the
//! field lies.

use crate::scenario::asks::Asks;
use crate::scenario::knob::Kind;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::ranges::{Amounts, range, thousandths};
use crate::scenario::read::{Any, At, Item, Map, Read, in_order};
use crate::scenario::values::Glob;
use toml::de::{DeTable, DeValue};

/// What the value of a field must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldValue {
    /// as it stands there, or as a pattern
    Text(Glob),
    /// a number, however it is written
    Number(Amounts),
}

impl Read for FieldValue {
    const KIND: Kind = Kind::Either(&[
        Kind::Text(
            "a string; `*` stands for anything; numbers may be compared: `\">= 100\"`, `\"1..5.50\"`",
        ),
        Kind::Number,
        Kind::Flag,
    ]);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let text = match item.value {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Float(number) => format!("= {}", number.as_str()),
            DeValue::Boolean(flag) => flag.to_string(),
            _ => return report.expected(item, &Self::KIND),
        };
        let compares = text.starts_with(['<', '>', '=']) || text.contains("..");
        let Some((low, high)) = range(&text, thousandths).filter(|_| compares) else {
            return Some(Self::Text(Glob(text)));
        };
        if low > high || high < 0 {
            report.say(Mistake::NeverFits, item.place, "there is no such number");
            return None;
        }
        Some(Self::Number(Amounts::between(low, high)))
    }
}

impl FieldValue {
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Text(glob) => glob.matches(text),
            Self::Number(bounds) => thousandths(text).is_some_and(|n| bounds.holds(n)),
        }
    }

    /// The only text that fits.
    pub fn exact(&self) -> Option<&str> {
        match self {
            Self::Text(glob) if !glob.0.contains('*') => Some(&glob.0),
            Self::Text(_) | Self::Number(_) => None,
        }
    }

    /// Whether all that fits `other` fits this, as far as can be seen.
    pub fn covers(&self, other: &Self) -> bool {
        if let (Self::Number(one), Self::Number(other)) = (self, other) {
            return one.covers(other);
        }
        let exact = other.exact();
        self == other || self.is_all() || exact.is_some_and(|text| self.matches(text))
    }

    fn is_all(&self) -> bool {
        matches!(self, Self::Text(glob) if glob.0 == "*")
    }
}

impl Asks for FieldValue {
    fn shown(&self) -> String {
        match self {
            Self::Text(glob) => glob.shown(),
            Self::Number(bounds) => bounds.shown(),
        }
    }

    fn nearly(&self, was: &str) -> Option<String> {
        match self {
            Self::Text(glob) => glob.nearly(was),
            Self::Number(bounds) => bounds.misses(thousandths(was)?),
        }
    }
}

/// Fields by path. Tables in tables are paths too: `body.card.holder = "A*"` is `body = { "card.holder" = "A*" }`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Paths(pub Map<Any<FieldValue>>);

impl Read for Paths {
    const KIND: Kind = Kind::Map(&Kind::Either(&[
        Any::<FieldValue>::KIND,
        Kind::Map(&Kind::Anything),
    ]));
    const REQUIRED: bool = false;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let DeValue::Table(table) = item.value else {
            return report.expected(item, &Self::KIND);
        };
        let mut all = Vec::with_capacity(table.len());
        let whole = flat(table, "", (&mut all, report));
        whole.then_some(Self(Map(all)))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

type Found = Vec<(At<String>, Any<FieldValue>)>;

/// The fields of a table, and of those in it. Whether all of them are right.
fn flat(table: &DeTable<'_>, within: &str, (all, report): (&mut Found, &mut Report)) -> bool {
    let mut whole = true;
    for (key, value) in in_order(table) {
        let place = report.place(key.span());
        let path = format!("{within}{}", key.get_ref());
        if let DeValue::Table(inner) = value.get_ref()
            && !inner.is_empty()
        {
            whole &= flat(inner, &format!("{path}."), (all, report));
            continue;
        }
        match Any::read(report.item(value), report) {
            Some(value) => all.push((At { place, value: path }, value)),
            None => whole = false,
        }
    }
    whole
}

//! What is said of values of the wrong type and of unknown words, with what was likely meant.

use crate::scenario::knob::Kind;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, clipped, tick};
use crate::scenario::read::Item;
use toml::de::DeValue;

impl Report {
    /// A value of the wrong type.
    pub fn expected<T>(&mut self, item: Item<'_>, kind: &Kind) -> Option<T> {
        self.wrong_type(item, kind);
        None
    }

    // Apart, so that there is one of it, not one for each type.
    fn wrong_type(&mut self, item: Item<'_>, kind: &Kind) {
        let found = match item.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let written = clipped(self.text(item.place), 40).to_owned();
        let bare = matches!(
            item.value,
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Boolean(_)
        );
        let texts = takes(kind, |k| matches!(k, Kind::Text(_) | Kind::Words(_)));
        let others = takes(kind, |k| {
            matches!(k, Kind::Flag | Kind::Number | Kind::Integer { .. })
        });
        let problem = self.say(
            Mistake::WrongType,
            item.place,
            format!("expected {kind}, found {found}"),
        );
        match item.value {
            _ if bare && texts => problem.hint(format!("put it in quotes: `\"{written}\"`")),
            DeValue::String(text)
                if others && (text.parse::<i64>().is_ok() || text.parse::<bool>().is_ok()) =>
            {
                problem.hint(format!("write it without quotes: `{text}`"));
            }
            _ => {}
        }
    }

    /// A word that is not among `known`, with the nearest that is.
    pub fn unknown<'w>(
        &mut self,
        place: Place,
        what: &str,
        (word, mut known): (&str, impl Iterator<Item = &'w str>),
    ) {
        self.unknown_one((place, what), word, &mut known);
    }

    fn unknown_one<'w>(
        &mut self,
        (place, what): (Place, &str),
        word: &str,
        known: &mut dyn Iterator<Item = &'w str>,
    ) {
        let full = self.full();
        let found = self.say(
            Mistake::unknown(what),
            place,
            format!("unknown {what} {}", tick(word)),
        );
        if full {
            return;
        }
        let mut known: Vec<&str> = known.collect();
        known.sort_unstable();
        known.dedup();
        let near = nearest_all(word, &known);
        if !near.is_empty() {
            let near: Vec<String> = near.into_iter().take(3).map(tick).collect();
            found.hint(format!("did you mean {}?", near.join(" or ")));
        } else if known.len() <= 40 {
            let list: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
            found.hint(format!("known: {}", list.join(", ")));
        }
    }
}

/// Whether `kind` takes a value of such a simple kind.
fn takes(kind: &Kind, simple: fn(&Kind) -> bool) -> bool {
    match kind {
        Kind::Either(kinds) => kinds.iter().any(|kind| takes(kind, simple)),
        Kind::OneOrMore(kind) => takes(kind, simple),
        kind => simple(kind),
    }
}

/// The known word that is most likely meant.
pub(crate) fn nearest<'w>(word: &str, known: &[&'w str]) -> Option<&'w str> {
    nearest_all(word, known).into_iter().next()
}

/// The known words that are most likely meant, all as near as each other.
fn nearest_all<'w>(word: &str, known: &[&'w str]) -> Vec<&'w str> {
    if word.is_empty() || word.len() > 80 {
        return Vec::new();
    }
    let word = word.to_lowercase().replace('-', "_");
    let distance = |other: &&str| {
        let other = other.to_lowercase();
        let far = strsim::damerau_levenshtein(&word, &other);
        // The last part of a dotted name, or its beginning, is as good as a near miss.
        let part = word.len() >= 3 && (other.starts_with(&word) || other.ends_with(&word));
        if part { far.min(1) } else { far }
    };
    let far: Vec<(usize, &str)> = known.iter().map(|k| (distance(k), *k)).collect();
    let best = far.iter().map(|(far, _)| *far).min();
    let best = best.filter(|far| *far <= 1 + word.len() / 4);
    let mut near: Vec<&str> = far
        .into_iter()
        .filter(|(far, _)| Some(*far) == best)
        .map(|(_, word)| word)
        .collect();
    near.sort_unstable();
    near
}

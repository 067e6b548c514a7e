//! What is said of values of the wrong type and of unknown words, with what was likely meant.

use crate::near::distance;
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
        let texts = takes(kind, |k| matches!(k, Kind::Text(_)));
        let others = takes(kind, |k| {
            matches!(k, Kind::Flag | Kind::Number | Kind::Integer { .. })
        });
        let problem = self.say(
            Mistake::WrongType,
            item.place,
            format!("expected {kind}, found {found}"),
        );
        let words = words(kind);
        match item.value {
            _ if bare && words.contains(&&*written) => {
                problem.hint(format!("put it in quotes: `\"{written}\"`"));
            }
            _ if bare && !words.is_empty() => problem.hint(format!("it takes {}", listed(&words))),
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

    fn unknown_one(
        &mut self,
        (place, what): (Place, &str),
        word: &str,
        known: &mut dyn Iterator<Item = &str>,
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
        let meant = MEANT
            .iter()
            .find(|(other, meant)| *other == word && known.contains(meant));
        let near = match meant {
            Some((_, meant)) => vec![*meant],
            None => nearest_all(word, &known),
        };
        let near: Vec<String> = near.into_iter().take(3).map(tick).collect();
        let near = (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")));
        let all = match what {
            "endpoint" => Some("`mockpos endpoints` prints them all".to_owned()),
            "decline reason" if near.is_none() => {
                Some("`mockpos knobs then.decline` prints them all".to_owned())
            }
            _ if near.is_none() && known.len() <= SHORT_LIST => {
                let list: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
                Some(format!("known: {}", list.join(", ")))
            }
            _ => None,
        };
        let told: Vec<String> = near.into_iter().chain(all).collect();
        if !told.is_empty() {
            found.hint(told.join(" "));
        }
    }
}

/// What people call a key, and its name here.
const MEANT: &[(&str, &str)] = &[
    ("holder", "msisdn"),
    ("phone", "msisdn"),
    ("gsm", "msisdn"),
    ("price", "amount"),
    ("code", "response_code"),
    ("reject", "decline"),
    ("latency", "delay"),
    ("timeout", "delay"),
    ("payment_state", "payment_status"),
];

/// So many words are told one by one.
const SHORT_LIST: usize = 40;

/// All the words that a kind takes.
fn words(kind: &Kind) -> Vec<&'static str> {
    match kind {
        Kind::Words(words) => words.to_vec(),
        Kind::Either(kinds) => kinds.iter().flat_map(words).collect(),
        Kind::OneOrMore(kind) => words(kind),
        _ => Vec::new(),
    }
}

/// The words in quotes, or one of them and where the rest is.
fn listed(words: &[&str]) -> String {
    match words {
        [first, ..] if words.len() > SHORT_LIST => {
            format!("a word in quotes, like `\"{first}\"`; `mockpos knobs` prints them all")
        }
        words => {
            let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
            words.join(", ")
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
    let pattern = word.contains('*');
    let word = folded(word.trim_matches('*'));
    let far = |other: &str| {
        let other = folded(other);
        // The last part of a dotted name, or its beginning, is as good as a near miss.
        let part = other.starts_with(&word) || other.ends_with(&word);
        let part = word.len() >= 3 && (part || pattern && other.contains(&word));
        let most = if part { 0 } else { 1 + word.len() / 4 };
        distance(&word, &other, most).or(part.then_some(1))
    };
    let far = known.iter().filter_map(|known| Some((far(known)?, *known)));
    let far: Vec<(usize, &str)> = far.collect();
    let best = far.iter().map(|(far, _)| *far).min();
    let mut near: Vec<&str> = far
        .into_iter()
        .filter(|(far, _)| Some(*far) == best)
        .map(|(_, word)| word)
        .collect();
    near.sort_unstable();
    near
}

/// Without what people get wrong without noticing: case, `-` for `_`, Turkish letters without their marks.
fn folded(word: &str) -> String {
    let plain = |c: char| match c {
        'İ' | 'I' | 'ı' => 'i',
        'Ş' | 'ş' => 's',
        'Ğ' | 'ğ' => 'g',
        'Ü' | 'ü' => 'u',
        'Ö' | 'ö' => 'o',
        'Ç' | 'ç' => 'c',
        '-' => '_',
        c => c,
    };
    word.chars()
        .map(plain)
        .flat_map(char::to_lowercase)
        .collect()
}

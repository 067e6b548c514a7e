//! The guard against real card numbers in files: whatever looks like one, in any string, must be a published test
//! number, begin with a `[[bin]]`, or be allowed by name.

use crate::domain::card::BinTable;
use crate::domain::pan::{Pan, is_issued, luhn};
use crate::domain::published::row;
use crate::scenario::Scenario;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

impl Scenario {
    /// Whether a number is known to be nobody's.
    pub fn is_nobodys(&self, number: &str) -> bool {
        let mut allowed = self.settings.allow_numbers.iter();
        is_for_tests(number, &self.bins) || allowed.any(|known| known == number)
    }
}

/// Published, or of a bank that the scenario makes up.
fn is_for_tests(number: &str, bins: &BinTable) -> bool {
    row(number).is_some() || bins.has_own(number)
}

impl Report {
    /// Remembers what looks like a card number in the source that is being read, and which ones it allows.
    pub fn note_numbers(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("settings", DeValue::Table(settings)) => self.note_settings(settings),
                _ => self.note(value),
            }
        }
    }

    fn note_settings(&mut self, settings: &DeTable<'_>) {
        for (key, value) in settings {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("allow_numbers", DeValue::Array(list)) => {
                    let texts = list.iter().filter_map(|item| {
                        let text = item.get_ref().as_str()?;
                        Some((text.to_owned(), self.place(item.span())))
                    });
                    let texts: Vec<_> = texts.collect();
                    self.allowed.extend(texts);
                }
                _ => self.note(value),
            }
        }
    }

    fn note(&mut self, value: &Spanned<DeValue<'_>>) {
        let place = self.place(value.span());
        let mut look = |text: &str| {
            let found = numbers(text).into_iter().map(|number| (number, place));
            self.numbers.extend(found);
        };
        match value.get_ref() {
            DeValue::String(text) => look(text),
            DeValue::Integer(number) => look(number.as_str()),
            DeValue::Array(list) => list.iter().for_each(|item| self.note(item)),
            DeValue::Table(table) => table.iter().for_each(|(_, value)| self.note(value)),
            DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
        }
    }

    /// Says which of them may be somebody's, and which are allowed for nothing.
    pub fn check_numbers(&mut self, bins: &BinTable) {
        let noted: Vec<(String, Place)> = std::mem::take(&mut self.numbers);
        let allowed: Vec<(String, Place)> = std::mem::take(&mut self.allowed);
        for (number, place) in &allowed {
            if is_for_tests(number, bins) {
                let found = self.warn(Mistake::Unused, *place, "this number may stand anywhere");
                found.hint(
                    "it is a published test number, or begins with a `[[bin]]`: leave it out",
                );
            }
        }
        for (number, place) in noted {
            if is_for_tests(&number, bins) || allowed.iter().any(|(other, _)| *other == number) {
                continue;
            }
            let masked = Pan::parse(&number).map(|pan| pan.to_string());
            let message = format!(
                "{} may be somebody's card",
                tick(&masked.unwrap_or_default())
            );
            let found = self.say(Mistake::CardNumber, place, message);
            found.hint(
                "use a published test number, or a number whose first digits are a `[[bin]]`; \
                 `[settings] allow_numbers` lists others that are nobody's",
            );
        }
    }
}

/// The digits of all that looks like a card number: written as one, or in groups of four.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let run = &rest[at..];
        let end = run
            .char_indices()
            .find(|(at, c)| !c.is_ascii_digit() && !joins(run, *at))
            .map_or(run.len(), |(at, _)| at);
        let digits: String = run[..end].chars().filter(char::is_ascii_digit).collect();
        if is_issued(&digits) && luhn(&digits) {
            found.push(digits);
        }
        rest = &run[end..];
    }
    found
}

/// Whether a blank or a dash at `at` stands between groups of four digits.
fn joins(run: &str, at: usize) -> bool {
    let bytes = run.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|group| group.iter().all(u8::is_ascii_digit))
    };
    matches!(bytes[at], b' ' | b'-') && at % 5 == 4 && digits(at - 4..at) && digits(at + 1..at + 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_card_is_found_and_little_else() {
        for (text, found) in [
            ("4242424242424242", vec!["4242424242424242"]),
            ("pay 4242 4242 4242 4242 now", vec!["4242424242424242"]),
            ("4242-4242-4242-4242", vec!["4242424242424242"]),
            (
                "a4242424242424242b378282246310005",
                vec!["4242424242424242", "378282246310005"],
            ),
            ("4242424242424241", vec![]),
            ("42424242424242424", vec![]),
            ("7001260102000001", vec![]),
            ("905321234567", vec![]),
            ("2026-01-02 03:04:05", vec![]),
            ("20260102030405", vec![]),
            ("0532 123 45 67", vec![]),
            ("çok 4", vec![]),
        ] {
            assert_eq!(numbers(text), found, "{text}");
        }
    }
}

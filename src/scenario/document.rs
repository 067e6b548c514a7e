//! From a text to the keys of a table: what every source goes through, whatever it is for.

use crate::scenario::compile::LARGEST;
use crate::scenario::knob::Knob;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::Report;
use crate::scenario::read::Table;
use toml::de::DeTable;

/// The keys of the source that is being read, as far as they are right.
pub(crate) fn read<T>(
    report: &mut Report,
    knobs: &'static [Knob],
    keys: impl FnOnce(&Table<'_>, &mut Report) -> Option<T>,
) -> Option<T> {
    let text = report.sources[report.file].text.clone();
    let start = report.place(0..0);
    if text.len() > LARGEST {
        let message = format!("the file is larger than {LARGEST} bytes");
        report.say(Mistake::TooMuch, start, message);
        return None;
    }
    let (mut document, errors) = DeTable::parse_recoverable(&text);
    let known = report.count();
    for error in &errors {
        let place = report.place(error.span().unwrap_or(0..0));
        report.say(Mistake::Syntax, place, error.message());
    }
    let syntax = report.count();
    report.broken = !errors.is_empty();
    report.substitute(document.get_mut());
    // Of the built-in files a test looks at the numbers, and no process need.
    if report.file >= report.builtin {
        report.note_numbers(document.get_ref());
    }
    let found = self::keys(document.get_ref(), report, knobs, keys);
    if let Some(first) = report.first_place(known..syntax) {
        report.doubt(syntax, first);
    }
    found.filter(|_| !report.broken)
}

/// The keys of a source that is parsed already.
pub(crate) fn keys<T>(
    document: &DeTable<'_>,
    report: &mut Report,
    knobs: &'static [Knob],
    keys: impl FnOnce(&Table<'_>, &mut Report) -> Option<T>,
) -> Option<T> {
    let table = Table::new(document, report.place(0..0), knobs);
    let found = keys(&table, report);
    table.close(report);
    found
}

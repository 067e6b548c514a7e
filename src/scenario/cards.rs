//! The data tables of cards: BINs, and in how many parts they may pay.

use crate::domain::card::{Association, Bank, Bin, BinTable, CardKind};
use crate::domain::installment::{BinRange, InstallmentTable, Label, Terms};
use crate::domain::money::{Currency, Money, Percent};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::read::{At, Map, Rows, table};
use crate::scenario::shop::money;
use crate::scenario::values::{BinPrefix, Decimal, Int, Name, Rate};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

table! {
    /// What is known of the cards whose number begins so.
    struct BinRow {
        /// 6 or 8 digits
        prefix: At<BinPrefix> = r#"prefix = "665544""#,
        /// card programme (family)
        program: Option<Name> = r#"program = "Card Finans""#,
        /// who issued it
        bank: Option<Name> = r#"bank = "QNB FİNANSBANK A.Ş.""#,
        /// the bank's EFT code
        bank_code: Option<At<Int<1, 99_999>>> = "bank_code = 111",
        /// what kind of card; not given: unknown, as foreign cards are
        kind: Option<CardKind> = r#"kind = "credit""#,
        /// the network
        association: Option<Association> = r#"association = "visa""#,
        /// a company's card
        commercial: Option<bool> = "commercial = false",
    }
}

table! {
    /// In how many parts the cards of a programme or BIN range may pay.
    struct InstallmentsRow {
        /// cards of this programme; not given: of any
        program: Option<Name> = r#"program = "Card Finans""#,
        /// cards whose number begins with one of these, or from one to another; not given: any
        bins: Vec<BinRange> = r#"bins = ["525864", "540600..540699"]"#,
        /// amounts from here on
        min_amount: Option<At<Decimal>> = r#"min_amount = "100.00""#,
        /// number of parts = commission in per cent; a single payment is always there
        counts: At<Map<Rate>> = r#"counts = { 3 = "5.00" }"#,
        /// what people read, by number of parts
        labels: Map<LabelRow> = r#"labels = { 3 = { en = "3 parts", tr = "3 taksit" } }"#,
    }
}

table! {
    /// A text in both languages.
    struct LabelRow {
        /// English
        en: Name = r#"en = "3 Installments""#,
        /// Turkish
        tr: Name = r#"tr = "3 Taksit""#,
    }
}

/// The BINs of one file.
pub(crate) fn bins(rows: Rows<BinRow>, report: &mut Report) -> Vec<At<Bin>> {
    let mut taken = HashSet::new();
    let mut all = Vec::with_capacity(rows.rows.len());
    for row in rows.rows {
        let row = row.value;
        let prefix = row.prefix.value.0;
        if !taken.insert(prefix.clone()) {
            let message = format!("there are two with the prefix {}", tick(&prefix));
            report.say(Mistake::Twice, row.prefix.place, message);
        }
        if let (Some(code), None) = (&row.bank_code, &row.bank) {
            report.say(
                Mistake::NeedsAnother,
                code.place,
                "`bank_code` needs `bank`",
            );
        }
        let code = row.bank_code.map(|code| code.value.narrow());
        let value = Bin {
            prefix: prefix.into(),
            program: row.program.map(|name| name.0.into()),
            bank: row.bank.map(|name| Bank {
                code,
                name: Arc::from(name.0),
            }),
            kind: row.kind,
            association: row.association,
            commercial: row.commercial.unwrap_or(false),
        };
        all.push(At {
            place: row.prefix.place,
            value,
        });
    }
    all
}

/// Says that a later file says something else of the same cards.
pub(crate) fn replaced(by: &At<Bin>, before: Place, report: &mut Report) {
    let spot = report.spot(by.place);
    let what = tick(&by.value.prefix);
    let why = format!("what is said of cards that begin with {what} does not count");
    let found = report.warn(Mistake::Unused, before, why);
    found.hint(format!(
        "the `[[bin]]` at {spot}, of a file on top of this one, says it anew; where that is meant, all is well"
    ));
}

/// The installment tables of one file, for a shop with this currency.
pub(crate) fn installments(
    rows: Option<Rows<InstallmentsRow>>,
    (currency, cards): (Currency, &BinTable),
    report: &mut Report,
) -> Vec<InstallmentTable> {
    let rows = rows.map(|rows| rows.rows).unwrap_or_default();
    let mut all: Vec<InstallmentTable> = Vec::with_capacity(rows.len());
    for row in rows {
        let min_amount = row.value.min_amount.as_ref();
        let min_amount = min_amount.and_then(|amount| money(amount, currency, report));
        unused((row.place, &row.value, min_amount), (&all, cards), report);
        let row = row.value;
        all.push(InstallmentTable {
            program: row.program.map(|name| name.0),
            bins: row.bins,
            min_amount,
            terms: terms(row.counts.value, row.labels, report),
        });
    }
    all
}

/// Says that no card will ever pay by a table: another one comes first, or no card has the programme.
fn unused(
    (place, row, least): (Place, &InstallmentsRow, Option<Money>),
    (above, cards): (&[InstallmentTable], &BinTable),
    report: &mut Report,
) {
    let program = row.program.as_ref().map(|name| name.0.as_str());
    let first = above.iter().any(|table| {
        let cards = table.bins.is_empty() && row.bins.is_empty()
            || table.bins == row.bins && !row.bins.is_empty();
        let cheap = table
            .min_amount
            .is_none_or(|min| least.is_some_and(|least| least >= min));
        cards && cheap && (table.program.is_none() || table.program.as_deref() == program)
    });
    if first {
        let found = report.warn(Mistake::Unused, place, "no card pays by this table");
        found.hint("a table above it fits the same cards, and the first one counts");
        return;
    }
    let Some(program) = program else { return };
    if !cards
        .all()
        .any(|bin| bin.program.as_deref() == Some(program))
    {
        let why = format!("no card has the programme {}", tick(program));
        let found = report.warn(Mistake::Unused, place, why);
        found.hint("`[[bin]]` adds cards with a `program`");
    }
}

/// The terms of so many parts at such rates; a single payment is always there.
pub(crate) fn terms(counts: Map<Rate>, labels: Map<LabelRow>, report: &mut Report) -> Vec<Terms> {
    let mut rates = BTreeMap::new();
    for (key, rate) in counts.0 {
        let Some(count) = count(&key, report) else {
            continue;
        };
        if rates.insert(count, rate.0).is_some() {
            report.say(
                Mistake::Twice,
                key.place,
                format!("the count {count} is there twice"),
            );
        }
    }
    rates.entry(1).or_insert(Percent::ZERO);
    let mut names: BTreeMap<u32, (Place, Label)> = BTreeMap::new();
    for (key, label) in labels.0 {
        let Some(count) = count(&key, report) else {
            continue;
        };
        if !rates.contains_key(&count) {
            let message = format!("there is a label, but no rate for {count} parts");
            report.say(Mistake::NoSuchRow, key.place, message);
        }
        let (en, tr) = (label.en.0, label.tr.0);
        if names.insert(count, (key.place, Label { en, tr })).is_some() {
            report.say(
                Mistake::Twice,
                key.place,
                format!("the count {count} is there twice"),
            );
        }
    }
    let term = |(count, rate)| Terms {
        count,
        rate,
        label: names.remove(&count).map(|(_, label)| label),
    };
    rates.into_iter().map(term).collect()
}

/// A number of parts, as a key.
fn count(key: &At<String>, report: &mut Report) -> Option<u32> {
    let digits = key.value.bytes().all(|b| b.is_ascii_digit());
    let count = key
        .value
        .parse()
        .ok()
        .filter(|n| digits && (1..=36).contains(n));
    if count.is_none() {
        let found = tick(&key.value);
        let message = format!("expected a number of parts from 1 to 36, found {found}");
        report.say(Mistake::WrongValue, key.place, message);
    }
    count
}

//! Values that are allowed, and look like slips of the pen: nothing known has them, and something known has nearly the
//! same. A card may be linked and a number registered while a scenario plays, so no more than a word is said.

use crate::domain::card::BinTable;
use crate::domain::wallet::WalletTable;
use crate::scenario::Scenario;
use crate::scenario::conditions::Conditions;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::read::{Any, At};
use crate::scenario::values::{BinDigits, Glob};
use std::collections::BTreeSet;

/// Texts with so few characters are near to too many others.
const SHORT: usize = 5;

/// What is known, in order.
struct Known<'s> {
    phones: BTreeSet<&'s str>,
    aliases: BTreeSet<&'s str>,
    names: BTreeSet<&'s str>,
    bins: &'s BinTable,
    /// what is known of cards, in order
    prefixes: BTreeSet<&'s str>,
}

/// Says which values of the rules are nearly known ones.
pub(crate) fn check(scenario: &Scenario, report: &mut Report) {
    // A start without rules need not know the cards.
    if scenario.rules.is_empty() {
        return;
    }
    let WalletTable { holders, cards } = &scenario.wallet;
    let held = || holders.values().flat_map(|holder| &holder.cards);
    let known = Known {
        phones: holders.keys().map(String::as_str).collect(),
        aliases: held().map(|card| &*card.alias).collect(),
        names: cards
            .iter()
            .map(|card| &*card.name)
            .chain(held().map(|card| &*card.name))
            .collect(),
        bins: &scenario.bins,
        prefixes: scenario.bins.all().map(|bin| &*bin.prefix).collect(),
    };
    for rule in &scenario.rules {
        for conditions in rule.when.all_conditions() {
            known.check(conditions, report);
        }
    }
}

impl Known<'_> {
    fn check(&self, conditions: &Conditions, report: &mut Report) {
        let Conditions {
            msisdn,
            card_alias,
            card_name,
            bin,
            ..
        } = conditions;
        for (what, any, known) in [
            ("holder", msisdn, &self.phones),
            ("card", card_alias, &self.aliases),
            ("name on a card", card_name, &self.names),
        ] {
            texts(any).for_each(|(place, text)| told((what, text), place, known, report));
        }
        for bin in bin.iter().flat_map(|any| &any.0) {
            self.check_bin(bin, report);
        }
    }

    fn check_bin(&self, bin: &At<BinDigits>, report: &mut Report) {
        let digits = &bin.value.0;
        let begins = || {
            let next = self.prefixes.range(digits.as_str()..).next();
            next.is_some_and(|prefix| prefix.starts_with(&**digits))
        };
        if self.bins.find(digits).is_some() || begins() {
            return;
        }
        let near = slips(digits, '0'..='9');
        let mut near = near.filter(|other| self.bins.find(other).is_some());
        if let Some(near) = near.next() {
            let why = format!("nothing is known of cards that begin with {}", tick(digits));
            let found = report.warn(Mistake::UnknownCard, bin.place, why);
            found.hint(format!(
                "did you mean {}? `[[bin]]` adds cards",
                tick(&near)
            ));
        }
    }
}

fn texts(any: &Option<Any<At<Glob>>>) -> impl Iterator<Item = (Place, &str)> {
    let all = any.iter().flat_map(|any| &any.0);
    let plain = all.filter(|glob| !glob.value.0.contains('*'));
    plain.map(|glob| (glob.place, &*glob.value.0))
}

fn told((what, text): (&str, &str), place: Place, known: &BTreeSet<&str>, report: &mut Report) {
    if text.len() < SHORT || known.contains(text) {
        return;
    }
    let letters = text.chars().count();
    let mut near = known.iter().filter(|other| {
        let same = other.chars().zip(text.chars()).filter(|(a, b)| a == b);
        other.chars().count() == letters && same.count() + 1 == letters
    });
    // Numbers in a row are meant to be near to each other.
    if let Some(near) = near.next().filter(|near| !in_a_row(near, text)) {
        let why = format!("no {what} of this scenario is {}", tick(text));
        let found = report.warn(Mistake::NoSuchRow, place, why);
        found.hint(format!("did you mean {}?", tick(near)));
    }
}

/// Whether nothing but the last of many digits differs.
fn in_a_row(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let head = |text: &str| text.get(..text.len() - 1).map(str::to_owned);
    digits(one) && digits(other) && head(one) == head(other)
}

/// The text with another of these characters in one place.
fn slips(text: &str, others: std::ops::RangeInclusive<char>) -> impl Iterator<Item = String> {
    (0..text.len()).flat_map(move |at| {
        let others = others.clone();
        others.map(move |c| format!("{}{c}{}", &text[..at], &text[at + 1..]))
    })
}

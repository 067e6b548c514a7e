//! What shows only when all rules and tables are there: conditions that no known card fits, states that nobody asks
//! for, passwords that nobody is asked for, rules about what is switched off.

use crate::domain::card::{Bin, BinTable};
use crate::domain::decision::Ask;
use crate::domain::wallet::{Persona, WalletTable};
use crate::near::distance;
use crate::scenario::Scenario;
use crate::scenario::conditions::Conditions;
use crate::scenario::engine::Rule;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Report, tick};
use crate::scenario::progress::START;
use crate::scenario::read::{Any, At};
use crate::scenario::values::Glob;
use std::collections::{BTreeSet, HashSet};

/// Says what of a scenario's rules cannot come to anything, now that all of it is known.
pub(crate) fn check(scenario: &Scenario, report: &mut Report) {
    let asked = asked_states(&scenario.rules);
    let steps = scenario.rules.iter().flat_map(|rule| &rule.steps);
    let set: HashSet<&str> = steps.filter_map(|step| step.set_state.as_deref()).collect();
    let asking = says_asks(&scenario.rules);
    let told = scenario.settings.webhooks.enabled;
    let offered = offered_parts(scenario);
    for rule in &scenario.rules {
        rule.when.fits.check_cards(&scenario.bins, report);
        rule.when.fits.check_parts(&offered, report);
        rule.check_states((&asked, &set), report);
        if !asking {
            rule.check_password(&scenario.wallet, report);
        }
        if !told && rule.steps.iter().any(|step| step.webhook.is_some()) {
            let why = "`webhook` decides nothing: `[webhooks] enabled` is false";
            report
                .warn(Mistake::Unused, rule.at, why)
                .hint("merchants are told nothing at all");
        }
    }
}

/// In how many parts cards may pay, by the tables or by a rule.
fn offered_parts(scenario: &Scenario) -> BTreeSet<u32> {
    let steps = scenario.rules.iter().flat_map(|rule| &rule.steps);
    let by_rules = steps.filter_map(|step| step.installments.as_deref());
    let tables = scenario.installments.iter();
    let all = tables.map(|table| table.terms.as_slice()).chain(by_rules);
    all.flatten().map(|terms| terms.count).chain([1]).collect()
}

/// The states that any rule asks for.
fn asked_states(rules: &[Rule]) -> HashSet<&str> {
    let all = rules.iter().flat_map(|rule| rule.when.all_conditions());
    let states = all.flat_map(|conditions| conditions.state.iter().flat_map(|any| &any.0));
    states.map(|state| state.value.0.as_str()).collect()
}

/// Whether any rule says what holders are asked for.
fn says_asks(rules: &[Rule]) -> bool {
    let mut steps = rules.iter().flat_map(|rule| &rule.steps);
    steps.any(|step| step.asks.is_some())
}

impl Rule {
    fn check_states(&self, (asked, set): (&HashSet<&str>, &HashSet<&str>), report: &mut Report) {
        for step in &self.steps {
            let Some(state) = step.set_state.as_deref() else {
                continue;
            };
            // A state may be left for one that nobody asks for; one that nobody sets is told elsewhere.
            let near = |other: &&str| distance(other, state, 1).is_some() && set.contains(other);
            let odd = asked.is_empty() || asked.iter().any(near);
            if state == START || asked.contains(state) || !odd {
                continue;
            }
            let why = format!("no rule asks for the state {}", tick(state));
            let found = report.warn(Mistake::Unused, step.state_at, why);
            found.hint(format!(
                "a rule asks for it by `when = {{ state = \"{state}\" }}`"
            ));
        }
    }

    /// A password's fate, of cards of which none asks for one.
    fn check_password(&self, wallet: &WalletTable, report: &mut Report) {
        if !self.steps.iter().any(|step| step.otp.is_some()) {
            return;
        }
        let Conditions {
            card_alias,
            card_name,
            ..
        } = &self.when.fits;
        let held = wallet.holders.values().flat_map(|holder| &holder.cards);
        let held = held.map(|card| (&*card.alias, &card.persona));
        let typed = wallet.cards.iter().map(|card| (&*card.name, &card.persona));
        let silent = |any: &Option<Any<At<Glob>>>, cards: Vec<(&str, &Persona)>| {
            let any = any.as_ref()?;
            let of_rule = |name: &str| any.0.iter().any(|glob| glob.value.matches(name));
            let mut cards = cards.into_iter().filter(|(name, _)| of_rule(name));
            let (name, first) = cards.next()?;
            let none = is_silent(first) && cards.all(|(_, persona)| is_silent(persona));
            none.then(|| name.to_owned())
        };
        let found = silent(card_alias, held.collect());
        let found = found.or_else(|| silent(card_name, typed.collect()));
        if let Some(name) = found {
            let why = format!(
                "`otp` contradicts the card {}, which asks for no password",
                tick(&name)
            );
            let found = report.warn(Mistake::Contradiction, self.at, why);
            found.hint(
                "its `[[card]]` says `asks`, or a rule does: `then = { asks = [\"bank_otp\"] }`",
            );
        }
    }
}

/// Whether its holder never types a password: what it asks for is known, and none of it leads to one.
fn is_silent(persona: &Persona) -> bool {
    let asks = persona.asks.as_ref();
    let leads =
        |ask: &Ask| ask.leads_to_otp() && (*ask != Ask::ThreeDs || persona.three_ds.is_none());
    asks.is_some_and(|asks| !asks.iter().any(leads))
}

impl Conditions {
    /// Says that no card has the programme, bank and first digits that are asked for, each of which some card has.
    fn check_cards(&self, bins: &BinTable, report: &mut Report) {
        let Self {
            bin,
            card_program,
            bank,
            ..
        } = self;
        let given = [bin.is_some(), card_program.is_some(), bank.is_some()];
        let last = bank.as_ref().or(card_program.as_ref());
        let Some(place) = last.and_then(|any| any.0.first()).map(|glob| glob.place) else {
            return;
        };
        if given.iter().filter(|given| **given).count() < 2 {
            return;
        }
        let program = |card: &Bin| fit(card_program.as_ref(), card.program.as_deref());
        let issuer = |card: &Bin| fit(bank.as_ref(), card.bank.as_ref().map(|bank| &*bank.name));
        let fits = |card: &Bin| program(card) && issuer(card);
        let possible = match bin {
            None => bins.all().any(fits),
            Some(any) => any.0.iter().any(|bin| {
                let begins = |card: &&Bin| card.prefix.starts_with(&bin.value.0);
                let longer = || bins.all().filter(begins).any(fits);
                bins.find(&bin.value.0).is_some_and(fits) || longer()
            }),
        };
        if !possible {
            let why = "no known card has all that `bin`, `card_program` and `bank` ask for";
            let found = report.say(Mistake::NeverFits, place, why);
            found.hint(self.near_card(bins));
        }
    }

    /// What is known of the cards that are asked for.
    fn near_card(&self, bins: &BinTable) -> String {
        let first = self.bin.as_ref().and_then(|any| any.0.first());
        let Some(bin) = first else {
            return "`[[bin]]` adds cards; each has one programme and one bank".to_owned();
        };
        let Some(card) = bins.find(&bin.value.0) else {
            return format!(
                "nothing is known of {}; `[[bin]]` adds cards",
                tick(&bin.value.0)
            );
        };
        let none = "none";
        let program = card.program.as_deref().unwrap_or(none);
        let bank = card.bank.as_ref().map_or(none, |bank| &*bank.name);
        format!(
            "{} has the programme {}, the bank {}",
            tick(&bin.value.0),
            tick(program),
            tick(bank)
        )
    }

    /// Says that nobody offers so many parts.
    fn check_parts(&self, offered: &BTreeSet<u32>, report: &mut Report) {
        let Some(any) = &self.installment else { return };
        for numbers in &any.0 {
            if offered.iter().any(|count| numbers.value.contains(*count)) {
                continue;
            }
            let why = format!("no table offers {} parts", numbers.value);
            let all: Vec<String> = offered.iter().map(u32::to_string).collect();
            let found = report.warn(Mistake::NeverFits, numbers.place, why);
            found.hint(format!(
                "`[[installments]]` offers {}; only a shop that offers what nobody offered it asks for more",
                all.join(", ")
            ));
        }
    }
}

/// As rules are judged: what is not known does not fit.
fn fit(any: Option<&Any<At<Glob>>>, fact: Option<&str>) -> bool {
    let Some(any) = any else { return true };
    fact.is_some_and(|fact| any.0.iter().any(|glob| glob.value.matches(fact)))
}

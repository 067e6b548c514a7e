//! Which rules may speak about a call: by endpoint and page, and of those that ask for an exact value only
//! the ones that ask for this call's.

use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::conditions::Conditions;
use crate::scenario::effects::{Effects, Kinds};
use crate::scenario::engine::{Rule, Scene};
use crate::scenario::fields::FieldValue;
use crate::scenario::read::{Any, At, Map};
use crate::scenario::values::Glob;
use std::borrow::Cow;
use std::collections::HashMap;

/// The rules that may speak at an endpoint, in order, by its name and page.
#[derive(Debug, Default)]
pub(crate) struct Index {
    spots: HashMap<Spot, Rules>,
    /// every exact value that any rule asks for, by field, as a number
    values: HashMap<Field, HashMap<String, u32>>,
}

type Spot = (&'static str, Option<&'static str>);

/// The rules of one spot: those that ask for no exact value, and the rest by one that they ask for.
#[derive(Debug, Default)]
struct Rules {
    general: Vec<usize>,
    fields: Vec<Field>,
    /// values with their rules, in order
    keyed: Vec<(u32, usize)>,
}

/// Where a rule can ask for an exact value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    OrderNo,
    ConversationId,
    Msisdn,
    CardAlias,
    CardName,
    /// its first six digits
    Bin,
    Header(String),
    Body(String),
    Query(String),
}

/// More fields than this in one spot, and each call would look up more than it saves.
const MOST_FIELDS: usize = 16;

/// The digits of a BIN that all rules name.
const BIN: usize = 6;

/// A field, and the values of which any will do.
pub(crate) type Wanted = (Field, Vec<String>);

impl Conditions {
    /// The fields for which exact values are asked, and nothing but exact values.
    pub fn wanted(&self) -> Vec<Wanted> {
        let literal = |any: &Any<Glob>| {
            let plain = any.0.iter().all(|glob| !glob.0.contains('*'));
            plain.then(|| any.0.iter().map(|glob| glob.0.clone()).collect::<Vec<_>>())
        };
        let one = |field: Field, any: Option<&Any<Glob>>| Some((field, literal(any?)?));
        let placed = |field: Field, any: Option<&Any<At<Glob>>>| {
            let globs = any?.0.iter().map(|glob| &glob.value.0);
            let plain = globs.clone().all(|glob| !glob.contains('*'));
            plain.then(|| (field, globs.cloned().collect()))
        };
        let first = |bin: &str| bin.get(..BIN).unwrap_or(bin).to_owned();
        let bins = self.bin.as_ref();
        let bins = bins.map(|any| any.0.iter().map(|bin| first(&bin.value.0)).collect());
        let mut all: Vec<Option<Wanted>> = vec![
            one(Field::OrderNo, self.order_no.as_ref()),
            one(Field::ConversationId, self.conversation_id.as_ref()),
            placed(Field::Msisdn, self.msisdn.as_ref()),
            placed(Field::CardAlias, self.card_alias.as_ref()),
            placed(Field::CardName, self.card_name.as_ref()),
            bins.map(|bins| (Field::Bin, bins)),
        ];
        let exact = |any: &Any<FieldValue>| -> Option<Vec<String>> {
            let texts = any.0.iter().map(FieldValue::exact);
            texts.map(|text| text.map(str::to_owned)).collect()
        };
        let mut add = |map: &Map<Any<FieldValue>>, field: fn(String) -> Field| {
            let entries = map.0.iter();
            all.extend(entries.map(|(name, any)| Some((field(name.value.clone()), exact(any)?))));
        };
        add(&self.header, |name| {
            Field::Header(name.to_ascii_lowercase())
        });
        add(&self.body.0, Field::Body);
        add(&self.query, Field::Query);
        all.into_iter().flatten().collect()
    }
}

impl Field {
    /// What the call has there.
    fn values<'s>(&self, scene: &'s Scene<'_>) -> Vec<Cow<'s, str>> {
        let (call, facts) = (scene.asked.call, scene.asked.facts);
        let one = |text: Option<&'s str>| text.map(Cow::Borrowed).into_iter().collect();
        match self {
            Self::OrderNo => one(facts.order_no.as_deref()),
            Self::ConversationId => one(facts.conversation_id.as_deref()),
            Self::Msisdn => one(facts.msisdn.as_deref()),
            Self::CardAlias => one(facts.card_alias.as_deref()),
            Self::CardName => one(facts.card_name.as_deref()),
            Self::Bin => one(facts
                .bin
                .as_deref()
                .map(|bin| bin.get(..BIN).unwrap_or(bin))),
            Self::Header(name) => {
                let values = call.headers.get_all(name).iter();
                let texts = values.filter_map(|value| value.to_str().ok());
                texts.map(Cow::Borrowed).collect()
            }
            Self::Body(path) => {
                let fields = call.fields().ok();
                fields.and_then(|f| f.text_at(path)).into_iter().collect()
            }
            Self::Query(name) => {
                let pairs = call.query.iter().filter(|(key, _)| key == name);
                pairs.map(|(_, value)| Cow::Borrowed(&**value)).collect()
            }
        }
    }
}

impl Rules {
    fn put(&mut self, n: usize, wanted: Option<&(Field, Vec<u32>)>) {
        let Some((field, values)) = wanted else {
            return push(&mut self.general, n);
        };
        if !self.fields.contains(field) {
            if self.fields.len() == MOST_FIELDS {
                return push(&mut self.general, n);
            }
            self.fields.push(field.clone());
        }
        self.keyed.extend(values.iter().map(|value| (*value, n)));
    }

    /// Those that ask for this value.
    fn with(&self, value: u32) -> impl Iterator<Item = usize> {
        let first = self.keyed.partition_point(|(known, _)| *known < value);
        let rest = self.keyed[first..].iter();
        let found = rest.take_while(move |(known, _)| *known == value);
        found.map(|(_, rule)| *rule)
    }
}

/// Lists are made in the order of the rules.
fn push(list: &mut Vec<usize>, n: usize) {
    if list.last() != Some(&n) {
        list.push(n);
    }
}

impl Index {
    pub fn new(rules: &[Rule], catalog: &Catalog) -> Self {
        let mut index = Self::default();
        let chosen: Vec<_> = chosen(rules)
            .into_iter()
            .map(|wanted| wanted.map(|wanted| index.numbered(wanted)))
            .collect();
        let kinds = catalog.rows.iter().map(|row| Kinds::all(row.points));
        let kinds: Vec<Kinds> = kinds.collect();
        for (n, rule) in rules.iter().enumerate() {
            for &row in rule.rows.iter() {
                let says = |step: &Effects| !step.says(kinds[row]).is_empty();
                if rule.steps.iter().any(says) {
                    let row = &catalog.rows[row];
                    let spot = index.spots.entry((row.name, row.page)).or_default();
                    spot.put(n, chosen[n].as_ref());
                }
            }
        }
        for rules in index.spots.values_mut() {
            rules.keyed.sort_unstable();
            rules.keyed.dedup();
        }
        index
    }

    /// All that may speak at `row`, in order, whatever they ask for.
    pub fn at(&self, row: &CatalogRow) -> Vec<usize> {
        let Some(rules) = self.spots.get(&(row.name, row.page)) else {
            return Vec::new();
        };
        let keyed = rules.keyed.iter().map(|(_, rule)| rule);
        let mut all: Vec<usize> = rules.general.iter().chain(keyed).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn numbered(&mut self, (field, values): Wanted) -> (Field, Vec<u32>) {
        let next = self.values.values().map(HashMap::len).sum::<usize>();
        let mut next = u32::try_from(next).unwrap_or(u32::MAX);
        let known = self.values.entry(field.clone()).or_default();
        let numbers = values.into_iter().map(|value| {
            *known.entry(value).or_insert_with(|| {
                next += 1;
                next
            })
        });
        (field, numbers.collect())
    }

    /// The rules that may speak about a call, in order.
    pub fn candidates(&self, scene: &Scene<'_>) -> Cow<'_, [usize]> {
        let facts = scene.asked.facts;
        match self.spots.get(&(facts.endpoint, facts.page)) {
            None => Cow::Borrowed(&[]),
            Some(rules) if rules.keyed.is_empty() => Cow::Borrowed(&rules.general),
            Some(rules) => Cow::Owned(self.among(rules, scene)),
        }
    }

    fn among(&self, rules: &Rules, scene: &Scene<'_>) -> Vec<usize> {
        let mut all = rules.general.clone();
        let mut take = |number: &u32| all.extend(rules.with(*number));
        for field in &rules.fields {
            let Some(known) = self.values.get(field) else {
                continue;
            };
            for value in field.values(scene) {
                if *field == Field::Bin && value.len() < BIN {
                    let begins = known.iter().filter(|(bin, _)| bin.starts_with(&*value));
                    begins.for_each(|(_, number)| take(number));
                } else if let Some(number) = known.get(&*value) {
                    take(number);
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Of the exact values that each rule asks for, those that the fewest rules ask for.
fn chosen(rules: &[Rule]) -> Vec<Option<Wanted>> {
    let wanted: Vec<Vec<Wanted>> = rules.iter().map(|rule| rule.when.wanted()).collect();
    let mut counts: HashMap<(&Field, &str), usize> = HashMap::new();
    for (field, values) in wanted.iter().flatten() {
        for value in values {
            *counts.entry((field, value)).or_default() += 1;
        }
    }
    let shared = |(field, values): &&Wanted| {
        let counts = values
            .iter()
            .map(|value| counts.get(&(field, value.as_str())));
        counts.map(|n| n.copied().unwrap_or(0)).max().unwrap_or(0)
    };
    let best = wanted
        .iter()
        .map(|all| all.iter().min_by_key(shared).cloned());
    best.collect()
}

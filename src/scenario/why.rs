//! Why a rule or an expectation fits a call or not: each thing that it asks for, what the call had
//! instead, and how near that was.

use crate::domain::shop::PosKind;
use crate::scenario::catalog::CatalogRow;
use crate::scenario::engine::Asked;
use crate::scenario::ranges::{Amounts, Numbers};
use crate::scenario::read::{Any, At, Map};
use crate::scenario::values::{BinDigits, Glob};
use crate::scenario::when::{TransactionType, When};
use crate::scenario::words::Words;
use serde::Serialize;

/// One thing that is asked of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// the key: `bin`, `header x-test`
    pub key: String,
    /// what it asks for
    pub wanted: String,
    /// what the call had; null: nothing is known of it
    pub was: Option<String>,
    /// whether that is what was asked for
    pub fits: bool,
    /// how near it was, when it does not fit
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearly: Option<String>,
}

/// What a rule may ask for, and how far a call is from it.
trait Asks {
    fn shown(&self) -> String;

    /// How near `was` comes; None: not near, or there is no measure.
    fn nearly(&self, _was: &str) -> Option<String> {
        None
    }
}

impl<T: Asks> Asks for Any<T> {
    fn shown(&self) -> String {
        let all: Vec<String> = self.0.iter().map(T::shown).collect();
        all.join(" or ")
    }

    fn nearly(&self, was: &str) -> Option<String> {
        self.0.iter().find_map(|one| one.nearly(was))
    }
}

impl<T: Asks> Asks for At<T> {
    fn shown(&self) -> String {
        self.value.shown()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        self.value.nearly(was)
    }
}

impl Asks for Glob {
    fn shown(&self) -> String {
        self.0.clone()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        let near = |text: &str| text.chars().take(64).collect::<String>();
        let far = strsim::damerau_levenshtein(&near(&self.0), &near(was));
        let letters = if far == 1 { "character" } else { "characters" };
        (far <= 3 && was.len() > 3).then(|| format!("{far} {letters} differ"))
    }
}

impl Asks for TransactionType {
    fn shown(&self) -> String {
        self.glob().shown()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        self.glob().nearly(was)
    }
}

impl Asks for BinDigits {
    fn shown(&self) -> String {
        self.0.clone()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        let same = self.0.bytes().zip(was.bytes()).take_while(|(a, b)| a == b);
        let same = same.count();
        (same >= 3).then(|| format!("the first {same} digits agree"))
    }
}

impl<const MAX: i64, const MIN: i64> Asks for Numbers<MAX, MIN> {
    fn shown(&self) -> String {
        self.to_string()
    }

    fn nearly(&self, was: &str) -> Option<String> {
        let (low, high) = self.ends();
        let was: i64 = was.parse().ok()?;
        match was {
            was if was < low => Some(format!("{} too few", low - was)),
            was if was > high => Some(format!("{} too many", was - high)),
            _ => None,
        }
    }
}

impl Asks for Amounts {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Asks for bool {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Asks for PosKind {
    fn shown(&self) -> String {
        let word = Self::WORDS.iter().find(|(_, kind)| kind == self);
        word.map_or("", |(word, _)| word).to_owned()
    }
}

/// What is found of one rule, key by key.
#[derive(Default)]
struct Findings(Vec<Condition>);

impl Findings {
    fn last_nearly(&mut self, nearly: Option<String>) {
        if let Some(last) = self.0.last_mut() {
            last.nearly = nearly;
        }
    }

    fn add<T: Asks>(&mut self, key: &str, wanted: Option<&T>, (was, fits): (Option<String>, bool)) {
        let Some(wanted) = wanted else { return };
        let nearly = was.as_deref().filter(|_| !fits);
        self.0.push(Condition {
            key: key.to_owned(),
            wanted: wanted.shown(),
            nearly: nearly.and_then(|was| wanted.nearly(was)),
            was,
            fits,
        });
    }
}

impl When {
    /// Every key that is given, with how the call fares by it: a call at `row`, that was counted as
    /// the `count`th of those that fit all else.
    pub(crate) fn conditions(
        &self,
        asked: &Asked<'_>,
        row: Option<&CatalogRow>,
        count: Option<u32>,
    ) -> Vec<Condition> {
        // No `..`: a knob that is not explained does not compile.
        let Self {
            endpoint,
            page,
            msisdn,
            bin,
            stored_card,
            amount,
            installment,
            pos_kind,
            three_d,
            transaction_type,
            order_no,
            card_alias,
            card_name,
            header,
            nth,
        } = self;
        let facts = asked.facts;
        let mut found = Findings::default();
        // Each key is judged by itself, by the very judge of rules.
        macro_rules! key {
            ($key:ident, $was:expr, $judge:ident($by:expr)) => {
                if $key.is_some() {
                    let alone = Self {
                        $key: $key.clone(),
                        ..Self::default()
                    };
                    let fits = $by.is_some_and(|by| alone.$judge(by));
                    found.add(stringify!($key), $key.as_ref(), ($was, fits));
                }
            };
            ($key:ident, $was:expr) => {
                key!($key, $was, matches(Some(asked)))
            };
        }
        key!(endpoint, row.map(|row| row.name.to_owned()), names(row));
        key!(
            page,
            row.and_then(|row| row.page).map(str::to_owned),
            names(row)
        );
        key!(msisdn, facts.msisdn.clone());
        key!(bin, facts.bin.clone());
        key!(stored_card, facts.stored_card.map(|flag| flag.to_string()));
        key!(amount, facts.amount.map(|amount| amount.to_string()));
        if let (Some(wanted), Some(was)) = (amount, facts.amount) {
            found.last_nearly(wanted.far_from(was));
        }
        key!(
            installment,
            facts.installment.map(|count| count.to_string())
        );
        key!(pos_kind, facts.pos_kind.map(|kind| kind.shown()));
        key!(three_d, facts.three_d.map(|flag| flag.to_string()));
        key!(transaction_type, facts.transaction_type.clone());
        key!(order_no, facts.order_no.clone());
        key!(card_alias, facts.card_alias.clone());
        key!(card_name, facts.card_name.clone());
        headers(header, asked, &mut found);
        key!(nth, count.map(|count| count.to_string()), due(count));
        found.0
    }
}

/// Each header is a condition of its own.
fn headers(header: &Map<Any<Glob>>, asked: &Asked<'_>, found: &mut Findings) {
    for (name, wanted) in &header.0 {
        let alone = When {
            header: Map(vec![(name.clone(), wanted.clone())]),
            ..When::default()
        };
        let was = asked.call.header(&name.value).map(str::to_owned);
        let key = format!("header {}", name.value);
        found.add(&key, Some(wanted), (was, alone.matches(asked)));
    }
}

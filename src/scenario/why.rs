//! Why a rule or an expectation fits a call or not: each thing that it asks for, what the call had
//! instead, and how near that was.

use crate::scenario::asks::{Asks, spelled};
use crate::scenario::catalog::CatalogRow;
use crate::scenario::conditions::Conditions;
use crate::scenario::engine::Scene;
use crate::scenario::fields::{FieldValue, Paths};
use crate::scenario::read::{Any, At, Map};
use crate::scenario::when::{Turns, When};
use schemars::JsonSchema;
use serde::Serialize;

/// One thing that is asked of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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

/// What is found of one rule, key by key.
#[derive(Default)]
struct Findings(Vec<Condition>);

impl Findings {
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

/// A text of its own.
fn text(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// Adds what is found of one key, judged by itself, by the very judge of rules.
macro_rules! key {
    ($found:ident, $key:ident, $was:expr, $fits:ident) => {
        if $key.is_some() {
            let alone = Conditions {
                $key: $key.clone(),
                ..Conditions::default()
            };
            $found.add(stringify!($key), $key.as_ref(), ($was, $fits(&alone)));
        }
    };
}

impl Conditions {
    /// Every key that is given, with how a call at `row` fares by it.
    fn told(&self, scene: &Scene<'_>, row: Option<&CatalogRow>) -> Findings {
        // No `..`: a knob that is not explained does not compile.
        let Self {
            endpoint,
            page,
            msisdn,
            bin: _,          // `of_card`
            card_program: _, // `of_card`
            bank: _,         // `of_card`
            stored_card: _,  // `of_card`
            amount: _,       // `of_money`
            currency: _,     // `of_money`
            installment,
            pos_kind,
            three_d,
            transaction_type,
            order_no,
            conversation_id,
            payment_status,
            card_alias: _, // `of_card`
            card_name: _,  // `of_card`
            header,
            body,
            query,
            state: _, // `of_sandbox`
            after: _, // `of_sandbox`
            until: _, // `of_sandbox`
        } = self;
        let facts = scene.asked.facts;
        let mut found = Findings::default();
        let named = |alone: &Self| row.is_some_and(|row| alone.names(row.name, row.page));
        let fits = |alone: &Self| alone.matches(scene);
        let parts = facts.installment.map(|count| count.to_string());
        key!(found, endpoint, text(row.map(|row| row.name)), named);
        key!(found, page, text(row.and_then(|row| row.page)), named);
        key!(found, msisdn, text(facts.msisdn.as_deref()), fits);
        self.of_card(scene, &mut found);
        self.of_money(scene, &mut found);
        key!(found, installment, parts, fits);
        key!(
            found,
            pos_kind,
            facts.pos_kind.map(|kind| kind.shown()),
            fits
        );
        key!(
            found,
            three_d,
            facts.three_d.map(|flag| flag.to_string()),
            fits
        );
        key!(
            found,
            transaction_type,
            text(facts.transaction_type.as_deref()),
            fits
        );
        key!(found, order_no, text(facts.order_no.as_deref()), fits);
        let conversation = text(facts.conversation_id.as_deref());
        key!(found, conversation_id, conversation, fits);
        let standing = facts.payment_status.map(|status| status.shown());
        key!(found, payment_status, standing, fits);
        found.maps(scene, (header, &body.0, query));
        self.of_sandbox(scene, &mut found);
        found
    }

    fn of_money(&self, scene: &Scene<'_>, found: &mut Findings) {
        let Self {
            amount, currency, ..
        } = self;
        let fits = |alone: &Self| alone.matches(scene);
        let was = scene.asked.facts.amount;
        key!(found, amount, was.map(|was| was.to_string()), fits);
        let unit = was.map(|was| was.currency().code().to_owned());
        key!(found, currency, unit, fits);
    }

    fn of_sandbox(&self, scene: &Scene<'_>, found: &mut Findings) {
        let Self {
            state,
            after,
            until,
            ..
        } = self;
        let fits = |alone: &Self| alone.matches(scene);
        let age = || Some(spelled(scene.age));
        key!(found, state, Some(scene.state.to_owned()), fits);
        key!(found, after, age(), fits);
        key!(found, until, age(), fits);
    }

    fn of_card(&self, scene: &Scene<'_>, found: &mut Findings) {
        let Self {
            bin,
            card_program,
            bank,
            stored_card,
            card_alias,
            card_name,
            ..
        } = self;
        let facts = scene.asked.facts;
        let fits = |alone: &Self| alone.matches(scene);
        let card = scene.card();
        let issuer = card.and_then(|card| card.bank.as_ref());
        let issuer = issuer.map(|bank| bank.name.to_string());
        let program = card.and_then(|card| card.program.as_deref());
        let stored = facts.stored_card.map(|flag| flag.to_string());
        key!(found, bin, text(facts.bin.as_deref()), fits);
        key!(found, card_program, program.map(str::to_owned), fits);
        key!(found, bank, issuer, fits);
        key!(found, stored_card, stored, fits);
        key!(found, card_alias, text(facts.card_alias.as_deref()), fits);
        key!(found, card_name, text(facts.card_name.as_deref()), fits);
    }
}

type Texts = Map<Any<FieldValue>>;

impl Findings {
    /// Headers, fields of the body and query parameters: each is a condition of its own.
    fn maps(&mut self, scene: &Scene<'_>, (headers, body, query): (&Texts, &Texts, &Texts)) {
        let call = scene.asked.call;
        let alone =
            |name: &At<String>, wanted: &Any<FieldValue>| Map(vec![(name.clone(), wanted.clone())]);
        for (name, wanted) in &headers.0 {
            let header = alone(name, wanted);
            let fits = Conditions {
                header,
                ..Conditions::default()
            }
            .matches(scene);
            let was = call.header(&name.value).map(str::to_owned);
            self.add(&format!("header {}", name.value), Some(wanted), (was, fits));
        }
        for (path, wanted) in &body.0 {
            let body = Paths(alone(path, wanted));
            let fits = Conditions {
                body,
                ..Conditions::default()
            }
            .matches(scene);
            let fields = call.fields().ok();
            let was = fields.and_then(|fields| fields.text_at(&path.value));
            self.add(
                &format!("body {}", path.value),
                Some(wanted),
                (was.map(Into::into), fits),
            );
        }
        for (name, wanted) in &query.0 {
            let query = alone(name, wanted);
            let fits = Conditions {
                query,
                ..Conditions::default()
            }
            .matches(scene);
            let was = call.query(&name.value).map(str::to_owned);
            self.add(&format!("query {}", name.value), Some(wanted), (was, fits));
        }
    }
}

impl When {
    /// Every key that is given, with how the call fares by it: a call at `row`, that was counted as
    /// the `count`th of those that fit all else.
    pub(crate) fn conditions(
        &self,
        scene: &Scene<'_>,
        row: Option<&CatalogRow>,
        count: Option<u32>,
    ) -> Vec<Condition> {
        let mut found = self.fits.told(scene, row);
        // No `..`: a knob that is not explained does not compile.
        let Turns {
            not,
            nth,
            every,
            probability: _, // the journal says whether chance was for it
        } = &self.turns;
        if let Some(not) = not {
            let all = not.value.told(scene, row).0;
            let wanted: Vec<_> = all
                .iter()
                .map(|c| format!("{} {}", c.key, c.wanted))
                .collect();
            let excluded = all.iter().all(|condition| condition.fits);
            found.0.push(Condition {
                key: "not".to_owned(),
                wanted: format!("not {}", wanted.join(" and ")),
                was: None,
                fits: !excluded,
                nearly: None,
            });
        }
        let was = || count.map(|count| count.to_string());
        let turn = nth.as_ref().map(|nth| {
            let fits = |count: u32| nth.0.iter().any(|wanted| wanted.contains(count));
            (nth, count.is_some_and(fits))
        });
        if let Some((nth, fits)) = turn {
            found.add("nth", Some(nth), (was(), fits));
        }
        if let Some(every) = every {
            let fits = count.is_some_and(|count| count.is_multiple_of(every.value.narrow()));
            found.add("every", Some(every), (was(), fits));
        }
        found.0
    }
}

//! When a rule speaks: what a call must be.

use crate::domain::shop::PosKind;
use crate::domain::wallet::TransactionKind;
use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::engine::Asked;
use crate::scenario::knob::Kind;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::ranges::{Amounts, Numbers};
use crate::scenario::read::{Any, At, Item, Map, Read, table};
use crate::scenario::values::{BinDigits, Glob};
use http::HeaderName;

table! {
    /// When a rule speaks. All keys that are given must fit; without keys any call fits. A call
    /// of which something is not known does not fit a key that asks for it.
    #[derive(Default)]
    struct When {
        /// the endpoint's name, or a pattern; or a list of them
        endpoint: Option<Any<At<Glob>>> = r#"endpoint = "akinon.*""#,
        /// the checkout page, or a pattern; or a list of them
        page: Option<Any<At<Glob>>> = r#"page = "MasterpassRestCompletePage""#,
        /// the shopper's phone with its country code, or a pattern; or a list of them
        msisdn: Option<Any<Glob>> = r#"msisdn = "905321234567""#,
        /// first digits of the card; or a list of them
        bin: Option<Any<BinDigits>> = r#"bin = "525864""#,
        /// whether the card comes from the wallet
        stored_card: Option<bool> = "stored_card = true",
        /// what is to be paid: an amount, a comparison, a range
        amount: Option<Amounts> = r#"amount = ">= 1000.00""#,
        /// number of parts: one, a range, a comparison; or a list of them
        installment: Option<Any<Numbers<36>>> = r#"installment = "2..12""#,
        /// who stands behind the POS
        pos_kind: Option<Any<PosKind>> = r#"pos_kind = "craftgate""#,
        /// whether 3-D Secure is asked for
        three_d: Option<bool> = "three_d = true",
        /// what the wallet was asked to do, or a pattern; or a list of them
        transaction_type: Option<Any<TransactionType>> = r#"transaction_type = "PURCHASE*""#,
        /// the number that bank and shop know the payment by, or a pattern; or a list of them
        order_no: Option<Any<Glob>> = r#"order_no = "MP*""#,
        /// what the wallet's holder calls the card, or a pattern; or a list of them
        card_alias: Option<Any<Glob>> = r#"card_alias = "Maaş kartım""#,
        /// the name on a card that was typed, or a pattern; or a list of them
        card_name: Option<Any<Glob>> = r#"card_name = "AYSE*""#,
        /// request headers by name, each with a pattern for its value
        header: Map<Any<Glob>> = r#"header = { "x-test-case" = "declined*" }"#,
        /// which of the calls that fit all else, counted from 1 in each sandbox
        nth: Option<Any<Numbers<1_000_000>>> = "nth = 1",
    }
}

/// A pattern that fits at least one of the wallet's transaction types. contract: akinon §9.7
#[derive(Debug, Clone)]
pub(crate) struct TransactionType(Glob);

impl TransactionType {
    pub const fn glob(&self) -> &Glob {
        &self.0
    }
}

impl Read for TransactionType {
    const KIND: Kind = Kind::Text("a transaction type; `*` stands for anything");

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let glob = Glob::read(item, report)?;
        if !TransactionKind::codes().any(|known| glob.matches(known)) {
            let known = TransactionKind::codes();
            report.unknown(item.place, "transaction type", (&glob.0, known));
            return None;
        }
        Some(Self(glob))
    }
}

/// Whether `any` fits, or was not asked for. What is not known does not fit.
fn fits<T, F>(any: Option<&Any<T>>, fact: Option<F>, one: impl Fn(&T, &F) -> bool) -> bool {
    let Some(any) = any else { return true };
    fact.is_some_and(|fact| any.0.iter().any(|wanted| one(wanted, &fact)))
}

impl When {
    /// Whether the call fits, but for `nth`, which needs counting.
    pub fn matches(&self, asked: &Asked<'_>) -> bool {
        let facts = asked.facts;
        // No `..`: a knob that is not consulted does not compile.
        let Self {
            endpoint: _, // the index has asked
            page: _,     // the index has asked
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
            nth: _, // `Progress` counts
        } = self;
        let begins = |wanted: &BinDigits, card: &&str| {
            card.starts_with(&wanted.0) || (!card.is_empty() && wanted.0.starts_with(*card))
        };
        let transaction = facts.transaction_type.as_deref();
        let text = |wanted: &Glob, fact: &&str| wanted.matches(fact);
        fits(msisdn.as_ref(), facts.msisdn.as_deref(), text)
            && fits(bin.as_ref(), facts.bin.as_deref(), begins)
            && stored_card.is_none_or(|wanted| facts.stored_card == Some(wanted))
            && amount.is_none_or(|wanted| facts.amount.is_some_and(|a| wanted.contains(a)))
            && fits(installment.as_ref(), facts.installment, |w, f| {
                w.contains(*f)
            })
            && fits(pos_kind.as_ref(), facts.pos_kind, |w, f| w == f)
            && three_d.is_none_or(|wanted| facts.three_d == Some(wanted))
            && fits(transaction_type.as_ref(), transaction, |w, f| {
                w.0.matches(f)
            })
            && fits(order_no.as_ref(), facts.order_no.as_deref(), text)
            && fits(card_alias.as_ref(), facts.card_alias.as_deref(), text)
            && fits(card_name.as_ref(), facts.card_name.as_deref(), text)
            && header.0.iter().all(|(name, any)| {
                let mut values = asked.call.headers.get_all(&name.value).iter();
                values.any(|value| {
                    let text = value.to_str().ok();
                    fits(Some(any), text, |wanted, text| wanted.matches(text))
                })
            })
    }

    /// Whether it is the turn of the call that was counted as the `n`th.
    pub fn due(&self, n: u32) -> bool {
        fits(self.nth.as_ref(), Some(n), |wanted, n| wanted.contains(*n))
    }

    /// The headers that it asks for.
    pub fn headers(&self) -> impl Iterator<Item = HeaderName> {
        let names = self.header.0.iter();
        names.filter_map(|(name, _)| HeaderName::from_bytes(name.value.as_bytes()).ok())
    }

    /// What it says of endpoints, if anything.
    pub fn place(&self) -> Option<Place> {
        let globs = self.page.as_ref().or(self.endpoint.as_ref())?;
        globs.0.first().map(|glob| glob.place)
    }

    /// Whether calls at this endpoint can fit.
    pub fn names(&self, row: &CatalogRow) -> bool {
        fits(self.endpoint.as_ref(), Some(row.name), |w, f| {
            w.value.matches(f)
        }) && fits(self.page.as_ref(), row.page, |w, f| w.value.matches(f))
    }

    /// Says what cannot fit any call. True when all is well.
    pub fn check(&self, report: &mut Report, catalog: &Catalog) -> bool {
        let before = report.count();
        for glob in self.endpoint.iter().flat_map(|any| &any.0) {
            if !catalog.names(&glob.value) {
                let names = catalog.rows.iter().map(|row| row.name);
                report.unknown(glob.place, "endpoint", (&glob.value.0, names));
            }
        }
        for glob in self.page.iter().flat_map(|any| &any.0) {
            if !catalog.pages(&glob.value) {
                let pages = catalog.rows.iter().filter_map(|row| row.page);
                report.unknown(glob.place, "page", (&glob.value.0, pages));
            }
        }
        for (name, _) in &self.header.0 {
            if HeaderName::from_bytes(name.value.as_bytes()).is_err() {
                let name_text = tick(&name.value);
                report.say(name.place, format!("{name_text} is no header name"));
            }
        }
        report.count() == before
    }
}

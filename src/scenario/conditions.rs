//! What a call, its card and its sandbox must be for a rule to speak.

use crate::call::Call;
use crate::domain::money::Currency;
use crate::domain::payment::Standing;
use crate::domain::shop::PosKind;
use crate::domain::wallet::TransactionKind;
use crate::scenario::engine::Scene;
use crate::scenario::example::header_name;
use crate::scenario::fields::{FieldValue, Paths};
use crate::scenario::knob::Kind;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report};
use crate::scenario::ranges::{Amounts, Numbers};
use crate::scenario::read::{Any, At, Item, Map, Read, table};
use crate::scenario::values::{BinDigits, Glob, Lifetime, Slug};
use crate::scenario::want::Path;

table! {
    /// What a call must be. All keys that are given must fit; without keys any call fits. A call of
    /// which something is not known does not fit a key that asks for it.
    #[derive(Default, PartialEq, Eq)]
    struct Conditions {
        /// the endpoint's name, or a pattern; or a list of them
        endpoint: Option<Any<At<EndpointName>>> = r#"endpoint = "akinon.*""#,
        /// the checkout page, or a pattern; or a list of them
        page: Option<Any<At<PageName>>> = r#"page = "MasterpassRestCompletePage""#,
        /// the shopper's phone with its country code, or a pattern; or a list of them
        msisdn: Option<Any<At<Glob>>> = r#"msisdn = "905321234567""#,
        /// first digits of the card; or a list of them
        bin: Option<Any<At<BinDigits>>> = r#"bin = "525864""#,
        /// the card's programme, or a pattern; or a list of them
        card_program: Option<Any<At<Glob>>> = r#"card_program = "Bonus""#,
        /// the bank that issued the card, or a pattern; or a list of them
        bank: Option<Any<At<Glob>>> = r#"bank = "*GARANTİ*""#,
        /// whether the card comes from the wallet
        stored_card: Option<bool> = "stored_card = true",
        /// what is to be paid: an amount, a comparison, a range; or a list of them
        amount: Option<Any<Amounts>> = r#"amount = ">= 1000.00""#,
        /// the currency of what is to be paid; or a list of them
        currency: Option<Any<Currency>> = r#"currency = "TRY""#,
        /// number of parts: one, a range, a comparison; or a list of them
        installment: Option<Any<At<Numbers<36>>>> = r#"installment = "2..12""#,
        /// who stands behind the POS
        pos_kind: Option<Any<PosKind>> = r#"pos_kind = "craftgate""#,
        /// whether 3-D Secure is asked for
        three_d: Option<bool> = "three_d = true",
        /// what the wallet was asked to do, or a pattern; or a list of them
        transaction_type: Option<Any<TransactionType>> = r#"transaction_type = "PURCHASE*""#,
        /// the number that bank and shop know the payment by, or a pattern; or a list of them
        order_no: Option<Any<Glob>> = r#"order_no = "MP*""#,
        /// the shop's own number of the call, or of the payment that it names, or a pattern; or a list of them
        conversation_id: Option<Any<Glob>> = r#"conversation_id = "order-*""#,
        /// where the payment stands that the call names; or a list of them
        payment_status: Option<Any<Standing>> = r#"payment_status = "captured""#,
        /// what the wallet's holder calls the card, or a pattern; or a list of them
        card_alias: Option<Any<At<Glob>>> = r#"card_alias = "Maaş kartım""#,
        /// the name on a card that was typed, or a pattern; or a list of them
        card_name: Option<Any<At<Glob>>> = r#"card_name = "AYSE*""#,
        /// request headers by name, each with its value, a pattern, or a comparison of numbers
        header: Map<Any<FieldValue>> = r#"header = { "x-test-case" = "declined*" }"#,
        /// fields of the body, a form or JSON, by path, each with its value, a pattern, or a comparison of numbers
        body: Paths = r#"body = { "items.0.price" = "100*" }"#,
        /// query parameters by name, each with its value, a pattern, or a comparison of numbers
        query: Map<Any<FieldValue>> = r#"query = { three_d = "true" }"#,
        /// the state that `then.set_state` has put the sandbox in; it begins in `start`
        state: Option<Any<At<Slug>>> = r#"state = "bank-down""#,
        /// from so long after the sandbox began, by its own clock
        after: Option<At<Lifetime>> = r#"after = "30s""#,
        /// until so long after the sandbox began, by its own clock
        until: Option<At<Lifetime>> = r#"until = "90s""#,
    }
}

/// A pattern for the names of endpoints. Whether any fits is looked at as soon as it is read, so
/// that it is told whatever else is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointName(pub Glob);

/// As [`EndpointName`], for the checkout's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageName(pub Glob);

impl Read for EndpointName {
    const KIND: Kind = Kind::Text("an endpoint's name; `*` stands for anything");

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let glob = Glob::read(item, report)?;
        if !report.catalog.names(&glob) {
            let names: Vec<_> = report.catalog.rows.iter().map(|row| row.name).collect();
            report.unknown(item.place, "endpoint", (&glob.0, names.into_iter()));
        }
        Some(Self(glob))
    }
}

impl Read for PageName {
    const KIND: Kind = Kind::Text("a checkout page's name; `*` stands for anything");

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let glob = Glob::read(item, report)?;
        if !report.catalog.pages(&glob) {
            let pages = report.catalog.rows.iter().filter_map(|row| row.page);
            let pages: Vec<_> = pages.collect();
            report.unknown(item.place, "page", (&glob.0, pages.into_iter()));
        }
        Some(Self(glob))
    }
}

/// A pattern that fits at least one of the wallet's transaction types. contract: akinon §9.7
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TransactionType(pub Glob);

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
pub(crate) fn fits<T, F>(
    any: Option<&Any<T>>,
    fact: Option<F>,
    one: impl Fn(&T, &F) -> bool,
) -> bool {
    let Some(any) = any else { return true };
    fact.is_some_and(|fact| any.0.iter().any(|wanted| one(wanted, &fact)))
}

/// Whether each key has a value that fits; `values` tells those of a key.
fn all_fit<'v, V: AsRef<str>, I: Iterator<Item = V>>(
    map: &Texts,
    values: impl Fn(&str) -> I + 'v,
) -> bool {
    map.0.iter().all(|(key, any)| {
        values(&key.value).any(|text| any.0.iter().any(|wanted| wanted.matches(text.as_ref())))
    })
}

type Texts = Map<Any<FieldValue>>;

/// Whether the call says what is asked of its headers, its body and its query.
fn said(call: &Call, (header, body, query): (&Texts, &Texts, &Texts)) -> bool {
    all_fit(header, |name| {
        let values = call.headers.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok())
    }) && all_fit(body, |path| {
        let fields = call.fields().ok();
        fields.and_then(|fields| fields.text_at(path)).into_iter()
    }) && all_fit(query, |name| {
        let name = name.to_owned();
        let pairs = call.query.iter().filter(move |(key, _)| *key == name);
        pairs.map(|(_, value)| value)
    })
}

fn begins(wanted: &At<BinDigits>, card: &&str) -> bool {
    let wanted = &wanted.value;
    card.starts_with(&wanted.0) || (!card.is_empty() && wanted.0.starts_with(*card))
}

impl Conditions {
    /// Whether the call fits, but for endpoint and page.
    pub fn matches(&self, scene: &Scene<'_>) -> bool {
        // No `..`: a knob that is not consulted does not compile.
        let Self {
            endpoint: _, // `names`
            page: _,     // `names`
            msisdn,
            bin,
            card_program,
            bank,
            stored_card,
            amount,
            currency,
            installment,
            pos_kind,
            three_d,
            transaction_type,
            order_no,
            conversation_id,
            payment_status,
            card_alias,
            card_name,
            header,
            body,
            query,
            state,
            after,
            until,
        } = self;
        let (call, facts) = (scene.asked.call, scene.asked.facts);
        let text = |wanted: &Glob, fact: &&str| wanted.matches(fact);
        let placed = |wanted: &At<Glob>, fact: &&str| wanted.value.matches(fact);
        let transaction = facts.transaction_type.as_deref();
        let program = || scene.card()?.program.as_deref();
        let issuer = || Some(&*scene.card()?.bank.as_ref()?.name);
        let money = facts.amount.map(|amount| amount.currency());
        fits(msisdn.as_ref(), facts.msisdn.as_deref(), placed)
            && fits(bin.as_ref(), facts.bin.as_deref(), begins)
            && (card_program.is_none() || fits(card_program.as_ref(), program(), placed))
            && (bank.is_none() || fits(bank.as_ref(), issuer(), placed))
            && stored_card.is_none_or(|wanted| facts.stored_card == Some(wanted))
            && fits(amount.as_ref(), facts.amount, |w, f| w.contains(*f))
            && fits(currency.as_ref(), money, |w, f| w == f)
            && fits(installment.as_ref(), facts.installment, |w, f| {
                w.value.contains(*f)
            })
            && fits(pos_kind.as_ref(), facts.pos_kind, |w, f| w == f)
            && three_d.is_none_or(|wanted| facts.three_d == Some(wanted))
            && fits(transaction_type.as_ref(), transaction, |w, f| {
                w.0.matches(f)
            })
            && fits(order_no.as_ref(), facts.order_no.as_deref(), text)
            && fits(
                conversation_id.as_ref(),
                facts.conversation_id.as_deref(),
                text,
            )
            && fits(payment_status.as_ref(), facts.payment_status, |w, f| w == f)
            && fits(card_alias.as_ref(), facts.card_alias.as_deref(), placed)
            && fits(card_name.as_ref(), facts.card_name.as_deref(), placed)
            && said(call, (header, &body.0, query))
            && fits(state.as_ref(), Some(scene.state), |w, f| w.value.0 == **f)
            && after.as_ref().is_none_or(|span| scene.age >= span.value.0)
            && until.as_ref().is_none_or(|span| scene.age < span.value.0)
    }

    /// Whether calls at an endpoint of this name and page can fit.
    pub fn names(&self, name: &str, page: Option<&str>) -> bool {
        fits(self.endpoint.as_ref(), Some(name), |w, f| {
            w.value.0.matches(f)
        }) && fits(self.page.as_ref(), page, |w, f| w.value.0.matches(f))
    }

    /// Its patterns for endpoints and for pages.
    pub fn spot(&self) -> (Vec<String>, Vec<String>) {
        let endpoints = self.endpoint.iter().flat_map(|any| &any.0);
        let pages = self.page.iter().flat_map(|any| &any.0);
        (
            endpoints.map(|name| name.value.0.0.clone()).collect(),
            pages.map(|name| name.value.0.0.clone()).collect(),
        )
    }

    /// Whether every call fits at the endpoints that it names.
    pub fn asks_no_more(&self) -> bool {
        let rest = Self {
            endpoint: None,
            page: None,
            ..self.clone()
        };
        rest.is_empty()
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What it says of endpoints, if anything.
    pub fn place(&self) -> Option<Place> {
        let page = self.page.as_ref().and_then(|any| any.0.first());
        let endpoint = self.endpoint.as_ref().and_then(|any| any.0.first());
        let page = page.map(|name| name.place);
        page.or_else(|| endpoint.map(|name| name.place))
    }

    /// Says what cannot fit any call. True when all is well, endpoints and pages too.
    pub fn check(&self, report: &mut Report) -> bool {
        let before = report.count();
        let endpoints = self.endpoint.iter().flat_map(|any| &any.0);
        let pages = self.page.iter().flat_map(|any| &any.0);
        let named = endpoints.fold(true, |all, name| all & report.catalog.names(&name.value.0));
        let named = pages.fold(named, |all, name| all & report.catalog.pages(&name.value.0));
        for (name, _) in &self.header.0 {
            header_name(name, report);
        }
        for (path, _) in &self.body.0.0 {
            Path::compile(path, report);
        }
        if let (Some(after), Some(until)) = (&self.after, &self.until)
            && after.value.0 >= until.value.0
        {
            let found = report.say(
                Mistake::NeverFits,
                until.place,
                "there is no time before `until` and after `after`",
            );
            found.hint("`until` must be the later of the two");
        }
        named && report.count() == before
    }
}

//! What is found when a sandbox is verified: its expectations, its callers' mistakes, its ledger.

use super::undelivered::{Undelivered, undelivered};
use crate::call::form::Departure;
use crate::domain::audit::{Rule, Violation, audit, audit_order, standing};
use crate::domain::ledger::{Kind, Move};
use crate::domain::payment::{Payment, PaymentId};
use crate::journal::{BODY, Entry, EntryKind, Finding, Journal, TARGET, TroubleKind, judge};
use crate::route::Router;
use crate::scenario::expectation::Wanted;
use crate::world::World;
use schemars::JsonSchema;
use serde::Serialize;

/// How many calls, mistakes or payments are told of each kind.
const TOLD: usize = 100;

/// What is said of a signature that nobody can explain.
pub const NO_MISTAKE: &str = "none of the usual mistakes";

/// What is found in one sandbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// its name
    pub sandbox: String,
    /// whether all is well
    pub passed: bool,
    /// whether calls that went wrong count as failures
    pub strict: bool,
    /// how many calls were answered since it began
    pub calls: u64,
    /// how many of them have left the journal
    pub dropped: u64,
    /// what was found of each expectation
    pub expectations: Vec<Finding>,
    /// calls that went wrong
    pub mistakes: Vec<Mistake>,
    /// how many payments were checked; null: none were to be
    pub payments: Option<usize>,
    /// payments whose sums do not agree
    pub broken: Vec<Broken>,
    /// webhooks that nobody took; failures when strict
    pub undelivered: Vec<Undelivered>,
}

/// A call that went wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Mistake {
    /// its number in the journal
    pub n: u64,
    /// `POST /payment/v1/card-payment`
    pub call: String,
    /// what it was answered with
    pub status: u16,
    /// how it went wrong
    pub kind: TroubleKind,
    /// what would have been right
    pub says: String,
}

/// A payment whose sums do not agree.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Broken {
    /// its number
    pub payment: PaymentId,
    /// what bank and shop know it by
    pub order_no: String,
    /// where it stands
    pub standing: &'static str,
    /// what does not agree
    pub violations: Vec<String>,
    /// every move of its money, oldest first
    pub history: Vec<String>,
    /// the calls that were about it, as far as they are kept
    pub calls: Vec<u64>,
}

impl Report {
    /// What is found in `world`; `wanted` says more than its scenario.
    pub fn of(world: &World, router: &Router, wanted: &Wanted) -> Self {
        let verify = wanted.verify(world.scenario.verify);
        let own = &world.scenario.expectations;
        let expectations = wanted.expectations.as_ref().unwrap_or(own);
        let journal = &world.journal;
        let mut found = judge(journal, &world.scenario, expectations);
        if !found.is_empty() || verify.strict {
            found.extend(lost(journal));
        }
        let wrong = journal.entries().filter_map(|entry| mistake(entry, router));
        let strict = verify.strict || world.scenario.settings.strict;
        let entries = journal.entries().filter(|_| strict);
        let off = entries.filter_map(|entry| off_contract(entry, router));
        let mut mistakes: Vec<_> = wrong.chain(off).take(TOLD).collect();
        mistakes.sort_by_key(|mistake| mistake.n);
        let broken = match verify.ledger {
            true => broken(world),
            false => Vec::new(),
        };
        let undelivered: Vec<_> = undelivered(world).take(TOLD).collect();
        let passed = found.iter().all(|one| one.passed) && broken.is_empty();
        Self {
            sandbox: world.name.clone(),
            passed: passed && ((mistakes.is_empty() && undelivered.is_empty()) || !verify.strict),
            strict: verify.strict,
            calls: journal.calls(),
            dropped: journal.dropped(),
            expectations: found,
            mistakes,
            payments: verify.ledger.then(|| world.state.payments.len()),
            broken,
            undelivered,
        }
    }
}

/// Nobody can say what was in calls that are no longer kept.
fn lost(journal: &Journal) -> Option<Finding> {
    let dropped = journal.dropped();
    let why = format!(
        "{dropped} calls have left the journal: verify earlier, or give each test a sandbox of its own"
    );
    (dropped > 0).then(|| Finding {
        name: "every call is kept".to_owned(),
        place: String::new(),
        wanted: "0".to_owned(),
        found: usize::try_from(dropped).unwrap_or(usize::MAX),
        passed: false,
        why: Some(why),
        calls: Vec::new(),
        nearest: Vec::new(),
    })
}

/// What a call departs from, as it is kept: one that was too long to be kept whole is not judged.
pub fn departures(entry: &Entry, router: &Router) -> Vec<Departure> {
    if entry.kind == EntryKind::Time {
        return Vec::new();
    }
    let call = entry.call();
    let whole = entry.target.bytes().len() < TARGET && entry.request.bytes().len() < BODY;
    let found = router.find(&call).row.ok().filter(|_| whole);
    let row = found.and_then(|(endpoint, _)| router.description().row(endpoint));
    row.map_or_else(Vec::new, |row| row.departures(&call))
}

fn off_contract(entry: &Entry, router: &Router) -> Option<Mistake> {
    let found = departures(entry, router);
    let says = found.iter().map(|it| format!("`{}` {}", it.path, it.says));
    let says: Vec<_> = says.collect();
    (!says.is_empty()).then(|| Mistake {
        n: entry.n,
        call: format!("{} {}", entry.method, entry.target),
        status: entry.status,
        kind: TroubleKind::OffContract,
        says: says.join("; "),
    })
}

/// How a call went wrong, if it did.
pub fn mistake(entry: &Entry, router: &Router) -> Option<Mistake> {
    let trouble = entry.trouble.as_ref()?;
    let says = match trouble.kind {
        TroubleKind::NoSuchEndpoint => match router.nearest(&entry.method, entry.path()) {
            Some(row) => format!(
                "there is no such endpoint; the nearest is `{} {}` ({})",
                row.method, row.path, row.name
            ),
            None => "there is no such endpoint, and none that is near".to_owned(),
        },
        TroubleKind::NotAdmitted => not_admitted(entry),
        TroubleKind::WrongOrder => out_of_turn(entry, router, trouble.missing.as_deref()),
        TroubleKind::BadToken => {
            "the token or reference was unknown, used, or for another payment".to_owned()
        }
        TroubleKind::BadThen => {
            let why = trouble.bad_then.as_deref().unwrap_or_default();
            format!("what it says of itself is no good: {why}")
        }
        TroubleKind::OffContract => "it departs from the description".to_owned(),
        TroubleKind::Crashed => "mockpos met a bug of its own; its log has the place".to_owned(),
    };
    Some(Mistake {
        n: entry.n,
        call: format!("{} {}", entry.method, entry.target),
        status: entry.status,
        kind: trouble.kind,
        says,
    })
}

fn not_admitted(entry: &Entry) -> String {
    let n = entry.n;
    match entry.mismatch.as_deref() {
        Some(found) => {
            let which = found.mistake.as_deref().unwrap_or(NO_MISTAKE);
            let what = found.what;
            format!(
                "`{what}` is wrong: {which}; `GET /__mockpos/explain?journal={n}` shows the texts"
            )
        }
        None => "a key, session or header is missing or not known".to_owned(),
    }
}

/// What had to come first: as the surface says, else as the payment's state says.
fn out_of_turn(entry: &Entry, router: &Router, missing: Option<&str>) -> String {
    let query = entry
        .target
        .as_str()
        .split_once('?')
        .map_or("", |(_, query)| query);
    let page = query.split('&').find_map(|pair| pair.strip_prefix("page="));
    if let Some(page) = page.filter(|page| !router.has_page(page)) {
        let near = router.nearest_page(page).unwrap_or_default();
        return format!("there is no page `{page}`; did you mean `{near}`?");
    }
    if let Some(missing) = missing {
        return format!("`{missing}` had to come first");
    }
    let state = entry.payments.first().and_then(|payment| payment.before);
    match state {
        Some("created") => "the payment had only begun: it is not authorised yet".to_owned(),
        Some("awaiting_three_ds") => {
            "the shopper had not come back from the bank's page yet".to_owned()
        }
        Some("authenticated") => "the payment was not completed after 3-D Secure yet".to_owned(),
        Some("authorized") => "the payment was reserved, and not captured yet".to_owned(),
        Some(state) => format!("the payment was `{state}` already"),
        None => "an earlier step had not been done".to_owned(),
    }
}

fn broken(world: &World) -> Vec<Broken> {
    let orders = world.state.orders.iter().map(|(_, order)| order);
    let payments = &world.state.payments;
    let mut found: Vec<(&Payment, Vec<Violation>)> = payments
        .iter()
        .map(|(_, payment)| (payment, audit(payment)))
        .collect();
    for order in orders {
        if let Some(payment) = payments.get(&order.payment) {
            found.push((payment, audit_order(order, payment)));
        }
    }
    let found = found.into_iter().filter(|(_, found)| !found.is_empty());
    let told = found.take(TOLD);
    told.map(|(payment, found)| told_of(world, payment, &found))
        .collect()
}

fn told_of(world: &World, payment: &Payment, found: &[Violation]) -> Broken {
    let about = |entry: &&Entry| entry.payments.iter().any(|about| about.id == payment.id);
    let calls = world.journal.entries().filter(about);
    Broken {
        payment: payment.id,
        order_no: payment.order_no.to_string(),
        standing: standing(payment),
        violations: found.iter().map(violation).collect(),
        history: payment.ledger().iter().map(moved).collect(),
        calls: calls.map(|entry| entry.n).collect(),
    }
}

fn moved(line: &Move) -> String {
    let what = match line.kind {
        Kind::Authorize => "authorised",
        Kind::Capture => "captured",
        Kind::Release => "released",
        Kind::Void => "voided",
        Kind::Refund => "refunded",
    };
    let item = line
        .item
        .map(|item| format!(" of item {}", u32::from(item) + 1));
    let (at, item) = (line.at.iso_micros(), item.unwrap_or_default());
    let currency = line.amount.currency().code();
    format!("{at} {what} {} {currency}{item}", line.amount)
}

fn violation(found: &Violation) -> String {
    let rule = match found.rule {
        Rule::OneCurrency => "amounts are of other currencies",
        Rule::AuthorizedAsMoved => "authorised is not what was moved",
        Rule::CapturedAsMoved => "captured is not what was moved",
        Rule::RefundedAsMoved => "refunded is not what was moved",
        Rule::CapturedWithinAuthorized => "more is captured than may be of what was authorised",
        Rule::RefundedWithinCaptured => "more is refunded than was captured",
        Rule::ReleasedWithinAuthorized => "more is released than was reserved",
        Rule::PricesAddUp => "the items' prices do not add up to the total",
        Rule::SharesAddUp => "the items' shares do not add up to what is paid",
        Rule::ItemRefundedWithinShare => "more is refunded of an item than was paid for it",
        Rule::ItemRefundedAsMoved => "refunded of an item is not what was moved for it",
        Rule::PartsAgree => "the number of installments is not right",
        Rule::PartsAddUp => "the installments do not add up to what is paid",
        Rule::NothingMoved => "money moved for a payment that never came about",
    };
    let Violation { found, limit, .. } = found;
    format!("{rule}: {found}, not {limit}, in minor units")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Authorization;
    use crate::domain::money::{Currency, Money};
    use crate::domain::payment::{Damage, NewPayment};
    use crate::world::Birth;
    use std::sync::Arc;

    #[test]
    fn a_broken_payment_fails_with_its_history() {
        let clock = "frozen:2026-01-02T03:04:05Z".parse().unwrap();
        let mut world = World::new("a", Arc::default(), Birth { seed: 1, clock });
        let router = Router::new(&[]).unwrap();
        let mut payment = Payment::new(NewPayment {
            id: 7,
            order_no: "MP1".into(),
            ..NewPayment::of(Money::new(10_000, Currency::TRY))
        })
        .unwrap();
        payment
            .authorize(&Authorization::Approved, world.now())
            .unwrap();
        let put = |world: &mut World, payment| {
            world.state.payments.put(7, payment);
            Report::of(world, &router, &Wanted::default())
        };
        let good = put(&mut world, payment.clone());
        assert!(good.passed && good.payments == Some(1), "{good:?}");
        let bad = put(&mut world, payment.damaged(Damage::Refunds, 500));
        assert!(!bad.passed);
        let broken = &bad.broken[0];
        assert_eq!((broken.payment, &*broken.order_no), (7, "MP1"));
        let says = "more is refunded than was captured: 10500, not 10000, in minor units";
        assert!(
            broken.violations.iter().any(|said| said == says),
            "{broken:?}"
        );
        assert!(
            broken.history[1].ends_with("Z captured 100.00 TRY"),
            "{broken:?}"
        );
        assert!(
            broken.history[2].ends_with("Z refunded 105.00 TRY"),
            "{broken:?}"
        );
        let silent = Wanted::compile("t", "[verify]\nledger = false", &Default::default());
        let report = Report::of(&world, &router, &silent.unwrap());
        assert!(report.passed && report.payments.is_none());
    }
}

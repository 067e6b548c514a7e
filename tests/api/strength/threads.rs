//! Any calls about a few payments, from several threads at once: whatever their order was, it explains every answer.
//! The journal tells the order; a bookkeeper who knows nothing of threads follows it, and ends with the same numbers.

use super::exactly_once::COMPLETE_3D;
use super::{count, told};
use crate::craftgate::masterpass::begin;
use crate::craftgate::refunds::{GOOD, ITEM_REFUNDS, PAYMENTS, pay};
use crate::support::app;
use crate::support::merchant::Merchant;
use mockpos::app::App;
use mockpos::domain::audit::{audit, standing};
use mockpos::world::Sandbox;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Barrier};

const THREADS: usize = 4;
/// Hundredths of the order that an item is.
const ITEMS: [i64; 3] = [30, 50, 20];

/// What somebody asks for, about the payment of that position.
#[derive(Debug, Clone, Copy)]
enum Ask {
    /// pays at once what was reserved; the amount in liras
    Capture(usize, Option<i64>),
    /// charges who was at the bank
    Complete(usize),
    /// gives back all that is left
    Whole(usize),
    /// gives back so many kuruş of an item
    Item(usize, usize, i64),
}

/// Asked with an idempotency key of its own, or without.
type Step = (Ask, bool);

fn step() -> impl Strategy<Value = Step> {
    let which = || 0..3_usize;
    let lira = prop_oneof![
        3 => Just(None),
        3 => proptest::sample::select(vec![50, 100, 150]).prop_map(Some),
        1 => Just(Some(151)),
    ];
    let ask = prop_oneof![
        3 => (which(), lira).prop_map(|(n, lira)| Ask::Capture(n, lira)),
        3 => which().prop_map(Ask::Complete),
        1 => which().prop_map(Ask::Whole),
        8 => (which(), 0..3_usize, 0..3_500_i64).prop_map(|(n, i, minor)| Ask::Item(n, i, minor)),
    ];
    (ask, any::<bool>())
}

/// A payment that was made for this: its number and that of its first item.
type Made = (u64, u64);

/// One that is paid, one that is reserved, one that was at the bank.
fn made(app: &Arc<App>) -> [Made; 3] {
    let mut merchant = Merchant::new(app);
    let paid = pay(&mut merchant, GOOD, &json!({}));
    let reserved = pay(&mut merchant, GOOD, &json!({"paymentPhase": "PRE_AUTH"}));
    let (id, back) = begin(&mut merchant);
    merchant.get(&back);
    let first = merchant.get(&format!("{PAYMENTS}/{id}"));
    let first = first.at("data.paymentTransactions.0.id");
    let first = first.as_u64().unwrap();
    [paid, reserved, (id, first)]
}

fn request(n: usize, ask: Ask, made: [Made; 3]) -> (String, Value) {
    let (path, body) = match ask {
        Ask::Capture(which, lira) => {
            let body = lira.map_or_else(|| json!({}), |lira| json!({ "paidPrice": lira }));
            (format!("{PAYMENTS}/{}/post-auth", made[which].0), body)
        }
        Ask::Complete(which) => {
            let body = json!({ "paymentId": made[which].0 });
            (COMPLETE_3D.to_owned(), body)
        }
        Ask::Whole(which) => {
            let body = json!({ "paymentId": made[which].0 });
            ("/payment/v1/refunds".to_owned(), body)
        }
        Ask::Item(which, item, minor) => {
            let price = format!("{}.{:02}", minor / 100, minor % 100);
            let item = made[which].1 + item as u64;
            (
                ITEM_REFUNDS.to_owned(),
                json!({"paymentTransactionId": item, "refundPrice": price}),
            )
        }
    };
    (format!("{path}?n={n}"), body)
}

/// What a bookkeeper knows of a payment.
#[derive(Debug, Clone, Copy)]
struct Books {
    word: &'static str,
    captured: i64,
    refunded: [i64; 3],
}

impl Books {
    const fn of(word: &'static str, captured: i64) -> Self {
        Self {
            word,
            captured,
            refunded: [0; 3],
        }
    }

    /// What the admin calls it.
    fn standing(&self) -> &'static str {
        match self.refunded.iter().sum::<i64>() {
            back if self.word != "captured" || back == 0 => self.word,
            back if back == self.captured => "refunded",
            _ => "partly_refunded",
        }
    }

    /// Whether it may be, and what it makes of the numbers.
    fn note(&mut self, ask: Ask) -> bool {
        let shares = ITEMS.map(|part| self.captured * part / 100);
        match (ask, self.word) {
            (Ask::Capture(_, lira), "authorized") if lira.unwrap_or(100) <= 150 => {
                *self = Self::of("captured", lira.unwrap_or(100) * 100);
            }
            (Ask::Complete(_), "authenticated") => *self = Self::of("captured", 10_000),
            (Ask::Whole(_), "authorized") => self.word = "voided",
            (Ask::Whole(_), "captured") if self.refunded == [0; 3] => {
                (self.word, self.refunded) = ("voided", shares);
            }
            (Ask::Whole(_), "captured") if self.refunded != shares => self.refunded = shares,
            (Ask::Item(_, item, minor), "captured")
                if minor > 0 && minor <= shares[item] - self.refunded[item] =>
            {
                self.refunded[item] += minor;
            }
            _ => return false,
        }
        true
    }
}

const fn which(ask: Ask) -> usize {
    match ask {
        Ask::Capture(n, _) | Ask::Complete(n) | Ask::Whole(n) | Ask::Item(n, ..) => n,
    }
}

/// All of them ask at once.
fn let_loose(app: &Arc<App>, steps: &[Step], made: [Made; 3]) {
    let go = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let go = &go;
            let own = steps.iter().enumerate().skip(thread).step_by(THREADS);
            scope.spawn(move || {
                let mut merchant = Merchant::new(app);
                go.wait();
                for (n, (ask, keyed)) in own {
                    let (target, body) = request(n, *ask, made);
                    match keyed {
                        true => merchant.post_once(&format!("{ask:?}"), &target, &body),
                        false => merchant.post(&target, &body),
                    };
                }
            });
        }
    });
}

/// Follows the journal: every answer is what the books say, and what has a key is done once.
fn follow(sandbox: &Sandbox, steps: &[Step], made: [Made; 3]) -> Result<(), TestCaseError> {
    let mut books = [
        ("captured", 10_000),
        ("authorized", 0),
        ("authenticated", 0),
    ]
    .map(|(word, captured)| Books::of(word, captured));
    let mut kept: HashMap<String, (bool, String)> = HashMap::new();
    let world = sandbox.lock();
    let mut seen = 0;
    for entry in world.journal.entries() {
        let Some((_, n)) = entry.target.as_str().split_once("?n=") else {
            continue;
        };
        seen += 1;
        let (ask, keyed) = steps[n.parse::<usize>().unwrap()];
        let said = &*entry.answer.shown();
        let told = format!("{ask:?} ({keyed}) gets {} {said}", entry.status);
        prop_assert!(
            entry.status == 200 || (400..500).contains(&entry.status),
            "{}",
            told
        );
        let before = kept.get(&format!("{ask:?}")).filter(|_| keyed);
        if let Some((done, answer)) = before
            && (*done || answer == said)
        {
            prop_assert_eq!(answer, said, "the same key, the same answer: {}", told);
            continue;
        }
        let may = books[which(ask)].note(ask);
        prop_assert_eq!(entry.status == 200, may, "{}", told);
        if keyed {
            kept.insert(format!("{ask:?}"), (may, said.to_owned()));
        }
    }
    prop_assert_eq!(seen, steps.len(), "every call is in the journal");
    for ((id, _), books) in made.iter().zip(books) {
        let payment = world.state.payments.get(id).unwrap();
        prop_assert_eq!(standing(payment), books.standing());
        prop_assert_eq!(payment.captured().minor(), books.captured);
        prop_assert_eq!(
            payment.refunded().minor(),
            books.refunded.iter().sum::<i64>()
        );
        prop_assert_eq!(audit(payment), []);
    }
    Ok(())
}

#[test]
fn some_order_explains_every_answer() {
    let app = app("");
    let cases = u32::try_from(count(48, 10_000, 1_000_000)).unwrap();
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        // what depends on the order of threads cannot be made smaller
        max_shrink_iters: 0,
        ..Config::default()
    });
    let steps = proptest::collection::vec(step(), 1..40);
    let run = runner.run(&steps, |steps| {
        let sandbox = app.begin_anew("default").unwrap();
        let made = made(&app);
        let_loose(&app, &steps, made);
        follow(&sandbox, &steps, made)
    });
    run.unwrap();
    let target = "some order explains every answer";
    told(
        "calls about three payments from four threads",
        cases as usize,
        "all explained",
        target,
    );
}

//! Every endpoint that moves money, with every fault on the wire, before and after the money moves.

mod scenes;

use crate::support::merchant::Merchant;
use crate::support::walk::{PLAIN, complete, to_order_no};
use crate::support::{Answer, Shopper, bare, wallet};
use mockpos::app::App;
use mockpos::domain::decision::Point;
use mockpos::reply::Travel;
use mockpos::surface;
use scenes::{ENTRIES, Entry, PAYMENTS, paid};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether money moves where this is decided. A new point must say so.
fn moves_money(point: Point) -> bool {
    match point {
        Point::Authorization | Point::Capture | Point::Refund => true,
        Point::Token
        | Point::Page
        | Point::ThreeDs
        | Point::Callback
        | Point::ThreeDsInit
        | Point::Account
        | Point::Wallet
        | Point::Asks
        | Point::Otp
        | Point::Webhook
        | Point::Installments
        | Point::Loyalty => false,
    }
}

/// The rows of all surfaces, as the router has them.
fn rows() -> impl Iterator<Item = &'static mockpos::route::Endpoint> {
    let surfaces = surface::ALL.iter();
    surfaces.flat_map(|surface| surface.endpoints.iter().copied().flatten())
}

/// An endpoint that moves money and is not in the table fails here.
#[test]
fn every_row_that_moves_money_has_an_entry() {
    let moving = rows().filter(|row| row.points.iter().copied().any(moves_money));
    let moving: BTreeSet<_> = moving.map(|row| (row.method.as_str(), row.name)).collect();
    let tried: BTreeSet<_> = ENTRIES
        .iter()
        .map(|entry| (entry.method, entry.endpoint))
        .collect();
    assert_eq!(tried, moving);
}

/// A word of `fault` that nobody tries fails here.
#[test]
fn every_fault_is_tried() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../scenario.schema.json")).unwrap();
    let words = schema["$defs"]["fault"]["enum"].as_array().unwrap();
    let known: BTreeSet<_> = words.iter().map(|word| word.as_str().unwrap()).collect();
    let tried = FAULTS.iter().filter_map(|(keys, _)| keys.split('"').nth(1));
    let tried: BTreeSet<_> = tried.collect();
    assert_eq!(tried, known);
    assert_eq!(known.len(), 9);
}

/// An app with a merchant who is told by webhook, and the settings of an entry.
fn playing(rules: &str, entry: &Entry) -> Arc<App> {
    let settings = entry.settings;
    bare(&format!(
        "{rules}\n[[merchant]]\nwebhook_url = \"http://127.0.0.1:3000/hook\"\n{settings}"
    ))
}

/// All that later inquiries find, whoever asks.
fn inquiry(app: &Arc<App>) -> String {
    let mut merchant = Merchant::new(app);
    let list = merchant.get(REPORTS);
    assert_eq!(list.status, 200, "{}", list.text);
    let mut found = list.text.clone();
    for payment in list.at("data.items").as_array().unwrap() {
        let id = &payment["id"];
        found += &merchant.get(&format!("{PAYMENTS}/{id}")).text;
        for what in ["transactions", "refunds"] {
            found += &merchant.get(&format!("{REPORTS}/{id}/{what}")).text;
        }
    }
    found
}

const REPORTS: &str = "/payment-reporting/v1/payments";

/// What webhooks told or are about to tell.
fn told(app: &Arc<App>) -> String {
    let mut admin = Shopper::new(app);
    admin.header("host", "127.0.0.1:4242");
    let list = admin.get("/__mockpos/webhooks");
    assert_eq!(list.status, 200, "{}", list.text);
    list.at("webhooks").to_string()
}

/// Whether there is something to give back, and how much: the wallet's backend asks, then the gateway's merchant.
fn given_back(app: &Arc<App>) -> String {
    let mut backend = Shopper::new(app);
    wallet::authorized(&mut backend, &wallet::wanted(wallet::PHONE, json!({})));
    let part = json!({"MerchantId": wallet::MERCHANT, "OrderId": "1001", "Amount": "1000",
        "TerminalGroupId": "G1"});
    let answer = wallet::post(&mut backend, "/payment/api/Payment/refund", &part);
    let mut found = format!("{} {}\n", answer.status, answer.text);
    let mut merchant = Merchant::new(app);
    let list = merchant.get(REPORTS);
    for payment in list.at("data.items").as_array().unwrap() {
        let id = &payment["id"];
        let items = merchant.get(&format!("{REPORTS}/{id}/transactions"));
        let item = items.at("data.items.0.id");
        let part = json!({ "paymentTransactionId": item, "refundPrice": 1 });
        let whole = json!({ "paymentId": id });
        let waiting = ("refunds/refund-waiting-payment", whole.clone());
        for (what, body) in [waiting, ("refund-transactions", part), ("refunds", whole)] {
            let answer = merchant.post(&format!("/payment/v1/{what}"), &body);
            found += &format!("{} {}\n", answer.status, answer.text);
        }
    }
    found
}

/// What inquiry, webhook and refund find, one after the other.
fn found(app: &Arc<App>) -> [String; 4] {
    let (asked, hooks) = (inquiry(app), told(app));
    let back = given_back(app);
    [asked, hooks, back, inquiry(app) + &told(app)]
}

/// The keys of `wire`, and what the client sees of an answer; None: no answer was made.
type Fault = (&'static str, fn(&Answer, Option<&Answer>));

const FAULTS: &[Fault] = &[
    ("fault = \"reset\"", |seen, _| {
        assert_eq!(seen.travel, Travel::Dropped);
    }),
    ("fault = \"garbage\"", |seen, _| {
        assert_eq!(seen.travel, Travel::Garbage);
    }),
    ("status = 503", |seen, _| {
        assert_eq!((seen.status, seen.travel), (503, Travel::Whole));
    }),
    ("fault = \"http\", status = 204", |seen, _| {
        assert_eq!((seen.status, seen.text.as_str()), (204, ""));
    }),
    ("fault = \"empty\"", |seen, _| {
        assert_eq!((seen.status, seen.text.as_str()), (200, ""));
        assert_eq!(seen.travel, Travel::Whole);
    }),
    ("fault = \"bad_json\"", |seen, answer| {
        assert_eq!((seen.status, &seen.json), (200, &Value::Null));
        assert_eq!(seen.header("content-type"), "application/json");
        assert!(!seen.text.is_empty());
        if let Some(answer) = answer.filter(|answer| answer.text.starts_with('{')) {
            assert!(answer.text.starts_with(&seen.text), "{}", seen.text);
        }
    }),
    ("fault = \"html_500\"", |seen, _| {
        assert_eq!(
            (seen.status, seen.header("content-type")),
            (500, "text/html")
        );
        assert!(seen.text.starts_with("<html>"), "{}", seen.text);
    }),
    ("fault = \"half_body\"", |seen, answer| {
        travels(seen, answer, Travel::Half);
    }),
    ("fault = \"slow\", rate = 100", |seen, answer| {
        travels(seen, answer, Travel::Slow(100));
    }),
    ("fault = \"stall\"", |seen, answer| {
        travels(seen, answer, Travel::Stalled);
    }),
];

/// The answer itself, or the surface's words for a failure, on a strange way.
fn travels(seen: &Answer, answer: Option<&Answer>, travel: Travel) {
    assert_eq!(seen.travel, travel);
    match answer {
        Some(answer) => assert_eq!((seen.status, &seen.text), (answer.status, &answer.text)),
        None => {
            assert_eq!(seen.status, 503);
            assert!(seen.json.is_object(), "{}", seen.text);
        }
    }
}

/// The money moved or it did not, and inquiry, webhook and refund say the same of it afterwards.
#[test]
fn every_money_endpoint_with_every_fault_before_and_after_the_commit() {
    for entry in ENTRIES {
        let Entry {
            method,
            endpoint,
            scene,
            ..
        } = entry;
        let (idle, done) = (playing("", entry), playing("", entry));
        scene(&idle, false);
        let answer = scene(&done, true).unwrap();
        assert!(answer.status < 400, "{endpoint}: {}", answer.text);
        let (idle, done) = (found(&idle), found(&done));
        assert_ne!(idle[0], done[0], "{method} {endpoint} moves money");
        let hooks = rows().any(|row| row.name == *endpoint && row.points.contains(&Point::Webhook));
        assert_eq!(idle[1] != done[1], hooks, "{method} {endpoint} is told");
        assert_ne!(
            idle[2], done[2],
            "{method} {endpoint}: what is left to give back"
        );
        for (fault, check) in FAULTS {
            for (moment, commits) in [("before_commit", false), ("after_commit", true)] {
                let rule = format!(
                    "[[rule]]\nwhen = {{ endpoint = \"{endpoint}\", nth = 1 }}\n\
                     wire = {{ {fault}, when = \"{moment}\", delay = \"800ms\" }}"
                );
                let app = playing(&rule, entry);
                let seen = scene(&app, true).unwrap();
                assert_eq!(seen.delay, 800, "{endpoint} {fault} {moment}");
                assert_eq!(seen.decided_by(), "rule test.toml:2", "{endpoint} {fault}");
                check(&seen, commits.then_some(&answer));
                let expected = if commits { &done } else { &idle };
                let what = format!("{method} {endpoint} {fault} {moment}");
                for (now, then) in found(&app).iter().zip(expected) {
                    assert_eq!(now, then, "{what}");
                }
            }
        }
    }
}

/// The client did not learn of it; it asks again, and is not charged again.
#[test]
fn an_order_whose_answer_was_lost_is_found_by_asking_again() {
    for (fault, _) in FAULTS {
        let app = bare(&format!(
            "[[rule]]\nwhen = {{ endpoint = \"akinon.checkout.complete\", nth = 1 }}\n\
             wire = {{ {fault}, when = \"after_commit\" }}"
        ));
        let mut shopper = Shopper::new(&app);
        to_order_no(&mut shopper, PLAIN);
        complete(&mut shopper, "t", "PURCHASE");
        let found = inquiry(&app);
        let thanks = complete(&mut shopper, "t", "PURCHASE");
        assert_eq!(thanks.page(), "ThankYouPage", "{fault}: {}", thanks.text);
        assert_eq!(inquiry(&app), found, "{fault}");
    }
}

/// What the vendor's answers carry, a broken one carries too.
#[test]
fn broken_answers_carry_the_headers_of_their_surface() {
    for (fault, _) in FAULTS {
        let app = bare(&format!(
            "[[rule]]\nwhen = {{ endpoint = \"akinon.*\" }}\nwire = {{ {fault}, when = \"after_commit\" }}"
        ));
        let seen = Shopper::new(&app).get("/orders/checkout/?page=IndexPage");
        let cookie = seen.header("set-cookie");
        assert!(cookie.starts_with("osessionid="), "{fault}");
    }
}

/// A page of another origin gets to see what is broken, where the vendor lets it see what is not.
#[test]
fn broken_answers_may_be_read_by_pages_that_may_read_the_others() {
    for (fault, _) in FAULTS {
        for moment in ["before_commit", "after_commit"] {
            let app = bare(&format!(
                "[[rule]]\nwhen = {{ endpoint = \"masterpass.account.access\" }}\nwire = {{ {fault}, when = \"{moment}\" }}"
            ));
            let mut page = Shopper::new(&app);
            wallet::authorized(&mut page, &wallet::wanted(wallet::PHONE, json!({})));
            page.header("origin", "https://shop.example");
            let seen = wallet::access(&mut page, wallet::PHONE);
            let allowed = seen.header("access-control-allow-origin");
            assert_eq!(allowed, "*", "{fault} {moment}");
        }
    }
}

#[test]
fn a_delay_is_drawn_by_the_seed_and_changes_no_id() {
    let rule = "[[rule]]\nwire = { delay = \"200ms..800ms\" }";
    let play = |rule: &str| {
        let app = bare(rule);
        let mut merchant = Merchant::new(&app);
        let calls = [(); 8].map(|()| paid(&mut merchant, &json!({})));
        calls.map(|answer| (answer.delay, answer.text))
    };
    let (drawn, again, plain) = (play(rule), play(rule), play(""));
    assert_eq!(drawn, again);
    assert!(drawn.iter().all(|(delay, _)| (200..=800).contains(delay)));
    assert!(drawn.iter().any(|(delay, _)| *delay != drawn[0].0));
    let texts = |calls: [(u128, String); 8]| calls.map(|(_, text)| text);
    assert_eq!(texts(drawn), texts(plain));
}

//! Card numbers on calls that may be somebody's: refused, taken with a warning, or taken.

use crate::craftgate::cards::{CARDS, PAYMENTS, order, with};
use crate::mfs::page::{NOBODY, OTP, Page, typed};
use crate::mfs::sealed::sealed;
use crate::proof::admin;
use crate::support::merchant::Merchant;
use crate::support::{Answer, Shopper, guarded};
use http::Method;
use mockpos::config::PanGuard::{self, Off, Refuse, Warn};
use mockpos::surface::masterpass::sealed::MODULUS;
use serde_json::{Value, json};

/// It passes Luhn, a network may have given it out, and it is no published test number here.
const SOMEBODYS: &str = "4242424242424242";
/// A published one.
const TEST: &str = "5258640000000001";
const WARNING: &str = "x-mockpos-warning";

fn warns(answer: &Answer) -> bool {
    let warning = answer.header(WARNING);
    assert!(
        !warning.contains("4242"),
        "nobody's number comes back: {warning}"
    );
    !warning.is_empty()
}

/// What the journal warns of, and that nothing there or in a snapshot holds the number.
fn noted(shopper: &mut Shopper) -> bool {
    let journal = admin(shopper, "GET journal");
    let snapshot = admin(shopper, "GET state");
    let kept = snapshot.at("state").to_string();
    assert!(!journal.text.contains(SOMEBODYS) && !kept.contains(SOMEBODYS));
    let entries = journal.at("entries").as_array().unwrap().clone();
    entries.last().unwrap()["warning"].is_string()
}

#[test]
fn a_card_of_the_gateway() {
    let allowed = format!("[settings]\nallow_numbers = [\"{SOMEBODYS}\"]");
    let own_bin = "[[bin]]\nprefix = \"424242\"\nkind = \"credit\"".to_owned();
    let none = String::new();
    for (guard, rules, pan, code, warned) in [
        (Refuse, &none, TEST, "", false),
        (Refuse, &none, SOMEBODYS, "4155", true),
        (Refuse, &allowed, SOMEBODYS, "", false),
        (Refuse, &own_bin, SOMEBODYS, "", false),
        (Warn, &none, TEST, "", false),
        (Warn, &none, SOMEBODYS, "", true),
        (Warn, &allowed, SOMEBODYS, "", false),
        (Off, &none, SOMEBODYS, "", false),
        (Off, &none, "4242424242424241", "4150", false),
    ] {
        let app = guarded(guard, rules);
        let mut merchant = Merchant::new(&app);
        let store = order(pan)["card"].clone();
        let calls = [(PAYMENTS, order(pan)), (CARDS, store)];
        for (target, body) in calls {
            let answer = merchant.post(target, &body);
            let got = answer.at("errors.errorCode").as_str().unwrap_or_default();
            assert_eq!(got, code, "{guard} {rules} {}", answer.text);
            assert_eq!(warns(&answer), warned, "{guard} {rules} {target}");
            assert!(!answer.text.contains(pan));
            if pan == SOMEBODYS {
                assert_eq!(noted(&mut Shopper::new(&app)), warned, "{guard} {target}");
            }
        }
    }
}

#[test]
fn a_refused_one_leaves_nothing_behind() {
    let app = guarded(Refuse, "[craftgate]\nsamples = false");
    Merchant::new(&app).post(PAYMENTS, &order(SOMEBODYS));
    let state = admin(&mut Shopper::new(&app), "GET state");
    assert_eq!(state.status, 200);
    assert!(!state.text.contains("424242"), "{}", state.text);
}

#[test]
fn a_card_of_the_wallet_sealed_or_not() {
    let own = sealed(MODULUS, SOMEBODYS);
    for (guard, number, code, warned) in [
        (Refuse, SOMEBODYS, "9802", true),
        (Refuse, &own, "9802", false),
        (Warn, SOMEBODYS, "5001", true),
        (Warn, &own, "5001", true),
        (Off, SOMEBODYS, "5001", false),
        (Off, &own, "5001", false),
    ] {
        let app = guarded(guard, "");
        let mut page = Page::of(Shopper::new(&app));
        let mut card = typed(NOBODY, "BANK OTP");
        card["rtaPan"] = json!(number);
        let told = page.post("register", &card);
        assert_eq!(
            told.code().starts_with("50"),
            code == "5001",
            "{guard} {}",
            told.text
        );
        assert!(
            code == "5001" || told.code() == code,
            "{guard} {}",
            told.text
        );
        assert_eq!(warns(&told), warned, "{guard} {number}");
        if code == "5001" {
            page.validate(OTP);
            assert!(
                page.list(NOBODY).text.contains("424242******4242"),
                "{guard}"
            );
        }
    }
}

#[test]
fn other_texts_are_looked_at_too_and_let_through() {
    let conversation = with(order(TEST), "/conversationId", json!(SOMEBODYS));
    let name = with(
        order(TEST),
        "/items/0/name",
        json!("pay 4242 4242 4242 4242 now"),
    );
    for (guard, body, warned) in [
        (Refuse, &conversation, true),
        (Refuse, &name, true),
        (Warn, &conversation, true),
        (Off, &conversation, false),
        // what order numbers and moments look like
        (
            Refuse,
            &with(order(TEST), "/conversationId", json!("1700000000000")),
            false,
        ),
        (
            Refuse,
            &with(order(TEST), "/conversationId", json!("20260102030405")),
            false,
        ),
        (
            Refuse,
            &with(order(TEST), "/conversationId", json!("7001260102000001")),
            false,
        ),
    ] {
        let app = guarded(guard, "");
        let answer = Merchant::new(&app).post(PAYMENTS, body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(warns(&answer), warned, "{guard} {body}");
    }
    let escaped = conversation
        .to_string()
        .replace("\"4242", "\"\\u00342\\u00342");
    let app = guarded(Refuse, "");
    let answer = Merchant::new(&app).send(Method::POST, PAYMENTS, &escaped);
    assert!(warns(&answer), "{escaped}");
    let target = format!("/payment-reporting/v1/payments?conversationId={SOMEBODYS}");
    assert!(warns(&Merchant::new(&app).get(&target)));
}

#[test]
fn a_surface_without_card_fields_refuses_them_in_its_dialect() {
    let page = |guard: PanGuard, body: &Value| {
        let mut shopper = Shopper::new(&guarded(guard, ""));
        shopper.page("MasterpassRestBinNumberPage", body)
    };
    for (guard, pan, refused) in [
        (Refuse, SOMEBODYS, true),
        (Refuse, TEST, false),
        (Warn, SOMEBODYS, false),
        (Off, SOMEBODYS, false),
    ] {
        let body = json!({"bin_number": "525864", "card_number": pan});
        let answer = page(guard, &body);
        assert_eq!(
            !answer.at("errors.card_number").is_null(),
            refused,
            "{guard} {}",
            answer.text
        );
        assert!(!answer.text.contains(pan));
        assert_eq!(warns(&answer), pan == SOMEBODYS && guard != Off, "{guard}");
    }
}

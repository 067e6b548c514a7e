//! Sixty-four at once complete the same payment: one succeeds, the others are refused as documented, and the books
//! say the same. Over and over, on every surface.

use super::{count, told};
use crate::craftgate::masterpass::{begin, reference};
use crate::mfs::page::{COLLECTOR, OTP, Page};
use crate::support::merchant::Merchant;
use crate::support::walk::{PLAIN, complete, to_order_no};
use crate::support::wallet::{self, PHONE, SAVED, authorized, post, saved};
use crate::support::{Answer, Shopper, bare, moved};
use mockpos::app::App;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};

const CALLERS: usize = 64;
const COMPLETE: &str = "/payment/v2/masterpass-payments/complete";
pub const COMPLETE_3D: &str = "/payment/v2/masterpass-payments/3ds-complete";

/// How many references there are.
fn references() -> usize {
    count(10, 500, 10_000)
}

/// What `shoot` gets sixty-four times at the same moment: how often each.
fn race(shoot: impl Fn(usize) -> String + Sync) -> BTreeMap<String, usize> {
    let (go, shoot) = (Barrier::new(CALLERS), &shoot);
    let mut said = BTreeMap::new();
    std::thread::scope(|scope| {
        let go = &go;
        let one = |n| {
            scope.spawn(move || {
                go.wait();
                shoot(n)
            })
        };
        let all: Vec<_> = (0..CALLERS).map(one).collect();
        for caller in all {
            *said.entry(caller.join().unwrap()).or_default() += 1;
        }
    });
    said
}

/// One of `yes`, sixty-three of `no`.
#[track_caller]
fn one_of(said: &BTreeMap<String, usize>, yes: &str, no: &str) {
    let want = [(yes.to_owned(), 1), (no.to_owned(), CALLERS - 1)];
    assert_eq!(*said, BTreeMap::from(want));
}

/// The books hold a payment of 100.00 for each reference, taken once, and nobody finds fault with them.
#[track_caller]
fn books_agree(what: &str, app: &Arc<App>) {
    let state = state(app);
    let payments = state["payments"].as_array().unwrap();
    assert_eq!(payments.len(), references());
    for payment in payments {
        assert_eq!(payment["status"], "captured", "{payment}");
        let moves = payment["ledger"]["moves"].as_array().unwrap();
        let moves: Vec<_> = moves
            .iter()
            .map(|line| (&line["kind"], &line["amount"]["minor"]))
            .collect();
        let (authorize, capture, minor) = (json!("authorize"), json!("capture"), json!(10_000));
        assert_eq!(moves, [(&authorize, &minor), (&capture, &minor)]);
    }
    let mut merchant = Merchant::new(app);
    let verified = merchant.post("/__mockpos/verify", &json!({}));
    assert_eq!(verified.at("broken"), &json!([]), "{}", verified.text);
    proved(what);
}

fn proved(what: &str) {
    let figure = format!("{} of {} succeeded", references(), references() * CALLERS);
    told(
        &format!("64 at once: {what}"),
        references(),
        &figure,
        "one each, the rest refused, the ledger agrees",
    );
}

fn state(app: &App) -> Value {
    let mut snapshot: Value = serde_json::from_slice(&moved::taken(app, "default")).unwrap();
    snapshot["state"].take()
}

fn code(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.text_at("errors.errorCode"))
}

#[test]
fn a_reference_of_the_gateway() {
    let app = bare("");
    let mut merchant = Merchant::new(&app);
    for _ in 0..references() {
        let body = json!({"referenceId": reference(&mut merchant), "token": "t"});
        let said = race(|_| code(&Merchant::new(&app).post(COMPLETE, &body)));
        one_of(&said, "200 null", "422 4300");
    }
    books_agree("Craftgate complete", &app);
}

#[test]
fn a_payment_of_the_gateway_that_was_at_the_bank() {
    let app = bare("");
    let mut merchant = Merchant::new(&app);
    for _ in 0..references() {
        let (id, back) = begin(&mut merchant);
        merchant.get(&back);
        let body = json!({ "paymentId": id });
        let said = race(|_| code(&Merchant::new(&app).post(COMPLETE_3D, &body)));
        one_of(&said, "200 null", "422 4302");
    }
    books_agree("Craftgate 3ds-complete", &app);
}

/// Who comes second finds the checkout where it begins.
#[test]
fn an_order_of_the_shop() {
    let app = bare("");
    for n in 0..references() {
        let mut shopper = Shopper::new(&app);
        to_order_no(&mut shopper, PLAIN);
        let cookie = shopper.cookie().to_owned();
        let said = race(|caller| {
            let mut shopper = Shopper::new(&app);
            shopper.with_cookie(&cookie);
            let answer = complete(&mut shopper, &format!("t{n}-{caller}"), "PURCHASE");
            format!("{} {}", answer.status, answer.page())
        });
        one_of(&said, "200 ThankYouPage", "200 PaymentOptionSelectionPage");
    }
    books_agree("Akinon completion, 64 tokens", &app);
    assert_eq!(
        state(&app)["orders"].as_array().unwrap().len(),
        references()
    );
}

/// The same token again is the same order again.
#[test]
fn an_order_of_the_shop_by_one_token() {
    let app = bare("");
    for n in 0..references() {
        let mut shopper = Shopper::new(&app);
        to_order_no(&mut shopper, PLAIN);
        let (cookie, token) = (shopper.cookie().to_owned(), format!("t{n}"));
        let said = race(|_| {
            let mut shopper = Shopper::new(&app);
            shopper.with_cookie(&cookie);
            let answer = complete(&mut shopper, &token, "PURCHASE");
            format!("{} {}", answer.status, answer.text)
        });
        assert_eq!(said.len(), 1, "all get the same");
        assert!(
            said.keys()
                .all(|text| text.starts_with("200 ") && text.contains("ThankYouPage"))
        );
    }
    books_agree("Akinon completion, one token", &app);
    assert_eq!(
        state(&app)["orders"].as_array().unwrap().len(),
        references()
    );
}

#[test]
fn a_token_of_the_wallets_new_generation() {
    let app = bare("");
    for n in 0..references() {
        let mut page = Shopper::new(&app);
        authorized(&mut page, &wallet::wanted(PHONE, json!({})));
        let order = format!("order-{n}");
        let paid = post(&mut page, SAVED, &saved(PHONE, "Maaş kartım", &order));
        let token = paid.text_at("result.token");
        let wanted = wallet::wanted(PHONE, json!({"OrderNo": order}));
        let backend = wallet::generate(&mut Shopper::new(&app), &wanted);
        let bearer = backend.text_at("result.accessToken");
        let said = race(|_| {
            let mut backend = Shopper::new(&app);
            backend.header("authorization", &bearer);
            let answer = wallet::complete(&mut backend, &token, json!({"OrderId": order}));
            format!("{} {}", answer.status, answer.text_at("exception.code"))
        });
        one_of(&said, "200 null", "400 PAYMENT_IS_NOT_VERIFIED");
    }
    books_agree("Masterpass complete", &app);
}

/// Here a page ends what it began, and gets a token; money moves when somebody redeems that.
#[test]
fn a_password_of_the_wallets_classic_generation() {
    let app = bare("");
    for _ in 0..references() {
        let mut page = Page::of(Shopper::new(&app));
        page.saved(COLLECTOR, "BANK OTP").is("5001");
        let token = page.last.clone();
        let said = race(|_| {
            let mut page = Page::of(Shopper::new(&app));
            page.validate_under(&token, OTP).code()
        });
        one_of(&said, "0000", "1419");
    }
    let state = state(&app);
    let tokens = state["result_tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), references());
    assert!(tokens.iter().all(|entry| entry[1]["used"] == false));
    assert_eq!(state["payments"], json!([]));
    proved("Masterpass classic validateTransaction");
}

//! Three drivers, one truth: whoever ends a challenge, the merchant gets the same bytes.

use super::{Begun, Browser, ENDS, begun, encoded, field, form, has};
use crate::support::Answer;
use crate::support::app;
use crate::support::merchant::Merchant;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mockpos::app::App;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use std::sync::{Arc, Barrier};

const DRIVERS: [&str; 5] = ["rule", "call", "code by call", "button", "code"];

type End = (&'static str, u8, &'static str);

fn rules(driver: &str, (word, md_status, _): End) -> String {
    match driver {
        "rule" if word == "never_returns" => {
            "[[rule]]\nthen = { three_ds = \"never_returns\" }".to_owned()
        }
        "rule" => format!("[[rule]]\nthen = {{ three_ds = \"{word}\", md_status = {md_status} }}"),
        _ => String::new(),
    }
}

/// Ends the challenge; the page as the browser then sees it.
fn drive(app: &Arc<App>, begun: &Begun, driver: &str, (word, md_status, code): End) -> Answer {
    let browser = Browser::new(app);
    let page = &begun.page;
    match driver {
        "rule" => {}
        "call" | "code by call" => {
            let waits = browser.get(page);
            assert!(has(&waits, "otp-form"), "{}", waits.text);
            let body = match (driver, word) {
                ("code by call", _) => json!({ "otp": code }),
                (_, "never_returns") => json!({ "outcome": word }),
                (_, _) => json!({ "outcome": word, "md_status": md_status }),
            };
            let ended = browser.post_json(&begun.admin(), &body);
            assert_eq!(ended.status, 200, "{}", ended.text);
            assert_eq!(ended.text_at("status"), "ended");
            assert_eq!(ended.text_at("how.outcome"), word);
            assert_eq!(*ended.at("how.md_status"), json!(md_status));
            return browser.get(page);
        }
        "button" => {
            let body = match word {
                "never_returns" => format!("outcome={word}"),
                _ => format!("outcome={word}&md_status={md_status}"),
            };
            return browser.post(page, &body);
        }
        _ => return browser.post(page, &format!("otp={code}&action=confirm")),
    }
    browser.get(page)
}

/// What the merchant sees of it: the bank's post, the gateway's, and the payment later.
#[derive(Debug, PartialEq)]
struct Seen {
    page: &'static str,
    from_bank: Option<(String, Vec<(String, String)>)>,
    from_gateway: Option<(String, Vec<(String, String)>)>,
    payment: Value,
}

fn seen(driver: &str, end: End) -> Seen {
    let app = app(&rules(driver, end));
    let begun = begun(&app);
    let page = drive(&app, &begun, driver, end);
    let browser = Browser::new(&app);
    let again = browser.get(&begun.page);
    assert_eq!(again.text, page.text, "a second look: {end:?} {driver}");
    let told = browser.get(&begun.admin());
    let from_bank = has(&page, "return-form").then(|| form(&page));
    match &from_bank {
        None => assert_eq!(*told.at("return"), Value::Null),
        Some((url, fields)) => {
            assert_eq!(told.text_at("return.url"), *url);
            let listed = told.at("return.fields").as_object().unwrap();
            let listed = listed
                .iter()
                .map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned()));
            assert_eq!(*fields, listed.collect::<Vec<_>>());
        }
    }
    let from_gateway = from_bank
        .as_ref()
        .map(|(url, fields)| form(&browser.post(url, &encoded(fields))));
    let path = format!("/payment/v1/card-payments/{}", begun.payment);
    Seen {
        page: if has(&page, "bank-staying") {
            "staying"
        } else {
            "leaving"
        },
        from_bank,
        from_gateway,
        payment: Merchant::new(&app).get(&path).json,
    }
}

#[test]
fn whoever_ends_it_the_merchant_gets_the_same_bytes() {
    for end in ENDS {
        let (word, md_status, _) = end;
        let one = seen(DRIVERS[0], end);
        for driver in &DRIVERS[1..] {
            assert_eq!(one, seen(driver, end), "{end:?} {driver}");
        }
        let data = |name: &str| one.payment["data"][name].clone();
        if word == "never_returns" {
            assert_eq!((one.page, &one.from_bank), ("staying", &None));
            assert_eq!(data("paymentStatus"), "INIT_THREEDS");
            continue;
        }
        let (url, fields) = one.from_bank.as_ref().unwrap();
        assert!(url.starts_with("http://127.0.0.1:4242/payment/v1/card-payments/3ds-callback/"));
        assert_eq!(field(fields, "mdStatus"), md_status.to_string(), "{end:?}");
        let (_, sent) = one.from_gateway.as_ref().unwrap();
        let good = word == "succeeds";
        let status = if good { "SUCCESS" } else { "FAILURE" };
        assert_eq!(field(sent, "status"), status, "{end:?}");
        let (payment, believed) = match word {
            "succeeds" => ("CALLBACK_THREEDS", 1),
            "bad_hash" | "wrong_order_no" | "wrong_amount" => ("FAILURE", 0),
            _ => ("FAILURE", md_status),
        };
        assert_eq!(data("paymentStatus"), payment, "{end:?}");
        assert_eq!(data("mdStatus"), believed, "{end:?}");
        assert_hash(fields, word);
    }
}

/// As a merchant checks it. contract: masterpass §7
fn assert_hash(fields: &[(String, String)], word: &str) {
    let names = field(fields, "hashParams").split(':');
    let covered: String = names.map(|name| field(fields, name)).collect();
    let hash = STANDARD.encode(Sha1::digest(format!("{covered}mockpos-store-key")));
    let fits = hash == field(fields, "hash");
    let broken = matches!(word, "bad_hash" | "wrong_order_no");
    assert_eq!(fits, !broken, "{word}");
    let amount = field(fields, "amount");
    assert_eq!(
        amount == "125000",
        word != "wrong_amount",
        "{word}: {amount}"
    );
}

#[test]
fn a_plain_client_is_led_through_by_redirects() {
    for (rule, status) in [("succeeds", "SUCCESS"), ("fails", "FAILURE")] {
        let app = app(&format!("[[rule]]\nthen = {{ three_ds = \"{rule}\" }}"));
        let begun = begun(&app);
        let client = Browser::plain(&app);
        let sent = client.get(&begun.page);
        assert_eq!(sent.status, 303);
        let back = sent.header("location");
        assert!(
            back.contains("/3ds-callback/") && back.contains("&hash="),
            "{back}"
        );
        let (url, fields) = form(&client.get(back));
        assert_eq!((&*url, field(&fields, "status")), (super::SHOP, status));
    }
    for (knob, browser_status, plain_status) in [
        ("auto", 200, 303),
        ("form", 200, 200),
        ("redirect", 303, 303),
    ] {
        let app = app(&format!("[bank]\nreturn_by = \"{knob}\""));
        for (client, want) in [
            (Browser::new(&app), browser_status),
            (Browser::plain(&app), plain_status),
        ] {
            let answer = client.post(&begun(&app).page, "otp=123456");
            assert_eq!(answer.status, want, "{knob}");
        }
    }
}

#[test]
fn it_ends_once() {
    let app = app("");
    let begun = begun(&app);
    let barrier = Barrier::new(64);
    let ended: Vec<Answer> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..64)
            .map(|n| {
                let (app, begun, barrier) = (&app, &begun, &barrier);
                scope.spawn(move || {
                    let browser = Browser::new(app);
                    let outcome = ["succeeds", "fails", "cancelled", "half"][n % 4];
                    barrier.wait();
                    match n % 2 {
                        0 => browser.post_json(&begun.admin(), &json!({"outcome": outcome})),
                        _ => browser.post(&begun.page, &format!("outcome={outcome}")),
                    }
                })
            })
            .collect();
        all.into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let first = form(&Browser::new(&app).get(&begun.page));
    let by_call = ended.iter().filter(|answer| answer.json.is_object());
    let won = by_call.filter(|answer| answer.status == 200).count();
    assert!(won <= 1, "{won} calls have ended it");
    for answer in &ended {
        match answer.status {
            409 => assert!(
                answer.text_at("error").contains("is over"),
                "{}",
                answer.text
            ),
            200 if answer.json.is_object() => {
                assert_eq!(answer.text_at("return.url"), first.0);
            }
            _ => assert_eq!(form(answer), first),
        }
    }
}

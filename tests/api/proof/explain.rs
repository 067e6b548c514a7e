//! Why a call got its answer: the rules, and the texts behind a wrong signature.

use super::admin;
use crate::support::merchant::{HOST, Merchant};
use crate::support::walk::{PLAIN, complete, to_order_no};
use crate::support::{Shopper, app};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Method};
use mockpos::app::App;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};
use std::sync::Arc;

const RULES: &str = r#"
[[rule]]
when = { endpoint = "akinon.checkout.complete", bin = "665545" }
then = { decline = "lost_card" }
[[rule]]
when = { endpoint = "akinon.checkout.complete", amount = "> 100.00", header = { x-case = "dear" } }
then = { decline = "expired_card" }
[[rule]]
when = { endpoint = "akinon.checkout.complete", nth = 2 }
then = { decline = "stolen_card" }
[[rule]]
when = { endpoint = "akinon.*", bin = "665544" }
then = { decline = "do_not_honour" }
[[rule]]
when = { endpoint = "craftgate.card_payment.*", bin = "665544" }
then = { decline = "declined" }
"#;

fn explained(shopper: &mut Shopper, n: u64) -> Value {
    let answer = admin(shopper, &format!("GET explain?journal={n}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

#[test]
fn each_rule_says_what_it_did_not_fit_by() {
    let mut shopper = Shopper::new(&app(RULES));
    to_order_no(&mut shopper, PLAIN);
    shopper.header("x-case", "dea");
    complete(&mut shopper, "t1", "PURCHASE");
    complete(&mut shopper, "t2", "PURCHASE");
    let [first, second] = [5, 6].map(|n| explained(&mut shopper, n));
    let fates = |of: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let rules = of["rules"].as_array().unwrap().iter();
        rules
            .map(|rule| (text(&rule["rule"]), text(&rule["fate"])))
            .collect()
    };
    let fate = |rule: &str, fate: &str| (format!("test.toml:{rule}"), fate.to_owned());
    assert_eq!(
        fates(&first),
        [
            fate("3", "does_not_fit"),
            fate("6", "does_not_fit"),
            fate("9", "does_not_fit"),
            fate("12", "spoke"),
        ]
    );
    assert_eq!(
        fates(&second)[2..],
        [fate("9", "spoke"), fate("12", "comes_too_late")]
    );
    assert_eq!(first["because"], "rule test.toml:12 spoke");
    assert_eq!(
        first["nearest"], "test.toml:3",
        "the first five digits agree"
    );
    let misses = |of: &Value, rule: usize| -> Vec<Value> {
        let all = of["rules"][rule]["conditions"].as_array().unwrap().iter();
        all.filter(|one| one["fits"] == false).cloned().collect()
    };
    assert_eq!(
        misses(&first, 0),
        [
            json!({ "key": "bin", "wanted": "665545", "was": "665544", "fits": false,
            "nearly": "the first 5 digits agree" })
        ]
    );
    assert_eq!(
        misses(&first, 1),
        [
            json!({ "key": "amount", "wanted": ">= 100.001", "was": "100.00", "fits": false,
                "nearly": "0.001 too little" }),
            json!({ "key": "header x-case", "wanted": "dear", "was": "dea", "fits": false }),
        ]
    );
    assert_eq!(
        misses(&first, 2),
        [json!({ "key": "nth", "wanted": "2", "was": "1", "fits": false, "nearly": "1 too few" })]
    );
    assert_eq!(first["elsewhere"][0]["rule"], "test.toml:15");
    assert_eq!(first["elsewhere"][0]["fate"], "speaks_elsewhere");
    assert_eq!(first["call"]["n"], 5);
}

#[test]
fn turns_states_and_chance_are_explained() {
    let mut shopper = Shopper::new(&app(r#"
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", body = { token = "t1" } }
        then = [{ decline = "lost_card", set_state = "lost" }]
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", state = "lost", probability = "0" }
        then = { decline = "expired_card" }
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", not = { bin = "665544" } }
        then = { decline = "stolen_card" }
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", every = 2, query = { token = "*" } }
        then = { decline = "declined" }"#));
    to_order_no(&mut shopper, PLAIN);
    (0..2).for_each(|_| drop(complete(&mut shopper, "t1", "PURCHASE")));
    let [first, second] = [5, 6].map(|n| explained(&mut shopper, n));
    let fates = |of: &Value| -> Vec<String> {
        let rules = of["rules"].as_array().unwrap().iter();
        rules
            .map(|rule| rule["fate"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        fates(&first),
        ["spoke", "does_not_fit", "does_not_fit", "does_not_fit"]
    );
    assert_eq!(
        fates(&second),
        ["has_said_all", "not_drawn", "does_not_fit", "spoke"]
    );
    let missed = |of: &Value, rule: usize| -> Vec<(String, Value, Value)> {
        let all = of["rules"][rule]["conditions"].as_array().unwrap().iter();
        let missed = all.filter(|one| one["fits"] == false);
        let told = |one: &Value| {
            let key = one["key"].as_str().unwrap().to_owned();
            (key, one["wanted"].clone(), one["was"].clone())
        };
        missed.map(told).collect()
    };
    let row = |key: &str, wanted: &str, was: Value| (key.to_owned(), json!(wanted), was);
    assert_eq!(missed(&first, 1), [row("state", "lost", json!("start"))]);
    assert_eq!(
        missed(&first, 2),
        [row("not", "not bin 665544", json!(null))]
    );
    assert_eq!(missed(&first, 3), [row("every", "2", json!("1"))]);
}

#[test]
fn what_no_rule_decided_is_said_too() {
    let app = app("");
    let mut shopper = Shopper::new(&app);
    shopper.get("/csrf_token/");
    shopper.get("/no/such/");
    shopper.page(
        "MasterpassRestOrderNoPage",
        &json!({ "use_three_d": false }),
    );
    for (n, says) in [
        (
            1,
            "no rule spoke, and nothing published says otherwise: the default",
        ),
        (2, "there is no such endpoint, and none that is near"),
        (3, "`PaymentOptionSelectionPage` had to come first"),
    ] {
        assert_eq!(explained(&mut shopper, n)["because"], says);
    }
    for (query, status, says) in [
        ("", 400, "which call?"),
        ("?journal=x", 400, "which call?"),
        ("?journal=0", 404, "there was no call 0"),
        ("?journal=4", 404, "there was no call 4"),
    ] {
        let answer = admin(&mut shopper, &format!("GET explain{query}"));
        assert_eq!(answer.status, status, "{query}");
        assert!(answer.text_at("error").starts_with(says), "{}", answer.text);
    }
    (0..1_000).for_each(|_| drop(shopper.get("/csrf_token/")));
    let gone = admin(&mut shopper, "GET explain?journal=3");
    assert!(
        gone.text_at("error").contains("has left the journal"),
        "{}",
        gone.text
    );
}

#[test]
fn rules_that_are_gone_are_not_made_up() {
    let mut shopper = Shopper::new(&app("[[rule]]\nthen = { decline = \"lost_card\" }"));
    to_order_no(&mut shopper, PLAIN);
    complete(&mut shopper, "t1", "PURCHASE");
    let other = ("application/toml", "version = 1");
    super::told(&mut shopper, "PUT scenario", other);
    let after = explained(&mut shopper, 5);
    // The sandbox was born with it, so that it is still there for others.
    assert_eq!(after["rules"][0]["fate"], "spoke");
    super::told(&mut shopper, "PUT scenario", other);
    complete(&mut shopper, "t1", "PURCHASE");
    super::told(&mut shopper, "PUT scenario", other);
    let gone = explained(&mut shopper, 6);
    assert!(
        gone["because"]
            .as_str()
            .unwrap()
            .ends_with("is gone, and its rules with it"),
        "{gone}"
    );
    assert_eq!(gone["rules"], json!([]));
}

/// Posts `body` with that signature, and explains what comes of it.
fn signature(app: &Arc<App>, (target, body): (&str, &str), sign: &str) -> Value {
    let mut merchant = Merchant::new(app);
    let mut call = merchant.signed(Method::POST, target, body);
    call.headers
        .insert("x-rnd-key", HeaderValue::from_static("Rnd1"));
    call.headers
        .insert("x-signature", HeaderValue::from_str(sign).unwrap());
    let answer = merchant.deliver(&call);
    let mut shopper = Shopper::new(app);
    let list = admin(&mut shopper, "GET journal?limit=1");
    let n = list.at("entries.0.n").as_u64().unwrap();
    let mut told = explained(&mut shopper, n);
    told["answered"] = answer.status.into();
    told
}

#[test]
#[rustfmt::skip]
fn the_usual_mistakes_are_known() {
    const PATH: &str = "/payment/v1/card-payments";
    const BODY: &str = r#"{"price":100,"name":"Ürün / 1"}"#;
    let app = app("");
    let url = format!("http://{HOST}{PATH}");
    let text = |parts: &[&str]| parts.concat();
    let joined = |url: &str, body: &str| text(&[url, "api-key", "secret-key", "Rnd1", body]);
    let sha = |text: &str| Sha256::digest(text);
    let right = |url: &str, body: &str| STANDARD.encode(sha(&joined(url, body)));
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|b| format!("{b:02x}")).collect() };
    let good = joined(&url, BODY);
    let query = format!("{PATH}?a=x%20y&b=1");
    let cases: Vec<(&str, &str, String)> = vec![
        (PATH, "\":\" stands between the parts", STANDARD.encode(sha(&[&*url, "api-key", "secret-key", "Rnd1", BODY].join(":")))),
        (PATH, "\"|\" stands between the parts", STANDARD.encode(sha(&[&*url, "api-key", "secret-key", "Rnd1", BODY].join("|")))),
        (PATH, "hex for base64", hex(&sha(&good))),
        (PATH, "hex in capitals for base64", hex(&sha(&good)).to_uppercase()),
        (PATH, "base64 of the hex digits for base64", STANDARD.encode(hex(&sha(&good)))),
        (PATH, "SHA-512 for SHA-256", STANDARD.encode(Sha512::digest(&good))),
        (PATH, "the case of its letters was changed", right(&url, BODY).to_uppercase()),
        (PATH, "the body was written anew", right(&url, r#"{"price": 100, "name": "\u00dcr\u00fcn / 1"}"#)),
        (PATH, "the body was written anew", right(&url, r#"{"price":100,"name":"\u00dcr\u00fcn \/ 1"}"#)),
        (PATH, "the body was written anew", right(&url, r#"{"name":"Ürün / 1","price":100}"#)),
        (PATH, "the body was written anew", right(&url, "{\n  \"price\": 100,\n  \"name\": \"Ürün / 1\"\n}")),
        (PATH, "with a newline at its end", right(&url, &format!("{BODY}\n"))),
        (PATH, "the body is left out", right(&url, "")),
        (PATH, "the random text is left out", STANDARD.encode(sha(&text(&[&url, "api-key", "secret-key", BODY])))),
        (PATH, "the API key instead of the secret key", STANDARD.encode(sha(&text(&[&url, "api-key", "api-key", "Rnd1", BODY])))),
        (PATH, "the webhook key instead of the secret key", STANDARD.encode(sha(&text(&[&url, "api-key", "Aoh7tReTybO6wOjBmOJFFsOR53SBojEp", "Rnd1", BODY])))),
        (PATH, "the case of the random text is another", STANDARD.encode(sha(&text(&[&url, "api-key", "secret-key", "rnd1", BODY])))),
        (PATH, "the path alone was signed", right(PATH, BODY)),
        (PATH, "a slash at the end of the URL", right(&format!("{url}/"), BODY)),
        (&query, "the URL was signed without its query", right(&url, BODY)),
        (&query, "the query is encoded in another way", right(&format!("{url}?a=x+y&b=1"), BODY)),
        (PATH, "hex for base64", hex(&sha(&joined(&url, &format!("{BODY}\n"))))),
    ];
    for (target, says, sign) in &cases {
        let told = signature(&app, (target, BODY), sign);
        assert_eq!(told["answered"], 401, "{says}");
        let found = &told["signature"];
        let mistake = found["mistake"].as_str().unwrap_or_else(|| panic!("{says}: {found}"));
        assert!(mistake.contains(says), "{says}: {mistake}");
        assert!(told["because"].as_str().unwrap().contains(mistake), "{told}");
        assert!(!told.to_string().contains("secret-key"), "{told}");
        assert_eq!(told["rules"], json!([]));
        assert!(found["theirs"].is_string());
    }
}

#[test]
fn both_texts_are_shown_masked_with_their_first_difference() {
    let app = app("");
    let body = r#"{"cardNumber":"5258640000000001","cvc":"987","price":1}"#;
    let url = format!("http://{HOST}/payment/v1/card-payments");
    let signed = [&*url, "api-key", "secret-key", "Rnd1", body, "\n"].concat();
    let sign = STANDARD.encode(Sha256::digest(signed));
    let told = signature(&app, ("/payment/v1/card-payments", body), &sign);
    let found = &told["signature"];
    let masked = r#"{"cardNumber":"525864******0001","cvc":"***","price":1}"#;
    let ours = format!("{url}api-key(secret key)Rnd1{masked}");
    assert_eq!(found["ours"], ours);
    assert_eq!(found["theirs"], format!("{ours}\n"));
    assert_eq!(found["first_difference"], ours.chars().count());
    assert_eq!(found["what"], "x-signature");
    assert_eq!(found["received"], sign);
    // Whatever it was, it was none of these.
    let told = signature(&app, ("/payment/v1/card-payments", body), "bm8gaWRlYQ==");
    let found = &told["signature"];
    assert_eq!(
        (&found["theirs"], &found["mistake"]),
        (&json!(null), &json!(null))
    );
    assert!(
        told["because"]
            .as_str()
            .unwrap()
            .contains("none of the usual mistakes"),
        "{told}"
    );
    // A call that is right has nothing to explain.
    Merchant::new(&app).get("/installment/v1/bins/525864");
    let told = explained(&mut Shopper::new(&app), 3);
    assert_eq!(told["signature"], json!(null));
}

#[test]
fn a_warning_is_explained_though_the_call_went_well() {
    let app = app("[craftgate]\nsignature = \"warn\"");
    let mut merchant = Merchant::new(&app);
    let mut call = merchant.signed(Method::GET, "/installment/v1/bins/525864", "");
    call.headers
        .insert("x-signature", HeaderValue::from_static("wrong"));
    assert_eq!(merchant.deliver(&call).status, 200);
    let told = explained(&mut Shopper::new(&app), 1);
    assert_eq!(told["signature"]["received"], "wrong");
    assert_eq!(told["mistake"], json!(null));
}

/// What `explain` says of all calls so far.
fn all_explained(shopper: &mut Shopper) -> String {
    shopper.header("host", HOST);
    let calls = 1..20;
    let one = |n| shopper.get(&format!("/__mockpos/explain?journal={n}")).text;
    calls.map(one).collect()
}

/// contract: masterpass §7
#[test]
fn a_wrong_hash_of_the_bank_is_all_explained() {
    let app = app("");
    let (browser, begun) = (crate::bank::Browser::new(&app), crate::bank::begun(&app));
    let (url, mut fields) = crate::bank::form(&browser.post(&begun.page, "outcome=succeeds"));
    let known = fields
        .iter_mut()
        .find(|(known, _)| known == "hash")
        .unwrap();
    "x".clone_into(&mut known.1);
    browser.post(&url, &crate::bank::encoded(&fields));
    let said = all_explained(&mut Shopper::new(&app));
    assert!(said.contains("store key"), "{said}");
    assert!(!said.contains("mockpos-store-key"), "{said}");
}

/// contract: masterpass §8.1
#[test]
fn a_wrong_classic_token_is_all_explained() {
    use crate::mfs::page::{LINKED, Page};
    let mut page = Page::playing("[masterpass]\nclassic_tokens = \"verify\"");
    page.token = format!("{}{}", "AB".repeat(16), "0".repeat(40));
    page.list(LINKED).is("1419");
    let said = all_explained(&mut page.shopper);
    assert!(said.contains("classic token"), "{said}");
}

#[test]
fn it_is_said_in_lines_for_people_as_well() {
    let mut shopper = Shopper::new(&app(RULES));
    to_order_no(&mut shopper, PLAIN);
    shopper.header("x-case", "dea");
    complete(&mut shopper, "t1", "PURCHASE");
    let told = admin(&mut shopper, "GET explain?journal=5&format=text");
    assert_eq!(told.status, 200, "{}", told.text);
    let lines: Vec<_> = told.text.lines().collect();
    assert!(lines[0].starts_with("call 5, POST /orders/"), "{lines:?}");
    assert_eq!(lines[1], "  rule test.toml:12 spoke");
    for line in [
        "  test.toml:3: does not fit",
        "    bin: 665544, not 665545 (the first 5 digits agree)",
        "  test.toml:12: spoke",
    ] {
        assert!(lines.contains(&line), "{line}\n{}", told.text);
    }
    let unknown = admin(&mut shopper, "GET explain?journal=5&format=xml");
    assert_eq!(unknown.status, 400);
}

#[test]
fn what_a_call_said_of_itself_in_vain_is_told_again() {
    let mut shopper = Shopper::new(&app(""));
    shopper.header("x-mockpos-then", "decline = \"nobody\"");
    complete(&mut shopper, "t1", "PURCHASE");
    let told = explained(&mut shopper, 1);
    assert_eq!(told["call"]["trouble"]["kind"], "bad_then");
    let because = told["because"].as_str().unwrap();
    assert!(
        because.starts_with("what it says of itself is no good: "),
        "{because}"
    );
    assert!(because.contains("`nobody`"), "{because}");
}

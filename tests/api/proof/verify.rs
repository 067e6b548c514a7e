//! Expectations, strictness and the ledger, as `POST /__mockpos/verify` judges them.

use super::told;
use crate::support::merchant::Merchant;
use crate::support::walk::{PLAIN, complete, to_order_no};
use crate::support::{Answer, Shopper, app};
use mockpos::app::App;
use mockpos::scenario::Scenario;
use mockpos::scenario::kept::Kept;
use mockpos::server::script::SHIPPED;
use mockpos::surface;
use mockpos::surface::admin::Access;
use serde_json::{Value, json};
use std::sync::Arc;

const JSON: &str = "application/json";
const TOML: &str = "application/toml";

fn verify(shopper: &mut Shopper, query: &str, (media, body): (&str, &str)) -> Answer {
    told(shopper, &format!("POST verify{query}"), (media, body))
}

/// Two completions, the first one declined, and a call that leads nowhere.
fn story(rules: &str) -> Shopper {
    let app = app(&format!(
        r#"{rules}
        [[rule]]
        when = {{ endpoint = "akinon.checkout.complete", nth = 1 }}
        then = {{ decline = "stolen_card" }}"#
    ));
    let mut shopper = Shopper::new(&app);
    to_order_no(&mut shopper, PLAIN);
    complete(&mut shopper, "t1", "PURCHASE");
    complete(&mut shopper, "t2", "PURCHASE");
    shopper
}

#[test]
fn expectations_count_calls() {
    let mut shopper = story("");
    let complete = r#"endpoint = "akinon.checkout.complete""#;
    for (says, found, passed) in [
        (complete, 2, true),
        (r#"endpoint = "akinon.checkout.note""#, 0, false),
        (&format!("{complete}\ncount = 2"), 2, true),
        (&format!("{complete}\ncount = 1"), 2, false),
        (&format!("{complete}\ncount = 0"), 2, false),
        (&format!("{complete}\ncount = \"1..2\""), 2, true),
        (&format!("{complete}\ncount = \">= 3\""), 2, false),
        (&format!("{complete}\ncount = \"< 2\""), 2, false),
        (&format!("{complete}\nnever = true"), 2, false),
        (
            r#"endpoint = "akinon.basket.*"
            never = true"#,
            0,
            true,
        ),
        (
            r#"page = "MasterpassRest*"
            count = 5"#,
            5,
            true,
        ),
        (
            &format!("{complete}\nwhen = {{ amount = \"100.00\", bin = \"665544\" }}"),
            2,
            true,
        ),
        (
            &format!("{complete}\nwhen = {{ amount = \"> 100.00\" }}"),
            0,
            false,
        ),
        (
            &format!("{complete}\nwhen = {{ nth = 2 }}\ncount = 1"),
            1,
            true,
        ),
        (&format!("{complete}\nstatus = 200"), 2, true),
        (
            &format!("{complete}\nstatus = [\"400..499\", 500]"),
            0,
            false,
        ),
        (
            r#"when = { endpoint = "akinon.checkout.complete", order_no = "7*" }"#,
            2,
            true,
        ),
    ] {
        let body = format!("[[expect]]\n{says}");
        let answer = verify(&mut shopper, "", (TOML, &body));
        let finding = answer.at("expectations.0").clone();
        assert_eq!(finding["found"], found, "{says}: {finding}");
        assert_eq!(
            (finding["passed"].clone(), answer.status),
            match passed {
                true => (json!(true), 200),
                false => (json!(false), 409),
            },
            "{says}: {finding}"
        );
        assert_eq!(answer.at("passed"), passed);
        assert_eq!(finding["why"].is_null(), passed);
    }
}

#[test]
fn order_is_judged_by_first_calls() {
    let mut shopper = story("");
    let base = r#"
        [[expect]]
        name = "bin"
        page = "MasterpassRestBinNumberPage"
        [[expect]]
        name = "paid"
        endpoint = "akinon.checkout.complete"
        [[expect]]
        name = "noted"
        endpoint = "akinon.checkout.note"
        count = "<= 9"
        [[expect]]
        name = "it"
        "#;
    for (says, passed) in [
        (
            r#"page = "MasterpassRestBinNumberPage"
            before = "paid""#,
            true,
        ),
        (
            r#"endpoint = "akinon.checkout.complete"
            after = "bin""#,
            true,
        ),
        (
            r#"page = "MasterpassRestBinNumberPage"
            after = "paid""#,
            false,
        ),
        (
            r#"endpoint = "akinon.checkout.complete"
            before = "bin""#,
            false,
        ),
        (
            r#"endpoint = "akinon.checkout.complete"
            after = "noted""#,
            false,
        ),
        (
            r#"endpoint = "akinon.checkout.complete"
            before = "noted""#,
            true,
        ),
    ] {
        let answer = verify(&mut shopper, "", (TOML, &format!("{base}{says}")));
        assert_eq!(
            answer.at("expectations.3.passed"),
            passed,
            "{says} {}",
            answer.text
        );
    }
    // Each number takes the first call behind those of the number before.
    let seq = |pages: &[(&str, u32)]| -> String {
        let one = |(page, n): &(&str, u32)| {
            format!("[[expect]]\npage = \"MasterpassRest{page}Page\"\nseq = {n}\n")
        };
        pages.iter().map(one).collect()
    };
    for (pages, passed) in [
        (
            &[("BinNumber", 1), ("Installment", 2), ("Complete", 3)][..],
            true,
        ),
        (&[("Complete", 1), ("Complete", 2)], true),
        (&[("Complete", 1), ("Complete", 2), ("Complete", 3)], false),
        (&[("Installment", 1), ("BinNumber", 2)], false),
        (&[("Installment", 1), ("BinNumber", 1)], true),
    ] {
        let answer = verify(&mut shopper, "", (TOML, &seq(pages)));
        assert_eq!(answer.at("passed"), passed, "{pages:?}");
    }
}

#[test]
fn what_came_nearest_is_told() {
    let mut shopper = story("");
    let body = json!({ "expect": [{
        "name": "dear", "endpoint": "akinon.checkout.complete",
        "when": { "amount": ">= 100.01", "bin": "665545", "three_d": true, "stored_card": null },
    }]});
    let answer = verify(&mut shopper, "", (JSON, &body.to_string()));
    let nearest = answer.at("expectations.0.nearest").clone();
    assert_eq!(nearest[0]["n"], 6, "the latest of those that differ alike");
    let differs = |key: &str| -> Value {
        let all = nearest[0]["differs"].as_array().unwrap();
        all.iter().find(|one| one["key"] == key).unwrap().clone()
    };
    assert_eq!(nearest[0]["differs"].as_array().unwrap().len(), 3);
    assert_eq!(
        differs("amount"),
        json!({ "key": "amount", "wanted": ">= 100.01", "was": "100.00", "fits": false,
            "nearly": "0.01 too little" })
    );
    assert_eq!(differs("bin")["nearly"], "the first 5 digits agree");
    assert_eq!(differs("three_d")["was"], "false");
}

#[test]
fn a_scenario_has_expectations_of_its_own() {
    let own = r#"
        [verify]
        strict = true
        [[expect]]
        name = "paid once"
        endpoint = "akinon.checkout.complete"
        when = { header = { x-case = "a" } }
        "#;
    let mut shopper = story(own);
    let answer = verify(&mut shopper, "", ("", ""));
    assert_eq!(answer.status, 409, "{}", answer.text);
    assert_eq!(
        answer.at("expectations.0.nearest.0.differs.0.key"),
        "header x-case"
    );
    shopper.header("x-case", "a");
    complete(&mut shopper, "t2", "PURCHASE");
    let answer = verify(&mut shopper, "", ("", ""));
    assert_eq!(
        (answer.status, answer.at("strict")),
        (200, &true.into()),
        "{}",
        answer.text
    );
    // Other headers are not kept, so that nobody can ask for them afterwards.
    let other = r#"{"expect": [{"when": {"header": {"x-other": "*"}}}]}"#;
    let answer = verify(&mut shopper, "", (JSON, other));
    assert_eq!(answer.status, 422);
    assert!(
        answer.text_at("error").contains("`x-other`"),
        "{}",
        answer.text
    );
}

#[test]
fn strictness_counts_mistakes() {
    let mut shopper = Shopper::new(&app(""));
    shopper.get("/orders/masterpas-rest-token/");
    shopper.page(
        "MasterpassRestOrderNoPage",
        &json!({ "use_three_d": false }),
    );
    shopper.page("MasterpassRestBinPage", &json!({}));
    let lax = verify(&mut shopper, "", ("", ""));
    assert_eq!((lax.status, lax.at("passed")), (200, &true.into()));
    let strict = verify(&mut shopper, "?strict=true", ("", ""));
    assert_eq!((strict.status, strict.at("passed")), (409, &false.into()));
    let says: Vec<_> = (0..3)
        .map(|n| strict.text_at(&format!("mistakes.{n}.says")))
        .collect();
    let want = [
        "there is no such endpoint; the nearest is `GET /orders/masterpass-rest-token` \
         (akinon.masterpass.token)",
        "`PaymentOptionSelectionPage` had to come first",
        "there is no page `MasterpassRestBinPage`; did you mean `MasterpassRestBinNumberPage`?",
    ];
    assert_eq!(says, want, "{}", strict.text);
}

#[test]
fn a_gateways_mistakes_name_the_step_that_is_missing() {
    let app = app("");
    let mut merchant = Merchant::new(&app);
    let new = json!({
        "price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1,
        "paymentGroup": "LISTING_OR_SUBSCRIPTION", "callbackUrl": "https://shop.test/back",
        "card": { "cardHolderName": "A B", "cardNumber": "5258640000000001", "expireYear": "2044",
            "expireMonth": "07", "cvc": "000" },
        "items": [{ "name": "a", "price": 100 }],
    });
    let begun = merchant.post("/payment/v1/card-payments/3ds-init", &new);
    let id: u64 = begun.text_at("data.paymentId").parse().unwrap();
    merchant.post(
        "/payment/v1/card-payments/3ds-complete",
        &json!({ "paymentId": id }),
    );
    let mut shopper = Shopper::new(&app);
    let answer = verify(&mut shopper, "?strict=true", ("", ""));
    let says = answer.text_at("mistakes.0.says");
    assert_eq!(
        says, "the shopper had not come back from the bank's page yet",
        "{}",
        answer.text
    );
}

#[test]
fn junit_is_written_for_ci() {
    let mut shopper = story(
        r#"
        [[expect]]
        name = "<paid> & \"done\""
        endpoint = "akinon.checkout.complete"
        count = 1
        [[expect]]
        name = "never noted"
        endpoint = "akinon.checkout.note"
        never = true
        "#,
    );
    shopper.get("/no/%01/such");
    shopper.header("accept", "application/xml");
    let by_header = verify(&mut shopper, "?strict=true", ("", ""));
    shopper.header("accept", "");
    let by_query = verify(&mut shopper, "?strict=true&format=junit", ("", ""));
    assert_eq!(by_header.text, by_query.text);
    assert_eq!(
        (by_query.status, by_query.header("content-type")),
        (409, "application/xml")
    );
    for part in [
        r#"<testsuites name="mockpos" tests="4" failures="2" errors="0">"#,
        r#"<testsuite name="mockpos default" tests="4" failures="2""#,
        r#"name="&#60;paid&#62; &#38; &#34;done&#34;""#,
        r#"<failure message="wanted 1, found 2" type="expect">"#,
        r#"<testcase classname="mockpos.expect" name="never noted" time="0">"#,
        r#"classname="mockpos.calls" name="call 7: GET /no/%01/such""#,
        r#"name="the sums of"#,
    ] {
        assert!(by_query.text.contains(part), "{part} in\n{}", by_query.text);
    }
    let json = verify(&mut shopper, "?format=json", ("", ""));
    assert_eq!(json.header("content-type"), "application/json");
}

#[test]
fn text_is_written_for_people() {
    let mut shopper = story(
        r#"
        [[expect]]
        name = "paid once"
        endpoint = "akinon.checkout.complete"
        count = 1
        "#,
    );
    let told = verify(&mut shopper, "?format=text", ("", ""));
    assert_eq!(
        (told.status, told.header("content-type")),
        (409, "text/plain; charset=utf-8")
    );
    for part in [
        "mockpos: `paid once`: wanted 1, found 2\n",
        "0 of 1 expectations met, 0 payments broken\n",
    ] {
        assert!(told.text.contains(part), "{part} in\n{}", told.text);
    }
}

#[test]
fn what_cannot_be_verified_is_said() {
    let mut shopper = Shopper::new(&app(""));
    for (query, media, body, status, says) in [
        ("?format=html", "", "", 400, "`format`"),
        ("?strict=perhaps", "", "", 400, "`strict`"),
        ("", JSON, "[]", 400, "no JSON object"),
        ("", JSON, r#"{"expekt": []}"#, 422, "did you mean `expect`?"),
        (
            "",
            TOML,
            "[[expect]]\nendpoint = \"akinon.checkout.compete\"",
            422,
            "did you mean `akinon.checkout.complete`?",
        ),
        (
            "",
            TOML,
            "[[expect]]\ncount = 1\nnever = true",
            422,
            "`count` contradicts `never`",
        ),
        (
            "",
            TOML,
            "[[expect]]\nafter = \"x\"",
            422,
            "unknown expectation `x`",
        ),
        (
            "",
            TOML,
            "[[expect]]\nname = \"x\"\n[[expect]]\nname = \"x\"",
            422,
            "are called `x`",
        ),
        (
            "",
            TOML,
            "[[expect]]\nendpoint = \"a*\"\nwhen = { endpoint = \"a*\" }",
            422,
            "twice",
        ),
        (
            "",
            TOML,
            "[[expect]]\nendpoint = \"craftgate.*\"\npage = \"*\"",
            422,
            "no endpoint fits",
        ),
        (
            "",
            TOML,
            "[[expect]]\nwhen = { probability = 5 }",
            422,
            "no `probability`",
        ),
        ("", TOML, "[[expect", 422, "expect"),
    ] {
        let answer = verify(&mut shopper, query, (media, body));
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert!(
            answer.text_at("error").contains(says),
            "{body}: {}",
            answer.text
        );
    }
}

#[test]
fn calls_that_are_lost_cannot_be_vouched_for() {
    let mut shopper = Shopper::new(&app(""));
    (0..1_001).for_each(|_| drop(shopper.get("/csrf_token/")));
    let none = verify(&mut shopper, "", ("", ""));
    assert_eq!((none.status, none.at("dropped")), (200, &1.into()));
    let never = r#"{"expect": [{"endpoint": "akinon.checkout.note", "never": true}]}"#;
    let answer = verify(&mut shopper, "", (JSON, never));
    assert_eq!(answer.status, 409);
    assert!(
        answer
            .text_at("expectations.1.why")
            .starts_with("1 calls have left")
    );
}

#[test]
fn no_shipped_scenario_breaks_the_ledger() {
    for (name, text) in SHIPPED.iter() {
        let scenario = Scenario::compile(name, text, &surface::catalog()).unwrap();
        let scenario = Arc::new(scenario);
        let birth = crate::support::birth();
        let app = Arc::new(App::new(Arc::clone(&scenario), birth, Access::default()));
        let mut kept = Kept::default();
        for example in &scenario.examples {
            let mut call = example.call(&kept);
            call.headers
                .entry("host")
                .or_insert("localhost".parse().unwrap());
            (app.router().claimant(&call.path).sign)(&mut call, &scenario);
            let (reply, _) = app.whole(&call, crate::support::nobody);
            kept.learn(example, &reply).unwrap();
        }
        let answer = verify(&mut Shopper::new(&app), "", ("", ""));
        assert_eq!(answer.at("broken"), &json!([]), "{name}");
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
    }
}

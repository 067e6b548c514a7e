//! Without files: what a call says of itself, rules for a while, magic amounts; and who wins.

use crate::bank::{Browser, CARD, INIT, begun, order};
use crate::support::merchant::{HOST, Merchant};
use crate::support::walk::{PLAIN, complete, to_order_no};
use crate::support::{Answer, Shopper, app, wallet};
use http::Method;
use mockpos::app::App;
use serde_json::{Value, json};
use std::sync::Arc;

const PAY: &str = "/payment/v1/card-payments";
/// Declined by the published table.
const POOR: &str = "5100050000006661";
const POOR_RULE: &str = "[[rule]]\nwhen = { endpoint = \"craftgate.card_payment.create\" }\nthen = { decline = \"stolen_card\" }";

/// Pays so much with this card; the header says `then`, if anything.
fn pay(app: &Arc<App>, (card, price): (&str, &str), then: &str) -> Answer {
    let mut merchant = Merchant::new(app);
    if !then.is_empty() {
        merchant.header("x-mockpos-then", then);
    }
    let price: Value = serde_json::from_str(price).unwrap();
    let mut order = order(card);
    order["price"] = price.clone();
    order["paidPrice"] = price.clone();
    order["items"] = json!([{ "price": price }]);
    merchant.post(PAY, &order)
}

#[test]
fn the_header_outranks_rules_and_they_what_is_magic() {
    let added = r#"{"when": {"bin": "510005"}, "then": {"decline": "lost_card"}, "times": 1}"#;
    for (rules, added, card, price, then, group, by) in [
        ("", "", CARD, "100", "", "", "default"),
        ("", "", POOR, "100", "", "NOT_SUFFICIENT_FUNDS", "test card"),
        (
            "",
            "",
            CARD,
            "4242.51",
            "",
            "NOT_SUFFICIENT_FUNDS",
            "amount",
        ),
        (
            "[settings]\nmagic_amounts = false",
            "",
            CARD,
            "4242.51",
            "",
            "",
            "default",
        ),
        ("", "", POOR, "4242.05", "", "DO_NOT_HONOUR", "amount"),
        (
            POOR_RULE,
            "",
            POOR,
            "4242.05",
            "",
            "STOLEN_CARD",
            "rule test.toml:2",
        ),
        (
            POOR_RULE,
            added,
            POOR,
            "4242.05",
            "",
            "LOST_CARD",
            "rule added:1",
        ),
        (
            POOR_RULE,
            added,
            POOR,
            "4242.05",
            "decline = \"expired_card\"",
            "EXPIRED_CARD",
            "header",
        ),
        (
            POOR_RULE,
            added,
            POOR,
            "4242.05",
            "{ approve = true }",
            "",
            "header",
        ),
        (
            "",
            "",
            CARD,
            "100",
            "response_code = \"10999\", description = \"hayır şimdi\"",
            "UNKNOWN",
            "header",
        ),
    ] {
        let app = app(rules);
        if !added.is_empty() {
            assert_eq!(
                admin(&app, Method::POST, "/rules", ("application/json", added)).status,
                201
            );
        }
        let answer = pay(&app, (card, price), then);
        assert_eq!(answer.decided_by(), by, "{then} {}", answer.text);
        let found = answer.text_at("errors.errorGroup");
        let expected = if group.is_empty() { "null" } else { group };
        assert_eq!(found, expected, "{price} {}", answer.text);
    }
}

#[test]
fn a_call_may_say_what_becomes_of_its_answer() {
    let app = app("");
    let lost = pay(
        &app,
        (CARD, "100"),
        "wire = { fault = \"reset\", when = \"after_commit\" }",
    );
    assert!(lost.dropped, "{}", lost.text);
    assert_eq!(lost.decided_by(), "header");
    let seen = Merchant::new(&app).get("/payment-reporting/v1/payments?conversationId=order-7");
    assert_eq!(seen.status, 200, "{}", seen.text);
    let slow = pay(
        &app,
        (CARD, "100"),
        "wire = { delay = \"2s\" }, headers = { x-a = \"b\" }",
    );
    assert_eq!((slow.delay, slow.header("x-a")), (2000, "b"));
    let plain = pay(&app, (CARD, "100"), "");
    assert_eq!(
        (plain.delay, plain.dropped, plain.decided_by()),
        (0, false, "default")
    );
}

#[test]
fn what_cannot_be_is_told_in_the_surfaces_dialect_and_changes_nothing() {
    let app = app("");
    for (then, told) in [
        (
            "decline = \"insuficient_funds\"",
            "S008 unknown decline reason `insuficient_funds` (did you mean `insufficient_funds`?)",
        ),
        (
            "declin = \"x\"",
            "S004 unknown key `declin` (did you mean `decline`?)",
        ),
        ("otp = \"wrong\"", "S012 `otp` is never decided at"),
        ("decline = ", "S001 "),
        ("", "S013 `then` says nothing"),
        ("approve = true }\n[[rule]", "S001"),
        ("wire = { }", "S013 `wire` says nothing"),
        ("[{ approve = true }]", "S001"),
        ("when = { bin = \"525864\" }", "S004 unknown key `when`"),
    ] {
        let then = if then.is_empty() { "{}" } else { then };
        if then.contains('\n') {
            continue; // no header can say it
        }
        let answer = pay(&app, (CARD, "100"), then);
        assert_eq!(answer.status, 400, "{then}: {}", answer.text);
        let problem = answer.header("x-mockpos-problem");
        assert!(problem.starts_with(told), "{then}: {problem}");
        assert!(answer.text.contains("errorDescription"), "{}", answer.text);
    }
    let mut shopper = Shopper::new(&app);
    to_order_no(&mut shopper, PLAIN);
    shopper.header("x-mockpos-then", "decline = \"nothing\"");
    let bad = complete(&mut shopper, "t", "PURCHASE");
    assert_eq!(bad.status, 400, "{}", bad.text);
    shopper.header("x-mockpos-then", "decline = \"expired_card\"");
    let declined = complete(&mut shopper, "t", "PURCHASE");
    assert_eq!(declined.decided_by(), "header");
    assert_ne!(declined.page(), "ThankYouPage");
    shopper.header("x-mockpos-then", "");
    let again = complete(&mut shopper, "u", "PURCHASE");
    assert_eq!(again.page(), "ThankYouPage", "{}", again.text);
}

#[test]
fn pages_of_other_origins_may_steer_and_read_who_decided() {
    let app = app("");
    for (target, said) in [
        ("/payment/api/Payment/request", "responseCode"),
        ("/MasterpassJsonServerHandler/v2/purchase", "ResponseCode"),
    ] {
        let mut page = Shopper::new(&app);
        page.header(
            "access-control-request-headers",
            "x-mockpos-then, x-mockpos-sandbox, content-type",
        );
        let asked = page.send(Method::OPTIONS, target, ("", String::new()));
        let allowed = asked.header("access-control-allow-headers").to_owned();
        for name in ["x-mockpos-then", "x-mockpos-sandbox"] {
            assert_eq!(allowed.matches(name).count(), 1, "{target}: {allowed}");
        }
        page.header("access-control-request-headers", "");
        page.header("x-mockpos-then", "otp = \"wrongg\"");
        let bad = wallet::post(&mut page, target, &json!({}));
        let exposed = bad.header("access-control-expose-headers");
        assert!(
            exposed.contains("x-mockpos-decided-by"),
            "{target}: {exposed}"
        );
        assert_eq!(bad.header("access-control-allow-origin"), "*");
        if bad.status == 400 {
            assert!(bad.header("x-mockpos-problem").contains("S0"), "{target}");
            assert!(bad.text.contains(said), "{}", bad.text);
        }
    }
}

#[test]
fn a_page_takes_it_from_its_address() {
    let app = app("");
    let browser = Browser::new(&app);
    let fails = "mockpos-then=three_ds%20%3D%20%22fails%22";
    let how = |begun: &crate::bank::Begun| {
        let told = browser.get(&begun.admin());
        told.text_at("how.outcome")
    };
    // the bank's page itself
    let at_bank = begun(&app);
    let shown = browser.get(&format!("{}?{fails}", at_bank.page));
    assert_eq!(shown.decided_by(), "query");
    assert_eq!(how(&at_bank), "fails");
    // the way there
    let by_form = begun(&app);
    let form = format!(
        "/user-authorization/mp-3d-acs-form?token={}&{fails}",
        by_form.id()
    );
    let led = browser.get(&form);
    assert_eq!((led.status, led.decided_by()), (303, "default"));
    browser.get(led.header("location"));
    assert_eq!(how(&by_form), "fails");
    // wrong, and told to whoever looks
    let wrong = begun(&app);
    let told = browser.get(&format!(
        "{}?mockpos-then=three_ds%3D%22fial%22",
        wrong.page
    ));
    assert_eq!(told.status, 400);
    assert!(told.header("x-mockpos-problem").starts_with("S008"));
    assert!(
        told.text.contains("see x-mockpos-problem"),
        "on the page, too"
    );
    assert_eq!(how(&wrong), "null", "nothing has happened");
    // any other endpoint takes the parameter for one of the shop's own
    let mut merchant = Merchant::new(&app);
    let other = merchant.post(&format!("{INIT}?{fails}"), &order(CARD));
    assert_eq!(other.status, 200, "{}", other.text);
}

#[test]
fn the_hosted_page_hands_it_on_to_the_bank() {
    let app = app("");
    let mut merchant = Merchant::new(&app);
    let wanted = json!({"price": 100, "paidPrice": 100, "currency": "TRY", "callbackUrl": "https://shop.example/back",
        "items": [{"price": 100}]});
    let form = format!(
        "method=card&cardHolderName=A+B&cardNumber={CARD}&expireMonth=07&expireYear=2044&cvc=000&action=pay"
    );
    for (then, three_d, lands) in [
        ("decline%3D%22expired_card%22", "", "craftgate"),
        ("three_ds%3D%22cancelled%22", "&threeDS=true", "bank"),
    ] {
        let opened = merchant.post("/payment/v1/checkout-payments/init", &wanted);
        let page = opened.text_at("data.pageUrl");
        let browser = Browser::new(&app);
        let page = format!("{page}&mockpos-then={then}");
        let shown = browser.get(&page);
        assert_eq!(
            (shown.status, shown.decided_by()),
            (200, "default"),
            "{}",
            shown.text
        );
        let paid = browser.post(&page, &format!("{form}{three_d}"));
        if lands == "bank" {
            assert_eq!(paid.status, 303, "{}", paid.text);
            let bank = browser.get(paid.header("location"));
            assert_eq!(bank.decided_by(), "query", "{}", paid.header("location"));
        } else {
            assert_eq!(paid.decided_by(), "query", "{}", paid.text);
        }
    }
}

#[test]
fn an_amount_ends_three_d_secure() {
    let app = app("");
    let mut order = order(CARD);
    order["price"] = json!(4243.04);
    order["paidPrice"] = json!(4243.04);
    order["items"] = json!([{"price": 4243.04}]);
    let begun = crate::bank::begun_with(&mut Merchant::new(&app), &order);
    let browser = Browser::new(&app);
    assert_eq!(browser.get(&begun.page).decided_by(), "amount");
    let told = browser.get(&begun.admin());
    assert_eq!(
        (told.text_at("how.outcome"), told.text_at("how.md_status")),
        ("half".to_owned(), "4".to_owned())
    );
}

fn admin(app: &Arc<App>, method: Method, path: &str, body: (&str, &str)) -> Answer {
    let mut operator = Shopper::new(app);
    operator.header("host", HOST);
    operator.send(
        method,
        &format!("/__mockpos{path}"),
        (body.0, body.1.to_owned()),
    )
}

const TOML: &str = "application/toml";

#[test]
fn rules_are_added_for_a_while() {
    let app = app("[[rule]]\nthen = { headers = { x-who = \"file\" } }");
    let who = |expected: &str| {
        let answer = pay(&app, (CARD, "100"), "");
        assert_eq!(answer.header("x-who"), expected, "{}", answer.decided_by());
    };
    who("file");
    let two = "[[rule]]\nthen = { headers = { x-who = \"first\" } }\ntimes = 1\n\
               [[rule]]\nwhen = { nth = 2 }\nthen = { headers = { x-who = \"second\" } }\nfor = \"30s\"";
    let added = admin(&app, Method::POST, "/rules", (TOML, two));
    assert_eq!(added.status, 201, "{}", added.text);
    assert_eq!(added.text_at("rules.0.decided_by"), "rule added:1");
    assert_eq!(
        added.text_at("rules.1.until"),
        "2026-01-02T03:04:35.000000Z"
    );
    who("first");
    who("second");
    who("file");
    let left = admin(&app, Method::GET, "/rules", ("", ""));
    assert_eq!(
        left.at("rules").as_array().unwrap().len(),
        1,
        "{}",
        left.text
    );
    assert_eq!(left.text_at("rules.0.id"), "2");
    assert!(
        left.text_at("rules.0.source").contains("nth = 2"),
        "{}",
        left.text
    );
    let last = r#"{"then": {"headers": {"x-who": "json ş"}}, "for": "30s"}"#;
    assert_eq!(
        admin(&app, Method::POST, "/rules", ("application/json", last)).status,
        201
    );
    let later = admin(
        &app,
        Method::POST,
        "/rules",
        (
            "application/json",
            r#"[{"then": {"headers": {"x-who": "list"}}}]"#,
        ),
    );
    assert_eq!(later.text_at("rules.0.id"), "4", "{}", later.text);
    who("list");
    assert_eq!(
        admin(&app, Method::DELETE, "/rules/4", ("", "")).status,
        200
    );
    assert_eq!(
        admin(&app, Method::DELETE, "/rules/4", ("", "")).status,
        404
    );
    admin(
        &app,
        Method::POST,
        "/clock/advance",
        ("application/json", r#"{"by": "30s"}"#),
    );
    who("file");
    assert_eq!(
        *admin(&app, Method::GET, "/rules", ("", "")).at("rules"),
        json!([])
    );
    admin(
        &app,
        Method::POST,
        "/rules",
        (TOML, "then = { headers = { x-who = \"x\" } }"),
    );
    assert_eq!(
        *admin(&app, Method::DELETE, "/rules", ("", "")).at("removed"),
        json!(1)
    );
    who("file");
}

#[test]
fn a_snapshot_has_the_rules_that_were_added() {
    let app = app("");
    let json = "application/json";
    let rule = r#"{"when": {"nth": 2}, "then": {"decline": "lost_card"}, "times": 2, "for": "1h"}"#;
    assert_eq!(
        admin(&app, Method::POST, "/rules", (json, rule)).status,
        201
    );
    assert_eq!(
        pay(&app, (CARD, "100"), "").decided_by(),
        "default",
        "the first"
    );
    let snapshot = admin(&app, Method::GET, "/state", ("", ""));
    let other = self::app("");
    let put = admin(&other, Method::PUT, "/state", (json, &snapshot.text));
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(pay(&other, (CARD, "100"), "").decided_by(), "rule added:1");
    let left = admin(&other, Method::GET, "/rules", ("", ""));
    assert_eq!(
        (left.text_at("rules.0.left"), left.text_at("rules.0.spoken")),
        ("1".to_owned(), "1".to_owned())
    );
    let broken = snapshot.text.replace("lost_card", "lost_crad");
    let refused = admin(&other, Method::PUT, "/state", (json, &broken));
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text_at("error").contains("progress.added"),
        "{}",
        refused.text
    );
    assert!(
        refused.text_at("error").contains("S008"),
        "{}",
        refused.text
    );
}

#[test]
fn rules_that_are_no_good_are_not_added() {
    let app = app("");
    for (media, body, status, told) in [
        (
            TOML,
            "[[rule]]\nthen = { declin = \"x\" }",
            422,
            "error[S004]: unknown key `declin`",
        ),
        (
            TOML,
            "then = { decline = \"declined\" }\ntimes = 0",
            422,
            "error[S007]",
        ),
        (
            TOML,
            "then = { decline = \"declined\" }\nfor = \"1y\"",
            422,
            "error[S007]",
        ),
        (
            TOML,
            "when = { state = \"nowhere\" }\nthen = { decline = \"declined\" }",
            422,
            "error[S025]",
        ),
        (TOML, "", 422, "error[S013]"),
        (
            TOML,
            "[[rule]]\nthen = { approve = true }\n[[rule]]\n",
            422,
            "error[S013]",
        ),
        (
            "application/json",
            "{\"then\": {\"decline\": null}}",
            400,
            "null",
        ),
        ("application/json", "3", 400, "object"),
        ("application/json", "{", 400, "JSON"),
        (
            "application/json",
            "{\"then\": {\"decline\": 5}}",
            422,
            "error[S006]",
        ),
    ] {
        let answer = admin(&app, Method::POST, "/rules", (media, body));
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert!(
            answer.text_at("error").contains(told),
            "{body}: {}",
            answer.text
        );
    }
    assert_eq!(
        *admin(&app, Method::GET, "/rules", ("", "")).at("rules"),
        json!([])
    );
    let many = "[[rule]]\nthen = { set_state = \"a\" }\n".repeat(1001);
    let full = admin(&app, Method::POST, "/rules", (TOML, &many));
    assert_eq!(full.status, 409, "{}", full.text);
}

#[test]
fn a_scenario_is_put_on_top_of_what_is_playing() {
    let app = app("[[rule]]\nthen = { headers = { x-a = \"below\", x-b = \"below\" } }");
    let top = "version = 1\n[[rule]]\nthen = { decline = \"lost_card\" }";
    let put = admin(
        &app,
        Method::PUT,
        "/scenario?layer=true&name=top.toml",
        (TOML, top),
    );
    assert_eq!(
        put.text_at("scenario.name"),
        "test.toml + top.toml",
        "{}",
        put.text
    );
    let answer = pay(&app, (CARD, "100"), "");
    assert_eq!(answer.decided_by(), "rule top.toml:2, rule test.toml:2");
    assert_eq!(answer.header("x-a"), "below");
    let bad = admin(
        &app,
        Method::PUT,
        "/scenario?layer=true",
        (TOML, "version = 1\nx = 1"),
    );
    assert_eq!(bad.status, 422, "{}", bad.text);
    assert_eq!(
        pay(&app, (CARD, "100"), "").decided_by(),
        "rule top.toml:2, rule test.toml:2"
    );
    let merged = admin(&app, Method::GET, "/scenario", ("", ""));
    for part in [
        "# test.toml:2\n",
        "# top.toml:2\n",
        "x-a = \"below\"",
        "lost_card",
    ] {
        assert!(merged.text.contains(part), "{part}: {}", merged.text);
    }
    let again = admin(&app, Method::PUT, "/scenario", (TOML, &merged.text));
    assert_eq!(again.at("scenario.rules"), 2, "{}", again.text);
    assert_eq!(
        admin(&app, Method::PUT, "/scenario?layer=perhaps", (TOML, top)).status,
        400
    );
    admin(&app, Method::PUT, "/scenario", (TOML, top));
    assert_eq!(pay(&app, (CARD, "100"), "").decided_by(), "rule scenario:2");
}

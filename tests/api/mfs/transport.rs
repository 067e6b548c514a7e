//! CORS, the vendor's SDK, and what happens on the way. contract: masterpass §2.2

use super::page::{LINKED, Page, Told};
use crate::support::{Answer, Shopper, app};
use http::Method;
use mockpos::app::{App, Outcome};
use mockpos::call::Call;
use mockpos::surface::masterpass::{sdk, sealed};
use serde_json::Value;
use std::sync::Arc;

fn preflight(rules: &str, target: &str) -> Answer {
    let mut shopper = Shopper::new(&app(rules));
    shopper.header("origin", "https://shop.example");
    shopper.header("access-control-request-method", "POST");
    shopper.header("access-control-request-headers", "content-type,x-extra");
    shopper.send(Method::OPTIONS, target, ("", String::new()))
}

#[test]
fn any_origin_may_call() {
    for target in [
        "/v2/register",
        "/MasterpassJsonServerHandler/v2/Register",
        "/v2/noSuchOperation",
        "//v2//validateTransaction%20",
    ] {
        let answer = preflight("", target);
        assert_eq!((answer.status, &*answer.text), (204, ""), "{target}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(
            answer.header("access-control-allow-headers"),
            "content-type,x-extra"
        );
        assert!(
            answer
                .header("access-control-allow-methods")
                .contains("POST")
        );
    }
    let mut page = Page::playing("");
    assert_eq!(
        page.check(LINKED).header("access-control-allow-origin"),
        "*"
    );
}

/// contract: masterpass §11 row 34
#[test]
fn no_origin_may_call_where_the_scenario_refuses() {
    let refused = "[masterpass]\ncors = \"refused\"";
    let answer = preflight(refused, "/v2/register");
    assert_eq!(answer.status, 204);
    for name in ["origin", "headers", "methods"] {
        assert_eq!(answer.header(&format!("access-control-allow-{name}")), "");
    }
    let mut page = Page::playing(refused);
    assert_eq!(page.check(LINKED).header("access-control-allow-origin"), "");
}

/// contract: masterpass §11 row 32, as far as faults on the way go
#[test]
fn answers_get_lost_or_late() {
    let rule = |wire: &str| {
        format!("[[rule]]\nwhen = {{ endpoint = \"mfs.account.check\" }}\nwire = {{ {wire} }}")
    };
    let check = |wire: &str| {
        let mut shopper = Shopper::new(&app(&rule(wire)));
        shopper.post(
            "/v2/checkMasterPassEndUser",
            &serde_json::json!({"userId": LINKED}),
        )
    };
    assert!(check("fault = \"reset\"").dropped);
    let empty = check("status = 200");
    assert_eq!((empty.status, &*empty.text), (200, ""));
    let told = Told::of(check("status = 500"));
    assert_eq!((told.status, &*told.code()), (500, "9899"));
    assert_eq!(told.header("access-control-allow-origin"), "*");
    let late = Told::of(check("delay = \"4s\""));
    assert_eq!((late.delay, &*late.code()), (4_000, ""));
}

/// What the vendor's SDK never calls back on. contract: masterpass §2.2, §11 row 32
#[test]
fn answers_that_the_sdk_hangs_on() {
    let rule =
        |what: &str| format!("[[rule]]\nwhen = {{ endpoint = \"mfs.account.check\" }}\n{what}");
    let told = |what: &str| {
        let mut shopper = Shopper::new(&app(&rule(what)));
        shopper.post(
            "/v2/checkMasterPassEndUser",
            &serde_json::json!({"userId": LINKED}),
        )
    };
    let html = told("wire = { fault = \"html_500\" }");
    assert_eq!(html.status, 500);
    assert!(html.header("content-type").starts_with("text/html"));
    let empty = told("wire = { fault = \"empty\" }");
    assert_eq!((empty.status, &*empty.text), (200, ""));
    let faultless = told("then = { patch = [{ remove = \"Data.Body.Fault\" }] }");
    assert_eq!(
        (faultless.status, faultless.at("Data.Body.Fault")),
        (200, &Value::Null)
    );
    assert!(faultless.at("Data.Body.Response").is_object());
    let null = told("then = { patch = [{ set = \"Data.Body.Response\", null = true }] }");
    assert_eq!(null.at("Data.Body").get("Response"), Some(&Value::Null));
}

fn fetched(app: &Arc<App>, target: &str) -> (u16, String, String, String) {
    let Outcome::Done(reply) = app.answer(&Call::new(Method::GET, target)) else {
        panic!("it is held")
    };
    let header = |name: &str| {
        let value = reply.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    let body = String::from_utf8(reply.body.to_vec()).unwrap();
    let origin = header("access-control-allow-origin");
    (reply.status.as_u16(), header("content-type"), origin, body)
}

#[test]
fn the_vendors_sdk_is_served_with_the_sandboxes_key() {
    let theirs = format!(
        "key = \"{}\"; other = \"{}\";",
        "0A".repeat(176),
        "0A".repeat(175)
    );
    let ours = theirs.replacen(&"0A".repeat(176), sealed::MODULUS, 1);
    let script = sdk::rewritten("Mfs-client.min.js", theirs.as_bytes()).unwrap();
    let scenario = Arc::default();
    let app = App::new(scenario, crate::support::birth(), Default::default());
    let app = Arc::new(app.serving(Some(script)));
    let want = (
        200,
        "application/javascript".to_owned(),
        "*".to_owned(),
        ours,
    );
    assert_eq!(fetched(&app, "/masterpass-sdk/Mfs-client.min.js"), want);
    let mut call = Call::new(Method::GET, "/masterpass-sdk/Mfs-client.min.js");
    call.sandbox = "other".into();
    let Outcome::Done(reply) = app.answer(&call) else {
        panic!("it is held")
    };
    assert_eq!(reply.status, 200, "in every sandbox");
    assert_eq!(fetched(&app, "/masterpass-sdk/other.js").0, 404);
    let none = fetched(
        &crate::support::app(""),
        "/masterpass-sdk/Mfs-client.min.js",
    );
    assert_eq!(none.0, 404);
    assert!(none.3.contains("--masterpass-sdk"), "{}", none.3);
}

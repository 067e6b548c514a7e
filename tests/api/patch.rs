//! Answers that a rule changes after they were made.

use crate::support::merchant::Merchant;
use crate::support::{Shopper, app};
use serde_json::json;

const BIN: &str = "/installment/v1/bins/525864";

#[test]
fn json_is_changed_at_any_endpoint_and_headers_are_too() {
    let app = app(r#"
[[rule]]
when = { endpoint = "craftgate.bin.retrieve" }
then = { patch = [
    { set = "data.binNumber", value = "1" },
    { set = "Fault.faultcode", value = 500 },
    { set = "exception", null = true },
    { remove = "data.bankName" },
], headers = { x-upstream = "b2", content-language = "tr" } }
"#);
    let plain = crate::support::app("");
    let plain = Merchant::new(&plain).get(BIN);
    let changed = Merchant::new(&app).get(BIN);
    assert_eq!(changed.status, 200, "{}", changed.text);
    let mut expected = plain.json.clone();
    expected["data"]["binNumber"] = json!("1");
    expected["Fault"] = json!({ "faultcode": 500 });
    expected["exception"] = json!(null);
    let removed = expected["data"].as_object_mut().unwrap().remove("bankName");
    assert!(removed.is_some());
    assert_eq!(changed.json, expected);
    assert_eq!(changed.header("x-upstream"), "b2");
    assert_eq!(changed.header("content-language"), "tr");
    assert_eq!(changed.decided_by(), "rule test.toml:3");
    let elsewhere = Merchant::new(&app).get("/installment/v1/bins/404308");
    assert_eq!(elsewhere.at("data.binNumber"), "1", "every call fits");
}

/// A refusal is an answer too, and what the wire does comes last.
#[test]
fn refusals_are_changed_and_then_travel() {
    let app = app(r#"
[[rule]]
when = { endpoint = "akinon.*" }
then = { patch = [{ set = "errors.x", value = 1 }], headers = { content-type = "" } }
wire = { fault = "bad_json", when = "after_commit" }

[[rule]]
when = { endpoint = "craftgate.*" }
then = { patch = [{ set = "errors.errorCode", value = "1" }] }
"#);
    let cut = Shopper::new(&app).get("/orders/checkout/?page=IndexPage");
    assert_eq!((cut.status, cut.json.is_null()), (200, true));
    assert_eq!(cut.header("content-type"), "application/json");
    let refused = Merchant::new(&app).get("/installment/v1/bins/000000");
    assert!(refused.status >= 400, "{}", refused.text);
    assert_eq!(refused.at("errors.errorCode"), "1");
}

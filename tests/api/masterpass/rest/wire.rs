//! What goes wrong on the way: row 32.

use super::{no, page, refused};
use crate::support::wallet::{PHONE, access};
use serde_json::{Value, json};

#[test]
fn row_32_dropped_slow_or_failing() {
    let rule = |wire: &str| {
        format!(
            "[[rule]]\nwhen = {{ endpoint = \"masterpass.account.access\" }}\nwire = {{ {wire} }}"
        )
    };
    let dropped = access(&mut page(&rule("fault = \"reset\"")), PHONE);
    assert!(dropped.dropped);
    let slow = access(&mut page(&rule("delay = \"5s\"")), PHONE);
    assert_eq!((slow.status, slow.delay), (200, 5_000));
    let failing = access(&mut page(&rule("status = 502")), PHONE);
    assert_eq!(refused(&failing), no(502, "SERVER_ERROR"));
    let empty = access(&mut page(&rule("status = 200")), PHONE);
    assert_eq!((empty.status, &*empty.text), (200, ""));
}

/// The vendor's script never calls back on what is no JSON, and crashes where a failure has no exception.
#[test]
fn row_32_what_the_script_hangs_or_crashes_on() {
    let rule = |what: &str| {
        format!("[[rule]]\nwhen = {{ endpoint = \"masterpass.account.access\" }}\n{what}")
    };
    let told = |what: &str| access(&mut page(&rule(what)), PHONE);
    let html = told("wire = { fault = \"html_500\" }");
    assert_eq!(html.status, 500);
    assert!(html.header("content-type").starts_with("text/html"));
    let broken = told("wire = { fault = \"bad_json\" }");
    assert_eq!((broken.status, &broken.json), (200, &Value::Null));
    assert!(!broken.text.is_empty());
    let refusal =
        "then = { wallet = \"not_linked\", patch = [{ set = \"exception\", null = true }] }";
    let crashing = told(refusal);
    assert_eq!(crashing.status, 404);
    assert_eq!(crashing.at("statusCode"), &json!(404));
    assert_eq!(crashing.at("exception"), &Value::Null);
}

//! Who may call, and what they are told otherwise.

use crate::support::app;
use crate::support::merchant::Merchant;
use http::{HeaderValue, Method};
use serde_json::json;

const BIN: &str = "/installment/v1/bins/525864";

fn error(code: &str, description: &str) -> serde_json::Value {
    json!({"errors": {"errorCode": code, "errorDescription": description}})
}

#[test]
fn a_signed_call_is_answered_wherever_it_goes() {
    let app = app("");
    for target in [
        BIN,
        "//installment/v1/bins/525864",
        "/installment/v1/bins/525864/",
        "/installment/v1/bins/525864?includeGlobalBins=true&",
        "/installment/v1/bins/525864?name=%C3%9Cr%C3%BCn%201+2",
    ] {
        for merchant in [Merchant::new(&app), Merchant::new(&app).in_sandbox("ci")] {
            let mut merchant = merchant;
            let answer = merchant.get(target);
            assert_eq!(answer.status, 200, "{target}: {}", answer.text);
        }
    }
}

#[test]
fn strangers_are_told_what_is_wrong() {
    let app = app("");
    let mut merchant = Merchant::new(&app);
    let cases = [
        ("x-api-key", "", "1000", "Api credentials not found!"),
        ("x-api-key", "other", "1000", "Api credentials not found!"),
        (
            "x-rnd-key",
            "",
            "1001",
            "Authentication header is missing: x-rnd-key",
        ),
        (
            "x-auth-version",
            "",
            "1001",
            "Authentication header is missing: x-auth-version",
        ),
        (
            "x-signature",
            "",
            "1001",
            "Authentication header is missing: x-signature",
        ),
        (
            "x-auth-version",
            "2",
            "1002",
            "Auth version is not supported",
        ),
        ("x-signature", "AAAA", "1003", "Signature is not equal!"),
        ("x-rnd-key", "another", "1003", "Signature is not equal!"),
    ];
    for (name, value, code, description) in cases {
        let mut call = merchant.signed(Method::GET, BIN, "");
        if value.is_empty() {
            call.headers.remove(name);
        } else {
            call.headers.insert(name, HeaderValue::from_static(value));
        }
        let answer = merchant.deliver(&call);
        assert_eq!(answer.status, 401, "{name}: {value}");
        assert_eq!(answer.json, error(code, description), "{name}: {value}");
    }
}

#[test]
fn a_file_says_who_may_call_and_how_strictly() {
    let app = app(r#"
        [craftgate]
        signature = "warn"
        [[merchant]]
        api_key = "lax"
        secret_key = "s-1"
        [[merchant]]
        api_key = "stern"
        secret_key = "s-2"
        signature = "strict"
        [[merchant]]
        api_key = "open"
        signature = "off""#);
    for (key, secret, status) in [
        ("lax", "s-1", 200),
        ("lax", "wrong", 200),
        ("stern", "s-2", 200),
        ("stern", "wrong", 401),
        ("open", "wrong", 200),
        ("api-key", "secret-key", 401),
    ] {
        let answer = Merchant::with_keys(&app, key, secret).get(BIN);
        assert_eq!(answer.status, status, "{key} {secret}");
    }
    let mut open = Merchant::with_keys(&app, "open", "");
    let mut call = open.signed(Method::GET, BIN, "");
    for name in ["x-rnd-key", "x-signature", "x-auth-version"] {
        call.headers.remove(name);
    }
    assert_eq!(open.deliver(&call).status, 200, "nobody looks");
}

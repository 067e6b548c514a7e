//! The rules of the envelope, which the vendor's script hangs or breaks on when they are broken.

use super::{no, page, refused};
use crate::support::wallet::{DIRECT, PHONE, SAVED, access, call, post, saved, typed};
use crate::support::{Answer, Shopper, app};
use http::Method;
use serde_json::{Value, json};

/// What every answer is, good or not.
fn well_formed(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer
        .json
        .as_object()
        .unwrap_or_else(|| panic!("{}", answer.text));
    let keys: Vec<_> = body.keys().map(String::as_str).collect();
    let wanted = [
        "version",
        "buildId",
        "statusCode",
        "message",
        "correlationId",
        "requestId",
        "result",
        "exception",
    ];
    assert_eq!(keys, wanted);
    assert_eq!(
        answer.at("statusCode"),
        &json!(answer.status),
        "{}",
        answer.text
    );
    assert_eq!(answer.text_at("correlationId").len(), 36);
    let good = answer.status < 300;
    assert_eq!(answer.at("exception").is_null(), good, "{}", answer.text);
    assert_eq!(answer.at("result").is_null(), !good, "{}", answer.text);
    assert_eq!(
        !answer.header("content-location").is_empty(),
        answer.status == 202
    );
    if good {
        return;
    }
    let exception = answer.at("exception").as_object().unwrap();
    let keys: Vec<_> = exception.keys().map(String::as_str).collect();
    let wanted = [
        "level",
        "code",
        "message",
        "validationErrors",
        "details",
        "vposErrorCode",
        "vposErrorMessage",
        "retrievalReferenceNumber",
        "thirdPartyApiResponse",
        "acquirerIcaNumber",
    ];
    assert_eq!(keys, wanted);
    assert!(exception["validationErrors"].is_array() && exception["details"].is_array());
}

#[test]
fn every_answer_has_the_envelope() {
    let mut page =
        page("[[rule]]\nwhen = { endpoint = \"masterpass.card.*\" }\nwire = { status = 500 }");
    let paths = [
        "/account/api/Card",
        "/account/api/nothing",
        "/payment/api/a/b",
        "/user-authorization/x",
        "/merchant/api/x",
        "/credit-bff/api/Loan/geturl",
        "/account/api/Account/Unlink",
    ];
    let methods = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    for path in paths {
        for method in &methods {
            for body in ["", "{}", "[]", "{", "null"] {
                let answer = page.send(method.clone(), path, ("application/json", body.to_owned()));
                well_formed(&answer);
                assert!(
                    answer.status >= 400,
                    "{method} {path} {body}: {}",
                    answer.text
                );
            }
        }
    }
    for answer in [
        access(&mut page, PHONE),
        post(&mut page, SAVED, &saved(PHONE, "Maaş kartım", "1001")),
        post(&mut page, SAVED, &saved(PHONE, "Bonus kartım", "1001")),
        post(&mut page, DIRECT, &typed(PHONE, "THREE D", "1001")),
        access(&mut Shopper::new(&app("")), PHONE),
    ] {
        well_formed(&answer);
    }
}

#[test]
fn sentences_are_in_the_callers_language() {
    let mut page = page("");
    for (language, text) in [
        ("", "accountKey zorunludur"),
        ("tr-TR", "accountKey zorunludur"),
        ("de-DE", "accountKey zorunludur"),
        ("en-US", "accountKey is required"),
        ("EN", "accountKey is required"),
    ] {
        page.header("x-language", language);
        let answer = page.get("/account/api/Card?accountKey=undefined");
        assert_eq!(answer.text_at("exception.message"), text, "{language}");
        assert_eq!(answer.text_at("exception.validationErrors.0.message"), text);
    }
    page.header("x-language", "en-US");
    let asked = post(&mut page, SAVED, &saved(PHONE, "Bonus kartım", "1001"));
    assert!(asked.text_at("result.description").starts_with("Enter the"));
}

#[test]
fn bodies_and_names_are_read_loosely() {
    let mut page = page("");
    // GET writes what is missing as `undefined`.
    let list = page.get(&format!(
        "/account/api/Card?accountKey={PHONE}&userId=undefined"
    ));
    assert_eq!(list.status, 200, "{}", list.text);
    // DELETE has a body; names have any case; paths too, and their slashes.
    let body = json!({"AccountKey": PHONE, "CARDALIAS": "Bonus kartım", "unknown": 1});
    let gone = call(&mut page, Method::DELETE, "/Account//API/card", &body);
    assert_eq!(gone.status, 200, "{}", gone.text);
    // JSON whatever the content type says.
    let order = saved(PHONE, "Maaş kartım", "1001").to_string();
    for media in [
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "",
    ] {
        let answer = page.send(Method::POST, SAVED, (media, order.clone()));
        assert_eq!(answer.status, 200, "{media}: {}", answer.text);
    }
    let broken = page.send(Method::POST, SAVED, ("application/json", "{".to_owned()));
    assert_eq!(refused(&broken), no(400, "INVALID_REQUEST"));
    assert_ne!(broken.at("exception"), &Value::Null);
}

#[test]
fn other_surfaces_keep_their_paths() {
    let mut page = page("");
    for target in [
        "/payment/v1/nothing",
        "/payment/nothing",
        "/account/nothing",
        "/orders/nothing",
    ] {
        let answer = page.get(target);
        assert_eq!(answer.status, 404, "{target}");
        assert!(
            answer.at("statusCode").is_null(),
            "{target}: {}",
            answer.text
        );
    }
}

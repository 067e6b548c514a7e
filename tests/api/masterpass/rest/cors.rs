//! What pages of another origin may do: row 34.

use super::page;
use crate::support::wallet::{PHONE, SAVED, access, post, saved};
use crate::support::{Answer, Shopper, app};
use http::Method;

const ORIGIN: &str = "https://shop.example";
const ASKED: &str =
    "authorization,content-type,x-channel,x-source-channel,x-api-version,x-language,x-own";

fn preflight(rules: &str, target: &str) -> Answer {
    let mut page = Shopper::new(&app(rules));
    page.header("origin", ORIGIN);
    page.header("access-control-request-method", "DELETE");
    page.header("access-control-request-headers", ASKED);
    page.send(Method::OPTIONS, target, ("", String::new()))
}

#[test]
fn a_page_may_call_every_row() {
    for target in [
        "/account/api/Card",
        "/account/api/Account/LinkToMerchant",
        "/payment/api/DirectPayment/request",
        "/user-authorization/api/Otp/verify",
        "/user-authorization/api/Otp/resend",
        "/credit-bff/api/Loan/geturl",
        "/PAYMENT/api//payment/request%20",
        "/payment/api/no-such-call",
    ] {
        let answer = preflight("", target);
        assert_eq!((answer.status, &*answer.text), (204, ""), "{target}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let methods = answer.header("access-control-allow-methods");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert!(methods.contains(method), "{methods}");
        }
        let headers = answer.header("access-control-allow-headers").to_lowercase();
        let allowed: Vec<_> = headers.split(", ").collect();
        for header in ASKED.split(',').chain(["accept"]) {
            assert_eq!(
                allowed.iter().filter(|known| **known == header).count(),
                1,
                "{header}"
            );
        }
    }
}

#[test]
fn every_answer_may_be_read() {
    let mut page = page(
        "[[rule]]\nwhen = { endpoint = \"masterpass.account.link\" }\nwire = { status = 503 }",
    );
    page.header("origin", ORIGIN);
    let asked = post(&mut page, SAVED, &saved(PHONE, "Bonus kartım", "1001"));
    assert_eq!(asked.status, 202);
    let fault = page.send(
        Method::PUT,
        "/account/api/Account/LinkToMerchant",
        ("", String::new()),
    );
    assert_eq!(fault.status, 503);
    for answer in [
        asked,
        fault,
        access(&mut page, "905551110008"),
        page.get("/account/api/nothing"),
        page.send(Method::PATCH, "/account/api/Card", ("", String::new())),
        post(&mut Shopper::new(&app("")), SAVED, &saved(PHONE, "", "")),
    ] {
        assert_eq!(
            answer.header("access-control-allow-origin"),
            "*",
            "{}",
            answer.text
        );
        assert_eq!(
            answer.header("access-control-expose-headers"),
            "Content-Location, x-mockpos-decided-by, x-mockpos-problem"
        );
    }
}

#[test]
fn row_34_cors_refused_or_location_hidden() {
    let answer = preflight("[masterpass]\ncors = \"refused\"", "/account/api/Card");
    assert_eq!(answer.status, 204);
    let names = ["origin", "methods", "headers"].map(|name| format!("access-control-allow-{name}"));
    assert_eq!(
        names.map(|name| answer.header(&name).to_owned()),
        ["", "", ""]
    );
    let list = access(&mut page("[masterpass]\ncors = \"refused\""), PHONE);
    assert_eq!(
        (list.status, list.header("access-control-allow-origin")),
        (200, "")
    );
    let mut page = page("[masterpass]\ncors = \"hide_location\"");
    let asked = post(&mut page, SAVED, &saved(PHONE, "Bonus kartım", "1001"));
    assert_ne!(asked.header("content-location"), "");
    assert_eq!(asked.header("access-control-allow-origin"), "*");
    assert_eq!(
        asked.header("access-control-expose-headers"),
        "x-mockpos-decided-by, x-mockpos-problem"
    );
}

/// Whatever goes wrong, and whoever says so.
#[test]
fn refused_is_refused_for_faults_too() {
    let rules = "[masterpass]\ncors = \"refused\"\n\
                 [[rule]]\nwhen = { endpoint = \"masterpass.account.link\" }\nwire = { status = 503 }\n\
                 [[rule]]\nwhen = { endpoint = \"mfs.*\" }\nwire = { fault = \"html_500\" }";
    let mut page = page(rules);
    page.header("origin", ORIGIN);
    for (method, target, status) in [
        (Method::PUT, "/account/api/Account/LinkToMerchant", 503),
        (Method::GET, "/account/api/nothing", 404),
        (Method::PATCH, "/account/api/Card", 405),
        (Method::POST, "/v2/checkMasterPassEndUser", 500),
        (Method::POST, "/v2/nothing", 200),
        (Method::OPTIONS, "/v2/nothing", 500),
    ] {
        let answer = page.send(method.clone(), target, ("", String::new()));
        assert_eq!(answer.status, status, "{method} {target} {}", answer.text);
        let open = answer
            .headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control"));
        assert_eq!(open, None, "{method} {target}");
    }
}

//! The driver for programs: challenges are listed, read, and ended by one call.

use super::{Browser, begun, form};
use crate::support::{app, app_with};
use serde_json::{Value, json};
use std::time::Duration;

const ALL: &str = "/__mockpos/challenges";

#[test]
fn challenges_are_listed() {
    let app = app("");
    let browser = Browser::plain(&app);
    assert_eq!(browser.get(ALL).json, json!({"challenges": []}));
    let (first, second) = (begun(&app), begun(&app));
    browser.post_json(&first.admin(), &json!({"outcome": "half", "md_status": 2}));
    let list = browser.get(ALL);
    let ids = |list: &crate::support::Answer| -> Vec<String> {
        let all = list.at("challenges").as_array().unwrap();
        all.iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&list), [first.id(), second.id()]);
    let open = list.at("challenges.1");
    assert_eq!(open["status"], "open");
    assert_eq!(open["purpose"], "payment");
    assert_eq!(open["payment_id"].to_string(), second.payment);
    assert_eq!(open["amount"], "1250.00");
    assert_eq!(open["currency"], "TRY");
    assert_eq!(open["card"], "525864******0001");
    assert_eq!(open["how"], Value::Null);
    assert_eq!(open["return"], Value::Null);
    assert_eq!(open["page"], second.page);
    assert_eq!(open["created_at"], "2026-01-02T03:04:05.000000Z");
    assert_eq!(open["expires_at"], "2026-01-02T03:14:05.000000Z");
    let over = list.at("challenges.0");
    assert_eq!(over["how"], json!({"outcome": "half", "md_status": 2}));
    assert_eq!(over["return"]["method"], "POST");
    assert_eq!(*browser.get(&first.admin()).at("return"), over["return"]);
    for (query, want) in [
        ("status=open", vec![second.id()]),
        ("status=ended", vec![first.id()]),
        ("limit=1", vec![second.id()]),
        ("order_no=none", vec![]),
    ] {
        assert_eq!(
            ids(&browser.get(&format!("{ALL}?{query}"))),
            want,
            "{query}"
        );
    }
    let order_no = open["order_no"].as_str().unwrap();
    assert_eq!(
        ids(&browser.get(&format!("{ALL}?order_no={order_no}"))),
        [second.id()]
    );
    for query in ["state=open", "status=x", "limit=x"] {
        let answer = browser.get(&format!("{ALL}?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.at("hint").is_string());
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let app = app("");
    let (begun, browser) = (begun(&app), Browser::plain(&app));
    for (body, status, error, hint) in [
        (json!({}), 422, "neither", "otp"),
        (json!([]), 400, "no JSON object", "outcome"),
        (
            json!({"outcome": "succeeds", "otp": "1"}),
            422,
            "contradict",
            "outcome",
        ),
        (
            json!({"outcome": "sucseeds"}),
            422,
            "`sucseeds`",
            "`succeeds`",
        ),
        (json!({"outcome": "zzz"}), 422, "`zzz`", "never_returns"),
        (json!({"outcome": 1}), 422, "no text", "succeeds"),
        (json!({"outcom": "fails"}), 422, "`outcom`", "`outcome`"),
        (
            json!({"outcome": "half", "md_status": 7}),
            422,
            "contradicts",
            "[2, 3, 4]",
        ),
        (
            json!({"outcome": "half", "md_status": "x"}),
            422,
            "contradicts",
            "[2, 3, 4]",
        ),
        (
            json!({"outcome": "never_returns", "md_status": 0}),
            422,
            "contradicts",
            "leave it out",
        ),
        (json!({"otp": 123456}), 422, "no text", "quotes"),
        (json!({"otp": ""}), 422, "no text", "quotes"),
        (
            json!({"otp": "123456", "md_status": 1}),
            422,
            "needs `outcome`",
            "table",
        ),
        (
            json!({"outcome": "fails", "return_url": "javascript:alert(1)"}),
            422,
            "return_url",
            "http",
        ),
        (
            json!({"outcome": "fails", "return_url": "http://other/"}),
            409,
            "given before",
            "leave",
        ),
        (json!({"otp": "000002"}), 422, "expired", "new one"),
    ] {
        let answer = browser.post_json(&begun.admin(), &body);
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert!(
            answer.text_at("error").contains(error),
            "{body}: {}",
            answer.text
        );
        assert!(
            answer.text_at("hint").contains(hint),
            "{body}: {}",
            answer.text
        );
        let told = browser.get(&begun.admin());
        assert_eq!(told.text_at("status"), "open", "{body}");
    }
    let unknown = browser.post_json(&format!("{ALL}/x"), &json!({"outcome": "fails"}));
    assert_eq!(
        (unknown.status, unknown.text_at("error").contains("`x`")),
        (404, true)
    );
    let wrong = browser.send(http::Method::DELETE, &begun.admin(), ("", ""));
    assert_eq!(wrong.status, 405);
    assert_eq!(wrong.text_at("hint"), "it takes GET, POST");
}

#[test]
fn a_code_is_judged_as_on_the_page() {
    let app = app("");
    let (begun, browser) = (begun(&app), Browser::new(&app));
    for left in [2, 1] {
        let wrong = browser.post_json(&begun.admin(), &json!({"otp": "0"}));
        assert_eq!((wrong.status, wrong.at("tries_left")), (422, &json!(left)));
    }
    let over = browser.post_json(&begun.admin(), &json!({"otp": "0"}));
    assert_eq!(
        (over.status, over.text_at("how.outcome")),
        (200, "fails".to_owned())
    );
    let again = browser.post_json(&begun.admin(), &json!({"otp": "123456"}));
    assert_eq!(again.status, 409);
    assert!(again.text_at("error").contains("`fails`"), "{}", again.text);
    let (url, fields) = form(&browser.get(&begun.page));
    assert_eq!(over.text_at("return.url"), url);
    assert_eq!(
        over.text_at("return.fields.mdStatus"),
        super::field(&fields, "mdStatus")
    );
}

#[test]
fn one_that_is_overdue_is_over() {
    let app = app_with(|it| it.settings.bank.page_lifetime = Duration::ZERO);
    let (begun, browser) = (begun(&app), Browser::plain(&app));
    let listed = browser.get(&format!("{ALL}?status=ended"));
    assert_eq!(listed.text_at("challenges.0.how.outcome"), "times_out");
    let late = browser.post_json(&begun.admin(), &json!({"outcome": "succeeds"}));
    assert_eq!(late.status, 409, "{}", late.text);
}

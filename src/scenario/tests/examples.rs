//! Examples: the call they make, what they keep, how they judge an answer.

use super::*;
use crate::reply::Reply;
use http::header::{HeaderName, HeaderValue, SET_COOKIE};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

fn one(text: &str) -> Example {
    let mut all = compile(&format!("[[example]]\n{text}")).examples;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn answer(value: &serde_json::Value) -> Reply {
    Reply::json(StatusCode::OK, value)
}

#[test]
fn a_call_carries_what_was_kept() {
    let examples = compile(
        "[[example]]\ncall = \"GET /start\"\nkeep = { token = \"a.0.token\", no = \"no\", next = \"next\" }\n\
         [[example]]\ncall = \"POST /t/{token}?x={token}&y={no}\"\nheaders = { x-no = \"n{no}\" }\n\
         json = { b = \"{token}\", a = [\"{no}!\", \"{not a name}\"], n = 1.50, t = true }\n\
         [[example]]\ncall = \"GET {next}&t={token}\"\n\
         [[example]]\ncall = \"POST /f\"\nform = { z = \"{token}\", a = 3, b = true }\nheaders = { x-requested-with = \"me\" }\n\
         [[example]]\ncall = \"POST /b\"\nbody = \"{token}\"",
    )
    .examples;
    let mut kept = Kept::default();
    let first = examples[0].call(&kept);
    assert_eq!(
        (&first.method, first.target.as_str()),
        (&Method::GET, "/start")
    );
    assert_eq!(first.header("x-requested-with"), Some("XMLHttpRequest"));
    assert_eq!(
        (first.header("cookie"), first.header("content-type")),
        (None, None)
    );

    let mut reply =
        answer(&json!({"a": [{"token": "Bearer a/b"}], "no": 7, "next": "http://h:1/o/?x=1"}));
    reply.headers.append(
        SET_COOKIE,
        HeaderValue::from_static("s=1; Path=/; HttpOnly"),
    );
    reply
        .headers
        .append(SET_COOKIE, HeaderValue::from_static("t=2"));
    kept.learn(&examples[0], &reply).unwrap();

    let call = examples[1].call(&kept);
    assert_eq!(call.target, "/t/Bearer%20a%2Fb?x=Bearer%20a%2Fb&y=7");
    assert_eq!(call.query("x"), Some("Bearer a/b"));
    assert_eq!(
        (call.header("x-no"), call.header("cookie")),
        (Some("n7"), Some("s=1; t=2"))
    );
    assert_eq!(call.header("content-type"), Some("application/json"));
    let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
    assert_eq!(
        body,
        json!({"b": "Bearer a/b", "a": ["7!", "{not a name}"], "n": 1.5, "t": true})
    );

    assert_eq!(examples[2].call(&kept).target, "/o/?x=1&t=Bearer%20a%2Fb");

    reply
        .headers
        .insert(SET_COOKIE, HeaderValue::from_static("s=; Max-Age=0"));
    kept.learn(&examples[1], &reply).unwrap();
    let call = examples[3].call(&kept);
    assert_eq!(&call.body[..], b"z=Bearer+a%2Fb&a=3&b=true");
    assert_eq!(
        call.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(call.header("x-requested-with"), Some("me"));
    assert_eq!(call.header("cookie"), Some("t=2"));
    assert_eq!(&examples[4].call(&kept).body[..], b"{token}");
}

#[test]
fn what_cannot_be_kept_is_said() {
    let example = one("call = \"GET /\"\nkeep = { a = \"b.0\" }");
    let cases = [
        (json!({"b": []}), "there is no `b.0` to keep as `a`"),
        (json!({"b": [null]}), "`b.0` is no text to keep as `a`"),
    ];
    for (value, message) in cases {
        let learned = Kept::default().learn(&example, &answer(&value));
        assert_eq!(learned, Err(message.to_owned()));
    }
    let html = Reply::new(StatusCode::OK, "text/html", "<p>");
    assert!(Kept::default().learn(&example, &html).is_err());
}

#[test]
fn answers_are_judged() {
    let body = json!({
        "name": "ThankYouPage", "n": 100, "f": 262.5, "big": 9_007_199_254_740_993_i64, "yes": true,
        "nil": null, "list": [{"pk": 1}, {"pk": 2}], "empty": [],
    });
    // What is expected of `body`, and what is wrong with the answer: nothing when empty.
    let cases = [
        ("", ""),
        ("status = 200", ""),
        ("status = 503", "status 200, expected 503"),
        ("body = { name = \"ThankYouPage\" }", ""),
        ("body = { name = \"Thank*\" }", ""),
        (
            "body = { name = \"Basket*\" }",
            "`name` is \"ThankYouPage\", expected \"Basket*\"",
        ),
        ("body = { n = 100, f = 262.50, big = 9007199254740993 }", ""),
        ("body = { n = 100.0 }", ""),
        ("body = { n = 101 }", "`n` is 100, expected 101"),
        ("body = { big = 9007199254740992 }", "`big` is"),
        ("body = { n = \"100\" }", "`n` is 100, expected \"100\""),
        (
            "body = { yes = true, nil = { null = true }, no = { absent = true } }",
            "",
        ),
        (
            "body = { nil = { absent = true } }",
            "`nil` is null, expected nothing there",
        ),
        (
            "body = { no = { null = true } }",
            "`no` is absent, expected null",
        ),
        ("body = { no = \"*\" }", "`no` is absent"),
        (
            "body = { \"list.1.pk\" = 2, list = { count = 2 }, empty = [] }",
            "",
        ),
        ("body = { list = { count = 3 } }", "expected a list of 3"),
        ("body = { empty = [1] }", "`empty` is [], expected [1]"),
        ("decided_by = \"rule *:4\"", ""),
        (
            "decided_by = \"default\"",
            "decided by `rule x.toml:4`, expected `default`",
        ),
        ("headers = { location = \"/orders/*\" }", ""),
        (
            "headers = { location = \"/\" }",
            "header `location` is `/orders/1`",
        ),
        ("headers = { x = \"*\" }", "header `x` is missing"),
        ("delay = \"800ms\"", ""),
        (
            "delay = \"801ms\"",
            "the answer was held 800ms, expected 801ms",
        ),
        ("dropped = true", "the connection was not dropped"),
    ];
    let mut reply = answer(&body);
    let set = |reply: &mut Reply, name, value| {
        reply.set(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    };
    set(&mut reply, "x-mockpos-decided-by", "rule x.toml:4");
    set(&mut reply, "location", "/orders/1");
    reply.pace.delay = Duration::from_millis(300);
    for (expect, wrong) in cases {
        let example = one(&format!("call = \"GET /\"\nexpect = {{ {expect} }}"));
        match example.verify(&reply, Some(Duration::from_millis(500))) {
            Ok(()) => assert_eq!(wrong, "", "{expect}"),
            Err(list) => {
                assert_eq!(list.len(), 1, "{list:?}");
                assert!(
                    !wrong.is_empty() && list[0].contains(wrong),
                    "{expect}: {list:?}"
                );
            }
        }
    }
}

#[test]
fn without_a_status_the_answer_must_be_no_error() {
    let example = one("call = \"GET /\"");
    assert_eq!(example.verify(&Reply::see_other("/"), None), Ok(()));
    let wrong = example.verify(&Reply::empty(StatusCode::BAD_REQUEST), None);
    assert_eq!(
        wrong,
        Err(vec!["status 400, expected below 400".to_owned()])
    );
    let html = Reply::new(StatusCode::OK, "text/html", "<p>");
    let example = one("call = \"GET /\"\nexpect = { body = { a = 1 } }");
    assert!(example.verify(&html, None).unwrap_err()[0].contains("not JSON: `<p>`"));
}

#[test]
fn an_answer_arrives_as_expected() {
    use crate::reply::Travel;
    let shapes = [
        ("half_body", Travel::Half),
        ("garbage", Travel::Garbage),
        ("slow", Travel::Slow(1)),
        ("stall", Travel::Stalled),
    ];
    let mut reply = Reply::empty(StatusCode::OK);
    for (word, travel) in shapes {
        reply.pace.travel = travel;
        let expected = one(&format!(
            "call = \"GET /\"\nexpect = {{ arrives = \"{word}\" }}"
        ));
        assert_eq!(expected.verify(&reply, None), Ok(()));
        let whole = one("call = \"GET /\"").verify(&reply, None);
        let wrong = format!("the answer arrives `{word}`, expected `whole`");
        assert_eq!(whole, Err(vec![wrong]));
    }
    reply.pace.travel = Travel::Whole;
    let half = one("call = \"GET /\"\nexpect = { arrives = \"half_body\" }");
    let wrong = "the answer arrives `whole`, expected `half_body`";
    assert_eq!(half.verify(&reply, None), Err(vec![wrong.to_owned()]));
}

#[test]
fn a_dropped_connection_has_no_answer() {
    let mut reply = Reply::empty(StatusCode::OK);
    reply.pace.travel = crate::reply::Travel::Dropped;
    assert_eq!(
        one("call = \"GET /\"\nexpect = { dropped = true }").verify(&reply, None),
        Ok(())
    );
    let wrong = one("call = \"GET /\"\nexpect = { status = 200 }").verify(&reply, None);
    assert_eq!(wrong, Err(vec!["the connection was dropped".to_owned()]));
}

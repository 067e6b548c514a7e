//! The admin surface, in-process: every endpoint, who may call, and what two sandboxes share.

#![allow(clippy::unwrap_used, reason = "tests")]

use http::header::{HeaderName, HeaderValue};
use http::{Method, StatusCode};
use mockpos::app::{App, Outcome};
use mockpos::call::Call;
use mockpos::clock::ClockSetting;
use mockpos::reply::Reply;
use mockpos::scenario::Scenario;
use mockpos::surface::admin::Access;
use mockpos::world::Birth;
use serde_json::Value;
use std::sync::Arc;

const SCENARIO: &str = "version = 1\ndescription = \"the first\"\n";

fn app(access: Access) -> App {
    let scenario = Scenario::compile("default", SCENARIO, &mockpos::surface::catalog());
    let scenario = scenario.unwrap_or_else(|problems| panic!("{}", problems.render()));
    let clock = "frozen:2026-01-02T03:04:05Z".parse::<ClockSetting>();
    let birth = Birth {
        seed: 1,
        clock: clock.unwrap(),
    };
    App::new(Arc::new(scenario), birth, access)
}

/// A call in `sandbox` with these headers; `host` is a loopback name unless given.
fn call(line: &str, sandbox: &str, headers: &[(&str, &str)]) -> Call {
    let (method, target) = line.split_once(' ').unwrap();
    let mut call = Call::new(method.parse::<Method>().unwrap(), target);
    call.sandbox = sandbox.into();
    call.headers
        .insert("host", HeaderValue::from_static("127.0.0.1:4242"));
    for (name, value) in headers {
        let name = name.parse::<HeaderName>().unwrap();
        call.headers
            .insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    call
}

fn send(app: &App, call: &Call) -> Reply {
    match app.answer(call) {
        Outcome::Done(reply) => {
            assert!(reply.headers.contains_key("x-mockpos-decided-by"));
            assert!(!reply.headers.contains_key("access-control-allow-origin"));
            reply
        }
        Outcome::Held(..) | Outcome::Errand(_) => panic!("nobody asked to wait"),
    }
}

fn ask(app: &App, line: &str, sandbox: &str) -> (u16, Value) {
    let reply = send(app, &call(line, sandbox, &[]));
    assert_eq!(reply.headers["content-type"], "application/json");
    (reply.status.as_u16(), json(&reply))
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

fn text(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

fn put(app: &App, sandbox: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut call = call("PUT /__mockpos/scenario", sandbox, headers);
    call.body = body.to_owned().into();
    send(app, &call)
}

const TOML: (&str, &str) = ("content-type", "application/toml");

#[test]
fn health_names_version_and_sandbox() {
    let app = app(Access::default());
    let (status, health) = ask(&app, "GET /__mockpos/health", "a");
    assert_eq!(status, 200);
    assert_eq!(health["status"], "ok");
    assert_eq!(health["sandbox"], "a");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn endpoints_lists_every_row() {
    let app = app(Access::default());
    let (status, answer) = ask(&app, "GET /__mockpos/endpoints", "default");
    let rows = answer["endpoints"].as_array().unwrap();
    let called = rows.iter().filter(|row| row["timed"] == false).count();
    assert_eq!((status, called), (200, app.router().rows().count()));
    let row = rows
        .iter()
        .find(|r| r["name"] == "admin.scenario.replace")
        .unwrap();
    let want = serde_json::json!({
        "method": "PUT", "path": "/__mockpos/scenario", "page": null,
        "name": "admin.scenario.replace", "surface": "admin", "evidence": "documented", "points": [],
        "timed": false,
    });
    assert_eq!(*row, want);
}

#[test]
fn a_scenario_is_read_and_replaced_in_its_sandbox_only() {
    let app = app(Access::default());
    let read = |sandbox| {
        let reply = send(&app, &call("GET /__mockpos/scenario", sandbox, &[]));
        assert_eq!(reply.headers["content-type"], "application/toml");
        text(&reply).to_owned()
    };
    assert_eq!(
        (read("a"), read("default")),
        (SCENARIO.into(), SCENARIO.into())
    );
    let second = "version = 1\ndescription = \"the second\"\n";
    let answer = put(&app, "a", &[TOML], second);
    assert_eq!(answer.status, StatusCode::OK, "{}", text(&answer));
    assert_eq!(json(&answer)["scenario"]["description"], "the second");
    assert_eq!(
        (read("a"), read("default")),
        (second.into(), SCENARIO.into())
    );
    ask(&app, "POST /__mockpos/reset", "a");
    assert_eq!(read("a"), second, "a reset keeps what is playing");
}

#[test]
fn a_bad_scenario_is_refused_and_the_old_one_stays() {
    let app = app(Access::default());
    let bad = put(&app, "a", &[TOML], "version = = 1");
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        json(&bad)["error"]
            .as_str()
            .unwrap()
            .contains("version = = 1")
    );
    assert!(json(&bad)["hint"].as_str().unwrap().contains("before it"));
    let bad = put(
        &app,
        "a",
        &[TOML, ("accept", "text/plain")],
        "version = = 1",
    );
    assert_eq!(bad.headers["content-type"], "text/plain; charset=utf-8");
    assert!(text(&bad).contains("version = = 1"));
    let kept = send(&app, &call("GET /__mockpos/scenario", "a", &[]));
    assert_eq!(text(&kept), SCENARIO);
    let mut named = call("PUT /__mockpos/scenario?name=a%0Ab", "a", &[TOML]);
    named.body = SCENARIO.into();
    assert_eq!(send(&app, &named).status, StatusCode::BAD_REQUEST);
}

#[test]
fn bodies_are_toml_or_json_by_content_type() {
    let app = app(Access::default());
    for (line, media_type, body, want) in [
        ("PUT /__mockpos/scenario", "application/toml", SCENARIO, 200),
        (
            "PUT /__mockpos/scenario",
            "Application/TOML; charset=utf-8",
            SCENARIO,
            200,
        ),
        ("PUT /__mockpos/scenario", "application/json", "{}", 415),
        ("PUT /__mockpos/scenario", "text/plain", SCENARIO, 415),
        (
            "PUT /__mockpos/scenario",
            "application/x-www-form-urlencoded",
            SCENARIO,
            415,
        ),
        (
            "PUT /__mockpos/scenario",
            "multipart/form-data; boundary=b",
            SCENARIO,
            415,
        ),
        (
            "PUT /__mockpos/scenario",
            "application/tomlx",
            SCENARIO,
            415,
        ),
        ("PUT /__mockpos/scenario", "", SCENARIO, 415),
        ("POST /__mockpos/reset", "", "", 200),
        ("POST /__mockpos/reset", "application/json", "", 200),
        (
            "POST /__mockpos/reset",
            "application/x-www-form-urlencoded",
            "",
            415,
        ),
        ("POST /__mockpos/reset", "text/plain", "{}", 415),
        ("POST /__mockpos/reset", "", "{}", 415),
    ] {
        let mut call = call(line, "a", &[]);
        call.body = body.into();
        if !media_type.is_empty() {
            let value = HeaderValue::from_static(media_type);
            call.headers.insert("content-type", value);
        }
        let reply = send(&app, &call);
        assert_eq!(reply.status, want, "{line} {media_type}: {}", text(&reply));
    }
}

#[test]
fn unknown_paths_and_methods_say_what_there_is() {
    let app = app(Access::default());
    let (status, answer) = ask(&app, "GET /__mockpos/jurnal", "a");
    assert_eq!(
        (status, &answer["error"]),
        (404, &"there is no `/__mockpos/jurnal`".into())
    );
    assert_eq!(answer["hint"], "did you mean `/__mockpos/journal`?");
    for (line, allow) in [
        ("DELETE /__mockpos/scenario", "GET, HEAD, PUT"),
        ("OPTIONS /__mockpos/reset", "POST"),
        ("POST /", "GET, HEAD"),
    ] {
        let reply = send(&app, &call(line, "a", &[]));
        assert_eq!(
            (reply.status, &reply.headers["allow"]),
            (
                StatusCode::METHOD_NOT_ALLOWED,
                &HeaderValue::from_static(allow)
            )
        );
    }
    let head = send(&app, &call("HEAD /__mockpos/health", "a", &[]));
    assert_eq!(head.status, StatusCode::OK);
    let (status, answer) = ask(&app, &format!("GET /__mockpos/{}", "ğ".repeat(5000)), "a");
    assert_eq!(status, 404, "{answer}");
}

#[test]
fn the_journal_is_filtered_and_masked_and_leaves_the_admin_out() {
    let app = app(Access::default());
    ask(&app, "GET /csrf_token/?x=1", "a");
    let mut unknown = call(
        "POST /no/such/5258640000000001?otp=123456",
        "a",
        &[("authorization", "Bearer s3cret")],
    );
    unknown.body = r#"{"cardNumber":"5258640000000001","cvc":"987"}"#.into();
    send(&app, &unknown);
    ask(&app, "GET /csrf_token", "a");
    ask(&app, "GET /csrf_token", "b");
    let list = |query: &str| {
        let (status, answer) = ask(&app, &format!("GET /__mockpos/journal{query}"), "a");
        assert_eq!(status, 200, "{answer}");
        let entries = answer["entries"].as_array().unwrap();
        let numbers: Vec<_> = entries.iter().map(|e| e["n"].as_u64().unwrap()).collect();
        (numbers, answer["next"].as_u64().unwrap(), answer)
    };
    let (numbers, next, all) = list("");
    assert_eq!(
        (numbers, next, &all["dropped"]),
        (vec![1, 2, 3], 4, &0.into())
    );
    let all = all["entries"].to_string();
    for secret in ["5258640000000001", "123456", "987", "s3cret"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    assert!(all.contains("/no/such/525864******0001?otp=***"));
    for (query, want) in [
        ("?endpoint=akinon.csrf.read", vec![1, 3]),
        ("?endpoint=akinon.*", vec![1, 3]),
        ("?endpoint=*.refund", vec![]),
        ("?page=Masterpass*", vec![]),
        ("?status=200", vec![1, 3]),
        ("?since=2", vec![2, 3]),
        ("?limit=1", vec![3]),
        ("?since=1&limit=2&status=200", vec![1, 3]),
        ("?since=4", vec![]),
    ] {
        assert_eq!(list(query).0, want, "{query}");
    }
    for (query, error) in [
        ("?sinse=1", "`sinse` is no filter of the journal"),
        ("?since=-1", "`since` is not a number: `-1`"),
        ("?status=99999", "`status` is not a number: `99999`"),
    ] {
        let (status, answer) = ask(&app, &format!("GET /__mockpos/journal{query}"), "a");
        assert_eq!((status, answer["error"].as_str().unwrap()), (400, error));
    }
}

#[test]
fn a_reset_begins_again_here_and_nowhere_else() {
    let app = app(Access::default());
    let run = |sandbox| {
        for line in [
            "GET /csrf_token",
            "POST /orders/checkout/?page=X",
            "GET /nowhere",
        ] {
            send(&app, &call(line, sandbox, &[]));
        }
        ask(&app, "GET /__mockpos/journal", sandbox).1
    };
    let (first, other) = (run("a"), run("b"));
    assert_ne!(first, other, "ids follow from the sandbox's name");
    let (status, answer) = ask(&app, "POST /__mockpos/reset", "a");
    assert_eq!((status, &answer["sandbox"]), (200, &"a".into()));
    assert_eq!(ask(&app, "GET /__mockpos/journal", "a").1["next"], 1);
    assert_eq!(ask(&app, "GET /__mockpos/journal", "b").1, other);
    assert_eq!(run("a"), first, "the same calls get the same answers");
}

#[test]
fn reset_brings_back_the_scenario_of_the_start_when_asked_to() {
    let app = app(Access::default());
    let playing = || {
        let reply = send(&app, &call("GET /__mockpos/scenario", "a", &[]));
        text(&reply).to_owned()
    };
    let first = playing();
    let toml = [("content-type", "application/toml")];
    let other = "version = 1\ndescription = \"another\"";
    assert_eq!(put(&app, "a", &toml, other).status, 200);
    ask(&app, "POST /__mockpos/reset", "a");
    assert_eq!(playing(), other, "it stays");
    let (status, answer) = ask(&app, "POST /__mockpos/reset?scenario=last", "a");
    assert_eq!((status, playing().as_str()), (400, other), "{answer}");
    ask(&app, "POST /__mockpos/reset?scenario=first", "a");
    assert_eq!(playing(), first);
}

#[test]
fn sandboxes_are_listed_with_their_use() {
    let app = app(Access::default());
    for sandbox in ["b", "a", "b"] {
        ask(&app, "GET /csrf_token", sandbox);
    }
    let (_, answer) = ask(&app, "GET /__mockpos/sandboxes", "default");
    let rows = answer["sandboxes"].as_array().unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|r| (r["name"].as_str().unwrap(), r["calls"].as_u64().unwrap()))
        .collect();
    assert_eq!(rows, [("default", 1), ("a", 1), ("b", 2)]);
    assert!(
        answer["sandboxes"][0]["last_used"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
}

type Headers = &'static [(&'static str, &'static str)];

const LINK: Headers = &[
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
];
const FRAME: Headers = &[
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "iframe"),
];

/// Headers, and the status of a reset and of the page.
const LOOPBACK: &[(Headers, u16, u16)] = &[
    (&[], 200, 200),
    (&[("host", "localhost")], 200, 200),
    (&[("host", "LOCALHOST:4242")], 200, 200),
    (&[("host", "127.8.9.1")], 200, 200),
    (&[("host", "[::1]:4242")], 200, 200),
    (&[("host", "shop.test:99")], 200, 200),
    (&[("host", "Shop.Test")], 200, 200),
    (&[("host", "evil.example")], 421, 421),
    (&[("host", "localhost.evil.example")], 421, 421),
    (&[("host", "127.0.0.1.evil.example:80")], 421, 421),
    (&[("host", "localhost:80@evil.example")], 421, 421),
    (&[("host", "128.0.0.1")], 421, 421),
    (&[("host", "0.0.0.0:4242")], 421, 421),
    (&[("host", "2130706433")], 421, 421),
    (&[("host", "0177.0.0.1")], 421, 421),
    (&[("host", "[::2]")], 421, 421),
    (&[("host", "[::ffff:10.0.0.1]")], 421, 421),
    (&[("host", "")], 421, 421),
    (
        &[("host", "evil.example"), ("origin", "http://evil.example")],
        421,
        421,
    ),
    (&[("origin", "http://localhost:3000")], 403, 403),
    (&[("origin", "http://localhost:4242")], 403, 403),
    (&[("origin", "http://shop.test:3000")], 200, 200),
    (&[("origin", "https://[::1]")], 403, 403),
    (&[("origin", "http://shop.test")], 200, 200),
    (&[("origin", "http://127.0.0.1:4242")], 200, 200),
    (&[("origin", "https://evil.example")], 403, 403),
    (&[("origin", "https://localhost.evil.example")], 403, 403),
    (&[("origin", "null")], 403, 403),
    (&[("origin", "")], 403, 403),
    (&[("origin", "file://localhost")], 403, 403),
    (&[("sec-fetch-site", "same-origin")], 200, 200),
    (&[("sec-fetch-site", "none")], 200, 200),
    (&[("sec-fetch-site", "same-site")], 403, 403),
    (
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://shop.test:3000"),
        ],
        200,
        200,
    ),
    (&[("sec-fetch-site", "cross-site")], 403, 403),
    (LINK, 403, 200),
    (FRAME, 403, 403),
];

#[test]
fn on_loopback_host_and_origin_decide() {
    let app = app(Access {
        hosts: vec!["shop.test".to_owned()],
        ..Access::default()
    });
    for (headers, reset, page) in LOOPBACK {
        let status = |line| send(&app, &call(line, "a", headers)).status.as_u16();
        assert_eq!(status("POST /__mockpos/reset"), *reset, "{headers:?}");
        assert_eq!(status("GET /"), *page, "{headers:?}");
        assert_eq!(status("GET /__mockpos/health"), 200, "{headers:?}");
        assert_eq!(
            status("GET /csrf_token"),
            200,
            "the shop answers everybody: {headers:?}"
        );
    }
    for line in [
        "GET /__mockpos/nothing",
        "OPTIONS /__mockpos/reset",
        "POST /__mockpos/health",
    ] {
        let foreign = call(line, "a", &[("origin", "https://evil.example")]);
        assert_eq!(send(&app, &foreign).status, StatusCode::FORBIDDEN, "{line}");
    }
    let mut two = call("GET /__mockpos/journal", "a", &[]);
    two.headers
        .append("host", HeaderValue::from_static("localhost"));
    assert_eq!(send(&app, &two).status, StatusCode::MISDIRECTED_REQUEST);
}

#[test]
fn elsewhere_the_token_decides() {
    let with = |token: Option<&str>, loopback| {
        app(Access {
            token: token.map(str::to_owned),
            hosts: vec![],
            loopback,
        })
    };
    let (open, shut, both) = (
        with(Some("t0ken"), false),
        with(None, false),
        with(Some("t0ken"), true),
    );
    for (headers, want) in [
        (
            vec![("x-mockpos-token", "t0ken"), ("host", "pos.example")],
            200,
        ),
        (vec![("authorization", "Bearer t0ken")], 200),
        (vec![("authorization", "bearer  t0ken")], 200),
        (vec![], 401),
        (vec![("x-mockpos-token", "t0keN")], 401),
        (vec![("x-mockpos-token", "t0ken2")], 401),
        (vec![("x-mockpos-token", "")], 401),
        (vec![("authorization", "Basic t0ken")], 401),
        (vec![("authorization", "t0ken")], 401),
    ] {
        let reset = call("POST /__mockpos/reset?token=t0ken", "a", &headers);
        let reply = send(&open, &reset);
        assert_eq!(reply.status, want, "{headers:?}");
        assert_eq!(reply.headers.contains_key("www-authenticate"), want == 401);
        assert_eq!(send(&shut, &reset).status, StatusCode::UNAUTHORIZED);
        let foreign = headers.iter().any(|(name, _)| *name == "host");
        assert_eq!(send(&both, &reset).status, if foreign { 421 } else { want });
        let health = call("GET /__mockpos/health", "a", &headers);
        for app in [&open, &shut, &both] {
            assert_eq!(send(app, &health).status, StatusCode::OK);
        }
    }
    let form = [("x-mockpos-token", "t0ken"), ("content-type", "text/plain")];
    assert_eq!(
        send(&open, &call("POST /__mockpos/reset", "a", &form)).status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    assert_eq!(
        send(
            &with(Some(""), false),
            &call("POST /__mockpos/reset", "a", &[("x-mockpos-token", "")])
        )
        .status,
        StatusCode::UNAUTHORIZED
    );

    send(&open, &call("GET /nowhere/secret-path", "a", &[]));
    let html = ("accept", "text/html");
    let visitor = send(&open, &call("GET /", "a", &[html]));
    assert!(text(&visitor).contains("with the admin token only"));
    assert!(!text(&visitor).contains("secret-path"));
    let operator = send(
        &open,
        &call("GET /", "a", &[html, ("x-mockpos-token", "t0ken")]),
    );
    assert!(text(&operator).contains("secret-path"));
}

#[test]
fn the_page_escapes_what_it_shows_and_runs_nothing() {
    let app = app(Access::default());
    let scenario =
        "version = 1\ndescription = \"<script>alert(1)</script> & \\\"<img src=x onerror=y>\"\n";
    assert_eq!(put(&app, "a", &[TOML], scenario).status, StatusCode::OK);
    send(
        &app,
        &call("GET /x?<script>alert(2)</script>='\"", "a", &[]),
    );
    let mut page = call(
        "GET /",
        "a",
        &[("accept", "text/html,application/xhtml+xml")],
    );
    page.origin = "http://\"><script>alert(3)</script>".into();
    let reply = send(&app, &page);
    let html = text(&reply);
    assert!(html.contains("alert(1)") && html.contains("alert(2)") && html.contains("alert(3)"));
    assert!(!html.contains("<script") && !html.contains("<img"));
    assert!(html.contains("TEST") && html.contains("5258640000000001"));
    assert!(
        html.contains("href=\"/~a/__mockpos/journal\""),
        "links stay in the sandbox"
    );
    assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");

    let policy = reply.headers["content-security-policy"].to_str().unwrap();
    let style = html
        .split_once("<style>")
        .unwrap()
        .1
        .split_once("</style>")
        .unwrap()
        .0;
    let hash = <sha2::Sha256 as sha2::Digest>::digest(style);
    let hash = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, hash);
    assert!(
        policy.starts_with(&format!("default-src 'none'; style-src 'sha256-{hash}';")),
        "{policy}"
    );
}

#[test]
fn a_program_gets_the_links_of_the_page() {
    let app = app(Access::default());
    let (status, links) = ask(&app, "GET /", "a");
    assert_eq!((status, &links["sandbox"]), (200, &"a".into()));
    for url in links["links"].as_object().unwrap().values() {
        let path = url
            .as_str()
            .unwrap()
            .strip_prefix("http://127.0.0.1/~a")
            .unwrap();
        let known = app.router().rows().any(|(_, row)| row.path == path);
        assert!(known, "{url}");
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// Sends a JSON body; status and answer.
fn tell(app: &App, line: &str, body: &str) -> (u16, Value) {
    let mut call = call(line, "default", &[JSON]);
    call.body = body.to_owned().into();
    let reply = send(app, &call);
    (reply.status.as_u16(), json(&reply))
}

#[test]
fn the_clock_moves_when_told_and_begins_again_with_the_sandbox() {
    let app = app(Access::default());
    let now = |answer: &Value| answer["now"].as_str().unwrap().to_owned();
    let (status, answer) = ask(&app, "GET /__mockpos/clock", "default");
    assert_eq!(status, 200);
    assert_eq!(now(&answer), "2026-01-02T03:04:05.000000Z");
    assert_eq!(answer["frozen"], true);
    let (status, answer) = tell(&app, "POST /__mockpos/clock/advance", r#"{"by":"15m"}"#);
    assert_eq!(
        (status, now(&answer).as_str()),
        (200, "2026-01-02T03:19:05.000000Z")
    );
    let (_, other) = ask(&app, "GET /__mockpos/clock", "another");
    assert_eq!(
        now(&other),
        "2026-01-02T03:04:05.000000Z",
        "each sandbox has its own"
    );
    let set = r#"{"now":"2030-05-06T07:08:09+03:00"}"#;
    let (_, answer) = tell(&app, "PUT /__mockpos/clock", set);
    assert_eq!(now(&answer), "2030-05-06T04:08:09.000000Z");
    let (_, answer) = tell(&app, "PUT /__mockpos/clock", r#"{"freeze":false}"#);
    assert_eq!(answer["frozen"], false);
    assert!(now(&answer).starts_with("2030-05-06T04:"), "{answer}");
    let (_, answer) = tell(&app, "PUT /__mockpos/clock", r#"{"freeze":true}"#);
    assert_eq!(answer["frozen"], true);
    send(&app, &call("POST /__mockpos/reset", "default", &[]));
    let (_, answer) = ask(&app, "GET /__mockpos/clock", "default");
    assert_eq!(now(&answer), "2026-01-02T03:04:05.000000Z");
}

#[test]
fn a_clock_says_what_it_does_not_understand() {
    let app = app(Access::default());
    for (line, body, want) in [
        ("PUT /__mockpos/clock", "", "no JSON object"),
        ("PUT /__mockpos/clock", "[]", "no JSON object"),
        ("PUT /__mockpos/clock", "{}", "says nothing"),
        (
            "PUT /__mockpos/clock",
            r#"{"frozen":true}"#,
            "unknown key `frozen`",
        ),
        (
            "PUT /__mockpos/clock",
            r#"{"freeze":"yes"}"#,
            "`freeze` is true or false",
        ),
        (
            "PUT /__mockpos/clock",
            r#"{"now":"noon"}"#,
            "`now` is a moment",
        ),
        (
            "POST /__mockpos/clock/advance",
            r#"{"by":15}"#,
            "`by` is a span",
        ),
        (
            "POST /__mockpos/clock/advance",
            r#"{"by":"-1s"}"#,
            "`by` is a span",
        ),
        (
            "POST /__mockpos/clock/advance",
            r#"{"by":"99999d"}"#,
            "`by` is a span",
        ),
    ] {
        let (status, answer) = tell(&app, line, body);
        let error = answer["error"].as_str().unwrap();
        assert!(status == 400 && error.contains(want), "{body}: {answer}");
        assert!(!answer["hint"].as_str().unwrap().is_empty());
    }
}

/// The lines of the metrics that begin so, without comments.
fn metrics(app: &App, begin: &str) -> Vec<String> {
    let reply = send(app, &call("GET /__mockpos/metrics", "default", &[]));
    let media = reply.headers["content-type"].to_str().unwrap();
    assert!(media.starts_with("application/openmetrics-text"), "{media}");
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let lines = text.lines().filter(|line| line.starts_with(begin));
    lines.map(str::to_owned).collect()
}

#[test]
fn metrics_count_calls_by_endpoint_and_never_by_what_callers_make_up() {
    let app = app(Access::default());
    assert_eq!(metrics(&app, "mockpos_calls"), [""; 0]);
    for n in 0..20 {
        send(
            &app,
            &call(&format!("GET /made/up/{n}"), &format!("s{n}"), &[]),
        );
    }
    for _ in 0..3 {
        send(&app, &call("GET /__mockpos/health", "default", &[]));
    }
    send(&app, &call("GET /__mockpos/healthy", "default", &[]));
    send(&app, &call("DELETE /__mockpos/health", "default", &[]));
    let foreign = [("origin", "http://elsewhere.example")];
    send(&app, &call("GET /__mockpos/journal", "default", &foreign));
    let counted = |endpoint: &str, status: &str, count: u32| {
        let (surface, row) = endpoint.split_once(' ').unwrap();
        format!(
            "mockpos_calls_total{{surface=\"{surface}\",endpoint=\"{row}\",status=\"{status}\"}} {count}"
        )
    };
    let expected = [
        counted("admin admin.health.read", "2xx", 3),
        counted("admin admin.metrics.read", "2xx", 1),
        counted("admin none", "4xx", 3),
        counted("akinon none", "4xx", 20),
    ];
    assert_eq!(metrics(&app, "mockpos_calls"), expected);
    assert_eq!(metrics(&app, "mockpos_sandboxes"), ["mockpos_sandboxes 21"]);
    let journal = metrics(&app, "mockpos_journal_bytes");
    let bytes: u64 = journal[0].split(' ').nth(1).unwrap().parse().unwrap();
    assert!(bytes > 20 * 100, "{journal:?}");
}

#[test]
fn metrics_of_others_need_the_token_like_the_rest() {
    let access = Access {
        token: Some("t".to_owned()),
        ..Access::default()
    };
    let app = app(access);
    let plain = call("GET /__mockpos/metrics", "default", &[]);
    assert_eq!(send(&app, &plain).status, StatusCode::UNAUTHORIZED);
    let bearer = [("authorization", "Bearer t")];
    let known = call("GET /__mockpos/metrics", "default", &bearer);
    assert_eq!(send(&app, &known).status, StatusCode::OK);
}

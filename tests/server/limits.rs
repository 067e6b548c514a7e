//! Every limit at work: what is beyond it gets its answer, and the server goes on. The time-outs of heads, bodies
//! and idle connections are tested in `wire`.

use crate::support::{Client, HEALTH, Process, get, has_status, ran};
use mockpos::config::LIMITS;
use serde_json::Value;
use std::fs;

fn body(answer: &str) -> Value {
    let (_, body) = answer.split_once("\r\n\r\n").expect(answer);
    serde_json::from_str(body).expect(answer)
}

fn put(target: &str, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "PUT {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: {content_type}\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
}

fn post(target: &str, body: &str) -> String {
    put(target, "application/json", body).replacen("PUT", "POST", 1)
}

#[test]
fn each_is_a_flag_a_variable_and_a_key() {
    let file = std::env::temp_dir().join(format!("mockpos-limits-{}.toml", std::process::id()));
    let keys = LIMITS.iter().map(|row| {
        let most = match row.unit {
            mockpos::config::Unit::Count => row.most.to_string(),
            _ => format!("\"{}\"", row.text(row.most)),
        };
        format!("{} = {most}\n", row.key())
    });
    let text = format!("version = 1\n[server]\n{}", keys.collect::<String>());
    fs::write(&file, text).unwrap();
    let scenario = [
        "serve",
        "--print-config",
        "--scenario",
        file.to_str().unwrap(),
    ];
    let shown = |args: &[&str], env: &[(&str, &str)]| {
        let (code, out, err) = ran(&[&scenario, args].concat(), env);
        assert_eq!(code, Some(0), "{err}");
        let words = |line: &str| {
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        out.lines().map(words).collect::<Vec<_>>()
    };
    let (by_key, (_, help, _)) = (shown(&[], &[]), ran(&["serve", "--help"], &[]));
    for row in &LIMITS {
        let (name, least) = (row.name, row.text(row.least));
        let line = |value: u64, source: &str| {
            [name, "=", &row.text(value), source]
                .map(str::to_owned)
                .to_vec()
        };
        assert!(
            by_key.contains(&line(row.most, "(scenario)")),
            "{name} {by_key:?}"
        );
        let variable = format!("MOCKPOS_{}", row.key().to_uppercase());
        let env = [(&*variable, &*least)];
        assert!(
            shown(&[], &env).contains(&line(row.least, "(environment)")),
            "{name}"
        );
        let flag = format!("--{name}");
        let by_flag = shown(&[&flag, &row.text(row.default)], &env);
        assert!(by_flag.contains(&line(row.default, "(flag)")), "{name}");
        assert!(help.contains(&flag), "{name} {help}");
        let (code, _, err) = ran(&["serve", &flag, "0"], &[]);
        assert_eq!(code, Some(2));
        assert!(err.contains(&format!("`{flag}` cannot be `0`")), "{err}");
    }
    fs::write(
        &file,
        "version = 1\n[server]\nhead_fields = 5\nbody_size = \"1MB\"\n",
    )
    .unwrap();
    let (code, _, err) = ran(&["check", file.to_str().unwrap()], &[]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("from 16 to 1000, found `5`") && err.contains("found `1MB`"),
        "{err}"
    );
    fs::remove_file(file).unwrap();
}

#[test]
fn heads_and_bodies_have_their_size() {
    let server = Process::start(&[
        "--head-size",
        "8KiB",
        "--head-fields",
        "16",
        "--body-size",
        "1KiB",
        "--json-depth",
        "4",
    ]);
    let lines = |lines: &str| get(HEALTH).replacen("\r\n\r\n", &format!("\r\n{lines}\r\n"), 1);
    has_status(
        &server.talk(&lines(&format!("x: {}\r\n", "y".repeat(7_000)))),
        200,
    );
    has_status(
        &server.talk(&lines(&format!("x: {}\r\n", "y".repeat(9_000)))),
        431,
    );
    has_status(&server.talk(&lines(&"x: y\r\n".repeat(14))), 200);
    has_status(&server.talk(&lines(&"x: y\r\n".repeat(15))), 431);
    let advance = |body: &str| server.talk(&post("/__mockpos/clock/advance", body));
    has_status(&advance(r#"{"by":"1s"}"#), 200);
    has_status(
        &advance(&format!("{{\"by\":\"1s\"{}}}", " ".repeat(1_012))),
        200,
    );
    has_status(
        &advance(&format!("{{\"by\":\"1s\"{}}}", " ".repeat(1_014))),
        413,
    );
    has_status(&advance(r#"{"by":[[[1]]]}"#), 400);
    let deep = advance(r#"{"by":[[[[1]]]]}"#);
    has_status(&deep, 400);
    assert!(deep.contains("nested too deeply"), "{deep}");
}

/// Each surface says so in its own words.
#[test]
fn requests_at_once_are_counted() {
    let server = Process::start(&["--requests", "1", "--body-timeout", "20s"]);
    let mut slow = server.connect();
    slow.send("POST /__mockpos/clock/advance HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
               expect: 100-continue\r\ncontent-length: 11\r\n\r\n");
    // it is being read: the body was asked for
    has_status(&slow.head(), 100);
    for path in [
        HEALTH,
        "/orders/checkout/?page=IndexPage",
        "/payment/v1/installments",
        "/payment/api/Card",
        "/bank/3ds/x",
        "/v2/x",
    ] {
        let busy = server.talk(&get(path));
        has_status(&busy, 503);
        assert!(busy.contains("retry-after: 1\r\n"), "{busy}");
    }
    slow.send(r#"{"by":"1s"}"#);
    has_status(&slow.answer(), 200);
    has_status(&server.talk(&get(HEALTH)), 200);
}

#[test]
#[cfg(target_os = "linux")]
fn calls_are_answered_by_so_many_threads() {
    let [one, four] = ["1", "4"].map(|threads| Process::start(&["--threads", threads]));
    for server in [&one, &four] {
        has_status(&server.talk(&get("/csrf_token")), 200);
    }
    // Of one thread it is the process's own; of several that one waits for their end.
    assert_eq!(four.threads(), one.threads() + 4);
}

/// There is one thread, and reading 10,000 rules in one sandbox keeps it from no other.
#[test]
fn what_takes_long_holds_nobody_up() {
    let server = Process::start(&["--threads", "1"]);
    let rule = "[[rule]]\nwhen = { bin = \"525864\" }\nthen = { headers = { x-seen = \"1\" } }\n";
    let rules = format!("version = 1\n{}", rule.repeat(10_000));
    let mut long = server.connect();
    let head = format!(
        "PUT /__mockpos/scenario HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/toml\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        rules.len()
    );
    long.send(&head);
    has_status(&long.head(), 100);
    let (most, last) = rules.split_at(rules.len() - 1);
    let other = get("/~other/csrf_token");
    long.send(most);
    has_status(&server.talk(&other), 200);
    long.send(last);
    // Twice: what is answered at the same time as the first has arrived when the second is answered.
    for _ in 0..2 {
        has_status(&server.talk(&other), 200);
    }
    assert!(long.has_heard_nothing(), "the rules were read first");
    has_status(&long.answer(), 200);
}

#[test]
fn connections_beyond_the_limit_wait() {
    let server = Process::start(&["--connections", "2"]);
    let kept = get(HEALTH).replace("connection: close\r\n", "");
    let mut seated: Vec<Client> = (0..2).map(|_| server.connect()).collect();
    for client in &mut seated {
        client.send(&kept);
        has_status(&client.answer(), 200);
    }
    let mut waits = server.connect();
    waits.send(&get(HEALTH));
    assert!(waits.hears_nothing(), "both seats are taken");
    seated.pop();
    has_status(&waits.rest(), 200);
}

/// What is not read is not kept for ever: the kernel's buffers are full, and then the time is over.
#[test]
fn answers_that_nobody_reads_end_the_connection() {
    let server = Process::start(&["--write-timeout", "200ms", "--idle-timeout", "60s"]);
    let mut client = server.connect();
    let one = get("/__mockpos/endpoints").replace("connection: close\r\n", "");
    let mut sent = 0;
    while client.try_send(one.as_bytes()) {
        sent += 1;
        assert!(sent < 1_000_000, "it takes whatever it is asked");
    }
    has_status(&server.talk(&get(HEALTH)), 200);
}

#[test]
fn sandboxes_are_counted_and_idle_ones_make_room() {
    let server = Process::start(&["--sandboxes", "2", "--sandbox-idle", "60m"]);
    let ask = |name: &str| server.talk(&get(&format!("/~{name}/csrf_token")));
    has_status(&ask("a"), 200);
    has_status(&ask("b"), 200);
    let full = ask("c");
    has_status(&full, 503);
    assert!(full.contains("retry-after: 60\r\n"), "{full}");
    has_status(&ask("a"), 200);

    let server = Process::start(&["--sandboxes", "1", "--sandbox-idle", "1ms"]);
    for name in ["a", "b", "c"] {
        while !server
            .talk(&get(&format!("/~{name}/csrf_token")))
            .starts_with("HTTP/1.1 200")
        {}
    }
    let listed = body(&server.talk(&get("/__mockpos/sandboxes")));
    assert_eq!(listed["sandboxes"].as_array().unwrap().len(), 2, "{listed}");
}

#[test]
fn journals_have_their_entries_and_bytes() {
    let server = Process::start(&["--journal-entries", "10", "--journal-size", "1MiB"]);
    for _ in 0..15 {
        server.talk(&get("/csrf_token"));
    }
    let journal = body(&server.talk(&get("/__mockpos/journal")));
    assert_eq!(
        (
            journal["entries"].as_array().unwrap().len(),
            &journal["dropped"]
        ),
        (10, &5.into())
    );
    has_status(&server.talk(&get("/__mockpos/journal?wait=10")), 200);
    has_status(&server.talk(&get("/__mockpos/journal?wait=11")), 400);

    let server = Process::start(&["--journal-entries", "1000", "--journal-size", "1MiB"]);
    let long = "x".repeat(60_000);
    for _ in 0..100 {
        server.talk(&post("/orders/checkout/?page=IndexPage", &long));
    }
    let journal = server.talk(&get("/__mockpos/journal"));
    let (kept, dropped) = (
        body(&journal)["entries"].as_array().unwrap().len(),
        &body(&journal)["dropped"],
    );
    assert!((30..80).contains(&kept), "{kept} of 16 KiB");
    assert_eq!(dropped.as_u64(), Some(100 - kept as u64));
}

/// The sum over sandboxes; metrics say how much there is.
#[test]
fn all_stores_together_have_their_entries() {
    let server = Process::start(&["--state-entries", "1000"]);
    let entries = || {
        let metrics = server.talk(&get("/__mockpos/metrics"));
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix("mockpos_state_entries "));
        line.expect(&metrics).parse::<usize>().unwrap()
    };
    assert_eq!(entries(), 0);
    let mut client = server.connect();
    for n in 0..1_500 {
        let target = format!("/~s{}/orders/checkout/?page=IndexPage", n % 7);
        client.send(&get(&target).replace("connection: close\r\n", ""));
        has_status(&client.answer(), 200);
    }
    let most = entries();
    assert!((700..=1_000).contains(&most), "{most}");
}

/// In every sandbox, also one that was reset, and one that was put back.
#[test]
fn stores_have_their_entries() {
    let server = Process::start(&[
        "--store-entries",
        "10",
        "--challenges",
        "10",
        "--webhooks",
        "10",
        "--kept-answers",
        "10",
    ]);
    let sessions = |name: &str| {
        let state = server.talk(&get(&format!("/~{name}/__mockpos/state")));
        body(&state)["state"]["sessions"].as_array().unwrap().len()
    };
    let shop = |name: &str, count: usize| {
        for _ in 0..count {
            has_status(
                &server.talk(&get(&format!("/~{name}/orders/checkout/?page=IndexPage"))),
                200,
            );
        }
    };
    shop("a", 12);
    assert_eq!(sessions("a"), 10);
    let state = server.talk(&get("/~a/__mockpos/state"));
    let (_, state) = state.split_once("\r\n\r\n").unwrap();
    has_status(
        &server.talk(&put("/~b/__mockpos/state", "application/json", state)),
        200,
    );
    shop("b", 3);
    assert_eq!(sessions("b"), 10);
    has_status(&server.talk(&post("/~b/__mockpos/reset", "")), 200);
    assert_eq!(sessions("b"), 0);
    shop("b", 12);
    assert_eq!(sessions("b"), 10);
}

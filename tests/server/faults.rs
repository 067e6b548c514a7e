//! What a scenario breaks on the wire, seen byte by byte.

use crate::support::{Client, HEALTH, Process, get, has_status};
use std::fs;
use std::time::Duration;

const PATH: &str = "/orders/checkout/?page=IndexPage";

const FAULTS: &[(&str, &str)] = &[
    ("empty", "fault = \"empty\""),
    ("half_body", "fault = \"half_body\""),
    ("garbage", "fault = \"garbage\""),
    ("bad_json", "fault = \"bad_json\""),
    ("html_500", "fault = \"html_500\""),
    ("fast", "fault = \"slow\", rate = 1_000_000_000"),
    ("slow", "fault = \"slow\", rate = 1"),
    ("stall", "fault = \"stall\""),
];

/// A server that breaks its answers as the header `x-test` says.
fn server(name: &str, args: &[&str]) -> Process {
    let mut rules = "version = 1\n".to_owned();
    for (test, wire) in FAULTS {
        rules += &format!(
            "[[rule]]\nwhen = {{ endpoint = \"akinon.*\", header = {{ x-test = \"{test}\" }} }}\n\
             wire = {{ {wire}, when = \"after_commit\" }}\n"
        );
    }
    let file = format!("mockpos-{name}-{}.toml", std::process::id());
    let file = std::env::temp_dir().join(file);
    fs::write(&file, rules).unwrap();
    let clock = "frozen:2026-01-02T03:04:05Z";
    let own = ["--clock", clock, "--scenario", file.to_str().unwrap()];
    let args = [&own, args].concat();
    let server = Process::start(&args);
    fs::remove_file(file).unwrap();
    server
}

fn ask(test: &str) -> String {
    get(PATH)
        .replace("connection: close\r\n", "")
        .replace("\r\n\r\n", &format!("\r\nx-test: {test}\r\n\r\n"))
}

fn length(head: &str) -> usize {
    let length = head.split("content-length: ").nth(1).expect(head);
    length.split('\r').next().unwrap().parse().unwrap()
}

fn asked(server: &Process, test: &str) -> Client {
    let mut client = server.connect();
    client.send(&ask(test));
    client
}

/// The body of the answer that nothing happens to.
fn whole(server: &Process) -> String {
    let answer = asked(server, "none").answer();
    has_status(&answer, 200);
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn what_arrives_broken_leaves_the_connection_as_it_is() {
    let server = server("broken", &[]);
    let whole = whole(&server);
    for (test, status, body) in [
        ("empty", 200, String::new()),
        ("bad_json", 200, whole[..whole.len() / 2].to_owned()),
        ("fast", 200, whole.clone()),
    ] {
        let mut client = asked(&server, test);
        let answer = client.answer();
        has_status(&answer, status);
        assert!(answer.contains("x-mockpos-decided-by: rule "), "{answer}");
        assert_eq!(answer.split_once("\r\n\r\n").unwrap().1, body, "{test}");
        client.send(&get(HEALTH));
        has_status(&client.rest(), 200);
    }
    let mut client = asked(&server, "html_500");
    let page = client.answer();
    has_status(&page, 500);
    assert!(page.contains("content-type: text/html\r\n"), "{page}");
    client.send(&get(HEALTH));
    has_status(&client.rest(), 200);
}

#[test]
fn half_a_body_comes_and_then_the_end() {
    let server = server("half", &[]);
    let whole = whole(&server);
    let mut client = asked(&server, "half_body");
    let head = client.head();
    has_status(&head, 200);
    assert_eq!(length(&head), whole.len());
    assert_eq!(client.rest(), whole[..whole.len() / 2]);
    has_status(&server.talk(&get(HEALTH)), 200);
}

#[test]
fn garbage_is_no_http_and_then_the_end() {
    let server = server("garbage", &["--log-format", "json"]);
    let bytes = asked(&server, "garbage").bytes();
    assert!(!bytes.is_empty() && !bytes.windows(4).any(|part| part == b"HTTP"));
    assert!(std::str::from_utf8(&bytes).is_err());
    has_status(&server.talk(&get(HEALTH)), 200);
    let log = server.log();
    assert!(
        log.lines().next().unwrap().contains("\"status\":0"),
        "{log}"
    );
}

#[test]
fn a_slow_body_is_under_way_and_comes_at_once_at_the_end() {
    // idle connections are cut, but one that is being answered is not idle
    let server = server("slow", &["--idle-timeout", "100ms"]);
    let whole = whole(&server);
    let mut client = asked(&server, "slow");
    let head = client.head();
    assert_eq!(length(&head), whole.len());
    // at least 120 seconds would have to pass for all of it
    let first = client.some(whole.len().div_ceil(120) + 1);
    server.signal("-TERM");
    assert_eq!(first + &client.rest(), whole);
    let (status, log) = server.ended(Duration::from_secs(1));
    assert_eq!(status.code(), Some(0), "{log}");
}

#[test]
fn a_stalled_body_never_comes_and_ends_with_the_server() {
    let server = server("stall", &[]);
    let whole = whole(&server);
    let mut client = asked(&server, "stall");
    let head = client.head();
    has_status(&head, 200);
    assert_eq!(length(&head), whole.len());
    // whoever gives up is let go
    let mut gone = asked(&server, "stall");
    gone.head();
    gone.half_close();
    assert!(gone.is_cut());
    server.signal("-TERM");
    assert!(client.is_cut());
    let (status, log) = server.ended(Duration::from_secs(1));
    assert_eq!(status.code(), Some(0), "{log}");
}

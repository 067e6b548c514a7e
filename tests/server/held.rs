//! What a scenario holds, delays and cuts.

use crate::support::{HEALTH, Process, get, has_status};
use std::fs;
use std::time::Duration;

/// Longer than any test runs.
const RULES: &str = r#"
version = 1

[[rule]]
when = { endpoint = "akinon.*", header = { x-test = "held" } }
wire = { delay = "100s" }

[[rule]]
when = { endpoint = "akinon.*", header = { x-test = "late" } }
wire = { delay = "100s", when = "after_commit" }

[[rule]]
when = { endpoint = "akinon.*", header = { x-test = "reset" } }
wire = { fault = "reset" }
"#;

const PATH: &str = "/orders/checkout/?page=IndexPage";

fn server(name: &str) -> Process {
    let file = format!("mockpos-{name}-{}.toml", std::process::id());
    let file = std::env::temp_dir().join(file);
    fs::write(&file, RULES).unwrap();
    let server = Process::start(&["--scenario", file.to_str().unwrap()]);
    fs::remove_file(file).unwrap();
    server
}

fn ask(test: &str) -> String {
    get(PATH).replace("\r\n\r\n", &format!("\r\nx-test: {test}\r\n\r\n"))
}

#[test]
fn delays_end_at_once_and_the_answers_are_sent() {
    let server = server("delays");
    let mut clients: Vec<_> = ["held", "late"]
        .iter()
        .map(|test| {
            let mut client = server.connect();
            client.send(&ask(test));
            client
        })
        .collect();
    // read already or not yet: they are answered
    has_status(&server.talk(&get(HEALTH)), 200);
    server.signal("-TERM");
    for client in &mut clients {
        has_status(&client.rest(), 200);
    }
    let (status, log) = server.ended(Duration::from_secs(1));
    assert_eq!(status.code(), Some(0), "{log}");
}

#[test]
fn a_client_that_leaves_a_held_call_leaves_no_trace() {
    let server = server("leaves");
    let mut gone = server.connect();
    gone.send(&ask("held"));
    gone.half_close();
    assert!(gone.is_cut());
    let journal = server.talk(&get("/__mockpos/journal"));
    assert!(!journal.contains(PATH), "{journal}");
    let log = server.log();
    assert!(log.contains("status=0"), "{log}");
}

#[test]
fn a_reset_connection_ends_without_a_byte() {
    let server = server("reset");
    let mut client = server.connect();
    client.send(&ask("reset"));
    assert!(client.is_cut());
    has_status(&server.talk(&get(HEALTH)), 200);
}

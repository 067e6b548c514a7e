//! Calls that wait for others, and clients that follow the journal, over sockets.

use crate::support::{PATIENCE, Process, get, has_status};
use std::time::Duration;

const CALL: &str = "/csrf_token/";

#[test]
fn who_waits_is_answered_when_enough_has_come() {
    let server = Process::start(&[]);
    let mut waiting = server.connect();
    waiting.send(&get("/__mockpos/journal?wait=2&timeout=100s"));
    has_status(&server.talk(&get(CALL)), 200);
    has_status(&server.talk(&get(CALL)), 200);
    let answer = waiting.rest();
    has_status(&answer, 200);
    assert!(answer.contains("\"n\":2"), "{answer}");
}

#[test]
fn who_waits_in_vain_hears_what_there_is() {
    let server = Process::start(&[]);
    has_status(&server.talk(&get(CALL)), 200);
    let answer = server.talk(&get("/__mockpos/journal?wait=2&timeout=20ms"));
    has_status(&answer, 408);
    assert!(
        answer.contains("\"n\":1") && answer.contains("\"wanted\":2"),
        "{answer}"
    );
    // the end of the process is a reason too
    let mut waiting = server.connect();
    waiting.send(&get("/__mockpos/journal?wait=9&timeout=100s"));
    has_status(&server.talk(&get(CALL)), 200);
    server.signal("-TERM");
    has_status(&waiting.rest(), 408);
    let (status, log) = server.ended(Duration::from_secs(1));
    assert_eq!(status.code(), Some(0), "{log}");
}

#[test]
fn a_follower_gets_each_call_until_one_of_both_ends() {
    let server = Process::start(&["--idle-timeout", "50ms"]);
    has_status(&server.talk(&get(CALL)), 200);
    let mut follower = server.connect();
    let asks =
        get("/__mockpos/journal").replace("\r\n\r\n", "\r\naccept: text/event-stream\r\n\r\n");
    follower.send(&asks);
    let head = follower.head();
    has_status(&head, 200);
    assert!(head.contains("text/event-stream"), "{head}");
    follower.until("id: 1\n");
    let mut other = server.connect();
    other.send(&asks);
    other.until("id: 1\n");
    // longer than the idle time: whoever waits for it has heard that the connection was closed
    let idle = server.connect().rest();
    assert_eq!(idle, "");
    has_status(&server.talk(&get("/no/such")), 404);
    follower.until("\"target\":\"/no/such\"");
    other.until("id: 2\n");
    drop(other);
    server.signal("-TERM");
    follower.rest();
    let (status, log) = server.ended(PATIENCE);
    assert_eq!(status.code(), Some(0), "{log}");
}

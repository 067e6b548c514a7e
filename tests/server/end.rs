//! The end: signals, what is in flight, what is held.

use crate::support::{HEALTH, PATIENCE, Process, get, has_status};
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn requests_in_flight_are_answered_and_idle_connections_closed() {
    for signal in ["-TERM", "-INT"] {
        let server = Process::start(&[]);
        let mut idle = server.connect();
        let mut kept = server.connect();
        kept.send(&get(HEALTH).replace("connection: close\r\n", ""));
        has_status(&kept.answer(), 200);
        let mut half = server.connect();
        half.send("POST /__mockpos/health HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-type: application/json\r\n");
        half.send("content-length: 2\r\n\r\n");
        // the server has begun to read the body
        has_status(&half.head(), 100);

        server.signal(signal);
        assert!(idle.is_cut() && kept.is_cut());
        half.send("{}");
        let answer = half.rest();
        has_status(&answer, 405);
        assert!(answer.contains("connection: close"), "{answer}");
        let (status, log) = server.ended(SECOND);
        assert_eq!(status.code(), Some(0), "{log}");
    }
}

#[test]
fn requests_that_wait_to_be_accepted_are_answered() {
    let server = Process::start(&[]);
    // stopped, it accepts nothing: the kernel does
    server.signal("-STOP");
    let mut clients: Vec<_> = (0..20).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(&get(HEALTH));
    }
    server.signal("-TERM");
    server.signal("-CONT");
    for client in &mut clients {
        has_status(&client.rest(), 200);
    }
    assert_eq!(server.ended(SECOND).0.code(), Some(0));
}

#[test]
fn what_does_not_end_is_cut_and_counted() {
    let server = Process::start(&[]);
    let mut half = server.connect();
    half.send("POST /__mockpos/health HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-type: application/json\r\n");
    half.send("content-length: 2\r\n\r\n");
    has_status(&half.head(), 100);
    server.signal("-TERM");
    let (status, log) = server.ended(2 * SECOND);
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("connections=1"), "{log}");
    assert!(half.is_cut());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let server = Process::start(&[]);
        let mut idle = server.connect();
        let mut half = server.connect();
        half.send("POST /__mockpos/health HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-type: application/json\r\n");
        half.send("content-length: 2\r\n\r\n");
        has_status(&half.head(), 100);
        server.signal("-TERM");
        // it has understood the first
        assert!(idle.is_cut());
        server.signal(signal);
        let (status, log) = server.ended(PATIENCE);
        assert_eq!(
            (status.code(), status.signal()),
            (Some(code), None),
            "{log}"
        );
    }
}

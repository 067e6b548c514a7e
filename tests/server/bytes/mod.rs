//! HTTP as bytes: one file a theme, one row a case. RFC 9110 and RFC 9112 decide, and the vendors' clients.

mod bodies;
mod framing;
mod heads;
mod targets;

use crate::support::{HEALTH, Process, get, has_status};

/// A name, the bytes of a connection, and the statuses of all answers to them. After the bytes the client closes
/// its side; after the answers the server does.
type Case<'a> = (&'a str, &'a [u8], &'a [u16]);

/// Plays them, each on a connection of its own, and asks the server in the end how it is.
fn play(cases: &[Case<'_>]) {
    let server = Process::start(&[]);
    for (name, bytes, want) in cases {
        let mut client = server.connect();
        client.send_bytes(bytes);
        client.half_close();
        let answer = client.bytes();
        let text = String::from_utf8_lossy(&answer);
        assert_eq!(statuses(&text), *want, "{name}: {text}");
    }
    has_status(&server.talk(&get(HEALTH)), 200);
}

/// Of every answer on the connection; each says its length, but for those that have no body.
fn statuses(mut text: &str) -> Vec<u16> {
    let mut found = Vec::new();
    while !text.is_empty() {
        let (head, rest) = text.split_once("\r\n\r\n").expect(text);
        let status = head.split(' ').nth(1).expect(text).parse().expect(text);
        let length = head.split("content-length: ").nth(1);
        let length = length.map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap());
        found.push(status);
        text = &rest[length..];
    }
    found
}

/// A call that moves the time, with these header lines and this body.
fn call(lines: &str, body: &str) -> Vec<u8> {
    let head = "POST /__mockpos/clock/advance HTTP/1.1\r\nhost: localhost\r\n\
                content-type: application/json\r\n";
    format!("{head}{lines}\r\n{body}").into_bytes()
}

/// As [`call`], with the length told.
fn whole(lines: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = call(&format!("{lines}content-length: {length}\r\n"), "");
    bytes.extend_from_slice(body);
    bytes
}

/// Plays cases whose bytes are made.
fn play_made(cases: &[(&str, Vec<u8>, &[u16])]) {
    let cases: Vec<Case<'_>> = cases.iter().map(|(n, b, w)| (*n, &**b, *w)).collect();
    play(&cases);
}

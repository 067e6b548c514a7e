//! The lines of a head. RFC 9112 §2 to §5

use super::play_made;

fn head(lines: &str) -> Vec<u8> {
    format!("GET /__mockpos/health HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n").into_bytes()
}

fn first(line: &str) -> Vec<u8> {
    format!("{line}\r\nhost: localhost\r\n\r\n").into_bytes()
}

fn with(bytes: &[u8]) -> Vec<u8> {
    let (start, end) = (
        "GET /__mockpos/health HTTP/1.1\r\nhost: localhost\r\n",
        b"\r\n\r\n",
    );
    [start.as_bytes(), bytes, end].concat()
}

#[test]
fn fields_are_a_name_a_colon_and_a_value() {
    let many = |count: usize| {
        (0..count)
            .map(|n| format!("x{n}: y\r\n"))
            .collect::<String>()
    };
    play_made(&[
        ("as it is", head("x: y\r\n"), &[200]),
        ("no space", head("x:y\r\n"), &[200]),
        ("spaces around", head("x: \t y \t\r\n"), &[200]),
        ("no value", head("x:\r\n"), &[200]),
        ("a tab in the value", head("x: a\tb\r\n"), &[200]),
        ("Latin in the value", with(b"x: a\xe7b"), &[200]),
        ("NUL in the value", with(b"x: a\0b"), &[400]),
        (
            "a control character in the value",
            with(b"x: a\x01b"),
            &[400],
        ),
        ("a carriage return in the value", with(b"x: a\rb"), &[400]),
        ("a space before the colon", head("x : y\r\n"), &[400]),
        ("a space in the name", head("x y: z\r\n"), &[400]),
        ("no name", head(": y\r\n"), &[400]),
        ("no colon", head("xy\r\n"), &[400]),
        ("NUL in the name", with(b"x\0: y"), &[400]),
        ("Latin in the name", with(b"\xe7: y"), &[400]),
        ("a folded line", head("x: a\r\n b\r\n"), &[400]),
        (
            "a folded first line",
            first("GET /__mockpos/health HTTP/1.1\r\n x: y"),
            &[400],
        ),
        ("99 fields beside Host", head(&many(99)), &[200]),
        ("100 fields beside Host", head(&many(100)), &[431]),
        (
            "a long value",
            head(&format!("x: {}\r\n", "y".repeat(60_000))),
            &[200],
        ),
        (
            "a value too long",
            head(&format!("x: {}\r\n", "y".repeat(70_000))),
            &[431],
        ),
    ]);
}

#[test]
fn the_first_line_is_method_target_and_version() {
    let health = "/__mockpos/health";
    let line = |version: &str| first(&format!("GET {health} {version}"));
    play_made(&[
        ("HTTP/1.1", line("HTTP/1.1"), &[200]),
        (
            "HTTP/1.0 without a host",
            format!("GET {health} HTTP/1.0\r\n\r\n").into(),
            &[200],
        ),
        (
            "HTTP/1.1 without a host",
            format!("GET {health} HTTP/1.1\r\n\r\n").into(),
            &[400],
        ),
        ("HTTP/1.2", line("HTTP/1.2"), &[400]),
        ("HTTP/1.10", line("HTTP/1.10"), &[400]),
        ("HTTP/2.0", line("HTTP/2.0"), &[400]),
        ("HTTP/0.9", line("HTTP/0.9"), &[400]),
        ("in small letters", line("http/1.1"), &[400]),
        ("no version", format!("GET {health}\r\n\r\n").into(), &[400]),
        (
            "two spaces",
            first(&format!("GET  {health} HTTP/1.1")),
            &[400],
        ),
        ("a tab", first(&format!("GET\t{health} HTTP/1.1")), &[400]),
        ("a space in the target", first("GET /a b HTTP/1.1"), &[400]),
        (
            "an empty line before",
            [b"\r\n".to_vec(), line("HTTP/1.1")].concat(),
            &[200],
        ),
        (
            "bare line feeds",
            line("HTTP/1.1")
                .into_iter()
                .filter(|b| *b != b'\r')
                .collect(),
            &[200],
        ),
        (
            "bare carriage returns",
            line("HTTP/1.1")
                .into_iter()
                .filter(|b| *b != b'\n')
                .collect(),
            &[400],
        ),
        (
            "a method in small letters",
            first(&format!("get {health} HTTP/1.1")),
            &[405],
        ),
        (
            "a method that nobody knows",
            first(&format!("FOO {health} HTTP/1.1")),
            &[405],
        ),
        (
            "a method that is no token",
            first(&format!("G{{T {health} HTTP/1.1")),
            &[400],
        ),
        ("TRACE", first(&format!("TRACE {health} HTTP/1.1")), &[405]),
    ]);
}

#[test]
fn what_is_no_request() {
    play_made(&[
        (
            "a TLS greeting",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
            &[400],
        ),
        ("nothing", Vec::new(), &[]),
        ("half a head", b"GET / HTTP/1.1\r\nhost: loc".to_vec(), &[]),
    ]);
}

/// None is taken up: HTTP/1.1 goes on, as RFC 9110 §7.8 has it.
#[test]
fn upgrades_are_not_heard() {
    let settings = "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n";
    let socket = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                  sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    play_made(&[
        ("h2c", head(settings), &[200]),
        ("websocket", head(socket), &[200]),
        (
            "HTTP/2 with prior knowledge",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            &[],
        ),
    ]);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let (good, lost) = (head(""), first("GET /__mockpos/none HTTP/1.1"));
    let close = head("connection: close\r\n");
    play_made(&[
        ("three", [&*good, &lost, &good].concat(), &[200, 404, 200]),
        (
            "none after close",
            [&*good, &close, &lost].concat(),
            &[200, 200],
        ),
        (
            "garbage after the first",
            [&*good, b"garbage\r\n\r\n"].concat(),
            &[200, 400],
        ),
        (
            "kept alive in HTTP/1.0",
            b"GET /__mockpos/health HTTP/1.0\r\nconnection: keep-alive\r\n\r\n".repeat(2),
            &[200, 200],
        ),
        (
            "not kept alive in HTTP/1.0",
            b"GET /__mockpos/health HTTP/1.0\r\n\r\n".repeat(2),
            &[200],
        ),
    ]);
}

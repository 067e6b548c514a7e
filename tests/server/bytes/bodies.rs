//! What a body may say, and how it is announced. RFC 8259, RFC 9110 §8 and §10.1

use super::{call, play_made, whole};

const OK: &[u8] = br#"{"by":"1s"}"#;

#[test]
fn json_is_json() {
    let deep = |depth: usize| {
        format!(
            "{{\"by\":\"1s\",\"x\":{}{}}}",
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    let utf16: Vec<u8> = r#"{"by":"1s"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    play_made(&[
        ("as it is", whole("", OK), &[200]),
        (
            "space around",
            whole("", b" \r\n\t{ \"by\" : \"1s\" }\n"),
            &[200],
        ),
        (
            "a byte order mark",
            whole("", b"\xef\xbb\xbf{\"by\":\"1s\"}"),
            &[400],
        ),
        ("UTF-16", whole("", &utf16), &[400]),
        ("no UTF-8", whole("", b"{\"by\":\"\xff\"}"), &[400]),
        ("half a pair", whole("", br#"{"by":"\ud800"}"#), &[400]),
        ("NUL", whole("", b"{\"by\":\"1s\"}\0"), &[400]),
        (
            "a key twice",
            whole("", br#"{"by":"1s","by":"2s"}"#),
            &[400],
        ),
        (
            "a key twice, once in escapes",
            whole("", br#"{"by":"1s","\u0062y":"2s"}"#),
            &[400],
        ),
        ("something behind it", whole("", br#"{"by":"1s"}x"#), &[400]),
        (
            "another one behind it",
            whole("", br#"{"by":"1s"}{"by":"1s"}"#),
            &[400],
        ),
        ("no number", whole("", br#"{"by":NaN}"#), &[400]),
        ("a number beyond all", whole("", br#"{"by":1e400}"#), &[400]),
        (
            "a number of many digits",
            whole("", format!("{{\"by\":{}}}", "9".repeat(9_999)).as_bytes()),
            &[400],
        ),
        ("a comment", whole("", br#"{/**/"by":"1s"}"#), &[400]),
        ("single quotes", whole("", b"{'by':'1s'}"), &[400]),
        ("a comma too many", whole("", br#"{"by":"1s",}"#), &[400]),
        ("nested too deeply", whole("", deep(64).as_bytes()), &[400]),
        (
            "nested without end",
            whole("", deep(100_000).as_bytes()),
            &[400],
        ),
        ("nothing", whole("", b""), &[400]),
    ]);
}

/// The vendors' clients write it in many ways.
#[test]
fn media_types_and_charsets() {
    let typed = |lines: &str, body: &[u8]| {
        let bytes = String::from_utf8(whole("", body)).unwrap();
        bytes
            .replace("content-type: application/json\r\n", lines)
            .into_bytes()
    };
    let json = |parameters: &str, body: &str| {
        typed(
            &format!("content-type: application/json{parameters}\r\n"),
            body.as_bytes(),
        )
    };
    let (ascii, turkish) = (r#"{"by":"1s"}"#, r#"{"by":"1s ş"}"#);
    play_made(&[
        ("UTF-8", json("; charset=UTF-8", ascii), &[200]),
        ("in quotes", json(";charset=\"utf-8\"", ascii), &[200]),
        ("utf8", json(";charset=utf8", ascii), &[200]),
        (
            "Latin that is ASCII",
            json("; charset=iso-8859-1", ascii),
            &[200],
        ),
        (
            "other parameters",
            json("; v=2; charset=utf-8", ascii),
            &[200],
        ),
        (
            "Latin that is not",
            json("; charset=iso-8859-9", turkish),
            &[415],
        ),
        (
            "UTF-16 that is not",
            json("; charset=utf-16", turkish),
            &[415],
        ),
        ("text", typed("content-type: text/plain\r\n", OK), &[415]),
        (
            "a form",
            typed("content-type: application/x-www-form-urlencoded\r\n", OK),
            &[415],
        ),
        ("none", typed("", OK), &[415]),
        (
            "two",
            typed(
                "content-type: application/json\r\ncontent-type: text/plain\r\n",
                OK,
            ),
            &[400],
        ),
    ]);
}

#[test]
fn packed_bodies_are_not_unpacked() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    play_made(&[
        ("gzip", whole("content-encoding: gzip\r\n", gzip), &[415]),
        ("br", whole("content-encoding: br\r\n", OK), &[415]),
        (
            "identity",
            whole("content-encoding: identity\r\n", OK),
            &[200],
        ),
        (
            "both",
            whole("content-encoding: identity, gzip\r\n", gzip),
            &[415],
        ),
        ("gzip that nobody announced", whole("", gzip), &[400]),
    ]);
}

#[test]
fn a_body_that_is_waited_for() {
    let expects =
        |what: &str, body: &str| call(&format!("expect: {what}\r\ncontent-length: 11\r\n"), body);
    let ok = r#"{"by":"1s"}"#;
    play_made(&[
        ("is asked for", expects("100-continue", ok), &[100, 200]),
        ("in any case", expects("100-Continue", ok), &[100, 200]),
        ("and nothing else", expects("200-ok", ""), &[417]),
        ("nor beside it", expects("100-continue, 200-ok", ""), &[417]),
        ("nor with a value", expects("100-continue=1", ""), &[417]),
        ("nor in a line of its own", expects("100-continue\r\nexpect: x", ""), &[417]),
        ("nor of a call without a body", b"GET /__mockpos/health HTTP/1.1\r\nhost: localhost\r\nexpect: x\r\n\r\n".to_vec(), &[417]),
        ("but nothing is expected", b"GET /__mockpos/health HTTP/1.1\r\nhost: localhost\r\nexpect:\r\n\r\n".to_vec(), &[200]),
        ("nor by HTTP/1.0", b"GET /__mockpos/health HTTP/1.0\r\nhost: localhost\r\nexpect: x\r\n\r\n".to_vec(), &[200]),
        ("is not asked for where it is too long", call("expect: 100-continue\r\ncontent-length: 1048577\r\n", ""), &[413]),
        ("nor where it is not wanted", call("expect: 100-continue\r\ncontent-encoding: gzip\r\ncontent-length: 11\r\n", ""), &[415]),
        ("a body of GET is read and left", b"GET /__mockpos/health HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\nabcGET /__mockpos/none HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec(), &[200, 404]),
    ]);
}

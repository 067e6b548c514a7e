//! Where a body ends: Content-Length, Transfer-Encoding, chunks. RFC 9112 §6 and §7

use super::{call, play_made};

const OK: &str = r#"{"by":"1s"}"#;
const CHUNKS: &str = "b\r\n{\"by\":\"1s\"}\r\n0\r\n\r\n";
/// What hides in a body that is not read as one.
const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[test]
fn lengths_are_one_plain_number() {
    play_made(&[
        ("as it is", call("content-length: 11\r\n", OK), &[200]),
        (
            "leading zeros",
            call("content-length: 0011\r\n", OK),
            &[200],
        ),
        (
            "twice the same",
            call("content-length: 11\r\ncontent-length: 11\r\n", OK),
            &[200],
        ),
        (
            "twice, not the same",
            call("content-length: 11\r\ncontent-length: 5\r\n", OK),
            &[400],
        ),
        (
            "a list of the same",
            call("content-length: 11, 11\r\n", OK),
            &[400],
        ),
        ("a plus", call("content-length: +11\r\n", OK), &[400]),
        (
            "less than nothing",
            call("content-length: -1\r\n", OK),
            &[400],
        ),
        ("in hex", call("content-length: 0xb\r\n", OK), &[400]),
        ("a space in it", call("content-length: 1 1\r\n", OK), &[400]),
        ("empty", call("content-length: \r\n", OK), &[400]),
        ("a word", call("content-length: eleven\r\n", OK), &[400]),
        (
            "beyond 64 bits",
            call("content-length: 99999999999999999999\r\n", OK),
            &[400],
        ),
        (
            "more than there is",
            call("content-length: 12\r\n", OK),
            &[400],
        ),
        (
            "less than there is",
            call("content-length: 11\r\n", &format!("{OK}{HIDDEN}")),
            &[200, 404],
        ),
        ("none: no body", call("", ""), &[400]),
    ]);
}

#[test]
fn transfer_codings_are_chunked_or_nothing() {
    let te = |value: &str| call(&format!("transfer-encoding:{value}\r\n"), CHUNKS);
    let old = |bytes: Vec<u8>| {
        String::from_utf8(bytes)
            .unwrap()
            .replace("HTTP/1.1", "HTTP/1.0")
    };
    play_made(&[
        ("chunked", te(" chunked"), &[200]),
        ("in any case", te(" ChunKed"), &[200]),
        ("without a space", te("chunked"), &[200]),
        ("another one before it", te(" gzip, chunked"), &[501]),
        ("twice in a list", te(" chunked, chunked"), &[501]),
        (
            "twice in two lines",
            te(" chunked\r\ntransfer-encoding: chunked"),
            &[501],
        ),
        (
            "another one in a line before",
            te(" gzip\r\ntransfer-encoding: chunked"),
            &[501],
        ),
        ("not the last", te(" chunked, gzip"), &[400]),
        ("identity", te(" identity"), &[400]),
        ("unknown", te(" xchunked"), &[400]),
        ("empty", te(""), &[400]),
        ("a vertical tab", te(" \u{b}chunked"), &[400]),
        (
            "a space before the colon",
            call("transfer-encoding : chunked\r\n", CHUNKS),
            &[400],
        ),
        ("of HTTP/1.0", old(te(" chunked")).into_bytes(), &[400]),
    ]);
}

/// The chunks count, and nothing behind them is answered: RFC 9112 §6.1.
#[test]
fn a_length_beside_chunks_ends_the_connection() {
    let after = format!("{CHUNKS}{HIDDEN}");
    let both = ["content-length: 3\r\n", "transfer-encoding: chunked\r\n"];
    let (first, second) = (both.concat(), [both[1], both[0]].concat());
    play_made(&[
        ("length first", call(&first, &after), &[200]),
        ("chunks first", call(&second, &after), &[200]),
    ]);
}

#[test]
fn chunks_are_read_to_the_letter() {
    let chunks = |body: &str| call("transfer-encoding: chunked\r\n", body);
    play_made(&[
        (
            "two",
            chunks("5\r\n{\"by\"\r\n6\r\n:\"1s\"}\r\n0\r\n\r\n"),
            &[200],
        ),
        (
            "zeros before the size",
            chunks(&format!("000{CHUNKS}")),
            &[200],
        ),
        (
            "an extension",
            chunks(&CHUNKS.replacen("b\r", "b;a=\"b\"\r", 1)),
            &[200],
        ),
        (
            "a trailer",
            chunks(&CHUNKS.replace("0\r\n\r\n", "0\r\nx: y\r\n\r\n")),
            &[200],
        ),
        ("no size", chunks(&CHUNKS.replacen('b', "", 1)), &[400]),
        (
            "a size with a prefix",
            chunks(&format!("0x{CHUNKS}")),
            &[400],
        ),
        ("less than nothing", chunks(&format!("-{CHUNKS}")), &[400]),
        (
            "a size beyond 64 bits",
            chunks(&format!("{}{CHUNKS}", "f".repeat(17))),
            &[400],
        ),
        ("bare line feeds", chunks(&CHUNKS.replace('\r', "")), &[400]),
        (
            "a size too small",
            chunks(&CHUNKS.replacen('b', "5", 1)),
            &[400],
        ),
        ("no end", chunks(&CHUNKS.replace("0\r\n\r\n", "")), &[400]),
        (
            "an endless extension",
            chunks(&format!("b;{}", "a".repeat(40_000))),
            &[400],
        ),
    ]);
}

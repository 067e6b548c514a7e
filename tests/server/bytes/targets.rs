//! What is asked for, and of whom. RFC 9112 §3, RFC 9110 §7, RFC 3986

use super::play_made;

fn of(host: &str, line: &str) -> Vec<u8> {
    let line = format!("{line} HTTP/1.1\r\nhost: {host}\r\n\r\n");
    line.into_bytes()
}

fn to(line: &str) -> Vec<u8> {
    of("localhost", line)
}

#[test]
fn targets_are_paths_or_whole_urls() {
    play_made(&[
        ("a path", to("GET /__mockpos/health"), &[200]),
        ("a URL", to("GET http://localhost/__mockpos/health"), &[200]),
        ("a URL without a path", to("GET http://localhost"), &[200]),
        (
            "a URL of https, through a proxy",
            to("GET https://localhost/__mockpos/health"),
            &[200],
        ),
        (
            "a URL of another scheme",
            to("GET ftp://localhost/__mockpos/health"),
            &[400],
        ),
        (
            "a URL with a user",
            to("GET http://u:p@localhost/__mockpos/health"),
            &[400],
        ),
        (
            "the URL's host counts",
            to("GET http://evil.example/__mockpos/clock"),
            &[421],
        ),
        (
            "and the header's does not",
            of("evil.example", "GET http://localhost/__mockpos/clock"),
            &[200],
        ),
        (
            "but must be one",
            of("a b", "GET http://localhost/__mockpos/health"),
            &[400],
        ),
        ("a relative path", to("GET __mockpos/health"), &[400]),
        ("a host and a port", to("GET localhost:80"), &[400]),
        ("no proxy", to("CONNECT localhost:80"), &[501]),
        (
            "a CONNECT to a path",
            to("CONNECT /__mockpos/health"),
            &[405],
        ),
        ("is there a server?", to("OPTIONS *"), &[200]),
        ("a star is for OPTIONS alone", to("GET *"), &[400]),
        (
            "a byte that is no text",
            b"GET /\xff HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec(),
            &[400],
        ),
        (
            "NUL",
            b"GET /\0 HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec(),
            &[400],
        ),
        (
            "too long",
            to(&format!("GET /{}", "a".repeat(70_000))),
            &[431],
        ),
    ]);
}

#[test]
fn paths_are_compared_as_they_mean() {
    play_made(&[
        (
            "an escape of what needs none",
            to("GET /__mockpos/%68ealth"),
            &[200],
        ),
        ("and of a tilde", to("GET /%7Ea/__mockpos/health"), &[200]),
        (
            "a doubled slash in front",
            to("GET //__mockpos/health"),
            &[200],
        ),
        ("a slash at the end", to("GET /__mockpos/health/"), &[200]),
        (
            "an escaped slash is none",
            to("GET /__mockpos%2fhealth"),
            &[404],
        ),
        (
            "a doubled slash inside",
            to("GET /__mockpos//health"),
            &[404],
        ),
        ("dots", to("GET /__mockpos/x/../health"), &[404]),
        ("escaped dots", to("GET /__mockpos/x/%2e%2e/health"), &[404]),
        ("dots to the root", to("GET /../../etc/passwd"), &[404]),
        ("backslashes", to("GET /__mockpos\\health"), &[404]),
        ("no digits", to("GET /__mockpos/%zz"), &[400]),
        ("one digit", to("GET /__mockpos/%2"), &[400]),
        ("NUL", to("GET /__mockpos/%00health"), &[400]),
        ("no UTF-8, of nobody", to("GET /__mockpos/%ff"), &[404]),
        (
            "a query is read loosely",
            to("GET /__mockpos/health?a=%zz&b=%ff&c"),
            &[200],
        ),
    ]);
}

#[test]
fn hosts_are_names_or_addresses() {
    let health = |host: &str| of(host, "GET /__mockpos/health");
    let good = [
        "localhost",
        "LOCALHOST:4242",
        "127.0.0.1:",
        "[::1]",
        "[::1]:80",
        "my_shop.local",
        "a.b.",
        "127.1",
    ];
    let bad = [
        "", " ", "a b", "a/b", "a, b", "u@a", "a:x", "a:99999", "a:1:2", "::1", "[::1", "[x]",
        "[::1]x", "a%20b", "a\"b", "a\\b", "<a>", "a?b", "a#b",
    ];
    let good = good.map(|host| (host, health(host), &[200_u16][..]));
    let bad = bad.map(|host| (host, health(host), &[400_u16][..]));
    play_made(&[&good[..], &bad[..]].concat());
    let twice = of("localhost\r\nhost: localhost", "GET /__mockpos/health");
    let latin = b"GET /__mockpos/health HTTP/1.1\r\nhost: \xe7.example\r\n\r\n".to_vec();
    let long = health(&format!("{}.example", "a".repeat(250)));
    play_made(&[
        ("twice", twice, &[400]),
        ("no ASCII", latin, &[400]),
        ("long", long, &[400]),
    ]);
}

#[test]
fn methods_are_those_of_the_row() {
    let page = "/orders/checkout/?page=IndexPage";
    play_made(&[
        (
            "OPTIONS of the admin: no leave for pages",
            to("OPTIONS /__mockpos/clock"),
            &[405],
        ),
        (
            "OPTIONS of a shop's API",
            to(&format!("OPTIONS {page}")),
            &[405],
        ),
        (
            "DELETE of a shop's API",
            to(&format!("DELETE {page}")),
            &[405],
        ),
        (
            "OPTIONS of the wallet: pages ask",
            to("OPTIONS /payment/api/payment/request"),
            &[204],
        ),
    ]);
}

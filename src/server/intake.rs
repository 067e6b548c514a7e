//! From a request's head to a call: which sandbox it names, and how browsers reach us.

use crate::call::json::JsonFault;
use crate::call::{Call, DEFAULT_SANDBOX};
use crate::route::Fault;
use compact_str::{CompactString, format_compact};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Uri, Version, header};
use std::net::Ipv6Addr;

/// The header that names a sandbox.
pub const SANDBOX: &str = "x-mockpos-sandbox";

/// How browsers reach us.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// what the listener speaks
    pub scheme: &'static str,
    /// what to say whatever they name
    pub public_url: Option<&'a str>,
}

/// The head as a call, as yet without a body. With a fault beside it when the head is no good:
/// the call is then good for saying so in the right dialect.
pub fn call(head: Parts, own: Own<'_>) -> (Call, Result<(), Fault>) {
    let mut head = head;
    let asked = addressed(&mut head);
    let target = head.uri.path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    let named = split(target);
    let mut call = Call::new(head.method, named.rest);
    let found = place(&mut call, &named, &head.headers)
        .and_then(|()| host(&head.uri, &head.headers, head.version))
        .map(|host| {
            let named = || format_compact!("{}://{host}", own.scheme);
            call.origin = own.public_url.map_or_else(named, CompactString::from);
        });
    target.clone_into(&mut call.target);
    let found = asked
        .and(found)
        .and_then(|()| escapes(target))
        .and_then(|()| framing(&head.headers))
        .and_then(|()| expectations(&head.headers, head.version));
    call.headers = head.headers;
    (call, found)
}

/// Whether the body, read to its end, is one that surfaces can be asked about.
pub fn body(call: &Call, depth: usize) -> Result<(), Fault> {
    if call.body.is_empty() || call.media_type() == "application/toml" {
        return Ok(());
    }
    let charset = call.header("content-type").and_then(charset);
    let utf8 = charset.is_none_or(|name| {
        let known = ["utf-8", "utf8", "us-ascii"];
        known.iter().any(|known| name.eq_ignore_ascii_case(known))
    });
    if !utf8 && !call.body.is_ascii() {
        return Err(Fault::Unsupported(
            "a body is UTF-8, whatever its charset says",
        ));
    }
    if !matches!(call.body.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return Ok(());
    }
    match call.json_within(depth) {
        Err(JsonFault::Twice) => Err(Fault::BadRequest("a key of the JSON body is there twice")),
        Err(JsonFault::Deep) => Err(Fault::BadRequest("the JSON body is nested too deeply")),
        // What is no JSON is the surface's to refuse.
        Ok(_) | Err(JsonFault::Syntax) => Ok(()),
    }
}

fn charset(media_type: &str) -> Option<&str> {
    let pairs = media_type.split(';').skip(1);
    let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("charset"))?;
    Some(value.trim_matches('"'))
}

/// An absolute target names the host, and the header counts no more; `*` asks whether there is a server, which
/// our health says. RFC 9112 §3.2
fn addressed(head: &mut Parts) -> Result<(), Fault> {
    let has_path = head.uri.path_and_query().is_some();
    match (head.uri.scheme_str(), head.uri.authority()) {
        (Some("http" | "https"), Some(authority)) => {
            let given = HeaderValue::from_str(authority.as_str()).ok();
            let stated = head.headers.get(header::HOST).map(HeaderValue::as_bytes);
            if stated.is_some_and(|stated| !stated.is_empty() && !is_authority(stated)) {
                return Err(Fault::BadRequest(NO_HOST));
            }
            if let Some(host) = given {
                head.headers.insert(header::HOST, host);
            }
            Ok(())
        }
        (None, Some(_)) if !has_path && head.method == Method::CONNECT => {
            Err(Fault::NotImplemented("mockpos is no proxy"))
        }
        (Some(_), _) | (None, Some(_)) => Err(Fault::BadRequest("the request target is no path")),
        (None, None) if head.uri.path() != "*" => Ok(()),
        (None, None) if head.method == Method::OPTIONS => {
            head.method = Method::GET;
            head.uri = Uri::from_static("/__mockpos/health");
            Ok(())
        }
        (None, None) => Err(Fault::BadRequest("`*` is a target for OPTIONS alone")),
    }
}

/// Every `%` of the path has its two digits, and none stands for NUL. Of the query a form's reader says what
/// it is, and it is loose.
fn escapes(target: &str) -> Result<(), Fault> {
    let path = target.split('?').next().unwrap_or_default();
    let mut parts = path.split('%').skip(1);
    let good = |part: &str| {
        let digits = part.as_bytes().get(..2);
        digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit) && d != b"00")
    };
    match parts.all(good) {
        true => Ok(()),
        false => Err(Fault::BadRequest(
            "the path has a `%` that stands for nothing",
        )),
    }
}

/// A target cut into the sandbox it names, if any, and the rest.
struct Named<'a> {
    prefix: &'a str,
    name: Option<&'a str>,
    rest: &'a str,
}

/// `/~NAME/path?query`; some clients write the tilde as `%7E`.
fn split(target: &str) -> Named<'_> {
    let tildes = ["/~", "/%7E", "/%7e"];
    let Some(marked) = tildes.iter().find_map(|tilde| target.strip_prefix(tilde)) else {
        return Named {
            prefix: "",
            name: None,
            rest: target,
        };
    };
    let end = marked.find(['/', '?']).unwrap_or(marked.len());
    let (name, rest) = marked.split_at(end);
    Named {
        prefix: &target[..target.len() - rest.len()],
        name: Some(name),
        rest,
    }
}

fn place(call: &mut Call, named: &Named<'_>, headers: &HeaderMap) -> Result<(), Fault> {
    let mut headers = headers.get_all(SANDBOX).iter();
    let by_header = headers.next().map(|value| value.to_str().unwrap_or(""));
    if headers.next().is_some() {
        return Err(Fault::BadRequest(
            "the header `x-mockpos-sandbox` is there twice",
        ));
    }
    let name = match (named.name, by_header) {
        (Some(path), Some(header)) if path != header => {
            let why = "the path and the header `x-mockpos-sandbox` name different sandboxes";
            return Err(Fault::BadRequest(why));
        }
        (path, header) => path.or(header).unwrap_or(DEFAULT_SANDBOX),
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        let why = "a sandbox's name is 1 to 64 letters, digits, `_` and `-`";
        return Err(Fault::BadRequest(why));
    }
    call.sandbox = name.into();
    call.prefix = named.prefix.into();
    Ok(())
}

/// The host that the client means: of an absolute target, else of the one `Host` header, which
/// only HTTP/1.0 may leave out. RFC 9112 §3.2
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap, version: Version) -> Result<&'a str, Fault> {
    let mut given = headers.get_all(header::HOST).iter();
    let (first, second) = (given.next(), given.next());
    let text = match (uri.authority(), first) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(value)) => value.to_str().unwrap_or(""),
        (None, None) if version < Version::HTTP_11 => "127.0.0.1",
        (None, None) => return Err(Fault::BadRequest("the header `Host` is missing")),
    };
    if second.is_some() || !is_authority(text.as_bytes()) {
        return Err(Fault::BadRequest(NO_HOST));
    }
    Ok(text)
}

const NO_HOST: &str = "the header `Host` is no host name";

/// A name or an address, IPv6 in brackets, and perhaps a port.
fn is_authority(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        Some(_) | None => (text, ""),
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let named = || !name.is_empty() && name.bytes().all(plain);
    let inner = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    let host = inner.map_or_else(named, |address| address.parse::<Ipv6Addr>().is_ok());
    host && text.len() <= 255 && digits && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// Bodies come in one piece or in chunks, with one media type, and are read as they are: unpacking one is an
/// invitation to send a bomb.
fn framing(headers: &HeaderMap) -> Result<(), Fault> {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let first = codings.next();
    if first.is_some_and(|c| !c.as_bytes().eq_ignore_ascii_case(b"chunked"))
        || codings.next().is_some()
    {
        return Err(Fault::NotImplemented(
            "of transfer codings only `chunked`, once, is read",
        ));
    }
    if headers
        .get_all(header::CONTENT_TYPE)
        .iter()
        .nth(1)
        .is_some()
    {
        return Err(Fault::BadRequest(
            "the header `Content-Type` is there twice",
        ));
    }
    let mut coded = headers.get_all(header::CONTENT_ENCODING).iter();
    if coded.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    Err(Fault::Unsupported(
        "compressed bodies are not read: send it without `Content-Encoding`",
    ))
}

/// Who expects something of a server that does not know it would wait in vain. RFC 9110 §10.1.1
fn expectations(headers: &HeaderMap, version: Version) -> Result<(), Fault> {
    if version < Version::HTTP_11 {
        return Ok(());
    }
    let values = headers.get_all(header::EXPECT).iter();
    let members = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let mut members = members.map(<[u8]>::trim_ascii);
    match members.all(|member| member.is_empty() || member.eq_ignore_ascii_case(b"100-continue")) {
        true => Ok(()),
        false => Err(Fault::Expectation(
            "of expectations only `100-continue` is met",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn read(target: &str, headers: &[(&str, &str)]) -> (Call, Result<(), Fault>) {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let own = Own {
            scheme: "http",
            public_url: None,
        };
        call(request.body(()).unwrap().into_parts().0, own)
    }

    const HOST: (&str, &str) = ("host", "shop.test:4242");

    #[test]
    fn a_sandbox_is_named_by_path_or_header() {
        // target, header, sandbox, prefix, path
        let cases = [
            ("/a/b/?x=1", None, "default", "", "/a/b"),
            ("/~t-1/a/b/?x=1", None, "t-1", "/~t-1", "/a/b"),
            ("/%7Et_1/a/b", None, "t_1", "/%7Et_1", "/a/b"),
            ("/~t?x=1", None, "t", "/~t", "/"),
            ("/~t", None, "t", "/~t", "/"),
            ("/a/b", Some("h"), "h", "", "/a/b"),
            ("/~h/a/b", Some("h"), "h", "/~h", "/a/b"),
            ("//~h/a", None, "default", "", "/~h/a"),
            ("/a/~h", None, "default", "", "/a/~h"),
        ];
        for (target, header, sandbox, prefix, path) in cases {
            let named: Vec<_> = header
                .map(|h| (SANDBOX, h))
                .into_iter()
                .chain([HOST])
                .collect();
            let (call, fault) = read(target, &named);
            assert_eq!(fault, Ok(()), "{target}");
            assert_eq!(call.target, target);
            let seen = (&*call.sandbox, &*call.prefix, &*call.path);
            assert_eq!(seen, (sandbox, prefix, path), "{target}");
            let named_by_header = prefix.is_empty() && sandbox != DEFAULT_SANDBOX;
            let inside = match named_by_header {
                true => format!("/~{sandbox}"),
                false => prefix.to_owned(),
            };
            assert_eq!(call.base(), format!("http://shop.test:4242{inside}"));
        }
    }

    #[test]
    fn queries_survive_the_prefix() {
        let (call, _) = read("/~t/a?page=P&x=%20", &[HOST]);
        assert_eq!(
            (call.query("page"), call.query("x")),
            (Some("P"), Some(" "))
        );
    }

    #[test]
    fn doubtful_sandboxes_are_refused_in_the_dialect_of_the_path() {
        let long = format!("/~{}/a", "x".repeat(65));
        let cases: [(&str, &[(&str, &str)]); 7] = [
            ("/~one/a", &[HOST, (SANDBOX, "two")]),
            ("/a", &[HOST, (SANDBOX, "one"), (SANDBOX, "one")]),
            ("/~/a", &[HOST]),
            ("/~a.b/a", &[HOST]),
            ("/~a%20b/a", &[HOST]),
            (&long, &[HOST]),
            ("/a", &[HOST, (SANDBOX, "")]),
        ];
        for (target, headers) in cases {
            let (call, fault) = read(target, headers);
            assert!(
                matches!(fault, Err(Fault::BadRequest(_))),
                "{target} {headers:?}"
            );
            assert_eq!((&*call.path, &*call.sandbox), ("/a", "default"), "{target}");
        }
    }

    #[test]
    fn hosts_are_one_and_plain() {
        let absolute = read("http://other.test/a", &[HOST]);
        assert_eq!(
            (absolute.0.origin.as_str(), absolute.1),
            ("http://other.test", Ok(()))
        );
        assert_eq!(absolute.0.target, "/a");
        assert_eq!(read("/", &[("host", "[::1]:80")]).1, Ok(()));
        let bad: [&[(&str, &str)]; 5] = [
            &[],
            &[HOST, HOST],
            &[("host", "")],
            &[("host", "a/b")],
            &[("host", "\"><script>")],
        ];
        for headers in bad {
            let fault = read("/", headers).1;
            assert!(matches!(fault, Err(Fault::BadRequest(_))), "{headers:?}");
        }
    }

    #[test]
    fn packed_bodies_are_refused() {
        for (coding, good) in [
            ("identity", true),
            ("Identity", true),
            ("gzip", false),
            ("", false),
        ] {
            let fault = read("/", &[HOST, ("content-encoding", coding)]).1;
            assert_eq!(fault.is_ok(), good, "{coding}");
        }
    }
}

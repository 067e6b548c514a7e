//! From a request's head to a call: which sandbox it names, and how browsers reach us.

use crate::call::{Call, DEFAULT_SANDBOX};
use crate::route::Fault;
use http::request::Parts;
use http::{HeaderMap, Uri, Version, header};

/// The header that names a sandbox.
pub const SANDBOX: &str = "x-mockpos-sandbox";

/// The head as a call, as yet without a body. With a fault beside it when the head is no good:
/// the call is then good for saying so in the right dialect.
pub fn call(head: Parts, public_url: Option<&str>) -> (Call, Result<(), Fault>) {
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let named = split(target);
    let mut call = Call::new(head.method, named.rest);
    let found = place(&mut call, &named, &head.headers)
        .and_then(|()| host(&head.uri, &head.headers, head.version))
        .map(|host| {
            call.origin = public_url.map_or_else(|| format!("http://{host}"), str::to_owned);
        });
    target.clone_into(&mut call.target);
    let found = found.and_then(|()| plain_body(&head.headers));
    call.headers = head.headers;
    (call, found)
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
    name.clone_into(&mut call.sandbox);
    named.prefix.clone_into(&mut call.prefix);
    Ok(())
}

/// The host that the client means: of an absolute target, else of the one `Host` header, which
/// only HTTP/1.0 may leave out. RFC 9112 §3.2
fn host(uri: &Uri, headers: &HeaderMap, version: Version) -> Result<String, Fault> {
    let mut given = headers.get_all(header::HOST).iter();
    let (first, second) = (given.next(), given.next());
    let text = match (uri.authority(), first) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(value)) => value.to_str().unwrap_or(""),
        (None, None) if version < Version::HTTP_11 => "127.0.0.1",
        (None, None) => return Err(Fault::BadRequest("the header `Host` is missing")),
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
    if second.is_some() || text.is_empty() || text.len() > 255 || !text.bytes().all(plain) {
        return Err(Fault::BadRequest("the header `Host` is no host name"));
    }
    Ok(text.to_owned())
}

/// Bodies are read as they are: unpacking one is an invitation to send a bomb.
fn plain_body(headers: &HeaderMap) -> Result<(), Fault> {
    let mut coded = headers.get_all(header::CONTENT_ENCODING).iter();
    if coded.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    Err(Fault::Unsupported(
        "compressed bodies are not read: send it without `Content-Encoding`",
    ))
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
        call(request.body(()).unwrap().into_parts().0, None)
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

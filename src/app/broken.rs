//! What a fault on the wire leaves of an answer. How it travels is written into its pace; what
//! takes time or a socket is done elsewhere.

use crate::reply::{Reply, Travel};
use crate::route::{Fault, Surface, Turn, status};
use crate::scenario::verdict::WireFault;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue, LOCATION};

/// What a server that is not the vendor's says: a proxy, a load balancer.
const ERROR_PAGE: &str = "<html>\r\n<head><title>500 Internal Server Error</title></head>\r\n<body>\r\n\
     <center><h1>500 Internal Server Error</h1></center>\r\n</body>\r\n</html>\r\n";

/// What is left of `answer`; None: nothing has happened, and there is no answer. Then, and where
/// another answer takes its place, that carries what every answer of the surface does.
pub fn broken(
    surface: &Surface,
    turn: &Turn<'_>,
    (answer, fault): (Option<Reply>, WireFault),
) -> Reply {
    let own = |mut reply: Reply| {
        (surface.finish)(turn, &mut reply);
        reply
    };
    let failure = |status| {
        let fault = Fault::Scripted(status);
        own((surface.fault)(turn.call, fault, &turn.world.scenario))
    };
    let travels = |travel: Travel, answer: Option<Reply>| {
        let mut reply = answer.unwrap_or_else(|| failure(503));
        reply.pace.travel = travel;
        reply
    };
    let nothing = || own(Reply::empty(StatusCode::OK));
    let mut broken = match fault {
        WireFault::Reset => travels(Travel::Dropped, answer.or_else(|| Some(nothing()))),
        WireFault::Garbage => travels(Travel::Garbage, answer.or_else(|| Some(nothing()))),
        WireFault::HalfBody => travels(Travel::Half, answer),
        WireFault::Slow(rate) => travels(Travel::Slow(rate), answer),
        WireFault::Stall => travels(Travel::Stalled, answer),
        WireFault::Empty => emptied(answer.unwrap_or_else(nothing)),
        WireFault::BadJson => cut(answer.unwrap_or_else(nothing)),
        WireFault::ErrorPage => own(Reply::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/html",
            ERROR_PAGE,
        )),
        WireFault::Http(status @ 400..) => failure(status),
        WireFault::Http(number) => own(Reply::empty(status(number))),
    };
    broken.pace.scripted = true;
    broken
}

fn emptied(mut reply: Reply) -> Reply {
    reply.status = StatusCode::OK;
    reply.headers.remove(LOCATION);
    reply.body = Bytes::new();
    reply
}

/// JSON that breaks off: the first half of the answer, when that is an object or a list.
fn cut(mut reply: Reply) -> Reply {
    let text = std::str::from_utf8(&reply.body).unwrap_or_default();
    let whole = text.trim_end();
    let half = &whole[..whole.floor_char_boundary(whole.len() / 2)];
    let broken = if half.starts_with(['{', '[']) {
        half.to_owned()
    } else {
        "{\"status\":".to_owned()
    };
    reply = emptied(reply);
    reply.body = broken.into();
    reply.set(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_no_json() {
        let cases = [
            (r#"{"a":1}"#, r#"{"a"#),
            (r#"[]"#, r#"["#),
            (r#"{"aş":1}"#, r#"{"a"#),
            ("", r#"{"status":"#),
            ("1", r#"{"status":"#),
            ("<html></html>", r#"{"status":"#),
        ];
        for (body, expected) in cases {
            let reply = cut(Reply::new(StatusCode::CREATED, "text/html", body));
            let text = String::from_utf8(reply.body.to_vec()).unwrap();
            assert_eq!(text, expected, "{body}");
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_err());
            assert_eq!(reply.status, StatusCode::OK);
            assert_eq!(reply.headers[CONTENT_TYPE], "application/json");
        }
    }
}

//! What is said to bytes that are no HTTP: hyper answers them by itself and with an empty body, and
//! no surface ever sees them.

use crate::app::DECIDED_BY;

/// Our answer for the one that hyper is about to write; None when that is ours already. It says the
/// same in the error fields of every surface, for nobody knows whom the bytes were meant for.
pub fn instead_of(head: &[u8]) -> Option<Vec<u8>> {
    // Every answer of ours carries this header; hyper's own do not.
    let ours = |head: &[u8]| {
        let (mark, name) = (DECIDED_BY, DECIDED_BY.as_str().len());
        head.windows(name)
            .any(|part| part == mark.as_str().as_bytes())
    };
    if !head.starts_with(b"HTTP/1.1 4") || ours(head) {
        return None;
    }
    let line = head.split(|b| *b == b'\r').next()?;
    let status = std::str::from_utf8(line).ok()?;
    let code = status.split(' ').nth(1)?;
    let why = match code {
        "414" => "the request target is too long",
        "431" => "the request head is too large",
        _ => "these bytes are no HTTP/1.1 request; is the base URL http, not https?",
    };
    Some(said(status, code, why))
}

/// Our answer to plain HTTP where TLS is spoken.
pub fn plain() -> Vec<u8> {
    let why = "TLS is spoken here; the base URL is https, not http";
    said("HTTP/1.1 400 Bad Request", "400", why)
}

fn said(status: &str, code: &str, why: &str) -> Vec<u8> {
    let errors = format!(r#"{{"errorCode":"{code}","errorDescription":"{why}"}}"#);
    let body = format!(r#"{{"error":"{why}","detail":"{why}","errors":{errors}}}"#);
    let length = body.len();
    let head = format!(
        "{status}\r\ncontent-type: application/json\r\n{DECIDED_BY}: default\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    (head + &body).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::instead_of;

    #[test]
    fn only_answers_that_are_not_ours_are_replaced() {
        let hypers = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n";
        let ours = String::from_utf8(instead_of(hypers).unwrap()).unwrap();
        assert!(
            ours.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"),
            "{ours}"
        );
        let (head, body) = ours.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("content-length: {}", body.len())),
            "{ours}"
        );
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["errors"]["errorCode"], "431");
        assert_eq!(instead_of(ours.as_bytes()), None);
        for others in [
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "",
            "4",
        ] {
            assert_eq!(instead_of(others.as_bytes()), None);
        }
    }
}

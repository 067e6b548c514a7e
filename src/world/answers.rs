//! Answers that are kept for a caller who asks the same again under the same key.

use crate::clock::Timestamp;
use crate::reply::{Pace, Reply};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

/// An answer, and what it was the answer to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Kept {
    /// hash of method, path and body
    pub request: [u8; 32],
    /// the answer
    pub reply: Reply,
    /// kept until then
    pub until: Timestamp,
}

/// How a [`Kept`] is written down.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    request: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    until: Timestamp,
}

/// Text where it is text.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    Text(String),
    Base64(String),
}

impl From<Kept> for Written {
    fn from(kept: Kept) -> Self {
        let Kept {
            request,
            reply,
            until,
        } = kept;
        // How an answer travels is settled anew for each.
        let Reply {
            status,
            headers,
            body,
            pace: _,
        } = reply;
        let value = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter();
        Self {
            request: STANDARD.encode(request),
            status: status.as_u16(),
            headers: headers.map(|(k, v)| (k.to_string(), value(v))).collect(),
            body: match String::from_utf8(body.to_vec()) {
                Ok(text) => Body::Text(text),
                Err(e) => Body::Base64(STANDARD.encode(e.as_bytes())),
            },
            until,
        }
    }
}

impl TryFrom<Written> for Kept {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let request = STANDARD.decode(written.request).ok();
        let request = request.and_then(|bytes| bytes.try_into().ok());
        let status = StatusCode::from_u16(written.status).map_err(|_| "no status")?;
        let mut reply = Reply::empty(status);
        for (name, value) in written.headers {
            let name = HeaderName::try_from(name).map_err(|_| "no header field")?;
            let value = HeaderValue::try_from(value).map_err(|_| "no header field")?;
            reply.headers.append(name, value);
        }
        reply.body = match written.body {
            Body::Text(text) => text.into(),
            Body::Base64(text) => STANDARD.decode(text).map_err(|_| "no base64")?.into(),
        };
        reply.pace = Pace::default();
        Ok(Self {
            request: request.ok_or("no hash of a request")?,
            reply,
            until: written.until,
        })
    }
}

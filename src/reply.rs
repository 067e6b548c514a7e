//! An answer as a plain value, with what is to happen on the way to the client.

pub mod json;

use crate::clock::Timestamp;
use crate::domain::webhook::WebhookId;
use askama::Template;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use json::Json;
use serde::Serialize;
use std::cell::RefCell;
use std::time::Duration;

thread_local! {
    // Bodies are written here first and then copied: so they take exactly the memory that they need, which the
    // journal keeps and counts, and grow nothing on the way.
    static WRITTEN: RefCell<Json> = RefCell::default();
    static RENDERED: RefCell<String> = RefCell::default();
}

/// How much memory a thread keeps for that.
const MOST_WRITTEN: usize = 32 * 1024;

/// An answer, and how it travels.
#[derive(Debug, Clone)]
pub struct Reply {
    /// the status line's code
    pub status: StatusCode,
    /// header fields; `Content-Length` is the server's business
    pub headers: HeaderMap,
    /// the body
    pub body: Bytes,
    /// what happens on the way to the client
    pub pace: Pace,
}

/// What happens to an answer on its way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// how long to wait before the first byte
    pub delay: Duration,
    /// in what shape it arrives, if at all
    pub travel: Travel,
    /// what is done before the answer is written; then it is the app's
    pub order: Option<Order>,
    /// merchants are to be told of something, now or later
    pub webhooks: bool,
    /// the answer is not the last word: the call is asked again whenever its sandbox has answered another
    pub again: Option<Again>,
    /// a rule has written the answer, or broken it: it is not what the endpoint would say
    pub scripted: bool,
}

/// How a call is asked again that waits for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// until an answer does not ask for it, and for so long at most: then this answer stands
    Within(Duration),
    /// for as long as the client listens; the bodies are parts of one stream. The header
    /// `Last-Event-ID` of the further calls has this number
    After(u64),
}

/// In what shape an answer arrives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Travel {
    /// as it is
    #[default]
    Whole,
    /// the connection is closed instead
    Dropped,
    /// bytes that are no HTTP come instead, then the connection is closed
    Garbage,
    /// the head tells its length, half of the body comes, then the connection is closed
    Half,
    /// so many bytes of the body come in a second
    Slow(u32),
    /// the head comes, and of the body nothing
    Stalled,
}

impl Pace {
    /// Whether a status line reaches the client.
    pub const fn answers(&self) -> bool {
        !matches!(self.travel, Travel::Dropped | Travel::Garbage)
    }
}

/// What happens before an answer is written: webhooks are sent, and time may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// these are tried; the answer stays as it is
    These(Vec<WebhookId>),
    /// this one is tried, however it stands; None: it was
    Again(Option<WebhookId>),
    /// those that are due by that moment are tried
    DueBy(Timestamp),
    /// all are tried until they are delivered or given up; time passes as it must
    All,
    /// it becomes that moment, and what falls due on the way happens
    Until(Timestamp),
}

/// The text of a page. What cannot be written (there is no such page here) becomes empty.
pub fn rendered(page: &impl Template) -> Bytes {
    written(&mut |text| page.render_into(text).is_ok())
}

/// What `write` writes; empty when it fails.
fn written(write: &mut dyn FnMut(&mut String) -> bool) -> Bytes {
    RENDERED.with_borrow_mut(|text| {
        text.clear();
        let page = match write(text) {
            true => Bytes::copy_from_slice(text.as_bytes()),
            false => Bytes::new(),
        };
        text.shrink_to(MOST_WRITTEN);
        page
    })
}

impl Reply {
    /// No body.
    pub fn empty(status: StatusCode) -> Self {
        let (headers, body, pace) = Default::default();
        Self {
            status,
            headers,
            body,
            pace,
        }
    }

    /// A body with its media type.
    pub fn new(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self::empty(status);
        reply.body = body.into();
        reply.set(CONTENT_TYPE, HeaderValue::from_static(media_type));
        reply
    }

    /// A JSON body. What cannot be written as JSON (there is no such value here) becomes `null`.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Self {
        let body = WRITTEN.with_borrow_mut(|json| {
            let written = json.write(value).map(Bytes::copy_from_slice);
            json.shrink_to(MOST_WRITTEN);
            written.unwrap_or(Bytes::from_static(b"null"))
        });
        Self::new(status, "application/json", body)
    }

    /// An HTML page, [`rendered`], that nobody may sniff, frame or script beyond what `policy` allows.
    pub fn html(status: StatusCode, policy: &'static str, page: Bytes) -> Self {
        let mut reply = Self::new(status, "text/html; charset=utf-8", page);
        reply.set(
            http::header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        );
        reply.set(
            http::header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        reply
    }

    /// 303 to `location`; a location that is no header value becomes `/`.
    pub fn see_other(location: &str) -> Self {
        let mut reply = Self::empty(StatusCode::SEE_OTHER);
        let target = HeaderValue::from_str(location);
        reply.set(
            LOCATION,
            target.unwrap_or_else(|_| HeaderValue::from_static("/")),
        );
        reply
    }

    /// Sets a header field, in place of an earlier one.
    pub fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }

    /// Sets the one cookie of this answer (one at most: contract akinon §1.8).
    pub fn set_cookie(&mut self, cookie: &str) {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            self.set(SET_COOKIE, value);
        }
    }
}

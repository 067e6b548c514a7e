//! From hyper's request to a call, from a reply to hyper's response, and what a reply's pace asks
//! for in between.

use super::bounds::Bounds;
use super::follow::Content;
use super::intake::{self, Own};
use super::line::Line;
use super::request_id::{REQUEST_ID, RequestIds};
use super::tls::Tls;
use super::travel::{HungUp, Sent};
use super::webhook::Courier;
use crate::app::{App, DECIDED_BY, Outcome};
use crate::call::{Call, DEFAULT_SANDBOX};
use crate::mask::mask;
use crate::reply::{Again, Reply, Travel};
use crate::route::Fault;
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

/// Where calls are answered, for all connections.
#[derive(Debug)]
pub struct Desk {
    /// who knows the answers
    pub app: Arc<App>,
    /// who sends what merchants are to be told
    pub courier: Arc<Courier>,
    /// how browsers reach us, when not by the Host they name
    pub public_url: Option<String>,
    /// spoken on the listener, where it is
    pub tls: Option<Tls>,
    /// what clients may take
    pub bounds: Bounds,
    /// the names of requests
    pub request_ids: RequestIds,
    /// true, or closed: the process is to end
    pub stop: watch::Receiver<bool>,
}

/// How often others go first before a call takes a thread to wait for its sandbox.
const MOST_TURNS: u32 = 64;
/// What is written where bytes are to come that are no HTTP.
const GARBAGE: &[u8] = b"\x16\x03\x01\x00\xffnothing that anybody could read\r\n\r\n\xfe";

impl Desk {
    /// Answers one request. Err: by closing the connection.
    pub async fn answer(
        &self,
        request: Request<Incoming>,
        line: &Arc<Line>,
    ) -> Result<Response<Content>, HungUp> {
        let began = Instant::now();
        let (head, body) = request.into_parts();
        let id = self.request_ids.of(&head.headers);
        let (mut call, read) = intake::call(head, self.own());
        let seat = self.bounds.requests.try_acquire();
        let read = match read.and(seat.as_ref().map(drop).map_err(|_| Fault::Busy)) {
            Ok(()) => {
                let limit = self.app.body_limit(&call).unwrap_or(self.bounds.body);
                let read = self.read(body, limit).await.map(|bytes| call.body = bytes);
                read.and_then(|()| intake::body(&call, self.bounds.depth))
            }
            Err(fault) => Err(fault),
        };
        let reply = match read {
            Ok(()) => self.play(&call, line).await,
            Err(fault) => Some(self.fault(&call, fault)),
        };
        let heard = reply.as_ref().filter(|reply| reply.pace.answers());
        let took = began.elapsed();
        self.app.meter().took(took);
        log((&call, heard), &id, took);
        let reply = reply.filter(|reply| reply.pace.travel != Travel::Dropped);
        let response = reply.map(|mut reply| {
            reply.set(REQUEST_ID, id);
            self.response((call, reply), line)
        });
        response.ok_or_else(|| {
            line.cut();
            HungUp
        })
    }

    fn own(&self) -> Own<'_> {
        Own {
            scheme: if self.tls.is_some() { "https" } else { "http" },
            public_url: self.public_url.as_deref(),
        }
    }

    fn response(&self, (call, mut reply): (Call, Reply), line: &Arc<Line>) -> Response<Content> {
        if reply.pace.travel == Travel::Garbage {
            line.say(GARBAGE);
            reply.body = Bytes::new();
            reply.set(CONNECTION, HeaderValue::from_static("close"));
        }
        let content = match reply.pace.again {
            Some(Again::After(last)) => self.events((call, &reply), last, line),
            Some(Again::Within(_)) | None => None,
        };
        let (travel, body) = (reply.pace.travel, reply.body);
        let whole = || Content::Sent(Sent::new(travel, body, (line, &self.stop)));
        let mut response = Response::new(content.unwrap_or_else(whole));
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }

    async fn read(&self, body: Incoming, limit: usize) -> Result<Bytes, Fault> {
        if body.is_end_stream() {
            return Ok(Bytes::new());
        }
        if body.size_hint().lower() > limit as u64 {
            return Err(Fault::TooLarge);
        }
        let whole = Limited::new(body, limit).collect();
        match timeout(self.bounds.body_time, whole).await {
            Ok(Ok(whole)) => Ok(whole.to_bytes()),
            Ok(Err(e)) if e.is::<LengthLimitError>() => Err(Fault::TooLarge),
            Ok(Err(_)) => Err(Fault::BadRequest("the body breaks off")),
            Err(_) => Err(Fault::TooSlow),
        }
    }

    /// A fault leaves the rest of the request unread, so that the connection is of no more use.
    fn fault(&self, call: &Call, fault: Fault) -> Reply {
        let mut reply = self.app.fault(call, fault);
        reply.set(CONNECTION, HeaderValue::from_static("close"));
        reply
    }

    /// The answer, after the time that it is to take. None: the client went away while the call was
    /// held, and nothing has happened.
    async fn play(&self, call: &Call, line: &Line) -> Option<Reply> {
        let mut outcome = self.outcome(call).await?;
        let reply = loop {
            outcome = match outcome {
                Outcome::Done(reply) => break reply,
                Outcome::Errand(errand) => break self.courier.carry(&call.sandbox, errand).await?,
                Outcome::Held(delay, verdict) => {
                    tokio::select! {
                        () = self.pause(delay) => self.app.resume(call, *verdict),
                        // hyper does not look, because half a connection may be closed: it must be
                        // closed wholly to count elsewhere, but who waits here has given up
                        () = line.gone() => return None,
                    }
                }
            };
        };
        if reply.pace.webhooks {
            self.courier.wake(&call.sandbox);
        }
        if let Some(Again::Within(patience)) = reply.pace.again {
            return self.patient(call, (reply, patience), line).await;
        }
        if !reply.pace.delay.is_zero() {
            self.pause(reply.pace.delay).await;
        }
        Some(reply)
    }

    /// What the app says; to what may take long on a thread of its own, so that nobody else waits for it. None: the
    /// process ends.
    async fn outcome(&self, call: &Call) -> Option<Outcome> {
        if self.app.takes_long(call) {
            let (app, call) = (Arc::clone(&self.app), call.clone());
            let answered = spawn_blocking(move || app.answer(&call));
            return answered.await.ok();
        }
        self.queue(&call.sandbox).await;
        Some(self.app.answer(call))
    }

    /// While another thread has the sandbox, this one looks after other connections: it would sleep else, and being
    /// woken takes longer than an answer. Not for ever, for then it sleeps in turn.
    async fn queue(&self, sandbox: &str) {
        if let Some(sandbox) = self.app.busy(sandbox) {
            sandbox.idle(MOST_TURNS).await;
        }
    }

    /// Waits, but not when the process is to end.
    async fn pause(&self, delay: Duration) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = sleep(delay) => {}
            // Err: nobody is left who could say stop, which is the same
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// The access line. Of the query it shows the page alone: the rest may hold card data.
fn log((call, reply): (&Call, Option<&Reply>), id: &HeaderValue, took: Duration) {
    if !tracing::enabled!(target: "mockpos::access", tracing::Level::INFO) {
        return;
    }
    let decided_by = reply.and_then(|reply| reply.headers.get(DECIDED_BY));
    tracing::info!(
        target: "mockpos::access",
        request_id = id.to_str().ok(),
        method = call.method.as_str(),
        path = path(call),
        page = call.query("page").map(shown),
        status = reply.map_or(0, |reply| reply.status.as_u16()),
        decided_by = decided_by.and_then(|value| value.to_str().ok()),
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    );
}

/// The path with the sandbox in front, however it was named.
fn path(call: &Call) -> String {
    let whole = call.target.split('?').next().unwrap_or_default();
    let path = shown(whole);
    match call.sandbox.as_str() {
        DEFAULT_SANDBOX => path,
        _ if !call.prefix.is_empty() => path,
        name => format!("/~{name}{path}"),
    }
}

/// What a log may show of a client's text: its beginning, without card numbers.
fn shown(text: &str) -> String {
    const LONGEST: usize = 256;
    // Cut twice: what is cut off must not show, and half a card number is none to the mask.
    let head: String = text.chars().take(2 * LONGEST).collect();
    mask(head.as_bytes()).chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    #[test]
    fn paths_are_logged_without_queries_and_card_numbers() {
        // target, path
        let cases = [
            ("/a/b?card=4111111111111111", "/a/b"),
            ("/cards/5258640000000001/x", "/cards/525864******0001/x"),
            ("/p/123456789012", "/p/123456789012"),
            ("/p/12345678901234567890", "/p/12345678901234567890"),
            ("/x/4111-1111-1111-1111/y", "/x/4111-11**-****-1111/y"),
            (
                "/x/4111%201111%201111%201111",
                "/x/4111%2011**%20****%201111",
            ),
        ];
        for (target, expected) in cases {
            assert_eq!(path(&Call::new(Method::GET, target)), expected);
        }
        let mut call = Call::new(Method::GET, &format!("/{}", "a".repeat(9_999)));
        call.sandbox = "t".into();
        let logged = path(&call);
        assert!(
            logged.starts_with("/~t/aaa") && logged.len() < 300,
            "{logged}"
        );
    }
}

//! Answers that wait for other calls, or never end: the call is asked again whenever its sandbox has
//! answered another.

use super::http::Desk;
use super::line::Line;
use crate::app::App;
use crate::call::Call;
use crate::reply::{Again, Reply};
use bytes::Bytes;
use http::HeaderValue;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// After so long without an event a follower hears that we are still there: a connection that has
/// died is noticed by what cannot be written to it.
const STILL_HERE: Duration = Duration::from_secs(15);

/// What a client gets to read.
#[derive(Debug)]
pub enum Content {
    /// all at once
    Whole(Full<Bytes>),
    /// piece by piece, for as long as both sides like
    Events(Events),
}

/// What comes next, and who asks for more; None: nothing.
type Piece = Option<(Bytes, Follower)>;

/// A stream of events.
pub struct Events {
    next: Pin<Box<dyn Future<Output = Piece> + Send>>,
    line: Arc<Line>,
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}

/// Who asks again on behalf of a client.
struct Follower {
    app: Arc<App>,
    call: Call,
    bell: watch::Receiver<()>,
    stop: watch::Receiver<bool>,
    line: Arc<Line>,
}

impl Content {
    /// Whether it goes on after the answer's head is written.
    pub const fn lasts(&self) -> bool {
        matches!(self, Self::Events(_))
    }
}

impl Desk {
    /// The answer once it no longer asks for another, or when the time is over. None: the client
    /// went away.
    pub(super) async fn patient(
        &self,
        call: &Call,
        (reply, patience): (Reply, Duration),
        line: &Line,
    ) -> Option<Reply> {
        let mut latest = reply;
        let waits = async {
            let mut bell = self.app.bell(&call.sandbox)?;
            loop {
                latest = self.app.again(call)?;
                if latest.pace.again.is_none() {
                    return Some(());
                }
                bell.changed().await.ok()?;
            }
        };
        let mut stop = self.stop.clone();
        tokio::select! {
            _ = timeout(patience, waits) => Some(latest),
            // Err: nobody is left who could say stop, which is the same
            _ = stop.wait_for(|stop| *stop) => Some(latest),
            () = line.gone() => None,
        }
    }

    /// What is to be written of `reply`.
    pub(super) fn content(&self, call: Call, reply: &Reply, line: &Arc<Line>) -> Content {
        let whole = || Content::Whole(Full::new(reply.body.clone()));
        let Some(Again::After(last)) = reply.pace.again else {
            return whole();
        };
        let Some(bell) = self.app.bell(&call.sandbox) else {
            return whole();
        };
        let mut follower = Follower {
            app: Arc::clone(&self.app),
            call,
            bell,
            stop: self.stop.clone(),
            line: Arc::clone(line),
        };
        follower.after(last);
        let first = reply.body.clone();
        Content::Events(Events {
            next: Box::pin(async { Some((first, follower)) }),
            line: Arc::clone(line),
        })
    }
}

impl Follower {
    fn after(&mut self, last: u64) {
        let headers = &mut self.call.headers;
        headers.insert("last-event-id", HeaderValue::from(last));
    }

    /// The next piece. None: there will be none.
    async fn next(mut self) -> Piece {
        loop {
            self.bell.borrow_and_update();
            let reply = self.app.again(&self.call)?;
            let Some(Again::After(last)) = reply.pace.again else {
                return None;
            };
            self.after(last);
            if !reply.body.is_empty() {
                return Some((reply.body, self));
            }
            let quiet = tokio::select! {
                rung = self.bell.changed() => rung.map(|()| false).ok()?,
                () = sleep(STILL_HERE) => true,
                _ = self.stop.wait_for(|stop| *stop) => return None,
                () = self.line.gone() => return None,
            };
            if quiet {
                return Some((Bytes::from_static(b":\n\n"), self));
            }
        }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(whole) => Pin::new(whole).poll_frame(cx),
            Self::Events(events) => {
                let Some((piece, follower)) = ready!(events.next.as_mut().poll(cx)) else {
                    return Poll::Ready(None);
                };
                events.next = Box::pin(follower.next());
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.is_end_stream(),
            Self::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(whole) => whole.size_hint(),
            Self::Events(_) => SizeHint::default(),
        }
    }
}

impl Drop for Events {
    /// Until now the connection was ours to write to; from now on it waits for a request.
    fn drop(&mut self) {
        self.line.end();
    }
}

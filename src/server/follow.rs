//! Answers that wait for other calls, or never end: the call is asked again whenever its sandbox has
//! answered another.

use super::http::Desk;
use super::line::Line;
use super::travel::{HungUp, Sent};
use crate::app::App;
use crate::call::Call;
use crate::reply::{Again, Reply};
use bytes::Bytes;
use http::HeaderValue;
use hyper::body::{Body, Frame, SizeHint};
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
    /// to its end, however it travels
    Sent(Sent),
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
    /// Whether it says itself when it has been sent.
    pub const fn lasts(&self) -> bool {
        match self {
            Self::Sent(sent) => sent.lasts(),
            Self::Events(_) => true,
        }
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

    /// The stream that `reply` begins, behind that event. None: there is no room for its sandbox.
    pub(super) fn events(
        &self,
        (call, reply): (Call, &Reply),
        last: u64,
        line: &Arc<Line>,
    ) -> Option<Content> {
        let bell = self.app.bell(&call.sandbox)?;
        let mut follower = Follower {
            app: Arc::clone(&self.app),
            call,
            bell,
            stop: self.stop.clone(),
            line: Arc::clone(line),
        };
        follower.after(last);
        let first = reply.body.clone();
        Some(Content::Events(Events {
            next: Box::pin(async { Some((first, follower)) }),
            line: Arc::clone(line),
        }))
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
    type Error = HungUp;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HungUp>>> {
        match self.get_mut() {
            Self::Sent(sent) => Pin::new(sent).poll_frame(cx),
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
            Self::Sent(sent) => sent.is_end_stream(),
            Self::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Sent(sent) => sent.size_hint(),
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

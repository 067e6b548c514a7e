//! How an answer's body travels: whole, or slowly, by half, or not at all.

use super::line::Line;
use crate::reply::Travel;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// How long a body may take, however slow it is.
const LONGEST: Duration = Duration::from_secs(120);
/// How often a piece of a slow body comes, when a piece is more than a byte.
const BEAT: Duration = Duration::from_millis(100);

/// The connection ends before the answer does.
#[derive(Debug)]
pub struct HungUp;

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed before the end of an answer")
    }
}

impl std::error::Error for HungUp {}

/// A body on its way.
#[derive(Debug)]
pub enum Sent {
    /// at once
    Whole(Full<Bytes>),
    /// as a scenario wants it
    Paced(Paced),
}

impl Sent {
    /// The body of an answer that travels so.
    pub fn new(
        travel: Travel,
        body: Bytes,
        (line, stop): (&Arc<Line>, &watch::Receiver<bool>),
    ) -> Self {
        let length = body.len() as u64;
        let paced = |rest, how, wait| {
            Self::Paced(Paced {
                line: Arc::clone(line),
                stop: stop.clone(),
                announced: length.max(1),
                rest,
                how,
                wait,
            })
        };
        match travel {
            Travel::Whole | Travel::Dropped | Travel::Garbage => Self::Whole(Full::new(body)),
            Travel::Slow(_) if body.is_empty() => Self::Whole(Full::new(body)),
            Travel::Slow(rate) => paced(body, Pieces::at(rate, length), None),
            // the head is written while we wait
            Travel::Half => {
                let half = body.slice(..body.len() / 2);
                paced(half, None, Some(written(Arc::clone(line))))
            }
            Travel::Stalled => {
                let held = held(Arc::clone(line), stop.clone());
                paced(Bytes::new(), None, Some(held))
            }
        }
    }

    /// Whether it says itself when it has been sent.
    pub const fn lasts(&self) -> bool {
        matches!(self, Self::Paced(_))
    }
}

type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A body that takes its time, or breaks off.
pub struct Paced {
    line: Arc<Line>,
    stop: watch::Receiver<bool>,
    /// the length that the head tells
    announced: u64,
    /// what is still to come
    rest: Bytes,
    /// None: all at once, then the connection breaks off
    how: Option<Pieces>,
    /// what must end before more comes
    wait: Option<Wait>,
}

impl fmt::Debug for Paced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paced").field("how", &self.how).finish()
    }
}

/// So many bytes, and so long until the next ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pieces {
    bytes: usize,
    pause: Duration,
}

impl Pieces {
    /// At `rate` bytes a second; None of `length` bytes comes later than allowed.
    fn at(rate: u32, length: u64) -> Option<Self> {
        let least = length.div_ceil(LONGEST.as_secs());
        let rate = u64::from(rate).max(least).max(1);
        let beats = 1000 / BEAT.as_millis() as u64;
        let slow = rate < beats;
        let pause = if slow {
            Duration::from_millis(1000 / rate)
        } else {
            BEAT
        };
        let bytes = if slow { 1 } else { rate.div_ceil(beats) };
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        Some(Self { bytes, pause })
    }
}

/// Ends when what hyper has been given is with the system.
fn written(line: Arc<Line>) -> Wait {
    Box::pin(async move {
        tokio::task::yield_now().await;
        while line.is_stalled() {
            sleep(Duration::from_millis(10)).await;
        }
    })
}

/// Ends when the client is gone, or the process is to end, or after a long time.
fn held(line: Arc<Line>, mut stop: watch::Receiver<bool>) -> Wait {
    Box::pin(async move {
        tokio::select! {
            () = sleep(LONGEST) => {}
            () = line.gone() => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    })
}

fn pause(pause: Duration, mut stop: watch::Receiver<bool>) -> Wait {
    Box::pin(async move {
        tokio::select! {
            () = sleep(pause) => {}
            // Err: nobody is left who could say stop, which is the same
            _ = stop.wait_for(|stop| *stop) => {}
        }
    })
}

impl Paced {
    /// All that is left, or a piece of it and then a pause. When the process is to end there is no
    /// more waiting.
    fn piece(&mut self) -> Bytes {
        let stopped = *self.stop.borrow();
        let Some(pieces) = self.how.filter(|_| !stopped) else {
            if self.how.is_none() {
                self.wait = Some(written(Arc::clone(&self.line)));
            }
            return std::mem::take(&mut self.rest);
        };
        let piece = self.rest.split_to(pieces.bytes.min(self.rest.len()));
        if !self.rest.is_empty() {
            self.wait = Some(pause(pieces.pause, self.stop.clone()));
        }
        piece
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        self.line.end();
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = HungUp;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HungUp>>> {
        let paced = match self.get_mut() {
            Self::Whole(full) => {
                let frame = Pin::new(full).poll_frame(cx);
                return frame.map_err(|never| match never {});
            }
            Self::Paced(paced) => paced,
        };
        if let Some(wait) = &mut paced.wait {
            ready!(wait.as_mut().poll(cx));
            paced.wait = None;
        }
        if paced.rest.is_empty() {
            return Poll::Ready(paced.how.is_none().then_some(Err(HungUp)));
        }
        Poll::Ready(Some(Ok(Frame::data(paced.piece()))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(full) => full.is_end_stream(),
            Self::Paced(paced) => paced.how.is_some() && paced.rest.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(full) => full.size_hint(),
            Self::Paced(paced) => SizeHint::with_exact(paced.announced),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_keep_the_rate_and_end_in_time() {
        // rate, length, bytes, milliseconds
        let cases = [
            (1, 5, 1, 1000),
            (4, 5, 1, 250),
            (10, 5, 1, 100),
            (1000, 5, 100, 100),
            (1005, 5, 101, 100),
            (1, 1_200_000, 1000, 100),
            (u32::MAX, 5, 429_496_730, 100),
        ];
        for (rate, length, bytes, millis) in cases {
            let pause = Duration::from_millis(millis);
            assert_eq!(
                Pieces::at(rate, length),
                Some(Pieces { bytes, pause }),
                "{rate}"
            );
        }
    }
}

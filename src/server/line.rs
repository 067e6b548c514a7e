//! One connection's socket: hyper reads and writes it, and beside hyper it is watched for a client
//! that is silent, slow or gone.

use super::garbled;
use super::socket::Socket;
use parking_lot::Mutex;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long a client may take; see [`crate::config::LIMITS`].
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// from the first byte of a head to its last
    pub header: Duration,
    /// without a request
    pub idle: Duration,
    /// without taking what is written
    pub write: Duration,
}

/// The socket and what it is waiting for. Only the connection's own task locks it.
#[derive(Debug)]
pub struct Line {
    patience: Patience,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    stream: Socket,
    phase: Phase,
    /// since when the client does not take what we write
    stalled: Option<Instant>,
    /// any byte has ever come
    spoke: bool,
    /// answers of several connections go out together
    gathers: bool,
    /// the next bytes are written when the thread's other connections have been heard
    gathering: bool,
    /// what is written instead of hyper's own answer, and how much of it has been
    instead: Option<(Vec<u8>, usize)>,
}

/// What the connection is waiting for.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// the first byte of a request
    Idle(Instant),
    /// the rest of its head
    Head(Instant),
    /// us
    Serving,
}

impl Line {
    /// A connection that has just been accepted. With `gathers` each answer waits until the thread has looked after
    /// its other connections, once: a client that is sent several answers in a row is woken for the first of them
    /// and still awake at the others, and to wake it costs as much as half an answer.
    pub fn new(stream: Socket, patience: Patience, gathers: bool) -> Self {
        let inner = Mutex::new(Inner {
            stream,
            phase: Phase::Idle(Instant::now()),
            stalled: None,
            spoke: false,
            gathers,
            gathering: false,
            instead: None,
        });
        Self { patience, inner }
    }

    /// The socket, when hyper has let go of it.
    pub fn into_stream(self) -> Socket {
        self.inner.into_inner().stream
    }

    /// A head is complete.
    pub fn begin(&self) {
        let mut inner = self.inner.lock();
        inner.phase = Phase::Serving;
        inner.gathering = inner.gathers;
    }

    /// Its answer is made.
    pub fn end(&self) {
        self.inner.lock().phase = Phase::Idle(Instant::now());
    }

    /// Whether the client does not take what we write.
    pub fn is_stalled(&self) -> bool {
        self.inner.lock().stalled.is_some()
    }

    /// These bytes are written instead of hyper's next answer, which has no body.
    pub fn say(&self, bytes: &[u8]) {
        self.inner.lock().instead = Some((bytes.to_vec(), 0));
    }

    /// From now on closing the connection resets it.
    pub fn cut(&self) {
        // Err: it is closed already
        let _ = self.inner.lock().stream.tcp().set_zero_linger();
    }

    /// Ends when the first byte has come.
    pub async fn spoken_to(&self) {
        let came = |cx: &mut Context<'_>| {
            let inner = self.inner.lock();
            match inner.spoke {
                true => Poll::Ready(()),
                false => inner.stream.tcp().poll_read_ready(cx).map(drop),
            }
        };
        std::future::poll_fn(came).await;
    }

    /// Ends when the client has closed its side. A further request that is already here counts as
    /// a sign of life.
    pub async fn gone(&self) {
        let gone = |cx: &mut Context<'_>| self.inner.lock().stream.poll_gone(cx);
        if !std::future::poll_fn(gone).await {
            std::future::pending::<()>().await;
        }
    }

    /// Ends when the client has been silent or slow for too long. To be polled by the task that
    /// polls the connection, after it: only that changes what is waited for.
    pub async fn overdue(&self) {
        let mut alarm = pin!(sleep(self.patience.idle));
        std::future::poll_fn(|cx| self.poll_overdue(alarm.as_mut(), cx)).await;
    }

    // The alarm is moved as rarely as can be: a deadline that moves away is looked at when the
    // alarm rings, so that a busy connection costs no timer work a request.
    fn poll_overdue(&self, mut alarm: Pin<&mut Sleep>, cx: &mut Context<'_>) -> Poll<()> {
        while let Some(due) = self.due() {
            if due < alarm.deadline() || alarm.is_elapsed() {
                alarm.as_mut().reset(due);
            }
            ready!(alarm.as_mut().poll(cx));
            if due <= alarm.deadline() {
                return Poll::Ready(());
            }
        }
        Poll::Pending
    }

    fn due(&self) -> Option<Instant> {
        let inner = self.inner.lock();
        let phase = match inner.phase {
            Phase::Idle(since) => Some(since + self.patience.idle),
            Phase::Head(since) => Some(since + self.patience.header),
            Phase::Serving => None,
        };
        let stall = inner.stalled.map(|since| since + self.patience.write);
        phase.into_iter().chain(stall).min()
    }
}

impl Inner {
    fn received(&mut self) {
        self.spoke = true;
        if let Phase::Idle(_) = self.phase {
            self.phase = Phase::Head(Instant::now());
        }
    }

    /// Writes `bytes`; what hyper says by itself to bytes that are no HTTP is said in our words.
    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Option<Poll<io::Result<usize>>> {
        if self.instead.is_none() {
            self.instead = Some((garbled::instead_of(bytes)?, 0));
        }
        let (text, written) = self.instead.as_mut()?;
        while *written < text.len() {
            match Pin::new(&mut self.stream).poll_write(cx, &text[*written..]) {
                Poll::Ready(Ok(0)) => break,
                Poll::Ready(Ok(more)) => *written += more,
                waits => return Some(waits),
            }
        }
        self.instead = None;
        Some(Poll::Ready(Ok(bytes.len())))
    }

    /// Whether what is to be written waits for other connections: once an answer.
    fn gather(&mut self, cx: &Context<'_>) -> bool {
        let gathering = std::mem::take(&mut self.gathering);
        if gathering {
            cx.waker().wake_by_ref();
        }
        gathering
    }

    fn sent(&mut self, done: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if done.is_ready() {
            self.stalled = None;
        } else {
            self.stalled.get_or_insert_with(Instant::now);
        }
        done
    }
}

/// What hyper reads and writes.
#[derive(Debug)]
pub struct LineIo(pub Arc<Line>);

impl AsyncRead for LineIo {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let inner = &mut *self.0.inner.lock();
        let before = buf.filled().len();
        let done = Pin::new(&mut inner.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            inner.received();
        }
        done
    }
}

impl AsyncWrite for LineIo {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let inner = &mut *self.0.inner.lock();
        if inner.gather(cx) {
            return Poll::Pending;
        }
        let done = match inner.write(cx, bytes) {
            Some(done) => done,
            None => Pin::new(&mut inner.stream).poll_write(cx, bytes),
        };
        inner.sent(done)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let inner = &mut *self.0.inner.lock();
        if inner.gather(cx) {
            return Poll::Pending;
        }
        let first = slices.first().map_or(&[][..], |slice| slice);
        let done = match inner.write(cx, first) {
            Some(done) => done,
            None => Pin::new(&mut inner.stream).poll_write_vectored(cx, slices),
        };
        inner.sent(done)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.inner.lock().stream).poll_flush(cx)
    }

    // The line's owner shuts it down, after hyper has let go.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

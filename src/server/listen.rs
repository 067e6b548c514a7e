//! Accepts connections, bounds them, and ends them in good order.

use super::garbled;
use super::http::Desk;
use super::line::{Line, LineIo};
use super::socket::Socket;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// The most connections that wait to be accepted; the system may know a lower bound.
const BACKLOG: u32 = 4_096;
/// How many header fields hyper takes by itself.
const USUAL_FIELDS: usize = 100;
/// How long requests in flight have at the end; the process promises to be gone within a second.
const LAST_CALL: Duration = Duration::from_millis(800);
/// How long a new connection may take at the end to say what it has come for.
const LAST_WORD: Duration = Duration::from_millis(100);
/// How long the rest of what a client sends is read and thrown away, so that it gets to read our
/// answer: closing a socket with unread bytes in it takes back what was sent.
const FAREWELL: Duration = Duration::from_secs(1);

/// Listens on `address`. Port 0 takes a free one.
///
/// # Errors
/// When the system refuses.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // a port is free again as soon as the process before us has ended
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until the desk is told to stop, then answers what is in flight or waits to be accepted.
/// The number of connections that were cut in the end.
pub async fn run(listener: TcpListener, desk: Arc<Desk>) -> usize {
    let seats = capacity(desk.bounds.connections);
    let free = Arc::new(Semaphore::new(seats));
    let mut stop = desk.stop.clone();
    loop {
        let next = async { (seat(&free).await, accept(&listener).await) };
        tokio::select! {
            // Err: nobody is left who could say stop, which is the same
            _ = stop.wait_for(|stop| *stop) => break,
            (Some(seat), stream) = next => spawn(stream, &desk, seat),
        }
    }
    for stream in waiting(listener) {
        let Ok(seat) = Arc::clone(&free).try_acquire_owned() else {
            break;
        };
        spawn(stream, &desk, seat);
    }
    let all = u32::try_from(seats).unwrap_or(u32::MAX);
    let end = Instant::now() + LAST_CALL;
    let ended = timeout_at(end, free.acquire_many(all)).await;
    let cut = ended.map_or_else(|_| seats - free.available_permits(), |_| 0);
    desk.courier.finish(end).await;
    cut
}

/// How many connections there may be: some of the process's files are kept for other ends.
fn capacity(wanted: usize) -> usize {
    let files = rlimit::Resource::NOFILE.get_soft().unwrap_or(256);
    let kept = (files / 4).min(128);
    let most = usize::try_from(files - kept).unwrap_or(usize::MAX);
    wanted.min(most).max(1)
}

async fn seat(free: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    Arc::clone(free).acquire_owned().await.ok()
}

/// The next connection. When the process runs out of files, waits for some to be closed.
async fn accept(listener: &TcpListener) -> TcpStream {
    let mut pause = Duration::from_millis(100);
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(e) if of_the_client(&e) => {}
            Err(e) => {
                tracing::warn!(error = %e, "cannot accept connections for the moment");
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
        }
    }
}

fn of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// The connections in the queue of a listener that is about to go: the kernel has already told
/// their clients that they are connected.
fn waiting(listener: TcpListener) -> impl Iterator<Item = TcpStream> {
    let listener = listener.into_std().ok();
    std::iter::from_fn(move || {
        let (stream, _) = listener.as_ref()?.accept().ok()?;
        stream.set_nonblocking(true).ok()?;
        TcpStream::from_std(stream).ok()
    })
}

fn spawn(stream: TcpStream, desk: &Arc<Desk>, seat: OwnedSemaphorePermit) {
    // Err: answers are a little later
    let _ = stream.set_nodelay(true);
    let desk = Arc::clone(desk);
    desk.app.meter().accepted.count();
    // Of several threads others may be idle, and each is woken to look whether it can help.
    let gathers = Handle::current().metrics().num_workers() == 1;
    tokio::spawn(async move {
        if let Some(socket) = greeted(&desk, stream).await {
            let line = Arc::new(Line::new(socket, desk.bounds.patience, gathers));
            if serve(&desk, &line).await
                && let Some(line) = Arc::into_inner(line)
            {
                farewell(&desk, line.into_stream()).await;
            }
        }
        desk.app.meter().closed.count();
        drop(seat);
    });
}

/// The connection, after the handshake where there is one to be made. None: that came to nothing.
async fn greeted(desk: &Desk, stream: TcpStream) -> Option<Socket> {
    let Some(tls) = &desk.tls else {
        return Some(Socket::Plain(stream));
    };
    let hands = async {
        let mut first = [0];
        // Err: the handshake says so
        let seen = stream.peek(&mut first).await.unwrap_or(0);
        if seen > 0 && first[0].is_ascii_alphabetic() {
            return Err((io::Error::other("plain HTTP"), stream));
        }
        tls.acceptor.accept(stream).into_fallible().await
    };
    let mut stop = desk.stop.clone();
    let end = async {
        // Err: nobody is left who could say stop, which is the same
        let _ = stop.wait_for(|stop| *stop).await;
        sleep(LAST_WORD).await;
    };
    let shaken = tokio::select! {
        shaken = timeout(desk.bounds.patience.header, hands) => shaken.ok()?,
        () = end => return None,
    };
    match shaken {
        Ok(stream) => Some(Socket::Tls(Box::new(stream))),
        Err((error, stream)) => {
            tracing::info!(target: "mockpos::access", %error, "no TLS");
            let mut socket = Socket::Plain(stream);
            if error.kind() == io::ErrorKind::Other {
                // Err: it is not heard
                let _ = timeout(LAST_WORD, socket.write_all(&garbled::plain())).await;
            }
            farewell(desk, socket).await;
            None
        }
    }
}

/// Serves one connection to its end. True when it ended well enough to say goodbye.
async fn serve(desk: &Arc<Desk>, line: &Arc<Line>) -> bool {
    let service = service_fn(|request| {
        line.begin();
        async {
            let answer = desk.answer(request, line).await;
            // an answer that takes its time says itself when it has been sent
            if !answer.as_ref().is_ok_and(|answer| answer.body().lasts()) {
                line.end();
            }
            answer
        }
    });
    // The timers are the line's: hyper's own counts the time before a head as part of it.
    let mut http = http1::Builder::new();
    if desk.bounds.fields != USUAL_FIELDS {
        // more than hyper's own number costs it an allocation a request
        http.max_headers(desk.bounds.fields);
    }
    let conn = http
        .header_read_timeout(None)
        .half_close(true)
        .max_buf_size(desk.bounds.head)
        .max_header_size(desk.bounds.head)
        .serve_connection(TokioIo::new(LineIo(Arc::clone(line))), service);
    let mut conn = pin!(conn);
    let mut overdue = pin!(line.overdue());
    let mut last_call = pin!(last_call(desk, line));
    let mut open = true;
    loop {
        tokio::select! {
            // the connection first: bytes that have come are read before its end is called
            biased;
            ended = conn.as_mut() => return ended.map_or_else(|e| excuse(&e), |()| true),
            () = overdue.as_mut() => return false,
            () = last_call.as_mut(), if open => {
                open = false;
                conn.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Whether the client is still to be told why.
fn excuse(error: &hyper::Error) -> bool {
    if error.is_parse() {
        tracing::info!(target: "mockpos::access", %error, "no valid HTTP");
    } else {
        tracing::debug!(%error, "a connection broke off");
    }
    error.is_parse()
}

/// Ends when the connection is to take no further requests. One that has just come from the queue
/// may not have been read from yet.
async fn last_call(desk: &Desk, line: &Line) {
    let mut stop = desk.stop.clone();
    // Err: nobody is left who could say stop, which is the same
    let _ = stop.wait_for(|stop| *stop).await;
    // Err: it has nothing to say
    let _ = timeout(LAST_WORD, line.spoken_to()).await;
}

/// Closes a connection so that the client can read what was said to the end.
async fn farewell(desk: &Desk, mut stream: Socket) {
    let rest = async {
        // Err: the client is gone, which is what is waited for
        let _ = stream.shutdown().await;
        let tcp = stream.tcp();
        while tcp.readable().await.is_ok() {
            match tcp.try_read(&mut [0; 16 * 1024]) {
                Ok(0) => break,
                Err(e) if e.kind() != io::ErrorKind::WouldBlock => break,
                Ok(_) | Err(_) => {}
            }
        }
    };
    let mut stop = desk.stop.clone();
    tokio::select! {
        _ = timeout(FAREWELL, rest) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

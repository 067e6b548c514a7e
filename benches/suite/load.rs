//! A load: connections that are kept, each with one request at a time, all on one thread.

use crate::client::{Answer, PATIENCE};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Who asks for these in turns, over and over, after a request that leads to them.
#[derive(Debug, Clone)]
pub struct Caller {
    pub before: Option<Vec<u8>>,
    pub requests: Vec<Vec<u8>>,
}

impl Caller {
    /// Who always asks for the same.
    pub fn of(before: Option<Vec<u8>>, request: Vec<u8>) -> Self {
        let requests = vec![request];
        Self { before, requests }
    }
}

/// Connections of callers.
#[derive(Debug)]
pub struct Load {
    runtime: runtime::Runtime,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    stream: TcpStream,
    requests: Arc<[Vec<u8>]>,
    next: usize,
    read: Vec<u8>,
}

impl Load {
    /// Each caller connects, and sends what leads to its request.
    pub fn open(address: SocketAddr, callers: &[Caller]) -> Self {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        let open = async |caller: &Caller| {
            let stream = TcpStream::connect(address)
                .await
                .expect("the server listens");
            stream.set_nodelay(true).expect("a socket can be set");
            let mut line = Line {
                stream,
                requests: caller.requests.as_slice().into(),
                next: 0,
                read: Vec::new(),
            };
            let first = caller.before.as_ref().unwrap_or(&caller.requests[0]);
            line.ask(first).await;
            line
        };
        let lines = runtime.block_on(async {
            let mut lines = Vec::with_capacity(callers.len());
            for caller in callers {
                lines.push(open(caller).await);
            }
            lines
        });
        Self { runtime, lines }
    }

    /// At least so many requests in all. How many there were, and how long that took.
    pub fn drive(&mut self, wanted: usize) -> (u64, Duration) {
        let each = wanted.div_ceil(self.lines.len());
        let lines = std::mem::take(&mut self.lines);
        let count = lines.len() * each;
        let (lines, spent) = self.runtime.block_on(async {
            let begun = Instant::now();
            let mut running = JoinSet::new();
            for mut line in lines {
                running.spawn(async move {
                    for _ in 0..each {
                        line.ask_next().await;
                    }
                    line
                });
            }
            let lines = running.join_all().await;
            (lines, begun.elapsed())
        });
        self.lines = lines;
        (count as u64, spent)
    }
}

impl Line {
    async fn ask_next(&mut self) {
        let requests = self.requests.clone();
        self.ask(&requests[self.next]).await;
        self.next = (self.next + 1) % requests.len();
    }

    async fn ask(&mut self, request: &[u8]) {
        let sent = self.stream.write_all(request).await;
        sent.expect("the server reads");
        self.read.clear();
        loop {
            let more = timeout(PATIENCE, self.stream.read_buf(&mut self.read)).await;
            let count = more
                .expect("the server answers in time")
                .expect("the server answers");
            assert!(
                count > 0,
                "the server closed the connection: it must keep it"
            );
            if let Some(answer) = Answer::of(&self.read) {
                let text = || String::from_utf8_lossy(&self.read);
                assert!(answer.good, "{}", text());
                return;
            }
        }
    }
}

//! A small load: connections that are kept, each with one request at a time, a bounded number of them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any answer takes; so that a fault ends the run instead of hanging it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who asks for the same over and over, after one request that leads to it.
#[derive(Debug)]
pub struct Caller {
    pub before: Vec<u8>,
    pub request: Vec<u8>,
}

/// Lets every caller ask so many times over a connection of its own, all at once. How long it took.
pub fn drive(address: SocketAddr, callers: &[Caller], times: usize) -> Duration {
    let ready = Barrier::new(callers.len() + 1);
    let work = |caller: &Caller| {
        let mut connection = Connection::open(address);
        connection.ask(&caller.before);
        ready.wait();
        for _ in 0..times {
            connection.ask(&caller.request);
        }
    };
    thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = callers
            .iter()
            .map(|caller| scope.spawn(move || work(caller)))
            .collect();
        ready.wait();
        let begun = Instant::now();
        for worker in workers {
            worker.join().expect("every request is answered");
        }
        begun.elapsed()
    })
}

/// A connection that is kept.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket can be set");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a socket can be set");
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// Sends a request and reads its answer, which must be good. The body.
    pub fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        let (head, body) = self.exchange(request);
        assert!(head.to_lowercase().starts_with("http/1.1 20"), "{head}");
        body
    }

    /// Sends a request and reads its answer, which must have a length. Its head and its body.
    pub fn exchange(&mut self, request: &[u8]) -> (String, Vec<u8>) {
        self.stream.write_all(request).expect("the server reads");
        self.read.clear();
        let body = loop {
            self.more();
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = String::from_utf8_lossy(&self.read[..body]).into_owned();
        let lengths = head.lines().filter_map(|line| line.split_once(':'));
        let mut lengths = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = lengths
            .next()
            .and_then(|(_, text)| text.trim().parse().ok());
        let length: usize = length.expect("answers have a length");
        while self.read.len() < body + length {
            self.more();
        }
        (head, self.read.split_off(body))
    }

    fn more(&mut self) {
        let mut part = [0; 16 * 1024];
        let count = self.stream.read(&mut part).expect("the server answers");
        assert!(count > 0, "the server closed the connection");
        self.read.extend_from_slice(&part[..count]);
    }
}

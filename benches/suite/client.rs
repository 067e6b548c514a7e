//! A client with a connection that is kept: one request at a time, each waited for.

use crate::shared::{Ask, Told};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes; so that a fault ends the run instead of hanging it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is kept.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Client {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket can be set");
        let patience = Some(PATIENCE);
        stream
            .set_read_timeout(patience)
            .expect("a socket can be set");
        let read = Vec::new();
        Self { stream, read }
    }

    /// Sends a request and reads its answer, which must be a good one with a length.
    pub fn ask(&mut self, ask: &Ask) -> Told {
        self.send(&ask.bytes())
    }

    pub fn send(&mut self, request: &[u8]) -> Told {
        self.try_send(request).expect("the server answers")
    }

    /// None: it is not there, or not ready.
    pub fn try_send(&mut self, request: &[u8]) -> Option<Told> {
        self.stream.write_all(request).ok()?;
        self.read.clear();
        let mut part = [0; 16 * 1024];
        loop {
            let count = self
                .stream
                .read(&mut part)
                .ok()
                .filter(|count| *count > 0)?;
            self.read.extend_from_slice(&part[..count]);
            if let Some(answer) = Answer::of(&self.read) {
                assert!(answer.good, "{}", String::from_utf8_lossy(&self.read));
                return Some(Told {
                    location: answer.location,
                    body: self.read.split_off(answer.body),
                });
            }
        }
    }
}

/// Where the parts of a whole answer are.
#[derive(Debug)]
pub struct Answer {
    /// 2xx or 3xx
    pub good: bool,
    location: String,
    body: usize,
}

impl Answer {
    /// None: there is more to come.
    pub fn of(read: &[u8]) -> Option<Self> {
        let end = read.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&read[..end]).expect("heads are text");
        let mut length = None;
        let mut location = "";
        for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse::<usize>().ok();
            } else if name.eq_ignore_ascii_case("location") {
                location = value.trim();
            }
        }
        let body = end + 4;
        let whole = match length {
            Some(length) => read.len() >= body + length,
            None => read.ends_with(b"0\r\n\r\n"), // in chunks, as some servers answer
        };
        whole.then(|| Self {
            good: matches!(head.as_bytes().get(9), Some(b'2' | b'3')),
            location: location.to_owned(),
            body,
        })
    }
}

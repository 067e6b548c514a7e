//! The binary as a process that is watched, connections that are kept, and waiting without a clock of its own.
#![expect(
    clippy::disallowed_methods,
    reason = "what takes real time is measured in it"
)]

pub use crate::counts::{count, told};
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything here takes; so that a fault ends the run instead of hanging it.
pub const PATIENCE: Duration = Duration::from_secs(120);
pub const HEALTH: &str = "/__mockpos/health";
pub const MIB: u64 = 1024;

/// Whether this run is one of `cargo test`: without programs of others, and without figures that need numbers.
pub fn is_small() -> bool {
    count(1, 0, 0) == 1
}

/// The machine to oneself, as far as these tests go.
pub fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Time passes. For loads that are spread over time, not to wait for something: that is [`until`].
pub fn pause(span: Duration) {
    let end = Instant::now() + span;
    while let Some(left) = end.checked_duration_since(Instant::now())
        && !left.is_zero()
    {
        thread::park_timeout(left);
    }
}

/// What the clock on the wall says that something took.
pub struct Watch(Instant);

impl Watch {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn spent(&self) -> Duration {
        self.0.elapsed()
    }
}

/// How late the machine is with what it does while this lives: others may be at work on it. What takes real time may
/// take that much longer.
pub struct Noise {
    over: Arc<AtomicBool>,
    sleeper: Option<thread::JoinHandle<Duration>>,
}

impl Noise {
    /// Listens from now on.
    pub fn heard() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&over);
        let span = Duration::from_millis(5);
        let sleeper = thread::spawn(move || {
            let mut latest = Duration::ZERO;
            while !told.load(Ordering::Relaxed) {
                let begun = Instant::now();
                pause(span);
                latest = latest.max(begun.elapsed().saturating_sub(span));
            }
            latest
        });
        let sleeper = Some(sleeper);
        Self { over, sleeper }
    }

    /// What `limit` is on this machine at this time: an answer needs a few turns, each of which may come late.
    pub fn allows(mut self, limit: Duration) -> Duration {
        self.over.store(true, Ordering::Relaxed);
        let latest = self.sleeper.take().map(|it| it.join().unwrap());
        limit + 5 * latest.unwrap_or_default()
    }
}

/// How long it takes until `what` is so.
#[track_caller]
pub fn until(limit: Duration, what: impl Fn() -> bool) -> Duration {
    let begun = Instant::now();
    while !what() {
        assert!(begun.elapsed() < limit, "it is not so after {limit:?}");
        pause(Duration::from_millis(10));
    }
    begun.elapsed()
}

/// A file with this in it, gone with the value.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str, text: &str) -> Self {
        let name = format!("mockpos-load-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The program, on a port of its own.
pub struct Server {
    child: Child,
    pub port: u16,
    log: Scratch,
}

impl Server {
    pub fn start(args: &[&str]) -> Self {
        Self::started(Command::new(env!("CARGO_BIN_EXE_mockpos")), args)
    }

    /// With leave to open so many files.
    pub fn with_files(files: usize, args: &[&str]) -> Self {
        let mut command = Command::new("sh");
        let script = format!("ulimit -n {files} && exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_mockpos")]);
        Self::started(command, args)
    }

    pub fn started(mut command: Command, args: &[&str]) -> Self {
        static COUNT: Mutex<u32> = Mutex::new(0);
        let mut count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        let log = Scratch::new(&format!("{count}.log"), "");
        drop(count);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command
            .stderr(File::create(&log.0).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        let port = ready["url"].as_str().unwrap().rsplit(':').next().unwrap();
        let port = port.parse().unwrap();
        Self { child, port, log }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn client(&self) -> Client {
        Client::new(self.port)
    }

    /// One answer over a connection of its own.
    pub fn ask(&self, request: &[u8]) -> Answer {
        self.client().ask(request)
    }

    /// Whether somebody new is answered, and soon.
    pub fn answers(&self) -> bool {
        let Ok(mut client) = Client::open(self.port, Duration::from_secs(3)) else {
            return false;
        };
        client
            .try_ask(&get(HEALTH))
            .is_ok_and(|answer| answer.status == 200)
    }

    /// Resident memory in KiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Open files.
    pub fn files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid()))
            .unwrap()
            .count()
    }

    pub fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(
            Command::new("kill")
                .args([name, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// How it ends.
    #[track_caller]
    pub fn ended(&mut self, limit: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < limit, "it runs on after {limit:?}");
            pause(Duration::from_millis(5));
        }
    }

    /// All that it has logged.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log.0).unwrap()).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }
}

/// A connection that is kept.
pub struct Client {
    pub stream: TcpStream,
    read: Vec<u8>,
    /// the last answer said `connection: close`
    told_to_leave: bool,
}

impl Client {
    pub fn new(port: u16) -> Self {
        Self::open(port, PATIENCE).unwrap()
    }

    fn open(port: u16, patience: Duration) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(patience))?;
        let read = Vec::new();
        Ok(Self {
            stream,
            read,
            told_to_leave: false,
        })
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    #[track_caller]
    pub fn ask(&mut self, request: &[u8]) -> Answer {
        if self.told_to_leave {
            let port = self.stream.peer_addr().unwrap().port();
            *self = Self::new(port);
        }
        let answer = self.try_ask(request);
        answer.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(request)))
    }

    pub fn try_ask(&mut self, request: &[u8]) -> std::io::Result<Answer> {
        self.stream.write_all(request)?;
        self.answer()
    }

    /// The next answer, which has a length.
    pub fn answer(&mut self) -> std::io::Result<Answer> {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            self.more()?;
        };
        let head = String::from_utf8_lossy(&self.read[..end]).into_owned();
        let lower = head.to_ascii_lowercase();
        self.told_to_leave = lower.contains("\r\nconnection: close\r\n");
        let length = lower
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(0, |text| text.trim().parse().unwrap());
        while self.read.len() < end + length {
            self.more()?;
        }
        let body = self.read[end..end + length].to_vec();
        self.read.drain(..end + length);
        let status = head.get(9..12).and_then(|text| text.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status: {head}"));
        Ok(Answer { status, head, body })
    }

    fn more(&mut self) -> std::io::Result<()> {
        let mut part = [0; 16 * 1024];
        match self.stream.read(&mut part)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            count => {
                self.read.extend_from_slice(&part[..count]);
                Ok(())
            }
        }
    }

    /// Whether the connection has ended, whatever came before that; not waited for.
    pub fn is_closed(&mut self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let mut part = [0; 4096];
        loop {
            match self.stream.read(&mut part) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(e) => return e.kind() != ErrorKind::WouldBlock,
            }
        }
    }
}

/// The bytes of a GET.
pub fn get(target: &str) -> Vec<u8> {
    request("GET", target, &[], b"")
}

/// The bytes of a request with JSON, in a sandbox of that name.
pub fn post(sandbox: &str, target: &str, json: &serde_json::Value) -> Vec<u8> {
    let headers = [
        ("x-mockpos-sandbox", sandbox),
        ("content-type", "application/json"),
    ];
    request("POST", target, &headers, json.to_string().as_bytes())
}

/// The bytes of a request.
pub fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{method} {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !body.is_empty() || method != "GET" {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

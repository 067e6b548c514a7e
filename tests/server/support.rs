//! The binary as a child process, and clients that speak bytes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longer than anything here takes; so that a test fails instead of hanging.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The binary, without this process's variables.
pub fn mockpos(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockpos"));
    command.args(args).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command that ends by itself.
pub fn ran(args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = mockpos(args).envs(env.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

/// A server that runs.
pub struct Process {
    child: Option<Child>,
    pub ready: serde_json::Value,
    pub stdout: BufReader<ChildStdout>,
    pub port: u16,
    pid: u32,
}

impl Process {
    /// On a free port, once it has said that it is ready.
    pub fn start(args: &[&str]) -> Self {
        Self::start_on("127.0.0.1:0", args)
    }

    pub fn start_on(listen: &str, args: &[&str]) -> Self {
        let mut command = mockpos(&["serve", "--listen", listen]);
        command.args(args);
        Self::started(command)
    }

    /// With leave to open so many files.
    pub fn start_with_files(files: u32) -> Self {
        let script = format!("ulimit -n {files} && exec \"$0\" --listen 127.0.0.1:0");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_mockpos")]);
        Self::started(command)
    }

    fn started(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        let port = ready["url"].as_str().unwrap().rsplit(':').next().unwrap();
        Self {
            pid: child.id(),
            port: port.parse().unwrap(),
            child: Some(child),
            ready,
            stdout,
        }
    }

    pub fn connect(&self) -> Client {
        Client::connect(self.port)
    }

    /// Sends `bytes` and reads to the end of the connection.
    pub fn talk(&self, bytes: &str) -> String {
        let mut client = self.connect();
        client.send(bytes);
        client.rest()
    }

    /// How many threads it has now. Linux only.
    pub fn threads(&self) -> usize {
        let tasks = format!("/proc/{}/task", self.pid);
        std::fs::read_dir(tasks).unwrap().count()
    }

    pub fn signal(&self, name: &str) {
        let pid = self.pid.to_string();
        assert!(
            Command::new("kill")
                .args([name, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Whether it ends within `limit`, and how, and all that it has logged.
    pub fn ended(mut self, limit: Duration) -> (ExitStatus, String) {
        let mut child = self.child.take().unwrap();
        let (tell, told) = mpsc::channel();
        let mut stderr = child.stderr.take().unwrap();
        thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            tell.send((child.wait().unwrap(), log)).unwrap();
        });
        told.recv_timeout(limit).expect("it ends in time")
    }

    /// All that it has logged, once it was told to end.
    pub fn log(self) -> String {
        self.signal("-TERM");
        self.ended(PATIENCE).1
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub struct Client(TcpStream);

impl Client {
    pub fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // What is sent first arrives first, also beside other clients.
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    pub fn send(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).unwrap();
    }

    /// Whatever they are; who has been refused may be hung up on before all is said.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes);
    }

    /// Whether all of it is taken, now or later.
    pub fn try_send(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    /// Whether nothing has come, and it is not over, after a moment.
    pub fn hears_nothing(&mut self) -> bool {
        self.0
            .set_read_timeout(Some(Duration::from_millis(100)))
            .unwrap();
        let read = self.0.read(&mut [0]);
        self.0.set_read_timeout(Some(PATIENCE)).unwrap();
        read.is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// Whether nothing has come, and it is not over, at this moment.
    pub fn has_heard_nothing(&mut self) -> bool {
        self.0.set_nonblocking(true).unwrap();
        let read = self.0.read(&mut [0]);
        self.0.set_nonblocking(false).unwrap();
        read.is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock)
    }

    pub fn half_close(&self) {
        self.0.shutdown(Shutdown::Write).unwrap();
    }

    /// All that comes until the connection ends in good order.
    pub fn rest(&mut self) -> String {
        let mut text = String::new();
        self.0.read_to_string(&mut text).unwrap();
        text
    }

    /// All that comes until the connection ends in good order, whatever it is.
    pub fn bytes(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// So many bytes.
    pub fn some(&mut self, count: usize) -> String {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Whether the connection ends without a further byte, in whatever order.
    pub fn is_cut(&mut self) -> bool {
        match self.0.read(&mut [0]) {
            Ok(bytes) => bytes == 0,
            Err(e) => e.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }

    /// One head, up to its empty line.
    pub fn head(&mut self) -> String {
        let mut text = Vec::new();
        let mut byte = [0];
        while !text.ends_with(b"\r\n\r\n") {
            self.0.read_exact(&mut byte).unwrap();
            text.push(byte[0]);
        }
        String::from_utf8(text).unwrap()
    }

    /// Reads until `text` has come.
    pub fn until(&mut self, text: &str) {
        let mut read = Vec::new();
        let mut byte = [0];
        while !read.ends_with(text.as_bytes()) {
            self.0.read_exact(&mut byte).unwrap();
            read.push(byte[0]);
        }
    }

    /// One answer: its head, and as much body as the head says.
    pub fn answer(&mut self) -> String {
        let head = self.head();
        let length = head.split("content-length: ").nth(1).unwrap();
        let length = length.split('\r').next().unwrap().parse().unwrap();
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        head + &String::from_utf8(body).unwrap()
    }
}

/// A GET after which the connection ends.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}

pub const HEALTH: &str = "/__mockpos/health";

#[track_caller]
pub fn has_status(answer: &str, status: u16) {
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status} ")),
        "{answer}"
    );
}

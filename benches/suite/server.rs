//! A server's process: started, measured from outside, killed.

use crate::client::Client;
use crate::load::{Caller, Load};
use crate::shared::{Ask, health};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server of another kind may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that serves; dropping it kills it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// from exec to the first 200
    pub started: Duration,
}

/// What one load has cost a server.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// of its process, a request
    pub cpu_ns: u64,
    /// requests a second
    pub rate: u64,
}

impl Server {
    /// `binary`, with more flags.
    pub fn mockpos(binary: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0", "--quiet"]);
        command.args(more);
        Self::start(command)
    }

    /// Answers this to everything.
    pub fn plain(answer: &Value) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program is a file"));
        command.args(["plain", "0", &answer.to_string()]);
        Self::start(command)
    }

    /// A shell's command with `{port}` in it; ready when it answers `first`.
    pub fn other(command: &str, first: &Ask) -> Self {
        let address = free_address();
        let line = command.replace("{port}", &address.port().to_string());
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("exec {line}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit());
        let begun = Instant::now();
        let child = shell.spawn().expect("there is a shell");
        let mut server = Self {
            child,
            address,
            started: Duration::ZERO,
        };
        while !server.is_ready(first) {
            assert!(begun.elapsed() < PATIENCE, "`{line}` does not answer");
            let ended = server.child.try_wait().expect("it is our child");
            assert!(ended.is_none(), "`{line}` has ended");
            thread::sleep(Duration::from_millis(5));
        }
        server.started = begun.elapsed();
        server
    }

    fn is_ready(&self, first: &Ask) -> bool {
        let there = TcpStream::connect(self.address).is_ok();
        there
            && Client::open(self.address)
                .try_send(&first.bytes())
                .is_some()
    }

    fn start(mut command: Command) -> Self {
        command
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let begun = Instant::now();
        let mut child = command.spawn().expect("the server starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says that it is ready");
        let ready: Value = serde_json::from_str(&line).expect("it says so in JSON");
        let url = ready["url"].as_str().unwrap_or_default();
        let address = url.trim_start_matches("http://").parse();
        let address = address.expect("it says where it listens");
        Client::open(address).ask(&health());
        Self {
            child,
            address,
            started: begun.elapsed(),
        }
    }

    /// What so many requests of these callers cost, after a tenth of them to warm up.
    pub fn cost(&self, callers: &[Caller], requests: usize) -> Cost {
        let mut load = Load::open(self.address, callers);
        load.drive(requests / 10);
        self.cost_of(|| load.drive(requests))
    }

    /// What a load costs that says how many requests it was and how long it took.
    pub fn cost_of(&self, load: impl FnOnce() -> (u64, Duration)) -> Cost {
        let before = self.cpu_ns();
        let (count, spent) = load();
        let cpu_ns = (self.cpu_ns() - before) / count;
        let spent = u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX).max(1);
        let rate = count * 1_000_000_000 / spent;
        Cost { cpu_ns, rate }
    }

    /// CPU time that all its threads have used so far.
    fn cpu_ns(&self) -> u64 {
        let stat = self.proc("stat");
        // the program's name, in parentheses, may hold anything; utime and stime are fields 14 and 15
        let (_, fields) = stat
            .rsplit_once(") ")
            .expect("stat has a name in parentheses");
        let ticks = fields
            .split(' ')
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok());
        ticks.sum::<u64>() * 1_000_000_000 / rustix::param::clock_ticks_per_second()
    }

    /// Memory in KiB that is in RAM.
    pub fn memory(&self) -> u64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        kib.expect("status has VmRSS")
    }

    fn proc(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.id()))
            .expect("this needs Linux's /proc")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Err: it has ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program that this one was built with.
pub fn built() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_mockpos"))
}

/// Somebody else may take it before it is used: then the server says so.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    listener.local_addr().expect("it listens")
}

//! A server's process: started, measured from outside, killed.

use crate::load::{Caller, Connection};
use crate::shared;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that serves; dropping it kills it.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// from exec to the first 200
    pub started: Duration,
}

impl Server {
    pub fn mockpos() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mockpos"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--quiet"]);
        Self::start(command)
    }

    /// Answers this to everything.
    pub fn plain(answer: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program is a file"));
        command.args(["plain", answer]);
        Self::start(command)
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
        let ready: serde_json::Value = serde_json::from_str(&line).expect("it says so in JSON");
        let url = ready["url"]
            .as_str()
            .unwrap_or_default()
            .trim_start_matches("http://");
        let address = url.parse().expect("it says where it listens");
        Connection::open(address).ask(&shared::health().bytes());
        Self {
            child,
            address,
            started: begun.elapsed(),
        }
    }

    /// What `caller` is answered.
    pub fn first_answer(&self, caller: &Caller) -> Vec<u8> {
        let mut connection = Connection::open(self.address);
        connection.ask(&caller.before);
        connection.ask(&caller.request)
    }

    /// CPU time that all its threads have used so far.
    pub fn cpu(&self) -> Duration {
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
        Duration::from_nanos(ticks.sum::<u64>() * 1_000_000_000 / ticks_per_second())
    }

    /// Memory in KiB that is in RAM.
    pub fn memory(&self) -> u128 {
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

fn ticks_per_second() -> u64 {
    let output = Command::new("getconf")
        .arg("CLK_TCK")
        .output()
        .expect("there is getconf");
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .expect("it says a number")
}

impl Drop for Server {
    fn drop(&mut self) {
        // Err: it has ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

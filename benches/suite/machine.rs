//! What was measured on, and when.

use std::fs;
use std::process::Command;
use std::thread;

/// A sentence: date, program, kind of machine, and how busy it was.
pub fn about() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = field(&cpuinfo, "model name").unwrap_or("unknown processor");
    let cores = thread::available_parallelism().map_or(1, |n| n.get());
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = field(&meminfo, "MemTotal").and_then(|text| text.split(' ').next()?.parse().ok());
    let gib = kib.map_or(0, |kib: u64| kib.div_ceil(1 << 20));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<_> = load.split(' ').take(3).collect();
    format!(
        "{}, mockpos {}, {cores} cores ({model}), {gib} GiB, Linux {}; load average at the end {}, of which the suite is a part.",
        today(),
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        load.join(" "),
    )
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start().trim_start_matches(':').trim())
}

fn today() -> String {
    let told = Command::new("date").args(["-u", "+%Y-%m-%d"]).output();
    let text = told.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned());
    text.unwrap_or_default()
}

//! How many instructions an answer takes, beside a reference in the same program: serde_json parsing and writing the
//! same bodies. `cargo bench --bench instructions` counts them with valgrind, compares the ratios with those kept
//! in `baseline.json`, and fails where one is worse by a fifth; with `UPDATE=1` it writes them down. Without
//! `--bench` each case runs once, as a test. Counts are repeatable where times are not.

#[path = "../shared/mod.rs"]
mod shared;

mod cases;
mod count;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    match &args[..] {
        [flag, case, times] if flag == "--count" => {
            let times = times.parse().expect("a number follows the case");
            cases::run(case, times);
            ExitCode::SUCCESS
        }
        _ if args.iter().any(|arg| arg == "--bench") => count::compare(),
        _ => {
            cases::NAMES.iter().for_each(|case| cases::run(case, 1));
            ExitCode::SUCCESS
        }
    }
}

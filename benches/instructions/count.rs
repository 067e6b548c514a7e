//! Counts with valgrind, and compares with what was counted before.

use crate::cases::{NAMES, REFERENCE};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Few and many: the difference has no start-up in it.
const FEW: u32 = 20;
const MANY: u32 = 120;
/// Parts of a hundred by which a ratio may grow.
const SLACK: u64 = 20;

/// Counts every case; fails when one has become dearer.
pub fn compare() -> ExitCode {
    let kept = kept();
    println!(
        "{:<18}{:>14}{:>14}{:>8}{:>8}",
        "instructions", "an answer", "JSON alone", "ratio", "before"
    );
    let mut ratios = Map::new();
    let mut dearer = Vec::new();
    for name in NAMES {
        let own = count(name);
        let reference = count(&format!("{REFERENCE}{name}")).max(1);
        let ratio = own * 100 / reference;
        let before = kept.get(*name).and_then(Value::as_u64);
        let told = before.map_or("-".to_owned(), hundredths);
        println!(
            "{name:<18}{own:>14}{reference:>14}{:>8}{told:>8}",
            hundredths(ratio)
        );
        if before.is_none_or(|before| ratio * 100 > before * (100 + SLACK)) {
            dearer.push(*name);
        }
        ratios.insert((*name).to_owned(), json!(ratio));
    }
    if std::env::var_os("UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&ratios).expect("a map can be written");
        std::fs::write(baseline(), text + "\n").expect("the file can be written");
        return ExitCode::SUCCESS;
    }
    if dearer.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!(
        "dearer by more than {SLACK} % than in {}: {dearer:?}",
        baseline().display()
    );
    println!(
        "hint: `UPDATE=1 cargo bench --bench instructions` writes it anew, when that is meant"
    );
    ExitCode::FAILURE
}

fn baseline() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions/baseline.json")
}

/// Ratios in hundredths, by case.
fn kept() -> Map<String, Value> {
    let text = std::fs::read(baseline()).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn hundredths(ratio: u64) -> String {
    format!("{}.{:02}", ratio / 100, ratio % 100)
}

/// Instructions that the case takes once.
fn count(case: &str) -> u64 {
    let difference = total(case, MANY).saturating_sub(total(case, FEW));
    difference / u64::from(MANY - FEW)
}

/// Instructions of a whole process: `summary: 123` is the first count of callgrind's file.
fn total(case: &str, times: u32) -> u64 {
    let out = std::env::temp_dir().join(format!("mockpos-instructions-{}", std::process::id()));
    let status = Command::new("valgrind")
        .args(["--quiet", "--error-exitcode=9", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe().expect("this program is a file"))
        .args(["--count", case, &times.to_string()])
        .env_clear()
        .status()
        .expect("valgrind runs");
    assert!(status.success(), "`{case}` ends well under valgrind");
    let text = std::fs::read_to_string(&out).expect("valgrind has written its counts");
    // Err: then it stays there
    let _ = std::fs::remove_file(&out);
    let mut lines = text.lines();
    let total = lines.find_map(|line| {
        line.strip_prefix("summary: ")
            .or(line.strip_prefix("totals: "))
    });
    total
        .and_then(|count| count.trim().parse().ok())
        .expect("it has a total")
}

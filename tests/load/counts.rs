//! How many cases a run has, and what it tells of them.

use std::fs::File;
use std::io::Write;

/// How many cases this run has, as `STRENGTH` says: `small` without it.
pub fn count(small: usize, medium: usize, full: usize) -> usize {
    match std::env::var("STRENGTH").as_deref() {
        Err(_) | Ok("small" | "") => small,
        Ok("medium") => medium,
        Ok("full") => full,
        Ok(other) => panic!("STRENGTH is `{other}`; expected `small`, `medium` or `full`"),
    }
}

/// A row for the table of results: on standard output, and in the file that `STRENGTH_REPORT` names.
pub fn told(what: &str, count: usize, figure: &str, target: &str) {
    let row = format!("| {what} | {count} | {figure} | {target} |\n");
    print!("{row}");
    if let Some(path) = std::env::var_os("STRENGTH_REPORT") {
        let file = File::options().append(true).create(true).open(path);
        file.unwrap().write_all(row.as_bytes()).unwrap();
    }
}

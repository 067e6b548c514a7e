//! The binary under load and faults. `STRENGTH` says how much of it: `small` without it, so that every test of
//! `cargo test` is run; `medium` in `tests/strength`; `full` by `just strength`. One test at a time.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests: tables of cases"
)]

mod cards;
mod counts;
mod crowd;
mod end;
mod faults;
mod memory;
mod slow;
mod soak;
mod stories;
mod support;
mod webhooks;

//! Proofs by number. How many is said by `STRENGTH`: `small` without it, `medium` in `tests/strength`, `full` by
//! `just strength`.

#[path = "../../load/counts.rs"]
mod counts;
mod exactly_once;
mod spellings;
mod threads;

use counts::{count, told};

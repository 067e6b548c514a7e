//! Proofs by number. How many is said by `STRENGTH`: `small` without it, `medium` in `tests/strength`, `full` by
//! `just strength`.

mod exactly_once;
mod threads;

/// How many cases this run has, of those three.
pub fn count(small: usize, medium: usize, full: usize) -> usize {
    match std::env::var("STRENGTH").as_deref() {
        Err(_) | Ok("small" | "") => small,
        Ok("medium") => medium,
        Ok("full") => full,
        Ok(other) => panic!("STRENGTH is `{other}`; expected `small`, `medium` or `full`"),
    }
}

//! The plan of the house, held against the tree: layers, surfaces, the domain's words, sizes, habits.
//! Each rule is a test that names every departure with file and line, beside tests that it can fail.

#![allow(clippy::unwrap_used, reason = "tests say so by panicking")]

mod arms;
mod habits;
mod layers;
mod sizes;
mod source;
mod words;

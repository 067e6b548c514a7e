//! Every surface through `App::answer`, in the process: no sockets, seed 1, a frozen clock.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests: tables of cases"
)]

mod akinon;
mod bank;
mod chain;
mod classic_chain;
mod craftgate;
mod due;
mod flows;
mod gateway_chain;
mod isolation;
mod language;
mod masterpass;
mod mfs;
mod pan_guard;
mod patch;
mod proof;
mod running;
mod snapshot;
mod steer;
mod strength;
mod support;
mod webhooks;
mod wire;

//! The program as its users meet it: the real binary, raw bytes over sockets, signals.

#![allow(clippy::unwrap_used, reason = "tests say so by panicking")]

mod bytes;
mod end;
mod faults;
mod files;
mod follow;
mod held;
mod library;
mod limits;
mod refused;
mod request_id;
mod run;
mod sandbox;
mod start;
mod support;
mod tls;
mod webhooks;
mod wire;

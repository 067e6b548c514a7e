//! mockpos stands in for everything between a Turkish web shop and the money.

pub mod app;
pub mod call;
#[doc(hidden)]
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod journal;
pub mod mask;
pub mod refusal;
pub mod reply;
pub mod route;
pub mod scenario;
pub mod server;
pub mod surface;
pub mod world;

pub use server::{Builder, Error, Running, Server};

//! mockpos stands in for everything between a Turkish web shop and the money.
//!
//! For tests of other projects there is [`Server`], and a [`Sandbox`] of it for each test. The rest is the program's own, in layers, each of
//! which uses those after it: `cli`, `server`, `app`, `surface`, `route`, `world`, `journal`, `mask`,
//! `scenario`, `call` and `reply`, `domain`, `refusal`, `config`, `clock`, `meter`, `near`. `ARCHITECTURE.md` is the map.

pub mod app;
pub mod call;
#[doc(hidden)]
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod journal;
pub mod mask;
pub mod meter;
pub mod near;
pub mod refusal;
pub mod reply;
pub mod route;
pub mod scenario;
pub mod server;
pub mod surface;
pub mod world;

pub use server::{Builder, Error, Running, Sandbox, Server};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

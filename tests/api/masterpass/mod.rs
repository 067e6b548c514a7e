//! The wallet.

pub mod rest;

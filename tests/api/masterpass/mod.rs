//! The wallet.

mod rest;

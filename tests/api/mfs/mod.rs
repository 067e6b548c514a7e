//! The classic generation of the wallet.

mod accounts;
mod cards;
mod envelope;
pub mod page;
mod payments;
mod sealed;
mod situations;
mod tokens;
mod transport;

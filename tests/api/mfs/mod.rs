//! The classic generation of the wallet.

mod accounts;
mod cards;
mod envelope;
mod page;
mod payments;
mod sealed;
mod situations;
mod tokens;
mod transport;

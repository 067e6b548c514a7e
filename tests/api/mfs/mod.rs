//! The classic generation of the wallet.

pub mod accounts;
pub mod cards;
pub mod envelope;
pub mod page;
pub mod payments;
pub mod sealed;
pub mod situations;
pub mod tokens;
pub mod transport;

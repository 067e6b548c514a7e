//! The gateway's API.

mod authentication;
mod bins;
mod errors;
mod idempotency;
mod installments;
mod refunds;
mod reporting;
mod transactions;

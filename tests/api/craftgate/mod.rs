//! The gateway's API.

mod authentication;
mod bins;
mod callback;
mod errors;
mod idempotency;
mod installments;
mod masterpass;

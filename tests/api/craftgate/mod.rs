//! The gateway's API.

mod authentication;
mod bins;
mod card_verify;
mod checkout;
mod errors;
mod idempotency;
mod installments;
mod multi;

//! The gateway's API.

pub mod authentication;
pub mod bins;
pub mod callback;
pub mod card_payments;
pub mod card_verify;
pub mod cards;
pub mod checkout;
pub mod errors;
pub mod idempotency;
pub mod installments;
pub mod loyalties;
pub mod masterpass;
pub mod multi;
pub mod refunds;
pub mod reporting;
pub mod samples;
pub mod shop;
pub mod stored_cards;
pub mod test_cards;
pub mod transactions;

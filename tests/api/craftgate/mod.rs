//! The gateway's API.

mod authentication;
mod bins;
mod callback;
mod card_payments;
mod card_verify;
mod cards;
mod checkout;
mod errors;
mod idempotency;
mod installments;
mod loyalties;
mod masterpass;
mod multi;
mod refunds;
mod reporting;
mod samples;
mod shop;
mod stored_cards;
mod test_cards;
mod transactions;

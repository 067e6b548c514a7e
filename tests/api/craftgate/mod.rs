//! The gateway's API.

mod authentication;
mod bins;
mod callback;
mod card_payments;
mod cards;
mod errors;
mod idempotency;
mod installments;
mod loyalties;
mod masterpass;
mod refunds;
mod reporting;
mod shop;
mod stored_cards;
mod test_cards;
mod transactions;

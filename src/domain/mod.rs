//! Money, cards, payments, orders, and what a sandbox remembers of them. No HTTP, no JSON, no
//! provider's name.

pub mod card;
pub mod checkout;
pub mod decision;
pub mod installment;
pub mod money;
pub mod order;
pub mod payment;
pub mod shelf;
pub mod shop;
pub mod state;
pub mod token;

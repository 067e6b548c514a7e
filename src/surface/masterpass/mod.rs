//! The card wallet, in both its generations over one state. contract: masterpass
//!
//! `wallet` is what both do: it decides what a holder is asked for, moves the domain, and knows no
//! wire. `rest` and `classic` are the two generations, each a surface with its envelope and codes;
//! `typed` reads what holders type, for both.

pub mod classic;
pub mod ica;
pub mod rest;
pub mod sdk;
pub mod sealed;
pub mod typed;
pub mod wallet;

/// What calls of either generation may be about, in the words of rules.
const KNOWS: &[&str] = &[
    "msisdn",
    "bin",
    "stored_card",
    "amount",
    "installment",
    "pos_kind",
    "three_d",
    "order_no",
    "card_alias",
    "card_name",
    "transaction_type",
];

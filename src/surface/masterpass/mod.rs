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

use crate::route::Endpoint;

/// What calls of either generation may be about, in the words of rules.
fn knows(endpoint: &Endpoint) -> &'static [&'static str] {
    match endpoint.name {
        "mfs.sdk.read" | "mfs.browser.preflight" | "masterpass.preflight" => &["pos_kind"],
        "mfs.account.check" | "mfs.cards.list" | "mfs.owner.list" => {
            &["msisdn", "card_alias", "pos_kind"]
        }
        "masterpass.account.access" | "masterpass.account.link" | "masterpass.account.unlink" => {
            &["msisdn", "pos_kind"]
        }
        _ => &[
            "msisdn",
            "bin",
            "stored_card",
            "amount",
            "installment",
            "pos_kind",
            "three_d",
            "order_no",
            "payment_status",
            "card_alias",
            "card_name",
            "transaction_type",
        ],
    }
}

//! The classic generation: one call an operation, always HTTP 200, and a code in the body.
//! contract: masterpass §2
//!
//! `sent` reads a call, `caller` knows who makes it, `next` says where an operation stands, `codes` has
//! every code, `refuse` says refusals, `envelope` is the shape of all answers.

/// Rows of operations: each answers at both of the vendor's bases.
macro_rules! operations {
    ($($path:literal $name:literal ($evidence:ident, $points:expr) => $handle:ident $($spec:ident)?;)+) => {
        /// The rows.
        pub const ENDPOINTS: &[crate::route::Endpoint] = &[$(
            crate::route::Endpoint::of(
                http::Method::POST,
                (concat!("/MasterpassJsonServerHandler/v2/", $path), $name),
                (crate::route::Evidence::$evidence, $points),
                $handle,
            )$(.told($spec))?,
            crate::route::Endpoint::of(
                http::Method::POST,
                (concat!("/v2/", $path), $name),
                (crate::route::Evidence::$evidence, $points),
                $handle,
            )$(.told($spec))?,
        )+];
    };
}

mod caller;
mod cards;
mod check;
mod codes;
mod cors;
mod envelope;
mod facts;
mod fields;
mod next;
mod purchase;
mod recurring;
mod refuse;
mod register;
mod sent;
mod unsupported;
mod user;
mod validate;

use crate::domain::shop::PosKind;
use crate::route::{Answer, Surface, Turn, direct};
use crate::surface::masterpass::{sdk, wallet};

/// The classic surface of the wallet.
pub static SURFACE: Surface = Surface {
    name: "mfs",
    title: "the classic generation of the card wallet's browser API",
    claims: &["/MasterpassJsonServerHandler/", "/v2/"],
    endpoints: &[
        check::ENDPOINTS,
        cards::ENDPOINTS,
        register::ENDPOINTS,
        purchase::ENDPOINTS,
        validate::ENDPOINTS,
        user::ENDPOINTS,
        recurring::ENDPOINTS,
        unsupported::ENDPOINTS,
        sdk::ENDPOINTS,
    ],
    admit: |_| Ok(()),
    facts: facts::facts,
    knows: super::knows,
    answer,
    refuse: refuse::refuse,
    fault: refuse::fault,
    finish: cors::finish,
    timed: &[],
    preflight: Some(&cors::PREFLIGHT),
    loose: true,
    reads_cards: true,
    pos_kinds: &[PosKind::Wallet],
    sign: |_, _| {},
    spec: fields::common,
};

/// What a rule says against the call, else the operation's own answer.
fn answer(turn: &mut Turn<'_>) -> Answer {
    wallet::willing(turn)?;
    // What is no JSON is refused where it is read.
    sent::Sent::of(turn).map_or(Ok(()), sent::Sent::check)?;
    direct(turn)
}

#[cfg(test)]
mod tests;

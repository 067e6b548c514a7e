//! The wallet's new generation, as its script for browsers and merchants' backends call it.
//! contract: masterpass §3, §8.3
//!
//! A resource file has its rows on top, and for each row a request that is read (`said`), a move of
//! `wallet`, and a result. `envelope` wraps it, `errors` says refusals, `caller` reads the token.

mod account;
mod backend;
mod caller;
mod card_body;
mod codes;
mod cors;
mod credit;
mod envelope;
mod errors;
mod facts;
mod giving_back;
mod otp;
mod payment;
mod problems;
mod recurring;
mod registration;
mod said;
mod vpos;

use crate::domain::shop::PosKind;
use crate::route::{Answer, Surface, Turn, direct};
use crate::surface::masterpass::wallet;

/// The surface of the new generation.
pub static SURFACE: Surface = Surface {
    name: "masterpass",
    title: "the card wallet's new generation, for its script in browsers and for backends",
    claims: &[
        "/account/api/",
        "/payment/api/",
        "/user-authorization/",
        "/merchant/api/",
        "/credit-bff/",
    ],
    endpoints: &[
        account::ENDPOINTS,
        registration::ENDPOINTS,
        payment::ENDPOINTS,
        otp::ENDPOINTS,
        recurring::ENDPOINTS,
        credit::ENDPOINTS,
        backend::ENDPOINTS,
        giving_back::ENDPOINTS,
    ],
    admit: caller::admit,
    facts: facts::facts,
    knows: super::knows,
    answer,
    refuse: errors::refuse,
    fault: errors::fault,
    finish: cors::finish,
    timed: recurring::TIMED,
    preflight: Some(&cors::PREFLIGHT),
    loose: true,
    reads_cards: true,
    pos_kinds: &[PosKind::Wallet],
    sign: caller::sign,
    spec: envelope::common,
};

/// What a rule refuses is refused before anything is read.
fn answer(turn: &mut Turn<'_>) -> Answer {
    wallet::willing(turn)?;
    direct(turn)
}

//! The card number that a holder typed, as it arrives: plain, sealed for the sandbox, or sealed for
//! somebody else. contract: masterpass §2.2

use crate::domain::pan::Pan;
use crate::domain::published::test_card;
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;
use crate::scenario::masterpass::CardData;
use crate::surface::masterpass::sealed;

/// More digits than a card number has: then they are sealed text.
const LONGEST: usize = 19;

/// The number that `text` holds. None: it cannot be read, and the card is known by the name on it. Err
/// when there is none, when it does not pass its check, and when it may be somebody's.
pub fn card_number(turn: &Turn<'_>, text: &str) -> Result<Option<Pan>, Refusal> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let is_number = plain.len() <= LONGEST && plain.bytes().all(|b| b.is_ascii_digit());
    let number = match is_number {
        true => Some(plain),
        false => opened(turn, text),
    };
    let Some(number) = number else {
        return Ok(None);
    };
    let bins = &turn.world.scenario.bins;
    let fake = |pan: &Pan| bins.has_own(pan.digits()) || test_card(pan.digits()).is_some();
    let pan = Pan::parse(&number).filter(fake);
    pan.map(Some)
        .ok_or(Refusal::Wallet(WalletFault::InvalidCard))
}

/// The digits that were sealed for the sandbox.
fn opened(turn: &Turn<'_>, text: &str) -> Option<String> {
    match turn.world.scenario.settings.masterpass.card_data {
        CardData::Opaque => None,
        CardData::Auto => {
            let data = String::from_utf8(sealed::open(text)?).ok()?;
            let digits = !data.is_empty() && data.bytes().all(|b| b.is_ascii_digit());
            digits.then_some(data)
        }
    }
}

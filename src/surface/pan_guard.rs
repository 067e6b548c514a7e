//! The guard against real card numbers on calls: whatever a network may have given out must be a published test
//! number, begin with a `[[bin]]` of the scenario, or stand in its `allow_numbers`.

use crate::config::PanGuard;
use crate::domain::pan::{Pan, is_issued};
use crate::mask;
use crate::refusal::{Refusal, Why};
use crate::route::{Surface, Turn};
use std::cell::Cell;

/// What the answer to a call with such a number says, and the journal.
pub const WARNING: &str = "a card number that may be somebody's: use a published test number, a number of a [[bin]], \
     or name it in allow_numbers";

/// A reader has let one through.
#[derive(Default)]
struct Passed(Cell<bool>);

/// Whether this card may be used here.
pub fn takes(turn: &Turn<'_>, pan: &Pan) -> bool {
    if turn.world.scenario.is_nobodys(pan.digits()) {
        return true;
    }
    match turn.guard {
        PanGuard::Refuse => false,
        PanGuard::Warn => {
            turn.memo.once(Passed::default).0.set(true);
            true
        }
        PanGuard::Off => true,
    }
}

/// Looks at every text of the call. Err: there is one in a field for card numbers, and the surface does not read that
/// by itself.
pub fn look(turn: &mut Turn<'_>, surface: &Surface) -> Result<(), Refusal> {
    if turn.guard == PanGuard::Off || turn.plain {
        return Ok(());
    }
    let scenario = &turn.world.scenario;
    let texts = [turn.call.target.as_bytes(), &turn.call.body];
    let found = texts.into_iter().flat_map(mask::cards);
    let mut found =
        found.filter(|card| is_issued(&card.digits) && !scenario.is_nobodys(&card.digits));
    let Some(first) = found.next() else {
        return Ok(());
    };
    turn.notes.warning = Some(WARNING);
    let in_field = first.in_field || found.any(|card| card.in_field);
    match turn.guard {
        PanGuard::Refuse if in_field && !surface.reads_cards => Err(Refusal::field(
            "card_number",
            Why::Malformed("the number of a test card"),
        )),
        PanGuard::Refuse | PanGuard::Warn | PanGuard::Off => Ok(()),
    }
}

/// What is to be said of the call when it is answered.
pub fn warning(turn: &Turn<'_>) -> Option<&'static str> {
    let passed = || turn.memo.once(Passed::default).0.get();
    let said = turn.notes.warning;
    said.or_else(|| (turn.guard == PanGuard::Warn && passed()).then_some(WARNING))
}

//! Every move of money of one payment, so that its sums can be told from its history.

use crate::clock::Timestamp;
use crate::domain::money::Money;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// How many moves a payment may have.
pub const MAX_MOVES: usize = 4_096;

/// What was done with the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Kind {
    /// reserved on the card
    Authorize,
    /// taken from the card
    Capture,
    /// no longer reserved
    Release,
    /// given back as a whole, as if it had never been taken
    Void,
    /// given back for one item
    Refund,
}

/// One move of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// what was done
    pub kind: Kind,
    /// the position of the refunded item, from 0; None: the payment as a whole
    pub item: Option<u16>,
    /// how much
    pub amount: Money,
    /// when
    pub at: Timestamp,
}

impl Move {
    /// Whether it gave back of the item at that position.
    pub fn is_of(&self, item: usize) -> bool {
        self.item.map(usize::from) == Some(item)
    }

    /// A move of the payment as a whole.
    pub(super) const fn whole(kind: Kind, amount: Money, at: Timestamp) -> Self {
        let item = None;
        Self {
            kind,
            item,
            amount,
            at,
        }
    }
}

/// The moves of one payment, oldest first. None is ever changed or dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// most payments end with two, which lie in the payment itself
    moves: SmallVec<[Move; 2]>,
}

impl Ledger {
    /// Adds all of `moves`, or none when there is no room for them.
    pub(super) fn record(
        &mut self,
        moves: impl ExactSizeIterator<Item = Move>,
    ) -> Result<(), Refusal> {
        if self.moves.len() + moves.len() > MAX_MOVES {
            return Err(Refusal::Full);
        }
        moves.for_each(|it| self.moves.push(it));
        Ok(())
    }

    /// Oldest first.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// When a move of that kind was made last.
    pub fn last_at(&self, kind: Kind) -> Option<Timestamp> {
        let found = self.moves.iter().rfind(|known| known.kind == kind);
        found.map(|known| known.at)
    }
}

//! The card wallet: who has an account, which merchants may see it, which cards it holds, and what
//! each holder is about to do. contract: masterpass §5, §6, §9

mod card;
mod flow;
mod holder;
mod recurring;

pub use card::{Card, Persona, TypedCard};
pub use flow::{Flow, Operation, Purchase, TransactionKind};
pub use holder::{AccountStatus, Holder, Link};
pub use recurring::{Change, Recurring, RecurringId};

use crate::clock::Timestamp;
use crate::domain::shelf::Shelf;
use crate::domain::timed::{Moments, Timed};
use crate::refusal::{Refusal, TokenFault, WalletFault};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What a scenario knows of wallets. Shared by all sandboxes; a holder is copied when it changes.
#[derive(Debug, Clone, Default)]
pub struct WalletTable {
    /// holders by phone number
    pub holders: HashMap<String, Arc<Holder>>,
    /// cards that may be typed, in the order of the file
    pub cards: Vec<TypedCard>,
}

/// The wallet of one sandbox.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wallet {
    /// holders that are no longer as the scenario has them, by phone number
    holders: Timed<String, Arc<Holder>>,
    /// what is under way, by validation token
    flows: Timed<String, Flow>,
    /// orders that it was asked to pay, by number
    orders: Shelf<CompactString, ()>,
    /// until when tokens are good that were given out, by a name that is no secret
    passes: Timed<String, Timestamp>,
}

impl Wallet {
    /// Room for at most `capacity` holders and as many flows.
    pub fn new(capacity: usize) -> Self {
        Self {
            holders: Timed::new(capacity),
            flows: Timed::new(capacity),
            orders: Shelf::new(capacity),
            passes: Timed::new(capacity),
        }
    }

    /// Another bound from now on; the oldest go when there are too many.
    /// Every field is named, so that a new one is not forgotten.
    pub fn bound(&mut self, capacity: usize) {
        let Self {
            holders,
            flows,
            orders,
            passes,
        } = self;
        holders.bound(capacity);
        flows.bound(capacity);
        orders.bound(capacity);
        passes.bound(capacity);
    }

    /// How many entries each of its stores has.
    pub fn lens(&self) -> [usize; 4] {
        let Self {
            holders,
            flows,
            orders,
            passes,
        } = self;
        [holders.len(), flows.len(), orders.len(), passes.len()]
    }

    /// Who has that number, in whatever form it is written; None: nobody has an account there.
    pub fn holder<'a>(&'a self, table: &'a WalletTable, number: &str) -> Option<&'a Holder> {
        let number = msisdn(number);
        let own = self.holders.get(&*number);
        let found = own.or_else(|| table.holders.get(&*number));
        found.map(|holder| &**holder)
    }

    /// Who has that number, to change; somebody without an account when nobody is known.
    pub fn holder_mut(&mut self, table: &WalletTable, number: &str) -> &mut Holder {
        let number = msisdn(number).into_owned();
        if self.holders.get(&number).is_none() {
            let known = table.holders.get(&number).map(Arc::clone);
            let holder = known.unwrap_or_else(|| Arc::new(Holder::nobody(&number)));
            self.holders.put(number.clone(), holder);
        }
        let holder = self.holders.get_mut(&number);
        Arc::make_mut(holder.expect("it was put there just now"))
    }

    /// The account under `old` is under `new` from now on. Err when another has that number.
    pub fn renumber(
        &mut self,
        table: &WalletTable,
        old: &str,
        new: &str,
    ) -> Result<(), WalletFault> {
        let (old, new) = (msisdn(old).into_owned(), msisdn(new).into_owned());
        let known = self.holder(table, &old).filter(|holder| holder.account);
        let mut moved = known.cloned().ok_or(WalletFault::NoAccount)?;
        if old == new
            || self
                .holder(table, &new)
                .is_some_and(|holder| holder.account)
        {
            return Err(WalletFault::UserConflict);
        }
        moved.msisdn.clone_from(&new);
        self.holders.put(new, Arc::new(moved));
        let nobody = Arc::new(Holder::nobody(&old));
        self.holders.put(old, nobody);
        Ok(())
    }

    /// Holders that have changed, oldest change first.
    pub fn changed(&self) -> impl Iterator<Item = &Holder> {
        self.holders.iter().map(|(_, holder)| &**holder)
    }

    /// When an order to pay again and again is due first; not later than that.
    pub fn next_recurring(&self) -> Option<Timestamp> {
        self.holders.earliest()
    }

    /// The order to pay again and again that has just become due.
    pub fn take_recurring(&mut self, at: Timestamp) -> Option<RecurringId> {
        let msisdn = self.holders.take()?;
        let holder = self.holders.get(&msisdn)?;
        let due = |order: &&Recurring| order.due().is_some_and(|due| due <= at);
        let orders = holder.recurring.iter().filter(due);
        let orders = orders.map(|order| (order.due(), holder.recurring_id(order)));
        orders.min().map(|(_, id)| id)
    }

    /// The token for the wallet whose time is just over.
    pub fn take_pass(&mut self) -> Option<String> {
        self.passes.take()
    }

    /// Whose password's time is just over.
    pub fn take_flow(&mut self) -> Option<String> {
        let token = self.flows.take()?;
        self.flows.get(&token).map(|flow| flow.msisdn.to_string())
    }

    /// Tokens, what is under way, and holders: what time does something to.
    pub fn passing(&mut self) -> (&mut dyn Moments, &mut dyn Moments, &mut dyn Moments) {
        (&mut self.passes, &mut self.flows, &mut self.holders)
    }

    /// All that a purchase was asked for is given: a card that was to be kept is kept, and the merchant
    /// may see the account. Whether the card is there now; None: none was to be kept.
    pub fn settle(&mut self, table: &WalletTable, purchase: &Purchase) -> Option<bool> {
        match purchase.kind {
            TransactionKind::Direct | TransactionKind::Saved => None,
            TransactionKind::Registering
                if purchase.card.persona.fault == Some(WalletFault::SaveFailed) =>
            {
                Some(false)
            }
            TransactionKind::Registering => {
                let holder = self.holder_mut(table, &purchase.msisdn);
                let kept = holder.keep(purchase.card.clone()).is_ok();
                holder.link_to(&purchase.merchant, &purchase.user);
                Some(kept)
            }
        }
    }

    /// A purchase was begun for an order of that number: from now on only its own token pays for it.
    pub fn remember_order(&mut self, order_no: &str) {
        self.orders.put(order_no.into(), ());
    }

    /// A token was given out, with which a browser may talk to the wallet until then.
    pub fn remember_pass(&mut self, name: String, until: Timestamp) {
        self.passes.put(name, until);
    }

    /// Whether a purchase was ever begun for an order of that number.
    pub fn knows_order(&self, order_no: &str) -> bool {
        self.orders.get(order_no).is_some()
    }

    /// Something is under way, under this validation token.
    pub fn begin(&mut self, token: String, flow: Flow) {
        self.flows.put(token, flow);
    }

    /// What is under way under `token`. Err when nothing is, or a later token stands for it.
    pub fn flow(&self, token: &str) -> Result<&Flow, Refusal> {
        let flow = self.flows.get(token);
        let flow = flow.ok_or(Refusal::Token(TokenFault::Unknown))?;
        flow.check()?;
        Ok(flow)
    }

    /// As [`Self::flow`], to change.
    pub fn flow_mut(&mut self, token: &str) -> Result<&mut Flow, Refusal> {
        let flow = self.flows.get_mut(token);
        let flow = flow.ok_or(Refusal::Token(TokenFault::Unknown))?;
        flow.check()?;
        Ok(flow)
    }

    /// The flow goes on under `fresh`; `old` is of no more use.
    pub fn renew(&mut self, old: &str, fresh: String) -> Result<&mut Flow, Refusal> {
        let flow = self.flow_mut(old)?;
        let next = flow.clone();
        flow.supersede();
        self.flows.put(fresh.clone(), next);
        self.flow_mut(&fresh)
    }
}

/// A phone number as accounts know it: digits with the country code. `+90 555…`, `0555…` and `555…`
/// are numbers of Turkey.
pub fn msisdn(text: &str) -> Cow<'_, str> {
    if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national = digits.trim_start_matches('0');
    Cow::Owned(match national.len() {
        10 => format!("90{national}"),
        _ => national.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_one_however_they_are_written() {
        for text in [
            "905321234567",
            "5321234567",
            "05321234567",
            "+90 532 123 45 67",
            "00905321234567",
        ] {
            assert_eq!(msisdn(text), "905321234567", "{text}");
        }
        assert_eq!(msisdn("4915112345678"), "4915112345678");
        assert_eq!(msisdn(""), "");
    }

    #[test]
    fn tokens_that_were_given_out_are_bounded_like_the_rest() {
        let mut wallet = Wallet::new(9);
        wallet.bound(2);
        for name in ["a", "b", "c"] {
            wallet.remember_pass(name.to_owned(), Timestamp::from_micros(0));
        }
        let kept: Vec<_> = wallet.passes.iter().map(|(name, _)| &**name).collect();
        assert_eq!(kept, ["b", "c"]);
    }

    #[test]
    fn an_account_moves_to_a_number_that_nobody_has() {
        let (old, new, taken) = ("905551110001", "905551110002", "905551110003");
        let known = |number: &str| Holder {
            account: true,
            blocked: number == old,
            ..Holder::nobody(number)
        };
        let pair = |number: &str| (number.to_owned(), Arc::new(known(number)));
        let table = WalletTable {
            holders: HashMap::from([pair(old), pair(taken)]),
            cards: Vec::new(),
        };
        let mut wallet = Wallet::new(9);
        for number in [taken, old] {
            let refused = wallet.renumber(&table, old, number);
            assert_eq!(refused, Err(WalletFault::UserConflict), "{number}");
        }
        assert_eq!(wallet.renumber(&table, old, new), Ok(()));
        assert!(wallet.holder(&table, new).is_some_and(|h| h.blocked));
        assert!(wallet.holder(&table, old).is_some_and(|h| !h.account));
        let gone = wallet.renumber(&table, old, new);
        assert_eq!(gone, Err(WalletFault::NoAccount));
    }

    #[test]
    fn a_holder_is_the_scenarios_until_it_changes() {
        let number = "905551110001";
        let known = Holder {
            account: true,
            ..Holder::nobody(number)
        };
        let table = WalletTable {
            holders: HashMap::from([(number.to_owned(), Arc::new(known))]),
            cards: Vec::new(),
        };
        let (mut one, other) = (Wallet::new(9), Wallet::new(9));
        assert!(one.holder(&table, "5551110001").is_some());
        assert!(one.holder(&table, "905551110002").is_none());
        one.holder_mut(&table, number).blocked = true;
        let blocked = |wallet: &Wallet| wallet.holder(&table, number).map(|h| h.blocked);
        assert_eq!((blocked(&one), blocked(&other)), (Some(true), Some(false)));
        assert_eq!(one.changed().count(), 1);
    }
}

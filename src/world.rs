//! A sandbox: all that can change in it, and the registry of sandboxes by name.

mod answers;
mod room;
mod sandboxes;
mod settle;
mod snapshot;

pub use answers::Kept;
pub use room::Room;
pub use sandboxes::{Sandbox, Sandboxes, Usage};
pub use settle::{Chore, Due, Happening, Trail};
pub use snapshot::{Script, Snapshot, VERSION, scripts};

use crate::clock::{Clock, ClockSetting, Timestamp};
use crate::config::Caps;
use crate::domain::decision::ThreeDs;
use crate::domain::receipt::Receipt;
use crate::domain::samples;
use crate::domain::shelf::Shelf;
use crate::domain::state::State;
use crate::journal::Journal;
use crate::refusal::Refusal;
use crate::scenario::Scenario;
use crate::scenario::engine::Progress;
use compact_str::{CompactString, format_compact};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use room::Stake;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// All that can change in one sandbox.
#[derive(Debug)]
pub struct World {
    /// its name
    pub name: String,
    /// the domain's part
    pub state: State,
    /// what it is told to do
    pub scenario: Arc<Scenario>,
    /// how often each rule matched
    pub progress: Progress,
    /// answers kept for those who ask again, by caller and key
    pub answers: Shelf<String, Kept>,
    /// what happened
    pub journal: Journal,
    /// its time
    pub clock: Clock,
    /// its chance and its ids
    pub ids: Ids,
    /// it was given a scenario of its own
    pub own_scenario: bool,
    seed: u64,
    born: Timestamp,
    /// up to that moment all has happened that time does
    settled: Timestamp,
    /// when it may do something next
    next: Option<Timestamp>,
    /// when somebody comes by himself to do what is due
    timer: Option<Timestamp>,
    stocked: bool,
    /// the name that its chance and ids follow from: its own, or that of the sandbox it was restored from
    origin: String,
    stake: Stake,
    room: Room,
}

impl World {
    /// A fresh sandbox of its own. The same name, scenario, seed and clock make the same sandbox.
    pub fn new(name: &str, scenario: Arc<Scenario>, birth: Birth) -> Self {
        Self::sharing(name, scenario, birth, &Room::new(Caps::default()))
    }

    /// A fresh sandbox in the room that it shares with others.
    fn sharing(name: &str, scenario: Arc<Scenario>, birth: Birth, room: &Room) -> Self {
        let (caps, budget) = (&room.caps, &room.budget);
        let clock = Clock::new(birth.clock);
        Self {
            name: name.to_owned(),
            state: State::within(caps),
            scenario,
            progress: begun((birth.seed, name), clock.now()),
            answers: Shelf::new(caps.kept_answers),
            journal: Journal::new(caps.journal_entries, Arc::clone(budget)),
            clock,
            ids: Ids::new(birth.seed, name),
            seed: birth.seed,
            born: clock.now(),
            settled: clock.now(),
            next: None,
            timer: None,
            own_scenario: false,
            stocked: false,
            origin: name.to_owned(),
            stake: room.stake(),
            room: room.clone(),
        }
    }

    /// As it was when it began: state, journal, counters, ids and time. The same calls then get the
    /// same answers again. Only the scenario that is playing stays.
    pub fn reset(&mut self) {
        let birth = Birth {
            seed: self.seed,
            clock: self.clock.setting(),
        };
        let (scenario, own_scenario) = (Arc::clone(&self.scenario), self.own_scenario);
        *self = Self::sharing(&self.name, scenario, birth, &self.room);
        self.own_scenario = own_scenario;
    }

    /// Another scenario of its own from the next call on; what happened so far stays.
    pub fn play(&mut self, scenario: Arc<Scenario>) {
        self.scenario = scenario;
        self.own_scenario = true;
        self.progress = begun((self.seed, &self.origin), self.born);
    }

    /// The server's own scenario again, from the next call on.
    pub fn join(&mut self, scenario: Arc<Scenario>) {
        self.play(scenario);
        self.own_scenario = false;
    }

    /// The same scenario, as it reads now. Rules that read as before go on counting, `stays` says which; the state
    /// that rules have set stays, and rules that were added do.
    pub fn replay(&mut self, scenario: Arc<Scenario>, stays: &[(usize, usize)]) {
        self.scenario = scenario;
        self.progress.recount(stays);
    }

    /// Puts the sample data in, once, where the scenario wants it: as old as the sandbox. Not done at
    /// birth, so that sandboxes nobody uses that way stay small.
    pub fn stock(&mut self) {
        if self.stocked || !self.scenario.settings.craftgate.samples {
            return;
        }
        self.stocked = true;
        let scenario = &self.scenario;
        let origin = samples::Origin {
            merchant: scenario.merchants.first().api_key.clone(),
            bank_rate: scenario.settings.craftgate.bank_commission_rate,
            at: self.born,
        };
        samples::put(&mut self.state, &origin);
    }

    /// A challenge at the bank's page ends, whoever ends it; a card that was to be kept with its
    /// purchase is kept. Err when there is none of that id, or it has ended before.
    pub fn end_challenge(&mut self, id: &str, how: ThreeDs) -> Result<(), Refusal> {
        let now = self.now();
        let purchase = self.state.end_challenge(id, how, now)?;
        if let Some(purchase) = purchase.filter(|_| how.good_at_bank()) {
            self.state.wallet.settle(&self.scenario.wallet, &purchase);
        }
        Ok(())
    }

    /// The moment it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What a sandbox is born with.
#[derive(Debug, Clone, Copy)]
pub struct Birth {
    /// chance and ids follow from it
    pub seed: u64,
    /// how it tells the time
    pub clock: ClockSetting,
}

/// FNV-1a over the name: sandboxes of one seed differ, the same name repeats.
fn mixed(seed: u64, name: &str) -> u64 {
    let hash = seed ^ 0xcbf2_9ce4_8422_2325;
    name.bytes().fold(hash, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The rules of a sandbox before its first call; their chance is another than that of its ids.
fn begun((seed, name): (u64, &str), born: Timestamp) -> Progress {
    Progress::begun(!mixed(seed, name), born)
}

/// Chance and ids of one sandbox, all from its seed and name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    #[serde(with = "crate::scenario::chance")]
    rng: Pcg64Mcg,
    salt: u16,
    orders: u32,
    placed: u32,
    payments: u64,
    transactions: u64,
    refunds: u64,
    receipts: u64,
    pages: u64,
}

impl Ids {
    fn new(seed: u64, name: &str) -> Self {
        let mut rng = Pcg64Mcg::seed_from_u64(mixed(seed, name));
        let salt = u16::try_from(rng.next_u32() % 1000).unwrap_or(0);
        Self {
            rng,
            salt,
            orders: 0,
            placed: 0,
            payments: 0,
            transactions: 0,
            refunds: 0,
            receipts: 0,
            pages: 0,
        }
    }

    /// So many characters out of `0-9a-z`.
    pub fn alphanumeric(&mut self, len: usize) -> String {
        self.pick(b"0123456789abcdefghijklmnopqrstuvwxyz", len)
    }

    /// So many lower-case hex digits.
    pub fn hex(&mut self, len: usize) -> String {
        self.pick(b"0123456789abcdef", len)
    }

    /// So many decimal digits.
    pub fn digits(&mut self, len: usize) -> String {
        self.pick(b"0123456789", len)
    }

    /// A random (version 4) UUID.
    pub fn uuid(&mut self) -> uuid::Uuid {
        let mut bytes = [0; 16];
        self.rng.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// What a client is given to name something by: a new UUID.
    pub fn handle(&mut self) -> Arc<str> {
        let mut text = uuid::Uuid::encode_buffer();
        Arc::from(&*self.uuid().hyphenated().encode_lower(&mut text))
    }

    /// A new order id, counting from 1.
    pub fn order(&mut self) -> u32 {
        self.placed += 1;
        self.placed
    }

    /// A new order number: 16 digits, never twice in a sandbox. contract: akinon §9.6
    pub fn order_no(&mut self, now: Timestamp) -> CompactString {
        self.orders += 1;
        format_compact!("7{:03}{:06}{:06}", self.salt, now.turkey_day(), self.orders)
    }

    /// A new order number as the gateway makes them. contract: craftgate §3.4
    pub fn gateway_order_no(&mut self, now: Timestamp) -> CompactString {
        format_compact!("MP{}", self.order_no(now))
    }

    /// A new payment id.
    pub fn payment(&mut self) -> u64 {
        self.payments += 1;
        u64::from(self.salt) * 1_000_000 + 100_000 + self.payments
    }

    /// New numbers for so many items of a payment (none counts as one): the first of them.
    pub fn transactions(&mut self, items: usize) -> u64 {
        let first = self.transactions + 1;
        self.transactions += u64::try_from(items.max(1)).unwrap_or(1);
        u64::from(self.salt) * 10_000_000 + 500_000 + first
    }

    /// A new number of a refund, of a payment or of an item.
    pub fn refund(&mut self) -> u64 {
        self.refunds += 1;
        u64::from(self.salt) * 1_000_000 + 200_000 + self.refunds
    }

    /// A new number of a hosted page, never twice in a sandbox.
    pub fn page(&mut self) -> u64 {
        self.pages += 1;
        u64::from(self.salt) * 1_000_000 + 300_000 + self.pages
    }

    /// What a bank gives when it moves money at `now`; never twice the same in a sandbox. The first
    /// is the contract's example; those before it are the samples'.
    pub fn receipt(&mut self, now: Timestamp) -> Receipt {
        let n = self.receipts;
        self.receipts += 1;
        Receipt::numbered(100 + n, now)
    }

    fn pick(&mut self, alphabet: &[u8], len: usize) -> String {
        let range = u32::try_from(alphabet.len()).unwrap_or(1);
        let one = |_| char::from(alphabet[(self.rng.next_u32() % range) as usize]);
        (0..len).map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_numbered_whatever_has_left_the_shelf() {
        let mut ids = Ids::new(7, "a");
        let numbers = [(); 3].map(|()| ids.page());
        assert_eq!(numbers, [0, 1, 2].map(|n| numbers[0] + n));
    }

    #[test]
    fn a_reset_begins_again_with_the_same_ids() {
        let clock = "frozen:2026-01-02T03:04:05Z".parse().unwrap();
        let mut world = World::new("a", Arc::default(), Birth { seed: 7, clock });
        let ids = |world: &mut World| {
            let now = world.now();
            let ids = &mut world.ids;
            let numbers = (ids.payment(), ids.page());
            (ids.order_no(now), numbers, ids.uuid(), ids.hex(40))
        };
        let first = ids(&mut world);
        assert_ne!(ids(&mut world), first);
        let scenario: Arc<Scenario> = Arc::default();
        world.play(Arc::clone(&scenario));
        world.reset();
        assert_eq!(ids(&mut world), first);
        assert!(
            Arc::ptr_eq(&world.scenario, &scenario),
            "what is playing stays"
        );
    }
}

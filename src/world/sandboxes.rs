//! The sandboxes by name: bounded, and none of them waits for another.

use super::{Birth, World};
use crate::call::DEFAULT_SANDBOX;
use crate::clock::{Clock, ClockSetting, Timestamp};
use crate::journal::{BUDGET, Budget};
use crate::scenario::Scenario;
use parking_lot::{Mutex, MutexGuard, RwLock};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// How many named sandboxes there may be.
pub const SANDBOXES: usize = 10_000;
/// After so long without a call a sandbox makes room for another one, when room is needed.
pub const IDLE: Duration = Duration::from_secs(60 * 60);
/// After so long without a call a sandbox's journal makes room for others, when room is needed.
pub const QUIET: Duration = Duration::from_secs(60);

/// So many maps by hash of the name: whoever adds a sandbox holds up one in 64 for a moment.
const SHARDS: usize = 64;

/// A world behind its lock, held for microseconds.
#[derive(Debug)]
pub struct Sandbox {
    world: Mutex<World>,
    calls: AtomicU64,
    used: AtomicI64,
    bell: watch::Sender<()>,
}

impl Sandbox {
    /// Its world, to oneself.
    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock()
    }

    /// One more call was answered here.
    pub fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    /// A call was answered. Rung under the lock, so that who hears it finds the call in the journal,
    /// and who asks later than that has seen it.
    pub fn ring(&self) {
        if self.bell.receiver_count() > 0 {
            self.bell.send_replace(());
        }
    }

    /// Hears from now on whenever a call was answered.
    pub fn bell(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    fn new(world: World, now: Timestamp) -> Self {
        Self {
            world: Mutex::new(world),
            calls: AtomicU64::new(0),
            used: AtomicI64::new(now.micros()),
            bell: watch::Sender::new(()),
        }
    }

    fn touch(&self, now: Timestamp) {
        self.used.fetch_max(now.micros(), Ordering::Relaxed);
    }

    fn used(&self) -> Timestamp {
        Timestamp::from_micros(self.used.load(Ordering::Relaxed))
    }

    fn unused_for(&self, span: Duration, now: Timestamp) -> bool {
        self.used().plus(span) <= now
    }
}

/// How much a sandbox is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// its name
    pub name: String,
    /// calls answered, those to the admin included
    pub calls: u64,
    /// real time of the last call
    pub last_used: Timestamp,
}

/// The default sandbox, and the named ones.
#[derive(Debug)]
pub struct Sandboxes {
    default: Arc<Sandbox>,
    shards: Vec<RwLock<HashMap<String, Arc<Sandbox>>>>,
    hasher: RandomState,
    count: AtomicUsize,
    capacity: usize,
    scenario: RwLock<Arc<Scenario>>,
    trouble: RwLock<Option<String>>,
    birth: Birth,
    budget: Arc<Budget>,
}

impl Sandboxes {
    /// The default sandbox, and room for [`SANDBOXES`] others; their journals share [`BUDGET`].
    pub fn new(scenario: Arc<Scenario>, birth: Birth) -> Self {
        Self::bounded(scenario, birth, (SANDBOXES, BUDGET))
    }

    fn bounded(scenario: Arc<Scenario>, birth: Birth, (capacity, bytes): (usize, usize)) -> Self {
        let budget = Arc::new(Budget::new(bytes));
        let shared = Arc::clone(&budget);
        let world = World::sharing(DEFAULT_SANDBOX, Arc::clone(&scenario), birth, shared);
        Self {
            default: Arc::new(Sandbox::new(world, wall())),
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            hasher: RandomState::new(),
            count: AtomicUsize::new(0),
            capacity,
            scenario: RwLock::new(scenario),
            trouble: RwLock::default(),
            birth,
            budget,
        }
    }

    /// The sandbox of that name; it begins on first use. None when there is no room for another:
    /// all are there, and none has been unused for [`IDLE`].
    pub fn named(&self, name: &str) -> Option<Arc<Sandbox>> {
        self.at(name, wall())
    }

    /// All of them, the default one first.
    pub fn all(&self) -> Vec<Arc<Sandbox>> {
        let mut named: Vec<(String, Arc<Sandbox>)> = Vec::new();
        for shard in &self.shards {
            let shard = shard.read();
            named.extend(shard.iter().map(|(name, s)| (name.clone(), Arc::clone(s))));
        }
        named.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let named = named.into_iter().map(|(_, sandbox)| sandbox);
        std::iter::once(Arc::clone(&self.default))
            .chain(named)
            .collect()
    }

    /// How many there are, the default one included.
    pub fn len(&self) -> usize {
        1 + self.count.load(Ordering::Relaxed)
    }

    /// Never: there is always the default one.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// How all of them are used, by name, the default one first.
    pub fn usage(&self) -> Vec<Usage> {
        let usage = |name: &str, sandbox: &Sandbox| Usage {
            name: name.to_owned(),
            calls: sandbox.calls.load(Ordering::Relaxed),
            last_used: sandbox.used(),
        };
        let mut all = vec![usage(DEFAULT_SANDBOX, &self.default)];
        for shard in &self.shards {
            all.extend(shard.read().iter().map(|(name, s)| usage(name, s)));
        }
        all[1..].sort_unstable_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// What sandboxes play that were given nothing of their own.
    pub fn scenario(&self) -> Arc<Scenario> {
        Arc::clone(&self.scenario.read())
    }

    /// All who play the server's scenario play this one from their next call on.
    pub fn replay(&self, scenario: &Arc<Scenario>) {
        let before = std::mem::replace(&mut *self.scenario.write(), Arc::clone(scenario));
        let stays = scenario.unchanged(&before);
        for sandbox in self.all() {
            let mut world = sandbox.lock();
            if !world.own_scenario {
                world.replay(Arc::clone(scenario), &stays);
            }
        }
    }

    /// What is wrong with the files of the server's scenario, as they read now.
    pub fn told_trouble(&self) -> Option<String> {
        self.trouble.read().clone()
    }

    /// Says so.
    pub fn trouble(&self, why: Option<String>) {
        *self.trouble.write() = why;
    }

    fn at(&self, name: &str, now: Timestamp) -> Option<Arc<Sandbox>> {
        let found = if name == DEFAULT_SANDBOX {
            Some(Arc::clone(&self.default))
        } else {
            self.shard(name).read().get(name).map(Arc::clone)
        };
        let sandbox = match found {
            Some(sandbox) => sandbox,
            None => self.begin(name, now)?,
        };
        sandbox.touch(now);
        if self.budget.is_short() {
            self.quiet_one_makes_room(now);
        }
        Some(sandbox)
    }

    fn shard(&self, name: &str) -> &RwLock<HashMap<String, Arc<Sandbox>>> {
        // The remainder is below 64.
        let index = self.hasher.hash_one(name) % SHARDS as u64;
        &self.shards[usize::try_from(index).unwrap_or(0)]
    }

    fn begin(&self, name: &str, now: Timestamp) -> Option<Arc<Sandbox>> {
        if !self.reserve() {
            self.idle_ones_make_room(now);
            self.reserve().then_some(())?;
        }
        let mut shard = self.shard(name).write();
        if let Some(other) = shard.get(name) {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return Some(Arc::clone(other));
        }
        let (scenario, budget) = (self.scenario(), Arc::clone(&self.budget));
        let world = World::sharing(name, scenario, self.birth, budget);
        let sandbox = Arc::new(Sandbox::new(world, now));
        shard.insert(name.to_owned(), Arc::clone(&sandbox));
        Some(sandbox)
    }

    fn reserve(&self) -> bool {
        let fits = |count: usize| (count < self.capacity).then_some(count + 1);
        let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
        self.count.fetch_update(set, fetch, fits).is_ok()
    }

    fn idle_ones_make_room(&self, now: Timestamp) {
        for shard in &self.shards {
            let idle = |s: &Arc<Sandbox>| s.unused_for(IDLE, now);
            if !shard.read().values().any(idle) {
                continue;
            }
            let gone: Vec<_> = shard.write().extract_if(|_, s| idle(s)).collect();
            self.count.fetch_sub(gone.len(), Ordering::Relaxed);
        }
    }

    /// The journal of the sandbox that has been quiet for longest is emptied. One that is busy at
    /// this moment is not waited for.
    fn quiet_one_makes_room(&self, now: Timestamp) {
        let mut quietest: Option<Arc<Sandbox>> = None;
        let mut consider = |sandbox: &Arc<Sandbox>| {
            let quieter = quietest.as_ref().is_none_or(|q| sandbox.used() < q.used());
            if quieter
                && sandbox.unused_for(QUIET, now)
                && let Some(world) = sandbox.world.try_lock()
                && world.journal.entries().len() > 0
            {
                quietest = Some(Arc::clone(sandbox));
            }
        };
        consider(&self.default);
        for shard in &self.shards {
            shard.read().values().for_each(&mut consider);
        }
        if let Some(mut world) = quietest.as_ref().and_then(|q| q.world.try_lock()) {
            world.journal.make_room();
        }
    }
}

/// Real time, whatever the clocks of the sandboxes show.
fn wall() -> Timestamp {
    Clock::new(ClockSetting::Real).now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Call;
    use crate::journal::{Exchange, Notes};
    use crate::reply::Reply;
    use crate::scenario::facts::Facts;
    use crate::scenario::verdict::Verdict;
    use http::{Method, StatusCode};

    const BIRTH: Birth = Birth {
        seed: 1,
        clock: ClockSetting::Frozen(Timestamp::from_micros(0)),
    };

    fn sandboxes(capacity: usize, bytes: usize) -> Sandboxes {
        Sandboxes::bounded(Arc::default(), BIRTH, (capacity, bytes))
    }

    fn names(sandboxes: &Sandboxes) -> Vec<String> {
        sandboxes.usage().into_iter().map(|u| u.name).collect()
    }

    fn after(seconds: u64) -> Timestamp {
        wall().plus(Duration::from_secs(seconds))
    }

    #[test]
    fn idle_sandboxes_make_room_when_it_is_needed() {
        let all = sandboxes(2, BUDGET);
        for name in ["b", "a", "b"] {
            assert!(all.at(name, after(0)).is_some());
        }
        assert!(all.at("c", after(3000)).is_none(), "nobody is idle");
        all.at("a", after(3000)).unwrap();
        assert_eq!(
            names(&all),
            ["default", "a", "b"],
            "idle or not, there is room"
        );
        assert!(all.at("c", after(3700)).is_some());
        assert_eq!(names(&all), ["default", "a", "c"]);
        assert!(all.at("d", after(3700)).is_none());
        assert!(all.at("default", after(9000)).is_some());
    }

    #[test]
    fn a_name_is_one_world_for_all_who_ask_at_once() {
        let all = sandboxes(100, BUDGET);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for i in 0..100 {
                        let sandbox = all.named(&format!("s{i}")).unwrap();
                        sandbox.lock().ids.payment();
                    }
                });
            }
        });
        assert_eq!(all.count.load(Ordering::Relaxed), 100);
        let mut alone = World::new("s7", Arc::default(), BIRTH);
        let last = (0..5).map(|_| alone.ids.payment()).last();
        let shared = all.named("s7").unwrap().lock().ids.payment();
        assert_eq!(Some(shared), last);
        assert!(all.named("one more").is_none());
    }

    #[test]
    fn quiet_journals_make_room_for_busy_ones() {
        let all = sandboxes(9, 100_000); // nine entries of this size
        let write = |name: &str, seconds: u64| {
            let sandbox = all.at(name, after(seconds)).unwrap();
            let mut call = Call::new(Method::GET, "/");
            call.body = vec![b'a'; 10_000].into();
            sandbox.lock().journal.record(&Exchange {
                at: after(0),
                call: &call,
                row: None,
                facts: &Facts::default(),
                verdict: &Verdict::default(),
                reply: &Reply::empty(StatusCode::OK),
                decided_by: "default",
                payments: Vec::new(),
                notes: Notes::default(),
                scenario: &Arc::default(),
            });
        };
        let kept = |name: &str| {
            all.at(name, after(0))
                .unwrap()
                .lock()
                .journal
                .entries()
                .len()
        };
        (0..4).for_each(|_| write("first", 0));
        (0..9).for_each(|_| write("second", 30));
        assert_eq!(
            (kept("first"), kept("second")),
            (4, 5),
            "nobody is quiet yet"
        );
        (0..5).for_each(|_| write("third", 80));
        assert_eq!((kept("first"), kept("second"), kept("third")), (0, 5, 4));
        (0..5).for_each(|_| write("third", 100));
        assert_eq!((kept("second"), kept("third")), (0, 9));
    }
}

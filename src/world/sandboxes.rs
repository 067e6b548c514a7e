//! The sandboxes by name: bounded, and none of them waits for another.

use super::{Birth, Room, World};
use crate::call::DEFAULT_SANDBOX;
use crate::clock::{Clock, ClockSetting, Timestamp};
use crate::config::Caps;
use crate::scenario::Scenario;
use parking_lot::{Mutex, MutexGuard, RwLock};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// After so long without a call a sandbox's journal makes room for others, when room is needed.
pub const QUIET: Duration = Duration::from_secs(60);

/// Who looked through all sandboxes for room looks again after so long: among many of them a look takes
/// a hundred times as long as a call.
const PAUSE: Duration = Duration::from_secs(1);

/// So many maps by hash of the name: whoever adds a sandbox holds up one in 64 for a moment.
const SHARDS: usize = 64;

/// A world behind its lock, held for microseconds.
#[derive(Debug)]
pub struct Sandbox {
    world: Mutex<World>,
    calls: AtomicU64,
    used: AtomicI64,
    bell: watch::Sender<()>,
    freed: Notify,
}

/// A sandbox's world, to oneself. Who lets it go tells one of those who wait for that.
#[derive(Debug)]
pub struct Held<'a> {
    world: MutexGuard<'a, World>,
    // Behind the guard: fields are dropped in this order.
    _freed: Freed<'a>,
}

#[derive(Debug)]
struct Freed<'a>(&'a Notify);

impl Drop for Freed<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Deref for Held<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Sandbox {
    /// Its world, to oneself.
    pub fn lock(&self) -> Held<'_> {
        self.held(self.world.lock())
    }

    /// As [`Self::lock`], when nobody has it.
    fn try_lock(&self) -> Option<Held<'_>> {
        self.world.try_lock().map(|world| self.held(world))
    }

    fn held<'a>(&'a self, world: MutexGuard<'a, World>) -> Held<'a> {
        let _freed = Freed(&self.freed);
        Held { world, _freed }
    }

    /// Waits, without a thread, until nobody has its world, but not for ever: who has seen others go first
    /// `patience` times comes back all the same.
    pub async fn idle(&self, patience: u32) {
        for _ in 0..patience {
            if !self.world.is_locked() {
                return;
            }
            self.freed.notified().await;
        }
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
            freed: Notify::new(),
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
    scenario: RwLock<Arc<Scenario>>,
    trouble: RwLock<Option<String>>,
    birth: Birth,
    room: Room,
    looked_for_idle: AtomicI64,
    looked_for_quiet: AtomicI64,
}

impl Sandboxes {
    /// The default sandbox, and room for others; the bytes of their journals are shared.
    pub fn new(scenario: Arc<Scenario>, birth: Birth) -> Self {
        Self::bounded(scenario, birth, Caps::default())
    }

    /// With bounds of their own.
    pub fn bounded(scenario: Arc<Scenario>, birth: Birth, caps: Caps) -> Self {
        let room = Room::new(caps);
        let world = World::sharing(DEFAULT_SANDBOX, Arc::clone(&scenario), birth, &room);
        Self {
            default: Arc::new(Sandbox::new(world, wall())),
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            hasher: RandomState::new(),
            count: AtomicUsize::new(0),
            scenario: RwLock::new(scenario),
            trouble: RwLock::default(),
            birth,
            room,
            looked_for_idle: AtomicI64::new(i64::MIN),
            looked_for_quiet: AtomicI64::new(i64::MIN),
        }
    }

    /// The sandbox of that name; it begins on first use. None when there is no room for another:
    /// all are there, and none has been unused for long enough.
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
    pub fn population(&self) -> usize {
        1 + self.count.load(Ordering::Relaxed)
    }

    /// How much they hold together, and may.
    pub const fn room(&self) -> &Room {
        &self.room
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
        if self.room.budget.is_short() && is_time(&self.looked_for_quiet, now) {
            self.quiet_ones_make_room(now);
        }
        Some(sandbox)
    }

    /// The sandbox of that name, when somebody has its world at this moment. One that has not begun is nobody's.
    pub fn busy(&self, name: &str) -> Option<Arc<Sandbox>> {
        let is_busy = |sandbox: &&Arc<Sandbox>| sandbox.world.is_locked();
        if name == DEFAULT_SANDBOX {
            return Some(&self.default).filter(is_busy).map(Arc::clone);
        }
        self.shard(name)
            .read()
            .get(name)
            .filter(is_busy)
            .map(Arc::clone)
    }

    fn shard(&self, name: &str) -> &RwLock<HashMap<String, Arc<Sandbox>>> {
        // The remainder is below 64.
        let index = self.hasher.hash_one(name) % SHARDS as u64;
        &self.shards[usize::try_from(index).unwrap_or(0)]
    }

    fn begin(&self, name: &str, now: Timestamp) -> Option<Arc<Sandbox>> {
        if !self.reserve() {
            if is_time(&self.looked_for_idle, now) {
                self.idle_ones_make_room(now);
            }
            self.reserve().then_some(())?;
        }
        let mut shard = self.shard(name).write();
        if let Some(other) = shard.get(name) {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return Some(Arc::clone(other));
        }
        let world = World::sharing(name, self.scenario(), self.birth, &self.room);
        let sandbox = Arc::new(Sandbox::new(world, now));
        shard.insert(name.to_owned(), Arc::clone(&sandbox));
        Some(sandbox)
    }

    fn reserve(&self) -> bool {
        let fits = |count: usize| (count < self.room.caps.sandboxes).then_some(count + 1);
        let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
        self.count.fetch_update(set, fetch, fits).is_ok()
    }

    fn idle_ones_make_room(&self, now: Timestamp) {
        for shard in &self.shards {
            let idle = |s: &Arc<Sandbox>| s.unused_for(self.room.caps.sandbox_idle, now);
            if !shard.read().values().any(idle) {
                continue;
            }
            let gone: Vec<_> = shard.write().extract_if(|_, s| idle(s)).collect();
            self.count.fetch_sub(gone.len(), Ordering::Relaxed);
        }
    }

    /// Journals of sandboxes that have been quiet are emptied, those that were so for longest first, until
    /// there is room. One that is busy at this moment is not waited for.
    fn quiet_ones_make_room(&self, now: Timestamp) {
        let mut quiet = Vec::new();
        let mut consider = |sandbox: &Arc<Sandbox>| {
            if sandbox.unused_for(QUIET, now) {
                quiet.push((sandbox.used(), Arc::clone(sandbox)));
            }
        };
        consider(&self.default);
        for shard in &self.shards {
            shard.read().values().for_each(&mut consider);
        }
        quiet.sort_unstable_by_key(|(used, _)| *used);
        for (_, sandbox) in quiet {
            if self.room.budget.has_room() {
                break;
            }
            if let Some(mut world) = sandbox.try_lock() {
                world.journal.make_room();
            }
        }
        if self.room.budget.has_room() {
            // Whoever needs room next need not wait.
            self.looked_for_quiet.store(i64::MIN, Ordering::Relaxed);
        }
    }
}

/// Whether the last time is a while ago; then that is now, for one of those who ask at once.
fn is_time(last: &AtomicI64, now: Timestamp) -> bool {
    let before = last.load(Ordering::Relaxed);
    let due = Timestamp::from_micros(before).plus(PAUSE) <= now;
    let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
    due && last
        .compare_exchange(before, now.micros(), set, fetch)
        .is_ok()
}

/// Real time, whatever the clocks of the sandboxes show.
fn wall() -> Timestamp {
    Clock::new(ClockSetting::Real).now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Call;
    use crate::journal::{Exchange, Notes, Question};
    use crate::reply::Reply;
    use crate::scenario::facts::Facts;
    use crate::scenario::verdict::Verdict;
    use http::{Method, StatusCode};

    const BIRTH: Birth = Birth {
        seed: 1,
        clock: ClockSetting::Frozen(Timestamp::from_micros(0)),
    };

    fn sandboxes(capacity: usize, bytes: usize) -> Sandboxes {
        let mut caps = Caps::default();
        (caps.sandboxes, caps.journal_size) = (capacity, bytes);
        Sandboxes::bounded(Arc::default(), BIRTH, caps)
    }

    fn names(sandboxes: &Sandboxes) -> Vec<String> {
        sandboxes.usage().into_iter().map(|u| u.name).collect()
    }

    fn after(seconds: u64) -> Timestamp {
        wall().plus(Duration::from_secs(seconds))
    }

    /// A call of ten kilobytes there.
    fn record(all: &Sandboxes, name: &str, now: Timestamp) {
        let sandbox = all.at(name, now).unwrap();
        let mut call = Call::new(Method::GET, "/");
        call.body = vec![b'a'; 10_000].into();
        sandbox.lock().journal.record(Exchange {
            at: now,
            event: None,
            question: Question::of(&call),
            call: &call,
            row: None,
            facts: Facts::default(),
            verdict: &Verdict::default(),
            reply: &Reply::empty(StatusCode::OK),
            decided_by: "default".into(),
            payments: crate::journal::AllConcerned::new(),
            notes: Notes::default(),
            scenario: &Arc::default(),
        });
    }

    #[test]
    fn idle_sandboxes_make_room_when_it_is_needed() {
        let all = sandboxes(2, 1 << 26);
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
        let all = sandboxes(100, 1 << 26);
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
        let write = |name: &str, seconds: u64| record(&all, name, after(seconds));
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

    #[test]
    fn a_look_for_quiet_journals_that_finds_none_is_not_repeated_at_once() {
        let all = sandboxes(9, 56_000); // five entries of this size
        let begun = wall();
        let at = |millis: u64| begun.plus(Duration::from_millis(millis));
        let kept = |name: &str| {
            let sandbox = all.at(name, begun).unwrap();
            let world = sandbox.lock();
            world.journal.entries().len()
        };
        (0..5).for_each(|_| record(&all, "first", at(0)));
        record(&all, "second", at(59_500));
        assert_eq!(kept("first"), 5, "it is not quiet yet");
        record(&all, "second", at(60_300));
        assert_eq!(kept("first"), 5, "nobody looks so soon again");
        record(&all, "second", at(60_600));
        assert_eq!((kept("first"), kept("second")), (0, 1));
    }

    #[test]
    fn as_many_quiet_journals_make_room_as_it_takes() {
        let one = sandboxes(1, 1 << 20);
        record(&one, "one", after(0));
        // all but full
        let all = sandboxes(40, one.room.budget.used() * 75 / 2);
        for n in 0..37 {
            record(&all, &format!("s{n:02}"), after(n));
        }
        assert!(all.room.budget.is_short());
        record(&all, "busy", after(120));
        let kept = |n: u64| {
            let sandbox = all.at(&format!("s{n:02}"), after(120)).unwrap();
            let world = sandbox.lock();
            world.journal.entries().len()
        };
        let emptied = (0..37).filter(|n| kept(*n) == 0).count();
        assert!((2..10).contains(&emptied), "{emptied}");
        let latest = (0..37).find(|n| kept(*n) > 0).unwrap();
        assert_eq!(latest, emptied as u64, "those that were quiet for longest");
    }
}

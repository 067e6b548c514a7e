//! A sandbox as it stands, to be written down and put back: here, in another sandbox, in another process.
//! The journal is not part of it, for it is about calls, not about what is.

use super::{Ids, Kept, World};
use crate::clock::{Clock, Timestamp};
use crate::domain::shelf::Shelf;
use crate::domain::state::State;
use crate::scenario::engine::Progress;
use crate::scenario::{Catalog, Layer, Scenario};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The format that is written, and the only one that is read.
pub const VERSION: u32 = 2;

/// A snapshot that is taken: what is large is lent by the sandbox.
type Taken<'w> = Written<&'w Ids, &'w Progress, &'w Shelf<String, Kept>, &'w State>;

/// A snapshot that was read.
pub type Snapshot = Written<Ids, Progress, Shelf<String, Kept>, State>;

/// All of a sandbox that decides about its answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written<I, P, A, S> {
    /// [`VERSION`]
    pub version: u32,
    /// the files that were given, the later over the earlier; none: the built-in scenario
    pub scenario: Vec<Script>,
    /// what was set of their variables
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<(String, String)>,
    /// the name that chance and ids follow from
    origin: String,
    seed: u64,
    born: Timestamp,
    settled: Timestamp,
    stocked: bool,
    clock: Clock,
    ids: I,
    progress: P,
    answers: A,
    state: S,
}

/// One file of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// what it is called
    pub name: String,
    /// its TOML
    pub source: String,
}

/// The files of a scenario.
pub fn scripts(scenario: &Scenario) -> Vec<Script> {
    let script = |layer: &Layer| Script {
        name: layer.name.clone(),
        source: layer.text.clone(),
    };
    scenario.layers.iter().map(script).collect()
}

impl Snapshot {
    /// Reads anew the rules that were added for a while, which are written as they were given. Err: one of them
    /// is no good in this scenario.
    pub fn revive(&mut self, scenario: &Scenario, catalog: &Catalog) -> Result<(), String> {
        let added = &mut self.progress.added;
        added.revive(scenario, catalog)
    }
}

impl World {
    /// As it stands. Every field is named, so that a new one is not forgotten.
    pub fn snapshot(&self) -> impl Serialize {
        let Self {
            name: _,
            state,
            scenario,
            progress,
            answers,
            journal: _,
            clock,
            ids,
            seed,
            born,
            settled,
            next: _,
            timer: _,
            own_scenario: _, // whoever restores it says so
            stocked,
            origin,
            stake: _,
            room: _,
        } = self;
        Taken {
            version: VERSION,
            scenario: scripts(scenario),
            set: scenario.set.clone(),
            origin: origin.clone(),
            seed: *seed,
            born: *born,
            settled: *settled,
            stocked: *stocked,
            clock: *clock,
            ids,
            progress,
            answers,
            state,
        }
    }

    /// It becomes what the snapshot says, playing `scenario`, which is the snapshot's. Name and journal
    /// stay its own.
    pub fn restore(&mut self, snapshot: Snapshot, scenario: Arc<Scenario>) {
        let Snapshot {
            version: _,
            scenario: _,
            set: _,
            origin,
            seed,
            born,
            settled,
            stocked,
            clock,
            ids,
            progress,
            answers,
            state,
        } = snapshot;
        self.own_scenario |= !Arc::ptr_eq(&self.scenario, &scenario);
        self.scenario = scenario;
        self.origin = origin;
        self.seed = seed;
        self.born = born;
        self.settled = settled;
        self.timer = None;
        self.stocked = stocked;
        self.clock = clock;
        self.ids = ids;
        self.progress = progress;
        self.answers = answers;
        self.answers.bound(self.room.caps.kept_answers);
        self.state = state;
        self.state.bound(&self.room.caps);
        let reserved_for = self.scenario.settings.craftgate.preauth_lifetime;
        self.state.note_all(settled, reserved_for);
        self.note();
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::pan::Pan;
    use crate::domain::published;

    fn written(pan: &Pan) -> String {
        serde_json::to_string(pan).unwrap()
    }

    fn read(text: &str) -> Result<Pan, String> {
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    #[test]
    fn every_published_card_comes_back_whole() {
        for card in published::test_cards() {
            let pan = Pan::parse(card.pan).unwrap();
            let text = written(&pan);
            assert!(!text.contains(card.pan), "{text}");
            assert_eq!(read(&text), Ok(pan), "{text}");
        }
    }

    #[test]
    fn of_other_cards_bin_and_last_four_come_back() {
        for (number, mask) in [
            ("4539578763621486", "45395787****1486"),
            ("36700102000018", "367001****0018"),
        ] {
            let pan = Pan::parse(number).unwrap();
            let text = written(&pan);
            assert!(text.contains(mask) && text.contains("note"), "{text}");
            let known = read(&text).unwrap();
            assert_eq!(known.digits(), mask);
            assert_eq!(
                (known.bin(), known.last_four()),
                (pan.bin(), pan.last_four())
            );
            assert_eq!(written(&known), text, "and is written so again");
        }
    }

    #[test]
    fn what_is_no_card_is_refused() {
        for text in [
            r#"{"pan": ""}"#,
            r#"{"pan": "4539578763621487"}"#,
            r#"{"pan": "453957****"}"#,
            r#"{"pan": "4539578*****1486**"}"#,
            r#"{"pan": "453957*7****1486"}"#,
            r#"{"pan": "453957876***1486"}"#,
            r#"{"pan": "4539578787871486"}"#,
            r#"{"pan": "٣39578*********1486"}"#,
            r#"{"test_card": 0, "pan": "453957******1486"}"#,
            r#"{"test_card": 100000, "pan": "525864******0001"}"#,
            r#"{"pan": "453957******1486", "cvv": "123"}"#,
        ] {
            let refused = read(text).unwrap_err();
            assert!(!refused.contains("4539578763621487"), "{refused}");
        }
    }
}

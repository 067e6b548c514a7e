//! How much of everything there may be, and how long it may take: one row a limit. Flags, variables,
//! the keys of a scenario's `[server]` table, `--print-config` and `docs/limits.md` follow from these rows.

use super::{Setting, Source};
use std::time::Duration;

/// Which limit: its place in [`LIMITS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each has its row, which says what it is")]
pub enum Limit {
    HeadSize,
    HeadFields,
    HeaderTimeout,
    BodySize,
    BodyTimeout,
    JsonDepth,
    IdleTimeout,
    WriteTimeout,
    Connections,
    Requests,
    Threads,
    Sandboxes,
    SandboxIdle,
    StoreEntries,
    StateEntries,
    Challenges,
    Webhooks,
    KeptAnswers,
    JournalEntries,
    JournalSize,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// milliseconds, written `10s`
    Time,
    /// bytes, written `64KiB`
    Size,
    /// things
    Count,
}

/// One limit.
#[derive(Debug)]
pub struct Row {
    /// which
    pub limit: Limit,
    /// the flag; the variable and the key follow from it
    pub name: &'static str,
    /// what it counts
    pub unit: Unit,
    /// when nobody says anything
    pub default: u64,
    /// the least that can be set
    pub least: u64,
    /// the most that can be set
    pub most: u64,
    /// what is limited
    pub about: &'static str,
    /// what happens beyond it
    pub beyond: &'static str,
}

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;

const fn time(limit: Limit, name: &'static str, default: u64) -> Row {
    row((limit, name), Unit::Time, default, (1, HOUR))
}

const fn size(limit: Limit, name: &'static str, default: u64, range: (u64, u64)) -> Row {
    row((limit, name), Unit::Size, default, range)
}

const fn count(limit: Limit, name: &'static str, default: u64, range: (u64, u64)) -> Row {
    row((limit, name), Unit::Count, default, range)
}

const fn row(
    (limit, name): (Limit, &'static str),
    unit: Unit,
    default: u64,
    (least, most): (u64, u64),
) -> Row {
    Row {
        limit,
        name,
        unit,
        default,
        least,
        most,
        about: "",
        beyond: "",
    }
}

/// All of them, in the order of [`Limit`].
pub const LIMITS: [Row; 20] = [
    Row {
        about: "The longest head of a request",
        beyond: "431, and the connection is closed",
        ..size(Limit::HeadSize, "head-size", 64 * KIB, (8 * KIB, MIB))
    },
    Row {
        about: "The most header fields of a request",
        beyond: "431, and the connection is closed",
        ..count(Limit::HeadFields, "head-fields", 100, (16, 1_000))
    },
    Row {
        about: "How long a request's head may take from its first byte, and a TLS handshake",
        beyond: "the connection is closed",
        ..time(Limit::HeaderTimeout, "header-timeout", 10 * SECOND)
    },
    Row {
        about: "The longest body; a snapshot that is put back may have 32 MiB",
        beyond: "413, before the body is read where its length was told, and the connection is closed",
        ..size(Limit::BodySize, "body-size", MIB, (KIB, 64 * MIB))
    },
    Row {
        about: "How long a request's body may take",
        beyond: "408, and the connection is closed",
        ..time(Limit::BodyTimeout, "body-timeout", 10 * SECOND)
    },
    Row {
        about: "How deep the values of a JSON body may lie in each other",
        beyond: "400",
        ..count(Limit::JsonDepth, "json-depth", 64, (4, 127))
    },
    Row {
        about: "How long a connection may wait for a request",
        beyond: "the connection is closed",
        ..time(Limit::IdleTimeout, "idle-timeout", 75 * SECOND)
    },
    Row {
        about: "How long an answer may lie unread",
        beyond: "the connection is closed",
        ..time(Limit::WriteTimeout, "write-timeout", 30 * SECOND)
    },
    Row {
        about: "The most connections; never more than the process may open files, less a quarter (128 at most) for itself",
        beyond: "new ones wait in the system's queue until one is closed",
        ..count(Limit::Connections, "connections", 12_000, (1, 1_000_000))
    },
    Row {
        about: "The most requests that are being read or held at once",
        beyond: "503 with `Retry-After`",
        ..count(Limit::Requests, "requests", 4_096, (1, 1_000_000))
    },
    Row {
        about: "The most threads that answer calls; one is the cheapest, more are for load on several sandboxes and a machine with cores to spare",
        beyond: "calls wait for each other",
        ..count(Limit::Threads, "threads", 1, (1, 64))
    },
    Row {
        about: "The most sandboxes beside the default one",
        beyond: "the idle ones make room; when none is, 503 with `Retry-After` for new names",
        ..count(Limit::Sandboxes, "sandboxes", 10_000, (1, 1_000_000))
    },
    Row {
        about: "After how long without a call a sandbox makes room for others, when room is needed",
        beyond: "it begins anew when it is called again",
        ..time(Limit::SandboxIdle, "sandbox-idle", HOUR)
    },
    Row {
        about: "The most entries in each store of a sandbox: sessions, tokens, references, payments, refunds, orders, stored cards, hosted pages, wallet accounts and steps",
        beyond: "the oldest entry makes room",
        ..count(
            Limit::StoreEntries,
            "store-entries",
            100_000,
            (10, 10_000_000),
        )
    },
    Row {
        about: "The most entries in the stores of all sandboxes together, challenges, webhooks and kept answers included; what a call adds is counted when it is over",
        beyond: "the oldest entries of whichever sandbox is called make room, unless it holds less than an equal share",
        ..count(
            Limit::StateEntries,
            "state-entries",
            500_000,
            (1_000, 100_000_000),
        )
    },
    Row {
        about: "The most 3-D Secure challenges of a sandbox",
        beyond: "the oldest makes room",
        ..count(Limit::Challenges, "challenges", 100_000, (10, 10_000_000))
    },
    Row {
        about: "The most webhooks of a sandbox, those that were delivered included",
        beyond: "the oldest makes room, delivered or not",
        ..count(Limit::Webhooks, "webhooks", 10_000, (10, 1_000_000))
    },
    Row {
        about: "The most answers that a sandbox keeps for idempotency keys",
        beyond: "the oldest makes room",
        ..count(Limit::KeptAnswers, "kept-answers", 2_000, (10, 1_000_000))
    },
    Row {
        about: "The most entries of a sandbox's journal",
        beyond: "the oldest makes room",
        ..count(
            Limit::JournalEntries,
            "journal-entries",
            1_000,
            (10, 1_000_000),
        )
    },
    Row {
        about: "How many bytes all journals have together; one sandbox has an eighth at most, or 1 MiB",
        beyond: "the oldest entries make room; then those of sandboxes that nobody called for a minute",
        ..size(
            Limit::JournalSize,
            "journal-size",
            64 * MIB,
            (MIB, 16 * 1024 * MIB),
        )
    },
];

impl Row {
    /// Reads a value. Err says what was expected.
    pub fn read(&self, text: &str) -> Result<u64, String> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let times = match (self.unit, unit) {
            (Unit::Time, "ms") | (Unit::Size | Unit::Count, "") => Some(1),
            (Unit::Time, "s") => Some(SECOND),
            (Unit::Time, "m") => Some(60 * SECOND),
            (Unit::Time, "h") => Some(HOUR),
            (Unit::Size, "KiB") => Some(KIB),
            (Unit::Size, "MiB") => Some(MIB),
            (Unit::Size, "GiB") => Some(1024 * MIB),
            _ => None,
        };
        let number = number.parse::<u64>().ok();
        let value = number
            .zip(times)
            .and_then(|(n, times)| n.checked_mul(times));
        let value = value.filter(|value| (self.least..=self.most).contains(value));
        value.ok_or_else(|| self.expected())
    }

    /// The reverse of [`Self::read`].
    pub fn text(&self, value: u64) -> String {
        let units: &[(u64, &str)] = match self.unit {
            Unit::Time => &[(HOUR, "h"), (SECOND, "s"), (1, "ms")],
            Unit::Size => &[(MIB, "MiB"), (KIB, "KiB"), (1, "")],
            Unit::Count => &[(1, "")],
        };
        let whole = units.iter().find(|(unit, _)| value.is_multiple_of(*unit));
        let (unit, name) = whole.copied().unwrap_or((1, ""));
        format!("{}{name}", value / unit)
    }

    /// The key of a scenario's `[server]` table.
    pub fn key(&self) -> String {
        self.name.replace('-', "_")
    }

    fn expected(&self) -> String {
        let what = match self.unit {
            Unit::Time => "a time",
            Unit::Size => "a size",
            Unit::Count => "a whole number",
        };
        let [least, most, usual] = [self.least, self.most, self.default].map(|n| self.text(n));
        format!("expected {what} from `{least}` to `{most}`, like `{usual}`")
    }
}

/// What a scenario's `[server]` table says of the limits.
pub type Given = [Option<u64>; LIMITS.len()];

/// The limits that hold, and who said so.
#[derive(Debug, Clone)]
pub struct Limits([Setting<u64>; LIMITS.len()]);

impl Default for Limits {
    fn default() -> Self {
        Self(LIMITS.map(|row| Setting::new(row.default)))
    }
}

impl Limits {
    /// Each row with what holds.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Row, &Setting<u64>)> {
        const ROWS: &[Row] = &LIMITS;
        ROWS.iter().zip(&self.0)
    }

    /// What holds, to change.
    pub fn setting(&mut self, limit: Limit) -> &mut Setting<u64> {
        &mut self.0[limit as usize]
    }

    /// Takes what is given, where `source` outranks the present one.
    pub fn fill(&mut self, given: &Given, source: Source) {
        for (setting, value) in self.0.iter_mut().zip(given) {
            setting.fill(*value, source);
        }
    }

    /// So many.
    pub fn count(&self, limit: Limit) -> usize {
        usize::try_from(self.0[limit as usize].value).unwrap_or(usize::MAX)
    }

    /// So long.
    pub const fn time(&self, limit: Limit) -> Duration {
        Duration::from_millis(self.0[limit as usize].value)
    }

    /// Those of the sandboxes.
    pub fn caps(&self) -> Caps {
        Caps {
            sandboxes: self.count(Limit::Sandboxes),
            sandbox_idle: self.time(Limit::SandboxIdle),
            store_entries: self.count(Limit::StoreEntries),
            state_entries: self.count(Limit::StateEntries),
            challenges: self.count(Limit::Challenges),
            webhooks: self.count(Limit::Webhooks),
            kept_answers: self.count(Limit::KeptAnswers),
            journal_entries: self.count(Limit::JournalEntries),
            journal_size: self.count(Limit::JournalSize),
        }
    }
}

/// How much sandboxes may hold; each field has its row in [`LIMITS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each has its row, which says what it is")]
pub struct Caps {
    pub sandboxes: usize,
    pub sandbox_idle: Duration,
    pub store_entries: usize,
    pub state_entries: usize,
    pub challenges: usize,
    pub webhooks: usize,
    pub kept_answers: usize,
    pub journal_entries: usize,
    pub journal_size: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Limits::default().caps()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order_and_read_their_own_text() {
        for (place, row) in LIMITS.iter().enumerate() {
            assert_eq!(row.limit as usize, place, "{}", row.name);
            assert!(!row.about.is_empty() && !row.beyond.is_empty());
            assert!((row.least..=row.most).contains(&row.default));
            for value in [row.least, row.default, row.most] {
                assert_eq!(row.read(&row.text(value)), Ok(value), "{}", row.name);
            }
            for value in [row.least - 1, row.most + 1] {
                assert!(row.read(&row.text(value)).is_err(), "{} {value}", row.name);
            }
        }
    }

    #[test]
    fn values_are_bounded_and_have_their_unit() {
        let [time, size, count] = [Limit::IdleTimeout, Limit::BodySize, Limit::JsonDepth]
            .map(|limit| &LIMITS[limit as usize]);
        assert_eq!(time.read("60m"), Ok(HOUR));
        assert_eq!(time.text(1_500), "1500ms");
        assert_eq!(size.read("2048"), Ok(2 * KIB));
        for (row, text) in [
            (time, ""),
            (time, "10"),
            (time, "s"),
            (time, "0s"),
            (time, "61m"),
            (time, "-1s"),
            (time, "1.5s"),
            (time, "10 s"),
            (time, "99999999999999999999s"),
            (size, "1KB"),
            (size, "64 KiB"),
            (size, "99999999999999GiB"),
            (count, "8x"),
            (count, "+8"),
        ] {
            let why = row.read(text).unwrap_err();
            assert!(why.starts_with("expected a "), "{text}: {why}");
        }
    }
}

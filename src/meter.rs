//! What the process has counted since it began: calls by endpoint and class of status, how long answers took,
//! connections, webhooks. Atomic counters, touched once a call, read by `/__mockpos/metrics`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The endpoint of calls that reached none.
pub const NO_ENDPOINT: &str = "none";

/// Upper bounds of the buckets for the time of an answer, in microseconds.
const BOUNDS: [u64; 10] = [
    100, 250, 1_000, 5_000, 25_000, 100_000, 500_000, 1_000_000, 5_000_000, 30_000_000,
];

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn count(&self) {
        self.add(1);
    }

    /// So many more.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// So many so far.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Answers by the first digit of their status, 1 to 5.
#[derive(Debug, Default)]
pub struct Answered([Counter; 5]);

impl Answered {
    fn count(&self, status: u16) {
        let class = usize::from(status / 100).clamp(1, self.0.len());
        self.0[class - 1].count();
    }

    /// `2xx` and how many; classes that never came are left out.
    pub fn by_class(&self) -> impl Iterator<Item = (&'static str, u64)> {
        const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
        let counted = CLASSES.into_iter().zip(self.0.iter().map(Counter::value));
        counted.filter(|(_, count)| *count > 0)
    }
}

/// How long answers took.
#[derive(Debug, Default)]
pub struct Durations {
    /// one more than there are bounds: the last is for what took longer
    buckets: [Counter; BOUNDS.len() + 1],
    micros: Counter,
}

impl Durations {
    fn count(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.partition_point(|bound| *bound < micros);
        self.buckets[bucket].count();
        self.micros.add(micros);
    }

    /// All of them together.
    pub fn sum(&self) -> Duration {
        Duration::from_micros(self.micros.value())
    }

    /// The upper bound of each bucket and how many answers fell into it; no bound: those that took longer.
    pub fn buckets(&self) -> impl Iterator<Item = (Option<Duration>, u64)> {
        let bounds = BOUNDS.map(Duration::from_micros).map(Some).into_iter();
        let bounds = bounds.chain([None]);
        bounds.zip(self.buckets.iter().map(Counter::value))
    }
}

/// The counters of the process.
#[derive(Debug, Default)]
pub struct Meter {
    /// by surface and endpoint; the keys are fixed, so that no caller can make more of them
    calls: BTreeMap<(&'static str, &'static str), Answered>,
    /// from the request's head to the answer, waiting that was asked for included
    pub took: Durations,
    /// connections that were accepted
    pub accepted: Counter,
    /// connections that have ended
    pub closed: Counter,
    /// attempts at webhooks that the merchant took
    pub delivered: Counter,
    /// attempts at webhooks that failed
    pub undelivered: Counter,
}

impl Meter {
    /// A meter for these endpoints, each with its surface.
    pub fn new(rows: impl Iterator<Item = (&'static str, &'static str)>) -> Self {
        let mut meter = Self::default();
        let mut last = "";
        for (surface, endpoint) in rows {
            meter.calls.entry((surface, endpoint)).or_default();
            // Rows come surface by surface.
            if surface != last {
                meter.calls.entry((surface, NO_ENDPOINT)).or_default();
                last = surface;
            }
        }
        meter
    }

    /// One more call of that surface and endpoint was answered.
    pub fn answered(&self, row: (&'static str, &'static str), status: u16) {
        if let Some(answered) = self.calls.get(&row) {
            answered.count(status);
        }
    }

    /// One more answer took so long.
    pub fn took(&self, took: Duration) {
        self.took.count(took);
    }

    /// One more attempt at a webhook has ended.
    pub fn sent(&self, taken: bool) {
        match taken {
            true => self.delivered.count(),
            false => self.undelivered.count(),
        }
    }

    /// Surface, endpoint, and what was answered there.
    pub fn calls(&self) -> impl Iterator<Item = (&'static str, &'static str, &Answered)> {
        let rows = self.calls.iter();
        rows.map(|((surface, endpoint), answered)| (*surface, *endpoint, answered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_into_the_first_bucket_that_holds_them() {
        let durations = Durations::default();
        for micros in [0, 100, 101, 30_000_000, 30_000_001] {
            durations.count(Duration::from_micros(micros));
        }
        let counts: Vec<_> = durations.buckets().map(|(_, count)| count).collect();
        assert_eq!(counts, [2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(durations.sum(), Duration::from_micros(60_000_202));
    }

    #[test]
    fn only_known_rows_are_counted() {
        let meter = Meter::new([("bank", "bank.page.read")].into_iter());
        meter.answered(("bank", "bank.page.read"), 200);
        meter.answered(("bank", NO_ENDPOINT), 404);
        meter.answered(("bank", "made up"), 200);
        let counted = meter.calls().flat_map(|(_, endpoint, answered)| {
            answered
                .by_class()
                .map(move |(class, n)| (endpoint, class, n))
        });
        let counted: Vec<_> = counted.collect();
        assert_eq!(
            counted,
            [("bank.page.read", "2xx", 1), (NO_ENDPOINT, "4xx", 1)]
        );
    }
}

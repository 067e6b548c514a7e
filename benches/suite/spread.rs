//! Samples of one thing, and what they say: whole numbers of a unit, their median and range.

use serde_json::{Value, json};

/// What a number counts, and how people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// nanoseconds
    Nanos,
    /// nanoseconds of CPU time a request, read as seconds for a thousand
    CpuOfRequest,
    /// KiB
    Kib,
    /// bytes
    Bytes,
    /// things
    Count,
    /// hundredths of one
    Hundredths,
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Nanos => "ns",
            Self::CpuOfRequest => "CPU ns a request",
            Self::Kib => "KiB",
            Self::Bytes => "bytes",
            Self::Count => "count",
            Self::Hundredths => "hundredths",
        }
    }

    fn text(self, n: u64) -> String {
        match self {
            Self::Nanos if n < 1_000_000 => format!("{}.{} µs", n / 1_000, n / 100 % 10),
            Self::Nanos => format!("{}.{:02} ms", n / 1_000_000, n / 10_000 % 100),
            Self::CpuOfRequest => format!("{}.{:04}", n / 1_000_000, n / 100 % 10_000),
            Self::Kib => format!("{}.{} MiB", n / 1024, n % 1024 * 10 / 1024),
            Self::Bytes if n < 10_000 => format!("{n} B"),
            Self::Bytes if n < 1 << 20 => format!("{}.{} KiB", n >> 10, n % 1024 * 10 / 1024),
            Self::Bytes => format!("{}.{} MiB", n >> 20, n % (1 << 20) * 10 / (1 << 20)),
            Self::Count => grouped(n),
            Self::Hundredths => format!("{}.{:02} ×", n / 100, n % 100),
        }
    }
}

/// `1000000` as `1,000,000`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The median of samples, and the least and the greatest of them.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    low: u64,
    median: u64,
    high: u64,
    one: bool,
    unit: Unit,
}

impl Spread {
    /// Of at least one sample.
    pub fn of(unit: Unit, samples: impl IntoIterator<Item = u64>) -> Self {
        let mut samples: Vec<_> = samples.into_iter().collect();
        samples.sort_unstable();
        let at = |i: usize| samples.get(i).copied().unwrap_or(0);
        Self {
            low: at(0),
            median: at(samples.len() / 2),
            high: at(samples.len().saturating_sub(1)),
            one: samples.len() <= 1,
            unit,
        }
    }

    /// How many times `of` each sample is, pair by pair: what disturbed both does not show.
    pub fn ratio(own: &[u64], of: &[u64]) -> Self {
        let pairs = own.iter().zip(of);
        Self::of(
            Unit::Hundredths,
            pairs.map(|(own, of)| own * 100 / (*of).max(1)),
        )
    }

    /// For people: `12.3 µs (11.9–14.0)`.
    pub fn text(&self) -> String {
        let text = |n| self.unit.text(n);
        if self.one {
            return text(self.median);
        }
        format!(
            "{} ({}–{})",
            text(self.median),
            text(self.low),
            text(self.high)
        )
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({"median": self.median, "low": self.low, "high": self.high, "unit": self.unit.name()})
    }
}

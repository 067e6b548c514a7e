//! Time of a sandbox: real, or frozen. The only place that reads the wall clock.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// A moment in UTC, microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This much later; stays where it is when the sum does not fit.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        let micros = i64::try_from(span.as_micros()).unwrap_or(0);
        Self(self.0.saturating_add(micros))
    }

    /// How long ago `earlier` was; nothing when it was not.
    pub fn since(self, earlier: Self) -> Duration {
        let micros = self.0.saturating_sub(earlier.0);
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    }

    /// As date and time in UTC.
    pub fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// As date and time in Turkey, which keeps UTC+3 all year.
    pub fn turkey(self) -> OffsetDateTime {
        self.utc()
            .to_offset(UtcOffset::from_hms(3, 0, 0).unwrap_or(UtcOffset::UTC))
    }

    /// `2026-01-02T03:04:05.000006Z`: six digits of a second, as Django writes it.
    pub fn iso_micros(self) -> String {
        let t = self.utc();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.microsecond()
        )
    }

    /// `20260102030405` in Turkey, the stem of order numbers.
    pub fn turkey_digits(self) -> String {
        let t = self.turkey();
        format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }
}

/// How a sandbox tells the time: `real`, or `frozen:RFC3339`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockSetting {
    /// the wall clock
    #[default]
    Real,
    /// always this moment
    Frozen(Timestamp),
}

impl FromStr for ClockSetting {
    type Err = String;

    /// Err says what was expected.
    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("`{text}` is no clock: expected `real` or `frozen:2026-01-02T03:04:05Z`");
        match text.split_once(':') {
            None if text == "real" => Ok(Self::Real),
            Some(("frozen", moment)) => {
                let at = OffsetDateTime::parse(moment, &Rfc3339).map_err(|_| expected())?;
                let micros = i64::try_from(at.unix_timestamp_nanos() / 1000);
                Ok(Self::Frozen(Timestamp(micros.map_err(|_| expected())?)))
            }
            _ => Err(expected()),
        }
    }
}

impl fmt::Display for ClockSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => f.write_str("real"),
            Self::Frozen(at) => write!(
                f,
                "frozen:{}",
                at.utc().format(&Rfc3339).unwrap_or_default()
            ),
        }
    }
}

/// The clock of one sandbox.
#[derive(Debug, Clone, Copy)]
pub struct Clock(ClockSetting);

impl Clock {
    /// A clock of this kind.
    pub const fn new(setting: ClockSetting) -> Self {
        Self(setting)
    }

    /// How it tells the time.
    pub const fn setting(self) -> ClockSetting {
        self.0
    }

    /// The moment it is now in the sandbox.
    pub fn now(self) -> Timestamp {
        match self.0 {
            ClockSetting::Real => wall(),
            ClockSetting::Frozen(at) => at,
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that may")]
fn wall() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(i64::try_from(since.unwrap_or_default().as_micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_round_trip_and_say_what_they_expect() {
        for text in ["real", "frozen:2026-01-02T03:04:05Z"] {
            assert_eq!(text.parse::<ClockSetting>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "frozen",
            "frozen:",
            "frozen:yesterday",
            "Real",
            "shifted:1s",
        ] {
            let err = text.parse::<ClockSetting>().unwrap_err();
            assert!(err.contains("expected `real` or `frozen:"), "{err}");
        }
    }

    #[test]
    fn turkey_is_three_hours_ahead() {
        let ClockSetting::Frozen(at) = "frozen:2026-01-01T22:00:01Z".parse().unwrap() else {
            panic!("not frozen")
        };
        assert_eq!(at.turkey_digits(), "20260102010001");
        assert_eq!(at.iso_micros(), "2026-01-01T22:00:01.000000Z");
    }
}

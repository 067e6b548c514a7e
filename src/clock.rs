//! Time of a sandbox: real, shifted, or frozen. The only place that reads the wall clock.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, Time, UtcOffset};

/// A moment in UTC, microseconds since 1970.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
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

    /// This much earlier; stays where it is when the difference does not fit.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        let micros = i64::try_from(span.as_micros()).unwrap_or(0);
        Self(self.0.saturating_sub(micros))
    }

    /// How long ago `earlier` was; nothing when it was not.
    pub fn since(self, earlier: Self) -> Duration {
        let micros = self.0.saturating_sub(earlier.0);
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    }

    /// From RFC 3339: `2026-01-02T03:04:05Z`. None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos() / 1000)
            .ok()
            .map(Self)
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
        Digits::of(self.utc(), 7, true).with("Z")
    }

    /// `2026-01-02T06:04:05` in Turkey.
    pub fn turkey_time(self) -> impl fmt::Display {
        Digits::of(self.turkey(), 6, true)
    }

    /// The beginning of its day in Turkey.
    pub fn turkey_midnight(self) -> Self {
        let midnight = self.turkey().replace_time(Time::MIDNIGHT);
        let micros = midnight.unix_timestamp_nanos().div_euclid(1_000);
        i64::try_from(micros).map_or(self, Self)
    }

    /// The day in Turkey as a number, 260102, the stem of order numbers.
    pub fn turkey_day(self) -> u32 {
        let (year, month, day) = self.turkey().to_calendar_date();
        let year = u32::try_from(year.rem_euclid(100)).unwrap_or(0);
        year * 10_000 + u32::from(u8::from(month)) * 100 + u32::from(day)
    }

    /// `20260102030405` in Turkey.
    pub fn turkey_digits(self) -> String {
        Digits::of(self.turkey(), 6, false).with("")
    }
}

/// A date and a time as they are written. Every answer has some: formatters take several times as long.
struct Digits {
    text: [u8; 26],
    len: usize,
}

impl Digits {
    /// The first `count` of year, month, day, hour, minute, second and micros; `marked`: with what stands between them.
    fn of(at: OffsetDateTime, count: usize, marked: bool) -> Self {
        let (year, month, day) = at.to_calendar_date();
        let (hour, minute, second, micros) = at.to_hms_micro();
        let parts: [(&[u8], u32, u32); 7] = [
            (b"", u32::try_from(year).unwrap_or(0), 4),
            (b"-", u8::from(month).into(), 2),
            (b"-", day.into(), 2),
            (b"T", hour.into(), 2),
            (b":", minute.into(), 2),
            (b":", second.into(), 2),
            (b".", micros, 6),
        ];
        let (text, len) = ([0; 26], 0);
        let mut digits = Self { text, len };
        for (mark, number, width) in parts.into_iter().take(count) {
            if marked {
                mark.iter().for_each(|byte| digits.push(*byte));
            }
            for place in (0..width).rev() {
                let digit = number / 10_u32.pow(place) % 10;
                digits.push(b'0' + u8::try_from(digit).unwrap_or(0));
            }
        }
        digits
    }

    const fn push(&mut self, byte: u8) {
        self.text[self.len] = byte;
        self.len += 1;
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..self.len]).unwrap_or_default()
    }

    fn with(&self, end: &str) -> String {
        [self.as_str(), end].concat()
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

/// How a sandbox tells the time when it begins: `real`, `frozen:RFC3339` or `shifted:15m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum ClockSetting {
    /// the wall clock
    #[default]
    Real,
    /// the wall clock, so much later
    Shifted(Duration),
    /// always this moment
    Frozen(Timestamp),
}

impl FromStr for ClockSetting {
    type Err = String;

    /// Err says what was expected.
    fn from_str(text: &str) -> Result<Self, String> {
        let found = match text.split_once(':') {
            None if text == "real" => Some(Self::Real),
            Some(("frozen", moment)) => Timestamp::parse(moment).map(Self::Frozen),
            Some(("shifted", by)) => span(by).map(Self::Shifted),
            _ => None,
        };
        found.ok_or_else(|| {
            format!(
                "`{text}` is no clock: expected `real`, `frozen:2026-01-02T03:04:05Z` or `shifted:15m`"
            )
        })
    }
}

impl fmt::Display for ClockSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => f.write_str("real"),
            Self::Shifted(by) => write!(f, "shifted:{}ms", by.as_millis()),
            Self::Frozen(at) => write!(
                f,
                "frozen:{}",
                at.utc().format(&Rfc3339).unwrap_or_default()
            ),
        }
    }
}

/// `800ms`, `2s`, `30m`, `12h`, `7d`: whole numbers, one unit. None for anything else.
pub fn span(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let millis: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    number.checked_mul(millis).map(Duration::from_millis)
}

/// The clock of one sandbox. It goes as it was set at birth, until it is told otherwise.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    born: ClockSetting,
    /// stands still there; None: it goes
    frozen: Option<Timestamp>,
    /// microseconds between the wall's time and ours, while it goes
    ahead: i64,
}

impl Clock {
    /// A clock of this kind.
    pub fn new(setting: ClockSetting) -> Self {
        let (frozen, ahead) = match setting {
            ClockSetting::Real => (None, 0),
            ClockSetting::Shifted(by) => (None, i64::try_from(by.as_micros()).unwrap_or(i64::MAX)),
            ClockSetting::Frozen(at) => (Some(at), 0),
        };
        Self {
            born: setting,
            frozen,
            ahead,
        }
    }

    /// How it told the time at birth.
    pub const fn setting(self) -> ClockSetting {
        self.born
    }

    /// The moment it is now in the sandbox.
    pub fn now(self) -> Timestamp {
        let going = || Timestamp(wall().0.saturating_add(self.ahead));
        self.frozen.unwrap_or_else(going)
    }

    /// Whether it stands still.
    pub const fn is_frozen(self) -> bool {
        self.frozen.is_some()
    }

    /// It stands still from now on.
    pub fn freeze(&mut self) {
        self.frozen = Some(self.now());
    }

    /// It stands still at this moment.
    pub const fn stand(&mut self, at: Timestamp) {
        self.frozen = Some(at);
    }

    /// It goes on from where it stood.
    pub fn unfreeze(&mut self) {
        if let Some(at) = self.frozen.take() {
            self.ahead = at.0.saturating_sub(wall().0);
        }
    }

    /// It shows this moment, and stands or goes as before.
    pub fn set(&mut self, at: Timestamp) {
        match &mut self.frozen {
            Some(frozen) => *frozen = at,
            None => self.ahead = at.0.saturating_sub(wall().0),
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
        for text in ["real", "frozen:2026-01-02T03:04:05Z", "shifted:900000ms"] {
            assert_eq!(text.parse::<ClockSetting>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "frozen",
            "frozen:",
            "frozen:yesterday",
            "Real",
            "shifted:",
            "shifted:-1s",
            "shifted:1y",
        ] {
            let err = text.parse::<ClockSetting>().unwrap_err();
            assert!(err.contains("expected `real`, `frozen:"), "{err}");
        }
    }

    #[test]
    fn a_clock_is_frozen_set_and_goes_on() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let noon = at("2026-01-02T12:00:00Z");
        let mut clock = Clock::new(ClockSetting::Frozen(noon));
        assert_eq!(clock.now(), noon);
        let later = noon.plus(Duration::from_secs(900));
        clock.set(later);
        assert_eq!((clock.now(), clock.is_frozen()), (later, true));
        clock.unfreeze();
        assert!(!clock.is_frozen() && clock.now() >= later);
        assert!(clock.now() < later.plus(Duration::from_secs(3600)));
        clock.set(noon);
        clock.freeze();
        let stands = clock.now();
        assert!(stands >= noon && clock.now() == stands);
        let hour = Duration::from_secs(3600);
        let shifted = Clock::new(ClockSetting::Shifted(hour));
        assert!(shifted.now() >= Clock::new(ClockSetting::Real).now());
    }

    #[test]
    fn turkey_is_three_hours_ahead() {
        let ClockSetting::Frozen(at) = "frozen:2026-01-01T22:00:01Z".parse().unwrap() else {
            panic!("not frozen")
        };
        assert_eq!(at.turkey_digits(), "20260102010001");
        assert_eq!(at.turkey_time().to_string(), "2026-01-02T01:00:01");
        let midnight = at.turkey_midnight();
        assert_eq!(midnight.iso_micros(), "2026-01-01T21:00:00.000000Z");
        assert_eq!(midnight.turkey_midnight(), midnight);
        assert_eq!(at.turkey_day(), 260_102);
        assert_eq!(at.iso_micros(), "2026-01-01T22:00:01.000000Z");
    }
}

//! What becomes of card numbers on calls that may be somebody's.

use std::fmt;
use std::str::FromStr;

/// What becomes of a card number that is no test number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PanGuard {
    /// refused where a card is asked for; where it stands in another text the answer warns
    #[default]
    Refuse,
    /// taken, and the answer warns
    Warn,
    /// taken
    Off,
}

impl PanGuard {
    /// As it is written, with its value.
    const ALL: [(&'static str, Self); 3] = [
        ("refuse", Self::Refuse),
        ("warn", Self::Warn),
        ("off", Self::Off),
    ];
}

impl fmt::Display for PanGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Self::ALL.iter().find(|(_, value)| value == self);
        f.write_str(known.map_or("", |(word, _)| word))
    }
}

impl FromStr for PanGuard {
    type Err = String;

    /// Err says what was expected.
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().find(|(word, _)| *word == text);
        let known = known.map(|(_, value)| *value);
        known.ok_or_else(|| "expected `refuse`, `warn` or `off`".to_owned())
    }
}

//! What can be told to a scenario: every key with its help, kind and example, from the types that
//! read it.

use std::fmt;

/// A key of a scenario file.
#[derive(Debug, Clone, Copy)]
pub struct Knob {
    /// the key
    pub name: &'static str,
    /// what it does
    pub doc: &'static str,
    /// what may stand there
    pub kind: Kind,
    /// whether it must be given
    pub required: bool,
    /// one line of TOML
    pub example: &'static str,
}

/// What may stand at a key.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// true or false
    Flag,
    /// a string, and what it must say
    Text(&'static str),
    /// a whole number
    Integer {
        /// the least
        min: i64,
        /// the greatest
        max: i64,
    },
    /// any number
    Number,
    /// one of these strings
    Words(&'static [&'static str]),
    /// any of these kinds
    Either(&'static [Kind]),
    /// a list
    List(&'static Kind),
    /// one, or a list of them
    OneOrMore(&'static Kind),
    /// a table with any keys
    Map(&'static Kind),
    /// a table with these keys
    Table(&'static [Knob]),
    /// anything
    Anything,
}

impl fmt::Display for Kind {
    /// After "expected".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("true or false"),
            Self::Text(what) => f.write_str(what),
            Self::Integer { min, max } if *max == i64::MAX => {
                write!(f, "a whole number from {min}")
            }
            Self::Integer { min, max } => write!(f, "a whole number from {min} to {max}"),
            Self::Number => f.write_str("a number"),
            Self::Words(_) => f.write_str("a string"),
            Self::Either(kinds) => {
                let mut told: Vec<String> = kinds.iter().map(Self::to_string).collect();
                told.dedup();
                f.write_str(&told.join(" or "))
            }
            Self::List(kind) => write!(f, "a list, each {kind}"),
            Self::OneOrMore(kind) => write!(f, "{kind}, or a list of them"),
            Self::Map(_) | Self::Table(_) => f.write_str("a table"),
            Self::Anything => f.write_str("a value"),
        }
    }
}

/// Every key of a scenario file.
pub const fn knobs() -> &'static [Knob] {
    super::file::File::KNOBS
}

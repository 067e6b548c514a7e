//! Values by name as they were sent, not read yet: of a JSON object, or of a query.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// One value as it was sent.
#[derive(Debug, Clone)]
pub enum Sent<'a> {
    /// JSON, not read yet
    Json(&'a RawValue),
    /// the texts of a query parameter, at least one
    Query(Vec<&'a str>),
}

/// Values by name, as they were sent. A call has a dozen of them: looking through a list takes less than building a
/// map. The last of two with one name counts.
#[derive(Debug, Default)]
pub struct Given<'a>(Vec<(Cow<'a, str>, Sent<'a>)>);

impl<'a> Given<'a> {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Sent<'a>> {
        self.last(|known| known == name)
    }

    /// As [`Self::get`], of names in lower case, whatever the case of `name`.
    pub fn named_like(&self, name: &str) -> Option<&Sent<'a>> {
        self.last(|known| known.eq_ignore_ascii_case(name))
    }

    fn last(&self, is: impl Fn(&str) -> bool) -> Option<&Sent<'a>> {
        let mut entries = self.0.iter().rev();
        let found = entries.find(|(known, _)| is(known));
        found.map(|(_, sent)| sent)
    }
}

impl<'a> FromIterator<(Cow<'a, str>, Sent<'a>)> for Given<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Sent<'a>)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// The entries of a JSON object; None when it is none.
pub fn object(raw: &RawValue) -> Option<Given<'_>> {
    serde_json::from_str(raw.get()).ok().map(|Object(map)| map)
}

/// A JSON object whose names and values stay where they are.
#[derive(Debug)]
pub struct Object<'a>(pub Given<'a>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Entries)
    }
}

/// A name without its quotes; serde copies texts unless it is told that they may be borrowed.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut given = Vec::with_capacity(16);
        while let Some((Key(name), raw)) = entries.next_entry()? {
            given.push((name, Sent::Json(raw)));
        }
        Ok(Object(Given(given)))
    }
}

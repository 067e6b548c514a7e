//! Values by name as they were sent, not read yet: of a JSON object, or of a query.

use crate::call::json::Value;
use std::borrow::Cow;

/// One value as it was sent.
#[derive(Debug, Clone, Copy)]
pub enum Sent<'g, 'a> {
    /// of a JSON object
    Json(Value<'a>),
    /// the texts of a query parameter, at least one
    Query(&'g [&'a str]),
}

/// Values by name, as they were sent.
#[derive(Debug)]
pub enum Given<'a> {
    /// a JSON object
    Json(Value<'a>),
    /// parameters, each with at least one text. There are few of them: looking through a list takes less than
    /// building a map.
    Query(Vec<(Cow<'a, str>, Vec<&'a str>)>),
}

impl<'a> Given<'a> {
    /// Nothing by any name.
    pub const NOTHING: Self = Self::Query(Vec::new());

    /// The value of that name; `folded`: of a name in lower case, whatever the case of `name`.
    pub fn get(&self, name: &str, folded: bool) -> Option<Sent<'_, 'a>> {
        match self {
            Self::Json(object) => object.get(name).map(Sent::Json),
            Self::Query(all) => {
                let is = |known: &str| known == name || folded && known.eq_ignore_ascii_case(name);
                let found = all.iter().find(|(known, _)| is(known));
                found.map(|(_, texts)| Sent::Query(texts))
            }
        }
    }
}

//! Objects and lists within.

use super::{DEEPEST, Fields, LONGEST};
use crate::call::form::Form;
use crate::call::json::Value;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::given::{Given, Sent};
use crate::surface::craftgate::text;
use std::borrow::Cow;
use std::fmt;

/// Where an object stands in another one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'n> {
    Field(&'n str),
    /// an entry of a list
    Entry(&'n str, usize),
    /// whichever entry
    Any(&'n str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Entry(name, n) => write!(f, "{name}[{n}]"),
            Self::Any(name) => write!(f, "{name}[]"),
        }
    }
}

impl<'a> Fields<'a> {
    /// An object, read by `read`.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Fields<'a>) -> T) -> Option<T> {
        self.hear(name, || (Form::Object(Vec::new()), false));
        if self.describes().is_some() {
            return Some(read(&mut self.within(Place::Field(name), Given::NOTHING)));
        }
        let value = self.value(name)?;
        self.inner(Place::Field(name), value, read)
    }

    /// As [`Self::object`], required.
    pub fn need_object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Fields<'a>) -> T,
    ) -> Option<T> {
        let known = self.problems.len();
        let found = self.object(name, read);
        self.hear(name, || (Form::Any, true));
        if found.is_none() && self.problems.len() == known {
            self.fail(name, Code::FieldMissing);
        }
        found
    }

    /// A list of objects, each read by `read`; absent is empty.
    pub fn list<T>(&mut self, name: &str, mut read: impl FnMut(&mut Fields<'a>) -> T) -> Vec<T> {
        self.hear(name, || {
            (Form::List(Box::new(Form::Object(Vec::new()))), false)
        });
        if self.describes().is_some() {
            let entry = &mut self.within(Place::Any(name), Given::NOTHING);
            return vec![read(entry)];
        }
        let Some(all) = self.entries(name) else {
            return Vec::new();
        };
        let mut list = Vec::with_capacity(all.len());
        for (n, value) in all.into_iter().enumerate() {
            list.extend(self.inner(Place::Entry(name, n), value, &mut read));
        }
        list
    }

    /// A list of numbers: JSON, or a query's repeated, bracketed or comma-joined parameter.
    pub fn ids(&mut self, name: &str) -> Vec<u64> {
        self.hear(name, || (Form::List(Box::new(Form::Digits)), false));
        let texts: Vec<String> = match self.sent(name) {
            Some(Sent::Query(texts)) => {
                let texts = texts.iter().flat_map(|text| text.split(','));
                texts
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
                    .collect()
            }
            Some(Sent::Json(_)) => {
                let all = self.entries(name).unwrap_or_default().into_iter();
                let text = |value: Value<'_>| value.scalar().map(Cow::into_owned);
                all.map(|value| text(value).unwrap_or_default()).collect()
            }
            None => Vec::new(),
        };
        let ids: Vec<u64> = texts.iter().filter_map(|text| text::id(text)).collect();
        if ids.len() != texts.len() {
            self.fail(name, Code::FieldMalformed);
        }
        ids
    }

    fn entries(&mut self, name: &str) -> Option<Vec<Value<'a>>> {
        let all = self.value(name)?.items();
        let all = all.map(|all| all.take(LONGEST + 1).collect());
        let all = all.filter(|all: &Vec<_>| all.len() <= LONGEST);
        if all.is_none() {
            self.fail(name, Code::FieldMalformed);
        }
        all
    }

    fn inner<T>(
        &mut self,
        place: Place<'_>,
        value: Value<'a>,
        read: impl FnOnce(&mut Fields<'a>) -> T,
    ) -> Option<T> {
        if !value.is_object() || self.depth >= DEEPEST {
            self.fail(&place.to_string(), Code::FieldMalformed);
            return None;
        }
        let mut inner = self.within(place, Given::Json(value));
        let value = read(&mut inner);
        self.problems
            .extend(inner.problems.into_iter().map(|mut wrong| {
                // What is wrong with the whole is nowhere.
                if !wrong.field.is_empty() {
                    wrong.field = format!("{place}.{}", wrong.field);
                }
                wrong
            }));
        Some(value)
    }
}

//! Objects and lists within.

use super::{DEEPEST, Fields, LONGEST, scalar};
use crate::call::form::Form;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::given::{Given, Sent, object};
use crate::surface::craftgate::text;
use serde_json::value::RawValue;
use std::borrow::Cow;

impl<'a> Fields<'a> {
    /// An object, read by `read`.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Fields<'a>) -> T) -> Option<T> {
        self.hear(name, || (Form::Object(Vec::new()), false));
        if self.describes().is_some() {
            return Some(read(&mut self.within(name, Given::default())));
        }
        let raw = self.value(name).filter(|raw| raw.get() != "null")?;
        self.inner(name, raw, read)
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
            let entry = &mut self.within(&format!("{name}[]"), Given::default());
            return vec![read(entry)];
        }
        let Some(all) = self.entries(name) else {
            return Vec::new();
        };
        let mut list = Vec::with_capacity(all.len());
        for (n, raw) in all.into_iter().enumerate() {
            list.extend(self.inner(&format!("{name}[{n}]"), raw, &mut read));
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
                let raw = self.entries(name).unwrap_or_default();
                let text = |raw: &RawValue| scalar(raw).map(Cow::into_owned);
                raw.into_iter()
                    .map(|raw| text(raw).unwrap_or_default())
                    .collect()
            }
            None => Vec::new(),
        };
        let ids: Vec<u64> = texts.iter().filter_map(|text| text::id(text)).collect();
        if ids.len() != texts.len() {
            self.fail(name, Code::FieldMalformed);
        }
        ids
    }

    fn entries(&mut self, name: &str) -> Option<Vec<&'a RawValue>> {
        let raw = self.value(name).filter(|raw| raw.get() != "null")?;
        let all: Option<Vec<&RawValue>> = serde_json::from_str(raw.get()).ok();
        let all = all.filter(|all| all.len() <= LONGEST);
        if all.is_none() {
            self.fail(name, Code::FieldMalformed);
        }
        all
    }

    fn inner<T>(
        &mut self,
        name: &str,
        raw: &'a RawValue,
        read: impl FnOnce(&mut Fields<'a>) -> T,
    ) -> Option<T> {
        let sent = object(raw).filter(|_| self.depth < DEEPEST);
        let Some(sent) = sent else {
            self.fail(name, Code::FieldMalformed);
            return None;
        };
        let mut inner = self.within(name, sent);
        let value = read(&mut inner);
        self.problems.append(&mut inner.problems);
        Some(value)
    }
}

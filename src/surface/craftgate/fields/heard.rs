//! Who listens to what is read, hears it here.

use super::Fields;
use super::nested::Place;
use crate::call::ear::{Ear, Part};
use crate::call::form::Form;
use crate::surface::craftgate::given::Given;

impl<'a> Fields<'a> {
    /// With somebody who listens to what is read.
    pub(in crate::surface::craftgate) fn heard_by(mut self, ear: Option<&'a Ear>) -> Self {
        self.ear = ear;
        self
    }

    /// Fields that the vendor documents, and that mean nothing here.
    pub(in crate::surface::craftgate) fn ignore(&self, names: &[(&str, Form)]) {
        if self.ear.is_some() {
            for (name, form) in names {
                self.hear(name, || (form.clone(), false));
            }
        }
    }

    pub(super) fn hear(&self, name: &str, what: impl FnOnce() -> (Form, bool)) {
        if let Some(ear) = self.ear {
            let part = if self.folded { Part::Query } else { Part::Body };
            ear.hear(part, &unnumbered(&format!("{}{name}", self.path)), what());
        }
    }

    /// Nobody calls: the reader is asked what it reads.
    pub(in crate::surface::craftgate) fn describes(&self) -> Option<bool> {
        self.ear?.describes()
    }

    /// The fields of an object within.
    pub(super) fn within(&self, place: Place<'_>, sent: Given<'a>) -> Self {
        let path = self.ear.map(|_| format!("{}{place}.", self.path));
        Self {
            sent,
            folded: self.folded,
            path: path.unwrap_or_default(),
            depth: self.depth + 1,
            problems: Vec::new(),
            ear: self.ear,
        }
    }
}

/// `items[3].price` is `items[].price`.
fn unnumbered(path: &str) -> String {
    let mut steps = path.split('[');
    let mut plain = steps.next().unwrap_or_default().to_owned();
    for step in steps {
        plain.push('[');
        plain.push_str(step.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    plain
}

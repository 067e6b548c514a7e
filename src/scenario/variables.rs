//! Values that a file leaves open: `[variables]` says which, `--set` fills them, `${name}` in a string stands for
//! them.

use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, Source, tick};
use crate::scenario::read::{Map, table};
use crate::scenario::suggest::nearest;
use crate::scenario::values::Name;
use std::borrow::Cow;
use std::collections::HashSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

table! {
    /// A value that can be set when the file is used.
    struct VariableRow {
        /// what it is when nobody sets it
        default: String = r#"default = "525864""#,
        /// what it is for, for people
        about: Option<Name> = r#"about = "the card that is declined""#,
    }
}

/// What a file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// stands in strings as `${name}`
    pub name: String,
    /// what it is when nobody sets it
    pub default: String,
    /// what it is for; empty: not said
    pub about: String,
}

impl VariableRow {
    /// As the file says it.
    pub fn variable(self, name: String) -> Open {
        let Self { default, about } = self;
        Open {
            name,
            default,
            about: about.map(|text| text.0).unwrap_or_default(),
        }
    }
}

/// The values by name, and which of them were asked for.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    all: Vec<Variable>,
    used: HashSet<String>,
    set: Vec<(String, String)>,
}

#[derive(Debug)]
struct Variable {
    name: String,
    value: String,
    place: Place,
}

/// The top-level keys whose strings stand for themselves.
const PLAIN: [&str; 2] = ["variables", "extends"];

impl Report {
    /// These names stand for these values, whatever the files say.
    pub fn set(&mut self, set: &[(String, String)]) {
        self.variables.set = set.to_vec();
    }

    /// As [`Self::declare`], of a scenario that was compiled before.
    pub fn declare_open(&mut self, open: &Open) {
        let set = self.variables.set.iter();
        let set = set.rev().find(|(known, _)| *known == open.name);
        let value = set.map_or(&open.default, |(_, value)| value).clone();
        let all = &mut self.variables.all;
        all.retain(|known| known.name != open.name);
        all.push(Variable {
            name: open.name.clone(),
            value,
            place: Place::default(),
        });
    }

    /// A file has variables. A later file's say over an earlier one's.
    pub fn declare(&mut self, rows: Map<VariableRow>) {
        for (name, row) in rows.0 {
            if !is_name(&name.value) {
                let why = format!("{} is no name for a variable", tick(&name.value));
                let found = self.say(Mistake::WrongValue, name.place, why);
                found.hint("letters, digits, `_` and `-`");
                continue;
            }
            let set = self.variables.set.iter();
            let set = set.rev().find(|(known, _)| *known == name.value);
            let variable = Variable {
                value: set.map_or(row.default, |(_, value)| value.clone()),
                name: name.value,
                place: name.place,
            };
            let all = &mut self.variables.all;
            all.retain(|known| known.name != variable.name);
            all.push(variable);
        }
    }

    /// Puts values in the place of names, in all strings of the source that is being read.
    pub fn substitute(&mut self, table: &mut DeTable<'_>) {
        if !self.sources[self.file].text.contains("${") {
            return;
        }
        for (key, value) in table.iter_mut() {
            if !PLAIN.contains(&key.get_ref().as_ref()) {
                self.fill(value);
            }
        }
    }

    fn fill(&mut self, value: &mut Spanned<DeValue<'_>>) {
        let place = self.place(value.span());
        match value.get_mut() {
            DeValue::String(text) if text.contains("${") => {
                *text = Cow::Owned(self.filled(text, place));
            }
            DeValue::Array(list) => list.iter_mut().for_each(|item| self.fill(item)),
            DeValue::Table(table) => table.iter_mut().for_each(|(_, item)| self.fill(item)),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }

    /// `$${` is a plain `${`.
    fn filled(&mut self, text: &str, place: Place) -> String {
        let mut full = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, behind) = (&rest[..at], &rest[at + 2..]);
            let name = behind.split_once('}').map(|(name, _)| name);
            if let Some(plain) = before.strip_suffix('$') {
                full.push_str(plain);
                full.push_str("${");
                rest = behind;
                continue;
            }
            full.push_str(before);
            match name.filter(|name| is_name(name)) {
                Some(name) => {
                    full.push_str(&self.value_of(name, place));
                    rest = &behind[name.len() + 1..];
                }
                None => {
                    full.push_str("${");
                    rest = behind;
                }
            }
        }
        full + rest
    }

    fn value_of(&mut self, name: &str, place: Place) -> String {
        let known = self.variables.all.iter().find(|known| known.name == name);
        if let Some(known) = known {
            let value = known.value.clone();
            self.variables.used.insert(name.to_owned());
            return value;
        }
        let hint = self.near_variable(name);
        let why = format!("unknown variable {}", tick(name));
        self.say(Mistake::UnknownVariable, place, why).hint(hint);
        String::new()
    }

    fn near_variable(&self, name: &str) -> String {
        let known: Vec<&str> = self.variables.all.iter().map(|v| &*v.name).collect();
        match nearest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`[variables]` says which there are; `$${` is a plain `${`".to_owned(),
        }
    }

    /// Says which were set and are not there, and which are there and not used.
    pub fn check_variables(&mut self) {
        for (name, value) in std::mem::take(&mut self.variables.set) {
            if self.variables.all.iter().any(|known| known.name == name) {
                continue;
            }
            let end = name.len();
            let source = Source {
                text: format!("{name}={value}"),
                name: "--set".to_owned(),
            };
            let file = self.add(source);
            let place = Place {
                file,
                start: 0,
                end,
            };
            let hint = self.near_variable(&name);
            let why = format!("no file has a variable {}", tick(&name));
            self.say(Mistake::UnknownVariable, place, why).hint(hint);
        }
        let unused = self.variables.all.iter();
        let unused = unused.filter(|known| !self.variables.used.contains(&known.name));
        let unused: Vec<_> = unused.map(|v| (v.place, v.name.clone())).collect();
        for (place, name) in unused {
            let why = format!("nothing uses the variable {}", tick(&name));
            let found = self.warn(Mistake::UnusedVariable, place, why);
            found.hint(format!("a string uses it as `${{{name}}}`"));
        }
    }
}

fn is_name(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    !name.is_empty() && name.bytes().all(fits)
}

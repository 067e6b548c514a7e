//! Files that a file stands on: `extends`. Who reads files is somebody else; here is what may follow what.

use crate::scenario::file::Preface;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, Source, tick};
use crate::scenario::read::{At, Table};
use crate::scenario::shipped::shipped;
use crate::scenario::values::Name;
use toml::de::DeTable;

/// How many files there may be in all, those that others stand on included.
pub const MOST_FILES: usize = 64;
/// How far a file may stand on one that stands on another one.
pub const DEEPEST: usize = 8;
/// How much text there may be in all, in bytes.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A file that another one stands on.
#[derive(Debug, Clone)]
pub struct Base {
    /// what to call it in messages
    pub name: String,
    /// the same for the same file, however it was named
    pub key: String,
    /// what it holds
    pub text: String,
}

/// Finds the files that others stand on.
pub trait Finder {
    /// The same for the same file, however it was named.
    fn key(&self, name: &str) -> String;

    /// The file that `from` names; nothing outside of the directory of `top`, the file that was asked for.
    /// Err says why there is none.
    fn find(&self, top: &str, from: &str, name: &str) -> Result<Base, String>;
}

/// A text to compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// what to call it
    pub name: String,
    /// TOML
    pub text: String,
    /// what it stands on is already among the layers
    pub settled: bool,
    /// nobody asked for it: another one stands on it
    pub is_base: bool,
}

/// The texts that were asked for, and what they stand on, in the order in which one is put on the other.
pub(crate) struct Stack<'a> {
    finder: Option<&'a dyn Finder>,
    report: &'a mut Report,
    /// done, by key
    done: Vec<String>,
    /// being done, by key: the later stands below the earlier
    open: Vec<String>,
    bytes: usize,
    /// sources of the report, and whether another one stands on each
    order: Vec<(usize, bool)>,
}

impl<'a> Stack<'a> {
    pub fn new(finder: Option<&'a dyn Finder>, report: &'a mut Report) -> Self {
        Self {
            finder,
            report,
            done: Vec::new(),
            open: Vec::new(),
            bytes: 0,
            order: Vec::new(),
        }
    }

    /// The sources in order.
    pub fn all(mut self, layers: &[Layer]) -> Vec<(usize, bool)> {
        for layer in layers {
            let key = self.finder.map_or_else(String::new, |f| f.key(&layer.name));
            let base = Base {
                name: layer.name.clone(),
                key,
                text: layer.text.clone(),
            };
            match layer.settled {
                true => self.put(base, layer.is_base),
                false => self.climb(&layer.name, base),
            }
        }
        self.order
    }

    /// One more source of the report, on top. What it stands on is there already.
    fn put(&mut self, base: Base, is_base: bool) {
        self.bytes += base.text.len();
        let Base { name, text, .. } = base;
        let source = self.report.add(Source { name, text });
        self.bases(source);
        self.order.push((source, is_base));
    }

    /// What the file stands on first, then the file.
    fn climb(&mut self, top: &str, base: Base) {
        let here = self.report.add(Source {
            name: base.name.clone(),
            text: base.text.clone(),
        });
        self.bytes += base.text.len();
        self.open.push(base.key.clone());
        for below in self.bases(here) {
            if let Some(found) = self.find(top, (&base.name, &below)) {
                self.climb(top, found);
            }
        }
        self.open.pop();
        self.done.push(base.key);
        self.order.push((here, !self.open.is_empty()));
    }

    /// What the source says it stands on, and its variables by the way.
    fn bases(&mut self, source: usize) -> Vec<At<Name>> {
        let text = self.report.sources[source].text.clone();
        if !text.contains("extends") && !text.contains("variables") {
            return Vec::new();
        }
        self.report.file = source;
        let (document, errors) = DeTable::parse_recoverable(&text);
        self.report.broken = !errors.is_empty();
        let start = self.report.place(0..0);
        let table = Table::new(document.get_ref(), start, Preface::KNOBS);
        let Some(preface) = Preface::keys(&table, self.report) else {
            return Vec::new();
        };
        self.report.declare(preface.variables);
        preface.extends
    }

    fn find(&mut self, top: &str, (from, named): (&str, &At<Name>)) -> Option<Base> {
        let name = &named.value.0;
        let found = match (shipped(name), self.finder) {
            (Some((name, text)), _) => Ok(Base {
                key: name.clone(),
                name,
                text,
            }),
            (None, Some(finder)) => finder.find(top, from, name),
            (None, None) => Err("a text that is not a file cannot extend one".to_owned()),
        };
        let found = match found {
            Ok(found) => found,
            Err(why) => return self.refuse(named.place, &format!("{}: {why}", tick(name)), HINT),
        };
        if self.open.contains(&found.key) {
            let why = format!("{} stands on this file itself", tick(name));
            return self.refuse(named.place, &why, "take one of the two `extends` away");
        }
        if self.done.contains(&found.key) {
            return None;
        }
        let full = self.order.len() + self.open.len() >= MOST_FILES;
        if full || self.open.len() > DEEPEST || self.bytes + found.text.len() > MOST_BYTES {
            let why = format!(
                "there are at most {MOST_FILES} files, {DEEPEST} deep, with {MOST_BYTES} bytes in all"
            );
            self.report.say(Mistake::TooMuch, named.place, why);
            return None;
        }
        Some(found)
    }

    fn refuse(&mut self, place: Place, why: &str, hint: &str) -> Option<Base> {
        self.report.say(Mistake::NotExtended, place, why).hint(hint);
        None
    }
}

const HINT: &str =
    "it is a file in the scenario's own directory or below, or the name of a shipped scenario";

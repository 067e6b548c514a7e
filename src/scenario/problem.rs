//! What is wrong with a scenario: every problem with its place, and drawn for people.

use crate::scenario::catalog::Catalog;
use crate::scenario::mistake::Mistake;
use crate::scenario::variables::Variables;
use crate::scenario::when::SpotKey;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text to compile, and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// file name, or any other
    pub name: String,
    /// TOML
    pub text: String,
}

/// A stretch of one of the sources, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Place {
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// name of the source
    pub file: String,
    /// bytes of the source
    pub span: Range<usize>,
    /// from 1
    pub line: usize,
    /// in characters, from 1
    pub column: usize,
    /// which kind of mistake it is
    pub mistake: Mistake,
    /// it is allowed, and likely not meant
    pub warning: bool,
    /// what is wrong
    pub message: String,
    /// how to mend it
    pub hint: Option<String>,
    place: Place,
}

/// All that is wrong with a scenario, in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    /// the problems, at most [`MOST`]
    pub list: Vec<Problem>,
    /// how many more were found
    pub more: usize,
    sources: Vec<Source>,
}

/// How many problems are told at once.
pub const MOST: usize = 100;

/// How long a brief telling may be, in bytes.
const BRIEF: usize = 1_000;

/// Columns beyond this are named, but the line is not drawn.
const DRAWN: usize = 4_000;

impl Problems {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In one line of visible ASCII, for a header: codes, messages and hints.
    pub fn brief(&self) -> String {
        let told = self.list.iter().map(|problem| {
            let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})"));
            let (code, message) = (problem.mistake.code(), &problem.message);
            format!("{code} {message}{}", hint.unwrap_or_default())
        });
        let told: Vec<String> = told.collect();
        let plain = |c: char| {
            if c == ' ' || c.is_ascii_graphic() {
                c
            } else {
                '?'
            }
        };
        clipped(&told.join("; "), BRIEF)
            .chars()
            .map(plain)
            .collect()
    }

    /// For people: each problem with its line and a caret under it. Plain text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for problem in &self.list {
            text.push_str(&self.draw(problem));
            text.push_str("\n\n");
        }
        if self.more > 0 {
            text.push_str(&format!("and {} more problems\n\n", self.more));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    fn draw(&self, problem: &Problem) -> String {
        let text = &self.sources[problem.place.file].text;
        let line = line_of(text, problem.span.start);
        let from = problem.span.start - line.start;
        let level = if problem.warning {
            Level::WARNING
        } else {
            Level::ERROR
        };
        let title = level.primary_title(&problem.message);
        let title = title.id(problem.mistake.code());
        let hint = problem.hint.as_deref().map(|hint| {
            let level = Level::HELP.with_name("hint");
            level.message(hint)
        });
        if from > DRAWN {
            let at = Origin::path(&problem.file).line(problem.line);
            let group = title.element(at.char_column(problem.column));
            return Renderer::plain().render(&[group.elements(hint)]);
        }
        let shown = clipped(&text[line.clone()], from + DRAWN);
        let to = (problem.span.end - line.start).min(shown.len()).max(from);
        let snippet = Snippet::source(shown)
            .line_start(problem.line)
            .path(&problem.file)
            .annotation(AnnotationKind::Primary.span(from..to));
        Renderer::plain().render(&[title.element(snippet).elements(hint)])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render())
    }
}

impl std::error::Error for Problems {}

/// The line that byte `at` stands in, without its end.
fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    start
        ..start
            + text[start..end]
                .trim_end_matches('\r')
                .len()
                .max(at - start)
}

/// At most `most` bytes of `text`, whole characters.
pub(crate) fn clipped(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// A token of the user's, fit for a message: in backticks, short, without control characters.
pub(crate) fn tick(token: &str) -> String {
    let short = clipped(token, 60);
    let dots = if short.len() < token.len() { "…" } else { "" };
    let plain = short.chars().map(|c| if c.is_control() { '?' } else { c });
    format!("`{}{dots}`", plain.collect::<String>())
}

/// What has been found so far. Compiling goes on after a problem, so that all are told at once.
#[derive(Debug)]
pub(crate) struct Report {
    pub sources: Vec<Source>,
    /// the endpoints that there are
    pub catalog: Arc<Catalog>,
    /// the values that stand for names
    pub variables: Variables,
    /// the rows of the catalog by what rules say of endpoints, the latest first
    pub known_rows: Vec<(SpotKey, Arc<[usize]>)>,
    /// what looks like a card number
    pub numbers: Vec<(String, Place)>,
    /// card numbers that files allow
    pub allowed: Vec<(String, Place)>,
    /// so many sources are the program's own: what is odd there is nobody's to mend
    pub builtin: usize,
    /// the source that is being read
    pub file: usize,
    /// the source is no TOML: what is missing may be in what could not be read
    pub broken: bool,
    /// where the lines begin, by source
    lines: Vec<Vec<usize>>,
    found: Vec<Found>,
    /// what is allowed, and likely not meant
    warned: Vec<Found>,
}

/// A problem as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    place: Place,
    mistake: Mistake,
    message: String,
    hint: Option<String>,
}

impl Found {
    pub fn hint(&mut self, hint: impl Into<String>) {
        self.hint = Some(hint.into());
    }
}

impl Report {
    pub fn new(sources: Vec<Source>, catalog: &Catalog) -> Self {
        Self {
            lines: sources.iter().map(starts).collect(),
            sources,
            catalog: Arc::new(catalog.clone()),
            variables: Variables::default(),
            known_rows: Vec::new(),
            numbers: Vec::new(),
            allowed: Vec::new(),
            builtin: 0,
            file: 0,
            broken: false,
            found: Vec::new(),
            warned: Vec::new(),
        }
    }

    /// One more source; its number.
    pub fn add(&mut self, source: Source) -> usize {
        self.lines.push(starts(&source));
        self.sources.push(source);
        self.sources.len() - 1
    }

    /// A place in the source that is being read.
    pub fn place(&self, span: Range<usize>) -> Place {
        let text = &self.sources[self.file].text;
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.ceil_char_boundary(span.end.min(text.len()).max(start));
        Place {
            file: self.file,
            start,
            end,
        }
    }

    pub fn say(
        &mut self,
        mistake: Mistake,
        place: Place,
        message: impl Into<String>,
    ) -> &mut Found {
        self.found.push_mut(Found {
            place,
            mistake,
            message: message.into(),
            hint: None,
        })
    }

    /// Says what is allowed, and likely not meant.
    pub fn warn(
        &mut self,
        mistake: Mistake,
        place: Place,
        message: impl Into<String>,
    ) -> &mut Found {
        self.warned.push_mut(Found {
            place,
            mistake,
            message: message.into(),
            hint: None,
        })
    }

    /// Enough has been found: no need to search for suggestions.
    pub const fn full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// How many problems there are so far.
    pub const fn count(&self) -> usize {
        self.found.len()
    }

    /// Forgets the problems after the first `kept` that lie on or below the line of `from`: what
    /// follows a mistake of syntax may have been read wrongly.
    pub fn doubt(&mut self, kept: usize, from: Place) {
        let line = line_of(&self.sources[from.file].text, from.start).start;
        let mut n = 0;
        self.found.retain(|found| {
            n += 1;
            n <= kept || found.place.file != from.file || found.place.start < line
        });
    }

    pub fn text(&self, place: Place) -> &str {
        &self.sources[place.file].text[place.start..place.end]
    }

    /// `declines.toml:12`, fit for a header: without directories, in visible ASCII.
    pub fn spot(&self, place: Place) -> String {
        let source = &self.sources[place.file];
        let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain = |c: char| if c.is_ascii_graphic() { c } else { '?' };
        let name: String = name.chars().map(plain).collect();
        format!("{name}:{}", self.line(place))
    }

    /// From 1.
    pub fn line(&self, place: Place) -> usize {
        self.lines[place.file].partition_point(|at| *at <= place.start)
    }

    /// Where the first of these problems lies.
    pub fn first_place(&self, range: Range<usize>) -> Option<Place> {
        self.found[range].iter().map(|found| found.place).min()
    }

    /// The sources, and what is to be told of them all the same. Err when anything is wrong.
    pub fn finish(mut self) -> Result<(Vec<Source>, Problems), Problems> {
        let wrong = !self.found.is_empty();
        let mut warned = std::mem::take(&mut self.warned);
        warned.retain(|found| found.place.file >= self.builtin);
        let found = std::mem::take(&mut self.found).into_iter();
        let found = found.map(|found| (found, false));
        let mut all: Vec<_> = found.chain(warned.into_iter().map(|w| (w, true))).collect();
        all.sort_by_key(|(found, warning)| (*warning, found.place));
        all.dedup();
        let more = all.len().saturating_sub(MOST);
        all.truncate(MOST);
        all.sort_by_key(|(found, _)| found.place);
        let list: Vec<Problem> = all.into_iter().map(|found| self.told(found)).collect();
        let sources = if list.is_empty() {
            Vec::new()
        } else {
            self.sources.clone()
        };
        let problems = Problems {
            list,
            more,
            sources,
        };
        match wrong {
            true => Err(problems),
            false => Ok((self.sources, problems)),
        }
    }

    fn told(&self, (found, warning): (Found, bool)) -> Problem {
        let source = &self.sources[found.place.file];
        let line = line_of(&source.text, found.place.start);
        Problem {
            file: source.name.clone(),
            span: found.place.start..found.place.end,
            line: self.line(found.place),
            column: source.text[line.start..found.place.start].chars().count() + 1,
            mistake: found.mistake,
            warning,
            message: found.message,
            hint: found.hint,
            place: found.place,
        }
    }
}

/// Where the lines of a source begin.
fn starts(source: &Source) -> Vec<usize> {
    let ends = source.text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).collect()
}

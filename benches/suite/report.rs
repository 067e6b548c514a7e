//! What was measured, as tables: Markdown for people, JSON for programs.

use crate::spread::{Spread, Unit};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// What stands in a table.
#[derive(Debug, Clone)]
pub enum Cell {
    /// words
    Text(String),
    /// numbers
    Spread(Spread),
}

/// Words.
pub fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// One number.
pub fn one(unit: Unit, n: u64) -> Cell {
    Cell::Spread(Spread::of(unit, [n]))
}

/// Samples.
pub fn all(unit: Unit, samples: &[u64]) -> Cell {
    Cell::Spread(Spread::of(unit, samples.iter().copied()))
}

/// How many times `of` these are.
pub fn ratio(own: &[u64], of: &[u64]) -> Cell {
    Cell::Spread(Spread::ratio(own, of))
}

/// One table, and what has to be known to read it.
#[derive(Debug)]
pub struct Section {
    /// its key on the command line and in JSON
    pub key: &'static str,
    title: &'static str,
    about: String,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    notes: Vec<String>,
}

impl Section {
    /// An empty table.
    pub fn new((key, title): (&'static str, &'static str), columns: &[&'static str]) -> Self {
        Self {
            key,
            title,
            about: String::new(),
            columns: columns.to_vec(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What stands above the table.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// One more line; it is told at once, since the whole takes long.
    pub fn row(&mut self, cells: Vec<Cell>) {
        let told: Vec<_> = cells.iter().map(plain).collect();
        eprintln!("{}: {}", self.key, told.join(" | "));
        self.rows.push(cells);
    }

    /// What stands below the table.
    pub fn note(&mut self, note: String) {
        eprintln!("{}: {note}", self.key);
        self.notes.push(note);
    }

    /// With a heading.
    pub fn markdown(&self) -> String {
        let mut page = format!("## {}\n\n", self.title);
        if !self.about.is_empty() {
            page.push_str(&self.about);
            page.push_str("\n\n");
        }
        let rule = vec!["---"; self.columns.len()];
        for line in [self.columns.join(" | "), rule.join(" | ")] {
            line_of(&mut page, &line);
        }
        for row in &self.rows {
            let cells: Vec<_> = row.iter().map(plain).collect();
            line_of(&mut page, &cells.join(" | "));
        }
        for note in &self.notes {
            page.push_str(&format!("\n{note}\n"));
        }
        page
    }

    /// The columns; a ratio is named after what it is of, so that no two are named alike.
    fn names(&self) -> Vec<String> {
        let mut of = "";
        let name = |column: &&'static str| {
            if column.starts_with('×') {
                return format!("{of} {column}");
            }
            of = column;
            (*column).to_owned()
        };
        self.columns.iter().map(name).collect()
    }

    /// A list of rows, each by the names of its columns.
    pub fn json(&self) -> Value {
        let names = self.names();
        let row = |cells: &Vec<Cell>| -> Map<String, Value> {
            let named = names.iter().zip(cells);
            named
                .map(|(name, cell)| {
                    let value = match cell {
                        Cell::Text(text) => json!(text),
                        Cell::Spread(spread) => spread.json(),
                    };
                    (name.clone(), value)
                })
                .collect()
        };
        let rows: Vec<_> = self.rows.iter().map(row).collect();
        json!({"title": self.title, "rows": rows, "notes": self.notes})
    }
}

fn line_of(page: &mut String, cells: &str) {
    writeln!(page, "| {cells} |").expect("text can be written");
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Spread(spread) => spread.text(),
    }
}

//! Fields that a rule asks for and no endpoint of it reads.

use crate::call::form::Form;
use crate::scenario::catalog::CatalogRow;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::suggest::nearest;
use crate::scenario::when::When;

/// How deep fields are looked for that may have been meant.
const DEEPEST: usize = 4;

impl When {
    /// Says which fields of body and query none of these endpoints reads. Of one that may read anything nothing is
    /// known.
    pub fn check_fields(&self, rows: &[&CatalogRow], report: &mut Report) {
        let Some(reads) = report.catalog.reads else {
            return;
        };
        let body = self.fits.body.0.0.iter();
        let body = body.map(|(path, _)| ("body", path));
        let query = self.fits.query.0.iter().map(|(name, _)| ("query", name));
        for (part, path) in body.chain(query) {
            let is_read = |row: &&CatalogRow| {
                reads(row).is_none_or(|forms| has(forms.part(part), &path.value))
            };
            if rows.iter().any(is_read) || report.full() {
                continue;
            }
            let known: Vec<Reads> = rows.iter().filter_map(|row| reads(row)).collect();
            unread((part, &path.value, path.place), &known, report);
        }
    }
}

/// What an endpoint reads.
#[derive(Debug, Clone, Copy)]
pub struct Reads {
    /// of the body
    pub body: &'static Form,
    /// of the query
    pub query: &'static Form,
}

impl Reads {
    fn part(&self, part: &str) -> &'static Form {
        if part == "body" {
            self.body
        } else {
            self.query
        }
    }
}

fn unread((part, path, place): (&str, &str, Place), known: &[Reads], report: &mut Report) {
    let why = format!(
        "no endpoint of this rule reads {} of its {part}",
        tick(path)
    );
    let found = report.warn(Mistake::NeverKnown, place, why);
    let other = if part == "body" { "query" } else { "body" };
    if known.iter().any(|forms| has(forms.part(other), path)) {
        found.hint(format!(
            "it is read of the {other}: `{other} = {{ \"{path}\" = … }}`"
        ));
        return;
    }
    let mut names = Vec::new();
    for forms in known {
        paths(forms.part(part), "", &mut names);
    }
    names.sort_unstable();
    names.dedup();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    found.hint(match nearest(path, &names) {
        Some(near) => format!("did you mean {}?", tick(near)),
        None => "callers may send it all the same; `GET /__mockpos/openapi.json` has what is read"
            .to_owned(),
    });
}

/// Whether there is such a field. A position in a list is no part of the form.
fn has(form: &Form, path: &str) -> bool {
    let number = |step: &&str| !step.bytes().all(|b| b.is_ascii_digit());
    let plain: Vec<&str> = path.split('.').filter(number).collect();
    form.has(path) || form.has(&plain.join("."))
}

fn paths(form: &Form, within: &str, found: &mut Vec<String>) {
    if within.matches('.').count() >= DEEPEST {
        return;
    }
    match form {
        Form::List(each) => paths(each, &format!("{within}0."), found),
        form => {
            for field in form.fields() {
                found.push(format!("{within}{}", field.name));
                paths(&field.form, &format!("{within}{}.", field.name), found);
            }
        }
    }
}

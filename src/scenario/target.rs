//! Whether the call of an example leads anywhere.

use crate::scenario::catalog::CatalogRow;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::suggest::nearest;

impl Report {
    /// Says that an example's call leads to no endpoint, or to another page than it names; `expected` is the status
    /// that it is to be answered with.
    pub fn check_target(
        &mut self,
        place: Place,
        (method, target): (&str, &str),
        expected: Option<u16>,
    ) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        // What an earlier answer has told may be any address.
        if path.starts_with('{') || self.catalog.rows.is_empty() {
            return;
        }
        let catalog = self.catalog.clone();
        let path = own_path(path);
        let rows: Vec<&CatalogRow> = catalog.rows.iter().filter(|row| leads(row, path)).collect();
        let takes = |row: &&CatalogRow| match method {
            "HEAD" => row.method == "GET",
            // browsers ask for leave wherever pages may call
            "OPTIONS" => true,
            method => row.method == method,
        };
        if rows.is_empty() && expected != Some(404) {
            let message = format!("no endpoint answers at {}", tick(path));
            let found = self.warn(Mistake::UnknownEndpoint, place, message);
            let paths: Vec<&str> = catalog.rows.iter().map(|row| row.path).collect();
            found.hint(match nearest(path, &paths) {
                Some(near) => format!("did you mean {}?", tick(near)),
                None => "an example of that expects `status = 404`".to_owned(),
            });
        } else if !rows.is_empty() && !rows.iter().any(takes) && expected != Some(405) {
            let mut methods: Vec<&str> = rows.iter().map(|row| row.method).collect();
            methods.sort_unstable();
            methods.dedup();
            let message = format!("{} does not take {}", tick(path), tick(method));
            let found = self.warn(Mistake::NoCall, place, message);
            found.hint(format!("it takes {}", methods.join(", ")));
        }
        let pages: Vec<&str> = rows.iter().filter_map(|row| row.page).collect();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let asked = pairs
            .filter(|(key, _)| *key == "page")
            .map(|(_, page)| page);
        let odd = |page: &&str| !pages.is_empty() && !page.contains('{') && !pages.contains(page);
        for page in asked.filter(odd) {
            let message = format!("no endpoint answers for the page {}", tick(page));
            let found = self.warn(Mistake::UnknownPage, place, message);
            if let Some(near) = nearest(page, &pages) {
                found.hint(format!("did you mean {}?", tick(near)));
            }
        }
    }
}

/// Without the sandbox's name in front.
fn own_path(path: &str) -> &str {
    let inner = path.strip_prefix("/~");
    inner.map_or(path, |rest| rest.find('/').map_or("/", |at| &rest[at..]))
}

/// Whether the row answers there, as far as can be seen: what an earlier answer gave may be anything.
fn leads(row: &CatalogRow, path: &str) -> bool {
    let steps = |path| str::split(path, '/').filter(|step: &&str| !step.is_empty());
    let mut given = steps(path);
    for wanted in steps(row.path) {
        let Some(given) = given.next() else {
            return false;
        };
        if wanted.starts_with("{*") {
            return true;
        }
        if !(wanted.starts_with('{') || given.contains('{') || wanted.eq_ignore_ascii_case(given)) {
            return false;
        }
    }
    given.next().is_none()
}

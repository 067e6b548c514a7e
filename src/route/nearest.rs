//! The endpoint that was most likely meant by a call that reached none.

use super::{Endpoint, Router};
use http::Method;

/// How much of a path is looked at.
const LOOKED_AT: usize = 128;

impl Router {
    /// The row whose method and path come nearest. None when none comes near.
    pub fn nearest(&self, method: &Method, path: &str) -> Option<&'static Endpoint> {
        let path: String = path.chars().take(LOOKED_AT).collect();
        let path = path.trim_end_matches('/');
        let rows = self.rows().map(|(_, row)| row);
        let rows = rows.filter(|row| row.path != "/" && !row.path.starts_with("/__"));
        let far = |row: &&'static Endpoint| {
            let meant = filled(row.path, path);
            let letters = strsim::damerau_levenshtein(&meant, path);
            (letters, usize::from(row.method != *method))
        };
        let (row, (letters, _)) = rows
            .map(|row| (row, far(&row)))
            .min_by_key(|(_, far)| *far)?;
        (letters * 2 <= path.len()).then_some(row)
    }

    /// The checkout page whose name comes nearest to one that there is not.
    pub fn nearest_page(&self, page: &str) -> Option<&'static str> {
        let page: String = page.chars().take(LOOKED_AT).collect();
        let pages = self.rows().filter_map(|(_, row)| row.page);
        let far = |known: &&str| strsim::damerau_levenshtein(known, &page);
        pages.min_by_key(far)
    }

    /// Whether any row answers that page.
    pub fn has_page(&self, page: &str) -> bool {
        self.rows().any(|(_, row)| row.page == Some(page))
    }
}

/// A row's path with what the call has in the place of its parameters.
fn filled(pattern: &str, path: &str) -> String {
    let mut given = path.split('/');
    let steps = pattern.split('/').map(|step| {
        let given = given.next();
        match step.starts_with('{') {
            true => given.filter(|given| !given.is_empty()).unwrap_or(step),
            false => step,
        }
    });
    steps.collect::<Vec<_>>().join("/")
}

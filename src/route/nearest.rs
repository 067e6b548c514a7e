//! The endpoint that was most likely meant by a call that reached none.

use super::{Endpoint, Router};
use crate::near::nearest;
use http::Method;

/// How much of a path is looked at.
const LOOKED_AT: usize = 128;

impl Router {
    /// The row whose method and path come nearest. None when none comes near.
    pub fn nearest(&self, method: &Method, path: &str) -> Option<&'static Endpoint> {
        let path: String = path.chars().take(LOOKED_AT).collect();
        let path = path.trim_end_matches('/');
        let rows = || {
            let rows = self.rows().map(|(_, row)| row);
            rows.filter(|row| row.path != "/" && !row.path.starts_with("/__"))
        };
        // of rows that are as near, one with that method
        let same = rows().filter(|row| row.method == *method);
        let other = rows().filter(|row| row.method != *method);
        let known = same.chain(other).map(|row| (filled(row.path, path), row));
        nearest(path, known, path.len() / 2)
    }

    /// The checkout page whose name comes nearest to one that there is not.
    pub fn nearest_page(&self, page: &str) -> Option<&'static str> {
        let page: String = page.chars().take(LOOKED_AT).collect();
        let pages = self.rows().filter_map(|(_, row)| row.page);
        nearest(&page, pages.map(|page| (page, page)), usize::MAX)
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

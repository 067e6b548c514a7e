//! The endpoints that rules may name, handed in by whoever knows them.

use crate::domain::decision::Point;
use crate::domain::shop::PosKind;
use crate::scenario::reads::Reads;
use crate::scenario::values::Glob;

/// All endpoints.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// one row an endpoint
    pub rows: Vec<CatalogRow>,
    /// what an endpoint reads of its calls, where that is known; None: it may read anything
    pub reads: Option<fn(&CatalogRow) -> Option<Reads>>,
}

/// One endpoint, as far as rules care.
#[derive(Debug, Clone, Copy)]
pub struct CatalogRow {
    /// `surface.resource.verb`
    pub name: &'static str,
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// `/orders/completed/{token}`
    pub path: &'static str,
    /// the checkout page, when the endpoint is one
    pub page: Option<&'static str>,
    /// what is decided there
    pub points: &'static [Point],
    /// what may be known of its calls: keys of `when`
    pub knows: &'static [&'static str],
    /// who may stand behind the POS of its calls; empty: anybody
    pub pos_kinds: &'static [PosKind],
    /// whether the public lists of the vendors that speak there have a code
    pub lists: fn(&str) -> bool,
}

impl Catalog {
    /// Whether any endpoint's name fits.
    pub(crate) fn names(&self, glob: &Glob) -> bool {
        self.rows.iter().any(|row| glob.matches(row.name))
    }

    /// Whether any endpoint's page fits.
    pub(crate) fn pages(&self, glob: &Glob) -> bool {
        let mut pages = self.rows.iter().filter_map(|row| row.page);
        pages.any(|page| glob.matches(page))
    }
}

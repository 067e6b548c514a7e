//! The emulated HTTP APIs. None of them knows another.

use crate::route::{Endpoint, Params, Router, Surface};
use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::reads::Reads;
use crate::world::Chore;
use std::collections::HashMap;
use std::sync::LazyLock;

pub mod admin;
pub mod akinon;
pub mod amounts;
pub mod bank;
pub mod bearer;
pub mod bilingual;
pub mod browser_url;
pub mod classic_token;
pub mod craftgate;
pub mod masterpass;
pub mod mismatch;
pub mod otp_codes;
pub mod pan_guard;
pub mod site;
pub mod steered;
pub mod three_ds;
pub mod wallet_codes;
pub mod webhook;

/// Every surface.
pub const ALL: &[&Surface] = &[
    &akinon::SURFACE,
    &craftgate::SURFACE,
    &masterpass::rest::SURFACE,
    &masterpass::classic::SURFACE,
    &bank::SURFACE,
    &admin::SURFACE,
];

/// What a surface does when something falls due: its row, and what the row is told.
pub fn of_chore(chore: &Chore) -> (&'static Surface, &'static Endpoint, Params) {
    let told = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let (surface, params) = match chore {
        Chore::Abandoned(id) => (
            &craftgate::SURFACE,
            vec![told("paymentId", &id.to_string())],
        ),
        Chore::Recurring(order) => (
            &masterpass::rest::SURFACE,
            vec![
                told("msisdn", &order.msisdn),
                told("alias", &order.alias),
                told("product", &order.product),
            ],
        ),
    };
    (surface, &surface.timed[0], params)
}

/// The rows of every surface, as scenarios know them.
pub fn catalog() -> Catalog {
    let rows = ALL.iter().flat_map(|surface| {
        let rows = surface.endpoints.iter().copied().flatten();
        let rows = rows.chain(surface.preflight).chain(surface.timed);
        rows.map(|endpoint| row(surface, endpoint))
    });
    Catalog {
        rows: rows.collect(),
        reads: Some(reads),
    }
}

/// The index of every surface's rows, and their description: one for the whole process, as they never change.
pub fn router() -> &'static Router {
    static ROUTER: LazyLock<Router> =
        LazyLock::new(|| Router::new(ALL).expect("no two rows answer the same call"));
    &ROUTER
}

/// What an endpoint's own reader reads; None: anything, or nobody knows.
fn reads(row: &CatalogRow) -> Option<Reads> {
    type Row = (
        &'static str,
        &'static str,
        &'static str,
        Option<&'static str>,
    );
    static KNOWN: LazyLock<HashMap<Row, Reads>> = LazyLock::new(|| {
        let rows = router().description().rows.iter().filter(|row| !row.open);
        let known = rows.map(|row| {
            let (body, query) = (&row.body, &row.query);
            let it = row.endpoint;
            (
                (it.method.as_str(), it.path, it.name, it.page),
                Reads { body, query },
            )
        });
        known.collect()
    });
    KNOWN
        .get(&(row.method, row.path, row.name, row.page))
        .copied()
}

/// A row of a surface, as scenarios know it.
pub fn row(surface: &Surface, endpoint: &'static Endpoint) -> CatalogRow {
    CatalogRow {
        name: endpoint.name,
        method: endpoint.method.as_str(),
        path: endpoint.path,
        page: endpoint.page,
        points: endpoint.points,
        knows: (surface.knows)(endpoint),
        pos_kinds: surface.pos_kinds,
        lists: lists(surface.name),
    }
}

/// Which public lists hold for a surface: the commerce backend passes on what the wallet says, and what the
/// gateway does; bank and admin answer without codes.
fn lists(surface: &str) -> fn(&str) -> bool {
    match surface {
        "craftgate" => craftgate::lists,
        "masterpass" | "mfs" => wallet_codes::lists,
        "bank" | "admin" => |_| false,
        _ => |code| wallet_codes::lists(code) || craftgate::lists(code),
    }
}

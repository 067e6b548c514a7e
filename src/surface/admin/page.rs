//! The page at `/`: what stands here, what to try, what happened. For programs, the same links.

use super::NOTHING;
use super::access::OPERATOR;
use crate::call::DEFAULT_SANDBOX;
use crate::domain::samples;
use crate::journal::Entry;
use crate::reply::{Reply, rendered};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::world::World;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CACHE_CONTROL, HeaderValue, VARY};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The page.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/",
    page: None,
    name: "admin.page.read",
    evidence: Evidence::Documented,
    points: NOTHING,
    handle: read,
    spec: |spec| {
        spec.json::<BTreeMap<String, serde_json::Value>>(200);
        spec.html(200);
    },
}];

/// How many of the last calls it shows.
const TAIL: usize = 10;

const STYLE: &str = include_str!("../../../templates/admin/page.css");

/// Nothing but the one style, known by its hash: no script, no frame, no form, no picture.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

/// contract: craftgate §9, "Most used". Join: the domain's table of test cards.
const CARDS: &[(&str, &str)] = &[
    ("5258640000000001", "succeeds: World"),
    ("5209220000000002", "succeeds: Bonus"),
    ("375623000000006", "succeeds: Bonus AMEX"),
    ("5406670000000009", "succeeds: Maximum"),
    ("4256690000000001", "succeeds: Wings"),
    ("4796810000000002", "succeeds: Neo, debit"),
    ("9792060000000007", "succeeds: Axess, Troy"),
    ("4111111111111111", "succeeds, not in TRY: foreign"),
    ("5100050000006661", "NOT_SUFFICIENT_FUNDS"),
    ("5100560000006669", "DO_NOT_HONOUR"),
    ("5101380000006661", "INVALID_TRANSACTION"),
    ("5101510000006663", "NOT_PERMITTED_TO_CARDHOLDER"),
    ("5101520000006662", "STOLEN_CARD"),
    ("5102210000006669", "DECLINED"),
    ("5136620000006669", "LOST_CARD"),
    ("5163080000006662", "EXPIRED_CARD"),
    ("5164580000006660", "INVALID_CVC2"),
    ("5192610000006661", "FRAUD_SUSPECT"),
    ("4183420000006669", "PICKUP_CARD"),
    (
        "5115830000006669",
        "3-D Secure: mdStatus 0; without: NOT_SUFFICIENT_FUNDS",
    ),
    (
        "5117280000006665",
        "3-D Secure: mdStatus 4; without: NOT_SUFFICIENT_FUNDS",
    ),
    (
        "5117580000006668",
        "3-D Secure does not begin; without: NOT_SUFFICIENT_FUNDS",
    ),
];

#[derive(Template)]
#[template(path = "admin/page.html")]
struct Page<'a> {
    style: &'static str,
    version: &'static str,
    sandbox: &'a str,
    /// where calls go, inside of this sandbox
    base: &'a str,
    /// the sandbox's prefix, for links of this page
    prefix: &'a str,
    surfaces: Vec<Standing>,
    attempts: Vec<Attempt>,
    cards: &'static [(&'static str, &'static str)],
    /// None: for the operator's eyes only
    state: Option<Glance<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Standing {
    name: &'static str,
    title: &'static str,
    endpoints: usize,
}

struct Attempt {
    what: &'static str,
    command: String,
}

struct Glance<'a> {
    scenario: &'a str,
    description: &'a str,
    sessions: usize,
    payments: usize,
    orders: usize,
    entries: usize,
    /// newest first
    tail: Vec<&'a Entry>,
}

fn read(turn: &mut Turn<'_>) -> Answer {
    let name = turn.world.name.as_str();
    let prefix = match name {
        DEFAULT_SANDBOX => String::new(),
        name => format!("/~{name}"),
    };
    let base = format!("{}{prefix}", turn.call.origin);
    let surfaces = turn.router.surfaces().iter().map(|surface| Standing {
        name: surface.name,
        title: surface.title,
        endpoints: surface.endpoints.iter().map(|table| table.len()).sum(),
    });
    let accept = turn.call.header("accept").unwrap_or_default();
    let mut reply = if accept.contains("text/html") {
        let knows = turn.caller == OPERATOR;
        let page = Page {
            style: STYLE,
            version: env!("CARGO_PKG_VERSION"),
            sandbox: name,
            base: &base,
            prefix: &prefix,
            surfaces: surfaces.collect(),
            attempts: attempts(&base, &turn.call.origin, knows),
            cards: CARDS,
            state: knows.then(|| glance(turn.world)),
        };
        Reply::html(StatusCode::OK, &POLICY, rendered(&page))
    } else {
        Reply::json(StatusCode::OK, &links(name, &base, surfaces.collect()))
    };
    reply.set(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply.set(VARY, HeaderValue::from_static("accept"));
    Ok(reply)
}

fn links(sandbox: &str, base: &str, surfaces: Vec<Standing>) -> serde_json::Value {
    let link = |path: &str| format!("{base}/__mockpos/{path}");
    json!({
        "name": "mockpos",
        "version": env!("CARGO_PKG_VERSION"),
        "test": "a test double, not for production: no money moves here",
        "sandbox": sandbox,
        "surfaces": surfaces,
        "links": {
            "health": link("health"),
            "endpoints": link("endpoints"),
            "scenario": link("scenario"),
            "journal": link("journal"),
            "verify": link("verify"),
            "explain": link("explain"),
            "challenges": link("challenges"),
            "reset": link("reset"),
            "sandboxes": link("sandboxes"),
        },
    })
}

fn glance(world: &World) -> Glance<'_> {
    Glance {
        scenario: &world.scenario.name,
        description: &world.scenario.description,
        sessions: world.state.sessions.len(),
        payments: world.state.payments.len() - samples::payments(&world.state),
        orders: world.state.orders.len(),
        entries: world.journal.entries().len(),
        tail: world.journal.entries().rev().take(TAIL).collect(),
    }
}

/// Commands for a shell, in the order in which one would try them.
fn attempts(base: &str, origin: &str, knows: bool) -> Vec<Attempt> {
    let curl = if knows {
        "curl -s"
    } else {
        "curl -s -H \"x-mockpos-token: $TOKEN\""
    };
    let attempt = |what, command| Attempt { what, command };
    let page = |fields: &str, page: &str| {
        format!("curl -s -c jar -b jar -d {fields} '{base}/orders/checkout/?page={page}'")
    };
    vec![
        attempt("Is it there?", format!("curl -s {base}/__mockpos/health")),
        attempt(
            "A checkout: how to pay, then with which card. The answer has the installments.",
            format!(
                "{}\n{}",
                page("payment_option=1", "PaymentOptionSelectionPage"),
                page("bin_number=665544", "MasterpassRestBinNumberPage")
            ),
        ),
        attempt(
            "What was asked and answered",
            format!("{curl} '{base}/__mockpos/journal?limit=5'"),
        ),
        attempt(
            "Another scenario, from the next call on",
            format!(
                "{curl} -T scenario.toml -H 'content-type: application/toml' {base}/__mockpos/scenario"
            ),
        ),
        attempt(
            "Begin again: the same calls get the same answers",
            format!("{curl} -X POST {base}/__mockpos/reset"),
        ),
        attempt(
            "A sandbox of your own: put its name in front of any path",
            format!("curl -s {origin}/~my-test/__mockpos/health"),
        ),
    ]
}

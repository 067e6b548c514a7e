//! What a call says of itself: by a header, or where a browser opens a page, by a query parameter.

use crate::call::Call;
use crate::journal::TroubleKind;
use crate::reply::Reply;
use crate::route::{Fault, Surface, Turn};
use crate::scenario::catalog::{Catalog, CatalogRow};
use crate::scenario::engine::Rule;
use crate::scenario::steer::steer;
use crate::scenario::verdict::{CALL, PAGE};
use crate::surface::steered::{PARAMETER, decided_behind};
use http::header::{HeaderName, HeaderValue};

/// The header in which one call says what is to happen.
const THEN: HeaderName = HeaderName::from_static("x-mockpos-then");
/// The header that says what is wrong with that.
const PROBLEM: HeaderName = HeaderName::from_static("x-mockpos-problem");

/// What the call brings along, the header before the query. Err says what is wrong with it.
pub fn asides(turn: &Turn<'_>, catalog: &Catalog) -> Result<Vec<Rule>, String> {
    let mut asides = Vec::new();
    if let Some(text) = header(turn.call)? {
        let (name, page) = (turn.endpoint.name, turn.endpoint.page);
        let here = |row: &&CatalogRow| row.name == name && row.page == page;
        let rows: Vec<_> = catalog.rows.iter().filter(here).collect();
        let rule = steer((CALL, text), &rows, catalog);
        asides.push(rule.map_err(|problems| problems.brief())?);
    }
    let names = decided_behind(turn.endpoint.name);
    if let Some(text) = turn.call.query(PARAMETER).filter(|_| !names.is_empty()) {
        let behind = |row: &&CatalogRow| names.contains(&row.name);
        let rows: Vec<_> = catalog.rows.iter().filter(behind).collect();
        let rule = steer((PAGE, text), &rows, catalog);
        asides.push(rule.map_err(|problems| problems.brief())?);
    }
    Ok(asides)
}

fn header(call: &Call) -> Result<Option<&str>, String> {
    let mut values = call.headers.get_all(THEN).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(format!("{THEN} is there twice"));
    }
    let text = std::str::from_utf8(value.as_bytes());
    text.map(Some).map_err(|_| format!("{THEN} is no UTF-8"))
}

/// The answer to a call that says of itself what cannot be: in the surface's dialect, our words beside.
pub fn refused(surface: &Surface, turn: &mut Turn<'_>, problems: String) -> Reply {
    let why = "what the call says of itself is no good: see x-mockpos-problem";
    let mut reply = (surface.fault)(turn.call, Fault::BadRequest(why), &turn.world.scenario);
    (surface.finish)(turn, &mut reply);
    if let Ok(problems) = HeaderValue::from_str(&problems) {
        reply.set(PROBLEM, problems);
    }
    turn.notes.trouble = Some(TroubleKind::BadThen);
    turn.notes.bad_then = Some(problems);
    reply
}

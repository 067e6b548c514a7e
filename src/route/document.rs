//! The description of all rows, as OpenAPI 3.1.

use super::describe::Described;
use super::spec::{Credential, Header, closed};
use super::{Evidence, Surface};
use crate::call::form::{Field, Form};
use crate::domain::decision::Point;
use http::Method;
use serde_json::{Map, Value, json};

const ABOUT: &str = "Everything that mockpos answers: the vendors' surfaces as it stands in for them, and its own admin. \
Made from the rows of its routing table, from what their readers ask for and from the types of their answers. \
`x-evidence` says how well each is known: documented by the vendor, observed in the vendor's clients, or inferred.";

pub(super) fn document(surfaces: &[&Surface], rows: &[Described], schemas: Value) -> Value {
    let tags = surfaces.iter();
    let tags = tags.map(|surface| json!({"name": surface.name, "description": surface.title}));
    let mut tags: Vec<_> = tags.collect();
    tags.push(json!({"name": LATER, "description": "known, and not mocked: they answer 501"}));
    let mut names = Vec::new();
    let mut paths: Map<String, Value> = Map::new();
    for (path, group) in grouped(rows) {
        let name = unique(&mut names, group[0].endpoint.name);
        let method = group[0].endpoint.method.as_str().to_ascii_lowercase();
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method] = operation(&name, &group);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "mockpos",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "the default sandbox; `/~NAME/` is another"}],
        "tags": tags,
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes(rows)},
    })
}

const LATER: &str = "not-mocked";

/// Rows of one path and method: pages are told apart by the query alone.
fn grouped(rows: &[Described]) -> Vec<(String, Vec<&Described>)> {
    let mut groups: Vec<(String, Vec<&Described>)> = Vec::new();
    for row in rows {
        let same = |(path, group): &&mut (String, Vec<&Described>)| {
            *path == row.path() && group[0].endpoint.method == row.endpoint.method
        };
        match groups.iter_mut().find(same) {
            Some((_, group)) => group.push(row),
            None => groups.push((row.path(), vec![row])),
        }
    }
    groups
}

/// Some endpoints answer at several paths.
fn unique(names: &mut Vec<String>, name: &str) -> String {
    let mut number = 1;
    let mut unique = name.to_owned();
    while names.contains(&unique) {
        number += 1;
        unique = format!("{name}.{number}");
    }
    names.push(unique.clone());
    unique
}

fn operation(name: &str, group: &[&Described]) -> Value {
    let first = group[0];
    let evidence = |row: &Described| match row.endpoint.evidence {
        Evidence::Documented => "documented",
        Evidence::Observed => "observed",
        Evidence::Inferred => "inferred",
    };
    let mut tags = vec![first.surface.name];
    if first.later {
        tags.push(LATER);
    }
    let mut points: Vec<&str> = Vec::new();
    for point in group.iter().flat_map(|row| row.endpoint.points) {
        let word = word(*point);
        if !points.contains(&word) {
            points.push(word);
        }
    }
    let mut operation = json!({
        "operationId": name,
        "summary": summary(first.endpoint.name),
        "tags": tags,
        "x-evidence": evidence(first),
        "x-decides": points,
        "parameters": parameters(group),
        "security": security(first),
    });
    if group.iter().any(|row| row.endpoint.page.is_some()) {
        let page = |row: &&Described| {
            let named = row.endpoint.page.map(str::to_owned);
            let mut told = json!({"page": named, "endpoint": row.endpoint.name, "x-evidence": evidence(row), "body": row.body.schema()});
            if !row.body.fields().is_empty() {
                told["example"] = super::example::of(&row.body);
            }
            told
        };
        operation["x-pages"] = group.iter().map(page).collect();
    }
    let bodies: Vec<&Form> = group.iter().map(|row| &row.body).collect();
    let bare = [Method::GET, Method::DELETE].contains(&first.endpoint.method);
    if !bare && bodies.iter().any(|body| !is_nothing(body)) {
        operation["requestBody"] = request_body(first, &bodies);
    }
    operation["responses"] = responses(group);
    operation
}

fn is_nothing(form: &Form) -> bool {
    matches!(form, Form::Object(fields) if fields.is_empty())
}

/// `craftgate.masterpass.check_user` is `masterpass: check user`.
fn summary(name: &str) -> String {
    let inner = name.split_once('.').map_or(name, |(_, inner)| inner);
    inner.replacen('.', ": ", 1).replace('_', " ")
}

/// A decision in the word of the documentation.
pub const fn word(point: Point) -> &'static str {
    match point {
        Point::Token => "token",
        Point::Page => "page",
        Point::ThreeDs => "three_ds",
        Point::Callback => "callback",
        Point::Authorization => "authorization",
        Point::ThreeDsInit => "three_ds_init",
        Point::Capture => "capture",
        Point::Refund => "refund",
        Point::Account => "account",
        Point::Wallet => "wallet",
        Point::Asks => "asks",
        Point::Otp => "otp",
        Point::Webhook => "webhook",
        Point::Installments => "installments",
        Point::Loyalty => "loyalty",
    }
}

fn parameters(group: &[&Described]) -> Vec<Value> {
    let first = group[0];
    let path = first.path();
    let steps = path.split('/');
    let names = steps.filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
    let text = || json!({"type": "string", "minLength": 1});
    let path =
        names.map(|name| json!({"name": name, "in": "path", "required": true, "schema": text()}));
    let mut all: Vec<Value> = path.collect();
    let pages: Vec<&str> = group.iter().filter_map(|row| row.endpoint.page).collect();
    if !pages.is_empty() {
        let schema = json!({"type": "string", "enum": pages});
        all.push(json!({"name": "page", "in": "query", "schema": schema}));
    }
    let mut seen: Vec<&str> = vec!["page"; usize::from(!pages.is_empty())];
    for field in group.iter().flat_map(|row| row.query.fields()) {
        if !seen.contains(&&*field.name) {
            seen.push(&field.name);
            all.push(parameter(field, group.len() == 1));
        }
    }
    let plain = |header: &&Header| header.credential == Credential::No;
    for header in first.headers.iter().filter(plain) {
        let schema = json!({"type": "string"});
        all.push(json!({"name": header.name, "in": "header", "description": header.says, "schema": schema}));
    }
    all
}

/// The header fields that say who calls. What is named `authorization` is no parameter by the standard.
fn schemes(rows: &[Described]) -> Value {
    let headers = rows.iter().flat_map(|row| &row.headers);
    let credentials = headers.filter(|header| header.credential != Credential::No);
    let scheme = |header: &Header| {
        let scheme = json!({"type": "apiKey", "in": "header", "name": header.name, "description": header.says});
        (header.name.to_owned(), scheme)
    };
    Value::Object(credentials.map(scheme).collect())
}

/// Those that a row asks for, all of them; none where none is needed.
fn security(row: &Described) -> Value {
    let named = |wanted: Credential| {
        let headers = row.headers.iter();
        let headers = headers.filter(move |header| header.credential == wanted);
        headers.map(|header| (header.name.to_owned(), json!([])))
    };
    let needed: Map<String, Value> = named(Credential::Needed).collect();
    let optional: Map<String, Value> = named(Credential::Optional).collect();
    match (needed.is_empty(), optional.is_empty()) {
        (true, true) => json!([]),
        (true, false) => json!([{}, optional]),
        (false, _) => json!([needed]),
    }
}

fn parameter(field: &Field, alone: bool) -> Value {
    let mut parameter = json!({"name": field.name, "in": "query", "schema": field.form.schema()});
    if field.need && alone {
        parameter["required"] = true.into();
    }
    parameter
}

/// A body; where several pages share a path, that of any of them.
fn request_body(first: &Described, bodies: &[&Form]) -> Value {
    let mut schemas: Vec<Value> = bodies.iter().map(|body| body.schema()).collect();
    schemas.dedup();
    let needed = |body: &&Form| body.fields().iter().any(|field| field.need);
    let schema = match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({"anyOf": schemas}),
    };
    let mut content = Map::new();
    for media in &first.media {
        let mut entry = json!({"schema": schema});
        if bodies.len() == 1 && !bodies[0].fields().is_empty() {
            entry["example"] = super::example::of(bodies[0]);
        }
        content.insert((*media).to_owned(), entry);
    }
    json!({"required": bodies.iter().all(needed), "content": content})
}

fn responses(group: &[&Described]) -> Value {
    let mut all: Map<String, Value> = Map::new();
    for said in group.iter().flat_map(|row| &row.replies) {
        let status = said
            .status
            .map_or("default".to_owned(), |status| status.to_string());
        let known = http::StatusCode::from_u16(said.status.unwrap_or_default()).ok();
        let says = known.and_then(|status| status.canonical_reason());
        let entry = all.entry(status);
        let entry =
            entry.or_insert_with(|| json!({"description": says.unwrap_or("what is wrong")}));
        let Some(media) = said.media else {
            continue;
        };
        let schema = closed(said.schema.clone());
        let known = &mut entry["content"][media]["schema"];
        match known.take() {
            Value::Null => *known = schema,
            same if same == schema => *known = same,
            mut other => {
                match other.get_mut("anyOf").and_then(Value::as_array_mut) {
                    Some(list) if list.contains(&schema) => {}
                    Some(list) => list.push(schema),
                    None => other = json!({"anyOf": [other, schema]}),
                }
                *known = other;
            }
        }
    }
    all.sort_keys();
    Value::Object(all)
}

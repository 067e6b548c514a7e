//! Every row, described: what a call of it may say, as its own reader tells, and what answers.

use super::spec::{self, Said, Spec};
use super::{Endpoint, Header, Params, Router, Surface, Turn};
use crate::call::ear::{Ear, Heard, Part};
use crate::call::form::{Departure, Form};
use crate::call::judge::{Writing, judge};
use crate::call::{Call, Pair};
use crate::clock::ClockSetting;
use crate::meter::Meter;
use crate::world::{Birth, Sandboxes, World};
use http::Method;
use schemars::generate::SchemaGenerator;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A row, described.
#[derive(Debug)]
pub struct Described {
    /// whose dialect
    pub surface: &'static Surface,
    /// which
    pub endpoint: &'static Endpoint,
    /// an object of its query's parameters
    pub query: Form,
    /// its body; without fields when it has none
    pub body: Form,
    /// the media types of its body, the usual one first
    pub media: Vec<&'static str>,
    /// header fields
    pub headers: Vec<Header>,
    /// what answers
    pub replies: Vec<Said>,
    /// calls may carry more than is listed
    pub open: bool,
    /// it answers 501
    pub later: bool,
}

/// All rows, described, with the document that says so to others.
#[derive(Debug)]
pub struct Description {
    /// in the order of the tables
    pub rows: Vec<Described>,
    /// as OpenAPI
    pub document: Value,
}

impl Description {
    pub(super) fn of(router: &Router) -> Self {
        let mut generator = spec::generator();
        let nobody = Nobody::new();
        let rows = router.rows();
        let rows = rows.map(|row| Described::of(row, (router, &nobody), &mut generator));
        let rows: Vec<_> = rows.collect();
        let schemas = spec::definitions(&mut generator);
        let document = super::document::document(router.surfaces(), &rows, schemas);
        Self { rows, document }
    }

    /// What is said of a row.
    pub fn row(&self, endpoint: &Endpoint) -> Option<&Described> {
        let same = |it: &&Described| std::ptr::eq(it.endpoint, endpoint);
        let alike = |it: &&Described| {
            let row = it.endpoint;
            (row.name, row.path, row.page) == (endpoint.name, endpoint.path, endpoint.page)
                && row.method == endpoint.method
        };
        let mut rows = self.rows.iter();
        rows.find(same).or_else(|| self.rows.iter().find(alike))
    }
}

/// Where readers are asked what they read.
struct Nobody {
    sandboxes: Sandboxes,
    birth: Birth,
    meter: Arc<Meter>,
}

impl Nobody {
    fn new() -> Self {
        let clock = ClockSetting::Real;
        let birth = Birth { seed: 1, clock };
        let sandboxes = Sandboxes::new(Arc::default(), birth);
        Self {
            sandboxes,
            birth,
            meter: Arc::default(),
        }
    }
}

impl Described {
    fn of(
        (surface, endpoint): (&'static Surface, &'static Endpoint),
        (router, nobody): (&Router, &Nobody),
        generator: &mut SchemaGenerator,
    ) -> Self {
        let mut spec = Spec::new(generator);
        (surface.spec)(&mut spec);
        (endpoint.spec)(&mut spec);
        let passes = [false, true].map(|present| heard(endpoint, (router, nobody), present));
        let form = |part: Part| {
            let of_part = |it: &&Heard| placed(it, &endpoint.method) == part;
            if (spec.open || spec.free) && part == Part::Body {
                return Form::Any;
            }
            let with = |pass: &Vec<Heard>| -> Vec<Heard> {
                let all = pass.iter().chain(&spec.declared);
                all.filter(of_part).cloned().collect()
            };
            Form::object(&passes.each_ref().map(with))
        };
        Self {
            surface,
            endpoint,
            query: form(Part::Query),
            body: form(Part::Body),
            media: spec.media,
            open: spec.open,
            headers: spec.headers,
            replies: spec.replies,
            later: spec.later,
        }
    }

    /// Its path as OpenAPI writes it, which knows no rest of a path.
    pub fn path(&self) -> String {
        self.endpoint.path.replace("{*", "{")
    }

    /// Whether it is said that this may be asked for.
    pub fn tells_of(&self, heard: &Heard) -> bool {
        if self.open {
            return true;
        }
        let (query, body) = (self.query.has(&heard.path), self.body.has(&heard.path));
        match heard.part {
            Part::Query => query,
            Part::Body => body,
            Part::Either => query || body,
        }
    }

    /// What a call departs from. A body that nobody can read is refused by itself.
    pub fn departures(&self, call: &Call) -> Vec<Departure> {
        if self.open {
            return Vec::new();
        }
        let query = Value::Object(texts(call.query.iter().cloned()));
        let body = call.body.trim_ascii();
        let form = call.media_type() == spec::FORM && !body.starts_with(b"{");
        let (value, writing) = match form {
            true => {
                let pairs = crate::call::decode_pairs(&String::from_utf8_lossy(body));
                (
                    Some(Value::Object(texts(pairs.into_iter()))),
                    Writing::Texts,
                )
            }
            false if body.is_empty() => (Some(Value::Object(Map::new())), Writing::Json),
            false => (serde_json::from_slice(body).ok(), Writing::Json),
        };
        if self.surface.loose {
            return self.anywhere(&query, &value.unwrap_or_default());
        }
        let mut found = judge(&self.query, &query, ("query", Writing::Texts));
        if let Some(value) = value {
            found.extend(judge(&self.body, &value, ("body", writing)));
        }
        found
    }

    /// Where clients are loose, what is missing in the body may stand in the query, and the other way round.
    fn anywhere(&self, query: &Value, body: &Value) -> Vec<Departure> {
        let mut whole = self.query.clone();
        for field in self.body.fields() {
            whole.grow(&field.name, &field.form);
        }
        let mut found = judge(&whole.optional(), query, ("query", Writing::Texts));
        if body.is_object() {
            let (part, writing) = ("body", Writing::LooseJson);
            found.extend(judge(&whole.optional(), body, (part, writing)));
        }
        let said = |name: &str| {
            let maps = [query, body].into_iter().filter_map(Value::as_object);
            let mut names = maps.flat_map(Map::keys);
            names.any(|known| known.eq_ignore_ascii_case(name))
        };
        let (query, body) = (self.query.fields(), self.body.fields());
        let needed = query.iter().chain(body).filter(|field| field.need);
        let missing = needed.filter(|field| !said(&field.name));
        let part = if body.is_empty() { "query" } else { "body" };
        found.extend(missing.map(|field| Departure::missing(part, &field.name)));
        found
    }
}

/// Parameters by name. Of several with one name the first counts.
fn texts(pairs: impl Iterator<Item = Pair>) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, text) in pairs {
        map.entry(name).or_insert(Value::String(text.into()));
    }
    map
}

/// Where it stands in calls of that method.
fn placed(heard: &Heard, method: &Method) -> Part {
    let bare = [Method::GET, Method::DELETE].contains(method);
    match heard.part {
        Part::Either if bare => Part::Query,
        Part::Either => Part::Body,
        part => part,
    }
}

/// What the row's reader asks for, of a call that says nothing.
fn heard(
    endpoint: &'static Endpoint,
    (router, nobody): (&Router, &Nobody),
    present: bool,
) -> Vec<Heard> {
    let mut call = Call::new(endpoint.method.clone(), endpoint.path);
    let ear = Ear::describing(present);
    call.ear = Some(ear.clone());
    let steps = endpoint.path.split('/');
    let names = steps.filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
    let params: Params = names
        .map(|name| (name.to_owned(), "1".to_owned()))
        .collect();
    let mut world = World::new("nobody", Arc::default(), nobody.birth);
    let mut turn = Turn::new(
        &call,
        &mut world,
        (endpoint, params),
        (router, &nobody.sandboxes, &nobody.meter),
    );
    // What it answers to nobody is nobody's business.
    drop((endpoint.handle)(&mut turn));
    ear.heard()
}

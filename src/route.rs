//! From method, path and page to an endpoint; what an endpoint and a surface are.

pub mod describe;
mod document;
mod example;
mod memo;
mod nearest;
mod spec;
mod turn;

use crate::call::Call;
use crate::domain::decision::Point;
use crate::domain::shop::PosKind;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::Scenario;
use crate::scenario::facts::Facts;
use describe::Description;
pub use document::word;
use http::{Method, StatusCode};
pub use memo::Memo;
use schemars::JsonSchema;
use serde::Serialize;
pub use spec::{FORM, Header, Said, Spec};
use std::collections::HashMap;
use std::sync::OnceLock;
pub use turn::{Script, Turn};

/// How well the behaviour of an endpoint is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// the vendor's own documentation says so
    Documented,
    /// seen in the vendor's client code, or by running it
    Observed,
    /// our proposal, where nothing public was found
    Inferred,
}

/// An answer, or why there is none; the surface then says it in its own dialect.
pub type Answer = Result<Reply, Refusal>;

/// One row: what a call must look like, and what answers it.
#[derive(Debug)]
pub struct Endpoint {
    /// GET, POST, …
    pub method: Method,
    /// `/orders/completed/{token}`
    pub path: &'static str,
    /// the `page` query parameter it answers; None: any other
    pub page: Option<&'static str>,
    /// `surface.resource.verb`
    pub name: &'static str,
    /// how well it is known
    pub evidence: Evidence,
    /// what a scenario can decide here
    pub points: &'static [Point],
    /// answers
    pub handle: fn(&mut Turn<'_>) -> Answer,
    /// says what answers, and what the handler does not ask for by itself
    pub spec: fn(&mut Spec<'_>),
}

impl Endpoint {
    /// A row that asks for no page.
    pub const fn of(
        method: Method,
        (path, name): (&'static str, &'static str),
        (evidence, points): (Evidence, &'static [Point]),
        handle: fn(&mut Turn<'_>) -> Answer,
    ) -> Self {
        Self {
            method,
            path,
            page: None,
            name,
            evidence,
            points,
            handle,
            spec: |_| {},
        }
    }

    /// With what it says of itself.
    #[must_use]
    pub const fn told(mut self, spec: fn(&mut Spec<'_>)) -> Self {
        self.spec = spec;
        self
    }
}

/// Why a call reaches no endpoint, or dies in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// no such path
    NoSuchPath,
    /// the path is there, the method is not
    WrongMethod,
    /// the request is no valid HTTP for us: `"the sandbox is named twice"`
    BadRequest(&'static str),
    /// the body is larger than we read
    TooLarge,
    /// the body did not arrive in time
    TooSlow,
    /// a header or media type that we do not take
    Unsupported(&'static str),
    /// the Host is not ours
    Misdirected,
    /// no room for another sandbox
    Full,
    /// too many requests at once
    Busy,
    /// a part of HTTP that nobody needs here
    NotImplemented(&'static str),
    /// an expectation that nobody meets
    Expectation(&'static str),
    /// a scenario answers with this status, of 400 and more, instead
    Scripted(u16),
    /// a bug of ours
    Crashed,
}

/// A status by its number; 500 when it is none.
pub fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// One emulated HTTP API.
#[derive(Debug)]
pub struct Surface {
    /// first word of its endpoints' names
    pub name: &'static str,
    /// one line of what it stands in for
    pub title: &'static str,
    /// path prefixes whose unknown paths are answered in its dialect
    pub claims: &'static [&'static str],
    /// its rows, one table a resource
    pub endpoints: &'static [&'static [Endpoint]],
    /// who is calling; Err when they may not
    pub admit: fn(&mut Turn<'_>) -> Result<(), Refusal>,
    /// what the call is about
    pub facts: fn(&Turn<'_>, &mut Facts),
    /// what may be known of a row's calls: the keys of `when` that `facts` can answer there
    pub knows: fn(&Endpoint) -> &'static [&'static str],
    /// calls the endpoint, with what stands between admission and it: most have [`direct`]
    pub answer: fn(&mut Turn<'_>) -> Answer,
    /// says a refusal in its dialect
    pub refuse: fn(&mut Turn<'_>, Refusal) -> Reply,
    /// says a fault in its dialect; of the world no more is known than what it plays
    pub fault: fn(&Call, Fault, &Scenario) -> Reply,
    /// what every answer of it carries: a new caller's cookie, CORS
    pub finish: fn(&Turn<'_>, &mut Reply),
    /// rows that nobody calls: time does, when something falls due
    pub timed: &'static [Endpoint],
    /// answers OPTIONS at every path of its rows; None: there is no such method
    pub preflight: Option<&'static Endpoint>,
    /// its clients are loose with paths: capitals, doubled slashes and spaces at the end do not matter
    pub loose: bool,
    /// its handlers read card numbers, and refuse real ones with all else that is wrong with a call
    pub reads_cards: bool,
    /// who stands behind the POS of its calls; empty: that depends on the call
    pub pos_kinds: &'static [PosKind],
    /// adds to a scenario's example what the vendor's clients add to every call: a signature
    pub sign: fn(&mut Call, &Scenario),
    /// what all its rows have in common: header fields, and how it fails
    pub spec: fn(&mut Spec<'_>),
}

/// Calls the endpoint, and nothing else.
pub fn direct(turn: &mut Turn<'_>) -> Answer {
    (turn.endpoint.handle)(turn)
}

/// The index from method, path and page to a row. Built once.
#[derive(Debug)]
pub struct Router {
    surfaces: &'static [&'static Surface],
    paths: Paths,
    /// by path in lower case
    loose: Paths,
    description: OnceLock<Description>,
}

/// Rows by path. Most paths are literal: a map finds those faster, and is built faster.
#[derive(Debug, Default)]
struct Paths {
    literal: HashMap<String, Vec<Row>>,
    patterns: matchit::Router<Vec<Row>>,
}

/// Path parameters by name.
pub type Params = Vec<(String, String)>;

type Row = (&'static Surface, &'static Endpoint);

fn rows_of(surface: &'static Surface) -> impl Iterator<Item = Row> {
    let tables = surface.endpoints.iter().copied().flatten();
    tables.map(move |endpoint| (surface, endpoint))
}

/// Rows by path. Err names two that could answer the same call.
fn index(rows: impl Iterator<Item = (String, Row)>) -> Result<Paths, String> {
    let mut groups: HashMap<String, Vec<Row>> = HashMap::new();
    for (path, (surface, endpoint)) in rows {
        let group = groups.entry(path).or_default();
        let same = |e: &Endpoint| e.method == endpoint.method && e.page == endpoint.page;
        if let Some((_, other)) = group.iter().find(|(_, e)| same(e)) {
            return Err(format!(
                "`{}` and `{}` answer the same calls",
                other.name, endpoint.name
            ));
        }
        group.push((surface, endpoint));
    }
    let mut patterns = matchit::Router::new();
    for (path, group) in groups.extract_if(|path, _| path.contains('{')) {
        let clash = |e| format!("`{path}`: {e}");
        patterns.insert(path.as_str(), group).map_err(clash)?;
    }
    let literal = groups;
    Ok(Paths { literal, patterns })
}

impl Paths {
    fn at(&self, path: &str) -> Option<(&[Row], Params)> {
        if let Some(rows) = self.literal.get(path) {
            return Some((rows, Params::new()));
        }
        let matched = self.patterns.at(path).ok()?;
        let params = matched.params.iter();
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some((matched.value, params.collect()))
    }
}

/// In lower case, without doubled slashes and spaces at the end.
fn loosened(path: &str) -> String {
    let path = path.trim_end_matches("%20").trim_end().to_ascii_lowercase();
    let steps = path.split('/').filter(|step| !step.is_empty());
    steps.fold(String::with_capacity(path.len()), |plain, step| {
        plain + "/" + step
    })
}

/// What a call leads to.
#[derive(Debug)]
pub struct Found {
    /// whose dialect
    pub surface: &'static Surface,
    /// the row, or why there is none
    pub row: Result<(&'static Endpoint, Params), Fault>,
    /// the methods that the path takes, for a wrong one: `GET, POST`
    pub allow: String,
}

impl Found {
    /// There is none, but for a browser that asks for leave: it must be let through to be told so.
    fn no_row(call: &Call, surface: &'static Surface, fault: Fault) -> Self {
        let asks = call.method == Method::OPTIONS;
        let preflight = surface.preflight.filter(|_| asks);
        Self {
            surface,
            row: preflight.map(|row| (row, Params::new())).ok_or(fault),
            allow: String::new(),
        }
    }
}

/// The row for the call's method and page, else the one that asks for no page.
fn fitting(rows: &[Row], call: &Call) -> Option<Row> {
    let method = match call.method {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    let of_method = || rows.iter().filter(|(_, row)| row.method == *method);
    let page = call.query("page");
    let named = of_method().find(|(_, row)| row.page.is_some() && row.page == page);
    let any = || of_method().find(|(_, row)| row.page.is_none());
    named.or_else(any).copied()
}

/// The methods that a path takes: `GET, HEAD, POST`.
fn methods(rows: &[Row]) -> String {
    let mut methods: Vec<_> = rows.iter().map(|(_, row)| row.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.dedup();
    methods.join(", ")
}

impl Router {
    /// Err names two rows that could answer the same call.
    pub fn new(surfaces: &'static [&'static Surface]) -> Result<Self, String> {
        let rows = || surfaces.iter().flat_map(|surface| rows_of(surface));
        let loose = rows().filter(|(surface, _)| surface.loose);
        let lower = loose.map(|row| (row.1.path.to_ascii_lowercase(), row));
        Ok(Self {
            surfaces,
            paths: index(rows().map(|row| (row.1.path.to_owned(), row)))?,
            loose: index(lower)?,
            description: OnceLock::new(),
        })
    }

    /// Every row with its surface, in the order of the tables.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.surfaces.iter().flat_map(|surface| rows_of(surface))
    }

    /// All rows, described; made when somebody first asks.
    pub fn description(&self) -> &Description {
        self.description.get_or_init(|| Description::of(self))
    }

    /// The surfaces.
    pub const fn surfaces(&self) -> &'static [&'static Surface] {
        self.surfaces
    }

    /// What `call` leads to. HEAD is answered as GET.
    pub fn find(&self, call: &Call) -> Found {
        let matched = self.paths.at(&call.path);
        let matched = matched.or_else(|| self.loose.at(&loosened(&call.path)));
        let Some((rows, params)) = matched else {
            return Found::no_row(call, self.claimant(&call.path), Fault::NoSuchPath);
        };
        let Some((surface, endpoint)) = fitting(rows, call) else {
            let (surface, _) = rows[0];
            let mut found = Found::no_row(call, surface, Fault::WrongMethod);
            found.allow = methods(rows);
            return found;
        };
        Found {
            surface,
            row: Ok((endpoint, params)),
            allow: String::new(),
        }
    }

    /// The surface with the longest claim on `path`.
    pub fn claimant(&self, path: &str) -> &'static Surface {
        let loose = loosened(path);
        let claim = |s: &&&'static Surface| {
            let fits = |claim: &&&str| match s.loose {
                true => loose.starts_with(&claim.to_ascii_lowercase()),
                false => path.starts_with(**claim),
            };
            let fitting = s.claims.iter().filter(fits);
            fitting.map(|c| c.len() + 1).max().unwrap_or(0)
        };
        self.surfaces
            .iter()
            .max_by_key(claim)
            .expect("there is at least one surface")
    }
}

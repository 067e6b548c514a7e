//! Who may call the admin: told by headers alone, before a sandbox or a handler sees the call.

use super::sandbox::HEALTH;
use crate::call::Call;
use http::Method;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use std::net::{Ipv4Addr, Ipv6Addr};
use subtle::ConstantTimeEq;

/// May do everything.
pub const OPERATOR: &str = "operator";
/// May ask for health, and see the page at `/` without the state.
pub const VISITOR: &str = "visitor";

/// Who may call the admin.
///
/// On a loopback listener: callers that name a loopback host or one of `hosts`, unless a browser
/// says that a page of another origin sent them; a page on another port of this machine is one. On any other: callers with the token. Where a token is set it
/// is asked for on loopback too. `GET /__mockpos/health` answers everybody. The page at `/` answers
/// without a token, and then shows nothing of what happened.
#[derive(Debug, Clone)]
pub struct Access {
    /// what a caller must know; without it nobody is let in on a listener that is not loopback
    pub token: Option<String>,
    /// more host names to answer under, with or without a port
    pub hosts: Vec<String>,
    /// the listener is bound to loopback addresses only
    pub loopback: bool,
}

impl Default for Access {
    /// A loopback listener, no token, no more names.
    fn default() -> Self {
        Self {
            token: None,
            hosts: Vec::new(),
            loopback: true,
        }
    }
}

/// Why a caller is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// called under a foreign name: DNS rebinding, or a name to allow
    Host,
    /// sent by a page of another origin
    Origin,
    /// no token, or a wrong one
    Token,
    /// a body that a plain HTML form can send, or no one can read
    MediaType,
}

impl Access {
    /// [`OPERATOR`] or [`VISITOR`]. Err says why not.
    pub fn check(&self, call: &Call) -> Result<&'static str, Denied> {
        let reads = call.method == Method::GET || call.method == Method::HEAD;
        if reads && call.path == HEALTH {
            return Ok(VISITOR);
        }
        if self.loopback {
            let host = single(call, HOST).filter(|host| self.is_ours(host));
            let host = host.ok_or(Denied::Host)?;
            let visits = reads && arrives_at_page(call);
            if !visits && !self.same_origin(call, host) {
                return Err(Denied::Origin);
            }
        }
        if !self.has_token(call) {
            let page = reads && call.path == "/";
            return page.then_some(VISITOR).ok_or(Denied::Token);
        }
        if !reads && !readable_body(call) {
            return Err(Denied::MediaType);
        }
        Ok(OPERATOR)
    }

    /// A loopback name, or one that was allowed.
    fn is_ours(&self, host: &str) -> bool {
        let name = without_port(host);
        is_loopback(name) || self.is_allowed(host)
    }

    /// With its port, or for every port without one.
    fn is_allowed(&self, host: &str) -> bool {
        let name = without_port(host);
        let is =
            |known: &String| known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(name);
        self.hosts.iter().any(is)
    }

    /// Nothing that a browser adds says that a page of another origin sent the call; or that origin was allowed.
    fn same_origin(&self, call: &Call, host: &str) -> bool {
        if !call.headers.contains_key(ORIGIN) {
            let ours = |site: &str| matches!(site, "same-origin" | "none");
            return call.header("sec-fetch-site").is_none_or(ours);
        }
        let origin = single(call, ORIGIN).and_then(|origin| origin.split_once("://"));
        origin.is_some_and(|(scheme, authority)| {
            matches!(scheme, "http" | "https")
                && (authority.eq_ignore_ascii_case(host) || self.is_allowed(authority))
        })
    }

    fn has_token(&self, call: &Call) -> bool {
        let Some(token) = &self.token else {
            return self.loopback;
        };
        let bearer = || {
            let (scheme, given) = call.header("authorization")?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| given.trim())
        };
        let given = call.header("x-mockpos-token").or_else(bearer);
        let equal = |given: &str| bool::from(given.as_bytes().ct_eq(token.as_bytes()));
        !token.is_empty() && given.is_some_and(equal)
    }
}

/// A person follows a link from anywhere to the page at `/`.
fn arrives_at_page(call: &Call) -> bool {
    let is = |name: &str, word: &str| call.header(name) == Some(word);
    call.path == "/"
        && !call.headers.contains_key(ORIGIN)
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
}

/// JSON or TOML, or nothing at all. A form's own media types need no leave of ours to be sent by a
/// page of another site; these two do, and never get it.
fn readable_body(call: &Call) -> bool {
    if call.headers.contains_key(CONTENT_TYPE) {
        matches!(&*call.media_type(), "application/json" | "application/toml")
    } else {
        call.body.is_empty()
    }
}

/// The text of a header that is there exactly once.
fn single(call: &Call, name: http::HeaderName) -> Option<&str> {
    let mut values = call.headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn without_port(host: &str) -> &str {
    let port = |(_, port): &(&str, &str)| port.bytes().all(|b| b.is_ascii_digit());
    host.rsplit_once(':')
        .filter(port)
        .map_or(host, |(name, _)| name)
}

fn is_loopback(name: &str) -> bool {
    let v6 = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match v6 {
        Some(address) => address.parse().is_ok_and(|a: Ipv6Addr| a.is_loopback()),
        None => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse().is_ok_and(|a: Ipv4Addr| a.is_loopback())
        }
    }
}

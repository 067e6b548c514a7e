//! One call's moment with the world.

use super::{Endpoint, Memo, Params, Router};
use crate::call::Call;
use crate::config::PanGuard;
use crate::journal::Notes;
use crate::meter::Meter;
use crate::scenario::facts::Facts;
use crate::scenario::verdict::Verdict;
use crate::world::{Sandboxes, World};
use bytes::Bytes;
use std::sync::Arc;

/// A file that is served as it is, to browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// the last step of its address
    pub name: String,
    /// what it holds
    pub text: Bytes,
}

/// One call's moment with the world, under the lock.
#[derive(Debug)]
pub struct Turn<'a> {
    /// what is asked
    pub call: &'a Call,
    /// the sandbox
    pub world: &'a mut World,
    /// what answers
    pub endpoint: &'static Endpoint,
    /// path parameters
    pub params: Params,
    /// what the call is about, as its surface told
    pub facts: Facts,
    /// what the rules say
    pub verdict: Verdict,
    /// what the journal is told besides the answer
    pub notes: Notes,
    /// who is calling, as admission found: a session id, a merchant's key
    pub caller: String,
    /// the caller was not known before this call
    pub new_caller: bool,
    /// what its surface has found out, and asks for again
    pub memo: Memo,
    /// the vendor's SDK, when the user has given one
    pub sdk: Option<&'a Script>,
    /// what becomes of card numbers that may be somebody's
    pub guard: PanGuard,
    /// nothing in the call looks like a card number
    pub plain: bool,
    /// all rows, for the admin
    pub router: &'a Router,
    /// all sandboxes, for the admin
    pub sandboxes: &'a Sandboxes,
    /// what the process has counted, for the admin
    pub meter: &'a Arc<Meter>,
}

impl<'a> Turn<'a> {
    /// A turn about which nothing is known yet but what is asked, where, and what answers.
    pub fn new(
        call: &'a Call,
        world: &'a mut World,
        (endpoint, params): (&'static Endpoint, Params),
        (router, sandboxes, meter): (&'a Router, &'a Sandboxes, &'a Arc<Meter>),
    ) -> Self {
        Self {
            call,
            world,
            endpoint,
            params,
            facts: Facts::default(),
            verdict: Verdict::default(),
            notes: Notes::default(),
            caller: String::new(),
            new_caller: false,
            memo: Memo::default(),
            sdk: None,
            guard: PanGuard::default(),
            plain: false,
            router,
            sandboxes,
            meter,
        }
    }

    /// A path parameter by name; empty when the row has none of that name.
    pub fn param(&self, name: &str) -> &str {
        let found = self.params.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }
}

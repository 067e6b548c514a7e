//! What the admin answers with, where that is no more than a few facts.

use crate::scenario::problem::Problem;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// What is wrong, and what to do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Failed<'a> {
    pub error: &'a str,
    pub hint: &'a str,
    /// of a password that was not taken
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u8>,
}

/// It is there.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Health<'a> {
    pub status: &'static str,
    pub version: &'static str,
    pub sandbox: &'a str,
    /// why its files are not what plays
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario_problem: Option<String>,
}

/// Something was done in a sandbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Done<'a> {
    pub status: &'static str,
    pub sandbox: &'a str,
}

/// All sandboxes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sandboxes {
    pub sandboxes: Vec<Used>,
}

/// How much a sandbox is used.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Used {
    pub name: String,
    pub calls: u64,
    pub last_used: String,
}

/// The time of a sandbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Time {
    pub now: String,
    pub frozen: bool,
    pub at_birth: String,
    /// what happened until then
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened: Option<Vec<Value>>,
    /// why nothing has
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// how much more
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<u64>,
}

/// A scenario plays.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Playing<'a> {
    pub status: &'static str,
    pub sandbox: &'a str,
    pub scenario: Played<'a>,
    pub warnings: Vec<Warning<'a>>,
}

/// What plays.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Played<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub rules: usize,
}

/// What is odd in a scenario.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Warning<'a> {
    pub file: &'a str,
    pub line: usize,
    pub column: usize,
    pub code: &'a str,
    pub message: &'a str,
}

impl<'a> Warning<'a> {
    /// As it is found.
    pub fn of(problem: &'a Problem) -> Self {
        Self {
            file: &problem.file,
            line: problem.line,
            column: problem.column,
            code: problem.mistake.code(),
            message: &problem.message,
        }
    }
}

/// Rules that were added.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rules {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    pub rules: Vec<AddedBody>,
}

/// A rule for a while.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AddedBody {
    pub id: u32,
    pub decided_by: String,
    pub source: String,
    pub spoken: u32,
    pub left: Option<u32>,
    pub until: Option<String>,
}

/// Rules that are gone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Removed {
    pub status: &'static str,
    pub removed: usize,
}

/// A sandbox is as it was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Restored<'a> {
    pub status: &'static str,
    pub sandbox: &'a str,
    pub scenario: &'a str,
    pub now: String,
}

/// The deliveries.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deliveries {
    pub webhooks: Vec<DeliveryBody>,
    pub dropped: u64,
}

/// One delivery.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeliveryBody {
    pub id: u64,
    pub state: &'static str,
    pub merchant: String,
    pub event: Option<&'static str>,
    pub subject: String,
    pub at: String,
    pub request: Posted,
    pub tried: u32,
    pub attempts: Vec<Value>,
    pub next: Option<String>,
}

/// As it goes over the wire.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Posted {
    pub method: &'static str,
    pub url: String,
    pub headers: Map<String, Value>,
    pub body: String,
}

//! Which rules speak about a call: for each thing that is to be decided, the first that matches.

use crate::call::Call;
use crate::domain::decision::Point;
use crate::scenario::Scenario;
use crate::scenario::facts::Facts;
use crate::scenario::verdict::Verdict;

/// One rule.
#[derive(Debug)]
pub struct Rule {}

/// How often each rule of a scenario has matched, in one sandbox.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// by rule
    pub matched: Vec<u32>,
}

impl Scenario {
    /// What the rules say about a call with these facts, at an endpoint that decides `points`.
    pub fn decide(&self, progress: &mut Progress, asked: &Asked<'_>) -> Verdict {
        let _ = (progress, asked);
        Verdict::default()
    }
}

/// A call as the rules see it.
#[derive(Debug)]
pub struct Asked<'a> {
    /// the call itself, for its headers
    pub call: &'a Call,
    /// what it is about
    pub facts: &'a Facts,
    /// what its endpoint decides
    pub points: &'a [Point],
}

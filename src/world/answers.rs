//! Answers that are kept for a caller who asks the same again under the same key.

use crate::clock::Timestamp;
use crate::reply::Reply;

/// How many answers a sandbox keeps.
pub(super) const CAPACITY: usize = 2_000;

/// An answer, and what it was the answer to.
#[derive(Debug, Clone)]
pub struct Kept {
    /// hash of method, path and body
    pub request: [u8; 32],
    /// the answer
    pub reply: Reply,
    /// kept until then
    pub until: Timestamp,
}

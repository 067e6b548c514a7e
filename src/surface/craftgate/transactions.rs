//! Items of a marketplace: approval and change. contract: craftgate §4.9

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

//! Giving back: whole, by item, marked. contract: craftgate §4.5–§4.7

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

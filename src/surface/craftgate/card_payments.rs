//! Payments by card. contract: craftgate §5.1, §5.2, §4.8

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

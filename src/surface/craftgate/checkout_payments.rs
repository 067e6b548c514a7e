//! The hosted checkout page. contract: craftgate §5.3, §3.11

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

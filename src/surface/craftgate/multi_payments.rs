//! One price paid in several payments. contract: craftgate §5.3

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

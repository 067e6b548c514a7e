//! Cards that the merchant keeps here. contract: craftgate §5.4

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

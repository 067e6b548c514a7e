//! Cards verified before they are stored. contract: craftgate §5.3, §5.4

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

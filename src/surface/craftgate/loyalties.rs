//! Rewards that a card offers. contract: craftgate §5.6

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

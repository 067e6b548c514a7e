//! Payments and refunds, looked up and searched. contract: craftgate §4.3, §4.4, §4.7

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

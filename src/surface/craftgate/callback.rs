//! The way back from the bank's page to the merchant. contract: craftgate §3.8

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

//! The wallet through the gateway: token, completion, 3-D Secure. contract: craftgate §3

use crate::route::Endpoint;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[];

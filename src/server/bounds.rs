//! The limits of connections and requests, as the server keeps them.

use super::line::Patience;
use crate::config::{Limit, Limits};
use std::time::Duration;
use tokio::sync::Semaphore;

/// What a connection and its requests may take; see [`crate::config::LIMITS`].
#[derive(Debug)]
pub struct Bounds {
    /// how long a client may be silent or slow
    pub patience: Patience,
    /// for a body
    pub body_time: Duration,
    /// bytes of a head
    pub head: usize,
    /// fields of a head
    pub fields: usize,
    /// bytes of a body
    pub body: usize,
    /// how deep JSON may go
    pub depth: usize,
    /// connections at once
    pub connections: usize,
    /// requests at once: one permit each
    pub requests: Semaphore,
}

impl From<&Limits> for Bounds {
    fn from(limits: &Limits) -> Self {
        Self {
            patience: Patience {
                header: limits.time(Limit::HeaderTimeout),
                idle: limits.time(Limit::IdleTimeout),
                write: limits.time(Limit::WriteTimeout),
            },
            body_time: limits.time(Limit::BodyTimeout),
            head: limits.count(Limit::HeadSize),
            fields: limits.count(Limit::HeadFields),
            body: limits.count(Limit::BodySize),
            depth: limits.count(Limit::JsonDepth),
            connections: limits.count(Limit::Connections),
            requests: Semaphore::new(limits.count(Limit::Requests)),
        }
    }
}

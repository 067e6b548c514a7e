//! The emulated HTTP APIs. None of them knows another.

use crate::route::Surface;

pub mod admin;
pub mod akinon;
pub mod bearer;

/// Every surface.
pub const ALL: &[&Surface] = &[&akinon::SURFACE, &admin::SURFACE];

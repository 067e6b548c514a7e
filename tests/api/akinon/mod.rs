//! The commerce surface.

pub mod completion;
pub mod pages;
pub mod services;
pub mod storefront;

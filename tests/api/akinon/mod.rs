//! The commerce surface.

mod completion;
mod pages;
mod services;
mod storefront;

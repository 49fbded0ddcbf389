//! planbot
pub mod model;
pub mod import;
pub mod files;

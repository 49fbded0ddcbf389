//! planbot
pub mod model;
pub mod import;
pub mod files;
pub mod understand;
pub mod answer;
pub mod search;
pub mod edition;

//! planbot: a chat bot for a department's own annual plan.
//!
//! It answers with the exact printed figure and where it stands, or says honestly that the
//! documents do not hold it. The core (`model`, `language`, `import`, `question`, `evidence`,
//! `kinds`, `reply`) is pure; `ARCHITECTURE.md` has the map and the invariants.

pub mod app;
pub mod chart;
pub mod chat;
pub mod cli;
pub mod config;
pub mod connections;
pub mod document;
pub mod edge;
pub mod edition;
pub mod evidence;
pub mod exam;
pub mod files;
mod fit;
pub mod import;
mod kinds;
pub mod language;
pub mod metrics;
pub mod model;
pub mod ports;
pub mod question;
pub mod remind;
pub mod reply;
pub mod schedule;
pub mod store;
pub mod web;

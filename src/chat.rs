//! Conversations: who is spoken to, commands, what is said, how it is shown. The messenger stays at the edge.

mod address;
mod answering;
mod calendar_file;
mod commands;
mod conversation;
mod desk_talk;
mod explanation;
mod greeting;
mod incoming;
mod learning;
mod presses;
pub mod render;
mod said;
mod tables;
pub mod telegram;
mod terminal;
mod words;

pub use address::{Addressed, address};
pub use calendar_file::calendar_file;
pub use commands::{Audience, Command, menu};
pub use conversation::Conversation;
pub use incoming::{ChatKind, Incoming};
pub use terminal::run_terminal;

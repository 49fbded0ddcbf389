//! Conversations: who is spoken to, commands, what is said. Messengers are at the edge.

mod address;
mod answering;
mod bringing;
mod calendar_file;
mod clock;
mod commands;
mod conversation;
mod demo;
mod desk_talk;
mod explanation;
mod greeting;
mod import_words;
mod incoming;
mod learning;
mod matrix;
mod pictures;
mod presses;
pub mod render;
mod said;
mod sending;
mod tables;
pub(crate) mod words;

pub use address::{Addressed, address};
pub use calendar_file::{CALENDAR_DAYS, calendar_file};
pub use clock::move_clock;
pub use commands::{Command, MenuReader, menu};
pub use conversation::Conversation;
pub use demo::{Demonstrating, banner};
pub use explanation::{intent_name, wanted};
pub use import_words::{approved as approved_sentence, counts as plan_counts};
pub use incoming::{ChatKind, Incoming, Mark, Marked};
pub use tables::{
    Chosen, ChosenRow, CsvReader, Field, fields, figures, indicators_csv, plan_workbook,
    status_csv, status_workbook, years,
};
pub use words::{
    adopted as adopted_sentence, reloaded as reloaded_sentence, replied as replied_sentence,
};

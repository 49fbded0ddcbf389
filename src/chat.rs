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
pub(crate) mod render;
mod said;
mod sending;
mod tables;
pub(crate) mod words;

pub(crate) use address::{Addressed, address};
pub(crate) use calendar_file::CALENDAR_DAYS;
pub use calendar_file::calendar_file;
pub(crate) use clock::move_clock;
pub(crate) use commands::{Command, MenuReader, menu};
pub(crate) use conversation::Conversation;
pub(crate) use demo::{Demonstrating, banner};
pub(crate) use explanation::{intent_name, wanted};
pub(crate) use import_words::{approved as approved_sentence, counts as plan_counts};
pub(crate) use incoming::{ChatKind, Incoming, Mark, Marked};
pub use tables::{Chosen, plan_workbook};
pub(crate) use tables::{
    ChosenRow, CsvReader, Field, fields, figures, indicators_csv, status_csv, status_workbook,
    years,
};
pub(crate) use words::{
    adopted as adopted_sentence, reloaded as reloaded_sentence, replied as replied_sentence,
};

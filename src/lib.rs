//! planbot: a chat bot for a department's own annual plan.
//!
//! It answers with the exact printed figure and where it stands, or says honestly that the
//! documents do not hold it. The core (`model`, `language`, `import`, `question`, `evidence`,
//! `kinds`, `reply`) is pure; `ARCHITECTURE.md` has the map and the invariants.

mod app;
mod chart;
mod chat;
mod cli;
mod config;
mod connections;
mod document;
mod edge;
mod edition;
mod evidence;
mod exam;
mod files;
mod fit;
mod import;
mod kinds;
mod language;
mod metrics;
mod model;
mod ports;
mod question;
mod remind;
mod reply;
mod schedule;
mod store;
mod web;
mod words;
mod workers;

// What the program, its tests, benchmarks and examples see; all else is nobody's business.
pub use app::{
    Adopted, Answered, App, Desk, Examiner, Hindrance, Reloaded, Replied, Reported, SynonymChange,
    UnitState, Who,
};
pub use chart::{
    Picture, board as chart_board, indicator as chart_of_indicator, missing_glyphs, multiples,
    over_years as chart_over_years,
};
pub use chat::render::plain as plain_reply;
pub use chat::{Chosen, calendar_file, plan_workbook};
pub use cli::main;
pub use config::{Config, Paths, Reminders};
pub use connections::{Seat, Served, listen as listen_with_limits};
pub use document::{Block, Document};
pub use edge::telegram::TelegramError;
pub use edge::{Input, Printer, Terminal, run_messengers, run_terminal};
pub use edition::{Circumstances, Edition, EditionError, IndexPlace, check as check_data};
pub use evidence::Names;
pub use exam::{
    Difference, DifferenceKind, Expected, Item, Score, case_fault, differences as exam_differences,
    drawn_items, items as exam_items, odd_strings, otherwise as answered_otherwise,
    plain as exam_plain, plain_by_another_name, sample as exam_sample, setbacks, take as take_exam,
    take_original as examine_original, take_with as take_exam_with, training,
};
pub use files::{
    DataFiles, create_directory, is_empty as is_empty_directory, list_by_age, read_bounded,
    read_cases, read_data, read_text, read_whole, remove_directory, remove_file,
    rename as rename_file, write_bytes, write_plan, write_text,
};
pub use import::{Imported, UnitWords, assemble, import as import_report, original_of};
pub use language::{Entry, PartOfSpeech, Thesaurus};
pub use metrics::Metrics;
pub use model::{
    Book, BotId, CaseRecord, Cell, CellRecord, Citation, Finding, Indicator, Measure, NoteKind,
    Plan, PlanId, PlanRecords, Quantity, Severity, Unit, UnitId, UpdateId,
};
pub use ports::{
    Capabilities, ChatId, Clock, MessageId, Messenger, MovableClock, Outgoing, PersonId,
    SendOutcome, Sending, TopicId,
};
pub use question::{Operator, OperatorSet, Question};
pub use remind::{Reminder, tick as remind_once};
pub use reply::{
    Answer, AnswerKind, Choice, Clarification, Feature, Outcome, Ranked, Refusal, Reply, Verdict,
    Weights, judge, verify,
};
pub use schedule::{
    Agenda, DeliveryState, DueDate, DueRule, Policy, SpokenDay, Stage, WorkCalendar, shown_date,
};
pub use store::{
    Acknowledged, Act, Audit, AuditAct, Decision, Export, FORMAT as STATE_FORMAT, KeptFor, Mending,
    NewUpdate, Offer, OnPress, Origin, OutboxEntry, Purpose, Stamp, Standing, Store, Subscription,
    Unanswered, restore_is_ready,
};
pub use web::{Setting, Site, listen as listen_for_page};

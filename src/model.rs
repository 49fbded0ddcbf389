//! The words of the field: plans, indicators, quantities, terms, notes, passages and where each
//! stands.
//!
//! Values only. No reading of files, no clock, no formatting for a chat, and no knowledge of any
//! one report.

mod address;
mod answerable;
mod citation;
mod duty;
mod finding;
mod ids;
mod indicator;
mod plan;
mod quantity;
mod record;
mod unit;

pub use address::{BotId, ChatId, MessageId, PersonId, TopicId, UpdateId, Whose, is_of_telegram};
pub use answerable::{Fact, GlossaryTerm, Note, NoteKind, Passage, SectionPath};
pub use citation::{Citation, Provenance};
pub use duty::{DuePhrase, ReportingDuty};
pub use finding::{Finding, Severity};
pub use ids::{PlanId, PlanIx};
pub use indicator::{Cell, Figures, Indicator, IndicatorNature, Measure};
pub use plan::{Book, Plan, TableTitle};
pub use quantity::{Bound, Quantity};
pub use record::{
    CaseRecord, CellRecord, ConceptRecord, DutyRecord, ExamRecords, GlossaryRecord, LexiconRecords,
    NoteRecord, PlanHeader, PlanRecords,
};
pub use unit::{Enrolled, Listing, Unit, UnitId, call_roll};

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

pub use address::{BotId, ChatId, MessageId, PersonId, TopicId, UpdateId};
pub(crate) use address::{Whose, is_of_telegram};
pub use answerable::NoteKind;
pub(crate) use answerable::{Fact, GlossaryTerm, Note, Passage, SectionPath};
pub use citation::Citation;
pub(crate) use citation::Provenance;
pub(crate) use duty::{DuePhrase, ReportingDuty};
pub use finding::{Finding, Severity};
pub use ids::PlanId;
pub(crate) use ids::PlanIx;
pub use indicator::{Cell, Indicator, Measure};
pub(crate) use indicator::{Figures, IndicatorNature};
pub(crate) use plan::TableTitle;
pub use plan::{Book, Plan};
pub(crate) use quantity::Bound;
pub use quantity::Quantity;
pub use record::{CaseRecord, CellRecord, PlanRecords};
pub(crate) use record::{
    ConceptRecord, DutyRecord, ExamRecords, GlossaryRecord, LexiconRecords, NoteRecord, PlanHeader,
};
pub(crate) use unit::{Enrolled, Listing, call_roll};
pub use unit::{Unit, UnitId};

//! What answers can rest on: names of tables and glossary, clauses with their figures, passages,
//! and the index that proposes which of them are near to a question.
//!
//! It says how well words stand in texts and decides nothing. Only `index` knows tantivy.

mod clauses;
mod explainer;
mod figures;
mod full_text;
mod ids;
pub mod index;
mod library;
mod names;
mod parts;
mod passages;
mod postings;
mod text;
mod texts;

pub use clauses::{Clause, Figure as ClauseFigure};
pub use explainer::{Explainer, Level, STANDS};
pub use ids::{ClauseId, NameId, PassageId, TermNameId, TextId};
pub use library::{Library, Making};
pub use names::{IndicatorName, Names, TermName};
pub use parts::{is_size, place_of};
pub use passages::{Grain, PassageText};
pub use text::Text;

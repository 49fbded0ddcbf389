//! Passages that can be quoted whole: a stretch between semicolons, a sentence, an item, an
//! announced list, a note.

use super::explainer::Level;
use super::ids::TextId;
use crate::model::{Measure, PlanIx, Provenance};

/// How much a passage quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    /// Between semicolons.
    Stretch,
    /// A sentence.
    Sentence,
    /// An item (一是…) or a short paragraph.
    Item,
    /// A sentence that announces a list, with the list.
    List,
    /// A footnote or a remark.
    Note,
}

/// A passage.
#[derive(Debug, Clone)]
pub struct PassageText {
    /// Position of its plan in the book.
    pub plan: PlanIx,
    /// The sentences that it quotes, at least one.
    pub sentences: Vec<Provenance>,
    /// How much it quotes.
    pub grain: Grain,
    /// Verbatim.
    pub verbatim: String,
    /// As it is compared.
    pub text: TextId,
    /// The texts that explain a question's words, the passage itself first.
    pub levels: Vec<Level>,
    /// The headline above it, where there is one.
    pub headline: Option<TextId>,
    /// The years that it speaks of.
    pub years: Vec<i32>,
    /// Aims or results.
    pub measure: Option<Measure>,
    /// Whether it says why something is as it is.
    pub gives_reason: bool,
    /// Whether it stands in a chapter of measures.
    pub is_measures: bool,
}

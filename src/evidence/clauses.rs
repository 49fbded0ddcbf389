//! Clauses with figures: what each figure counts, of which year it is, and which texts around it
//! lend it a subject.

use super::explainer::Level;
use super::ids::TextId;
use crate::language::UnitKind;
use crate::model::{Measure, PlanIx, Provenance, Quantity};
use std::sync::Arc;

/// A clause that holds at least one figure.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Position of its plan in the book.
    pub plan: PlanIx,
    /// Where it stands.
    pub provenance: Provenance,
    /// Verbatim.
    pub verbatim: String,
    /// The stretch between semicolons that it stands in, verbatim; one text for all its clauses.
    pub stretch: Arc<str>,
    /// As it is compared.
    pub text: TextId,
    /// The texts that explain a question's words, the clause itself first.
    pub levels: Vec<Level>,
    /// How many of the first levels are the sentence's own.
    pub own_levels: usize,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// The years that it speaks of; empty where nothing says.
    pub years: Vec<i32>,
    /// Aims or results; none where nothing says.
    pub measure: Option<Measure>,
    /// Whether it says what there is and not what was added: notes.
    pub is_stock: bool,
    /// The part of a year, or the years together, that it speaks of, as it is compared.
    pub period: Option<String>,
    /// Verbs of the clause, with their weights.
    pub verbs: Vec<(String, f32)>,
}

/// A figure of a clause.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The printed figure.
    pub quantity: Quantity,
    /// What its unit measures.
    pub kind: Option<UnitKind>,
    /// What it counts: the words from the figure before to the next, as they are compared.
    pub zone: TextId,
    /// The weighty words of the zone.
    pub zone_words: Vec<(String, f32)>,
    /// Whether it only restricts a noun (50亿元以上的项目).
    pub restricts: bool,
    /// Whether it says by how much something changed or differs, and not how much there is.
    pub is_change: bool,
    /// Whether the verb of change stands before an earlier member of its list (新增甲5家、乙6家).
    pub shares_verb: bool,
    /// Aim or result, where the words right at it say (计划增长8%、实际增长3%).
    pub measure: Option<Measure>,
    /// The place within the region that it is of.
    pub place: Option<String>,
    /// Whether it is the sum of what the figure before adds to (新增5家、达52家).
    pub is_total: bool,
    /// Where it stands in the clause, in bytes.
    pub span: std::ops::Range<usize>,
}

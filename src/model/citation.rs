//! Where a thing stands, and how that is shown.

use super::PlanId;
use serde::{Deserialize, Serialize};

/// Where a quoted thing stands in a plan; what the verifier reads again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Provenance {
    /// A cell: position of the indicator, position of the cell in it.
    Cell {
        /// Position in the plan's indicators.
        indicator: usize,
        /// Position in the indicator's cells.
        cell: usize,
    },
    /// A glossary entry, by position.
    Term(usize),
    /// A note, by position.
    Note(usize),
    /// A sentence of the running text, by position.
    Passage(usize),
}

/// A source as an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The plan that is quoted.
    pub plan: PlanId,
    /// Where in it (附件2 第1行).
    pub place: String,
    /// The page of the original on which that begins, where the original has pages.
    pub page: Option<u32>,
    /// The quoted text, verbatim.
    pub quote: String,
    /// What the verifier reads again.
    pub provenance: Provenance,
}

impl Citation {
    /// The place with its page: 附件2 第1行（原件第28页）.
    pub fn place_with_page(&self) -> String {
        match self.page {
            Some(page) => format!("{}（原件第{page}页）", self.place),
            None => self.place.clone(),
        }
    }
}

//! A plan held against its original: every figure stands in its row and under its heading, every
//! definition and every note is one whole stretch of the text, and nothing of the kind is left
//! over.
//!
//! The original is read anew, and what its rows and entries are is found here by other means than
//! the import has: this must not ask the plan's own rows back as the truth.

mod entries;
mod rows;
mod run;
mod sheets;

use crate::import::Original;
use crate::model::PlanRecords;

/// Something in which a plan and its original differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In what they differ.
    pub kind: DifferenceKind,
    /// Where the plan says that it stands, or the name of the row; may be empty.
    pub place: String,
    /// What the plan says, or what the original has.
    pub text: String,
}

/// In what a plan and its original differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// The original has no row of this name.
    NoSuchRow,
    /// The row has no such figure under this heading.
    OtherFigure,
    /// The heading names another year.
    OtherYear,
    /// The heading says aim where the plan says result, or the other way round.
    OtherMeasure,
    /// The row has another unit.
    OtherUnit,
    /// The row has another nature.
    OtherNature,
    /// No row above has this category.
    OtherCategory,
    /// The row has another number.
    OtherNumber,
    /// The plan lacks a row of figures.
    RowLeftOut,
    /// The plan lacks a figure of a row that it has.
    FigureLeftOut,
    /// The plan has no row of a table of figures.
    TableLeftOut,
    /// The original explains no such term.
    NoSuchTerm,
    /// The term is explained otherwise, or its explanation goes on.
    OtherDefinition,
    /// The original has no such note.
    NoSuchNote,
    /// The note goes on in the original.
    OtherNote,
    /// The note's mark stands at another place.
    OtherAnchor,
    /// The plan lacks an entry of the glossary, a remark or a footnote, or a part of one.
    EntryLeftOut,
}

impl Difference {
    fn new(kind: DifferenceKind, place: &str, text: impl Into<String>) -> Self {
        Self {
            kind,
            place: place.to_string(),
            text: text.into(),
        }
    }
}

/// Everything in which a plan and its original differ, tables first.
pub fn differences(plan: &PlanRecords, original: &Original) -> Vec<Difference> {
    let mut found = rows::differences(plan, original);
    found.extend(entries::differences(plan, original));
    found
}

/// A text as it is compared: without white space, letters that nobody sees and signs of bold.
fn solid(text: &str) -> String {
    let letters = text.chars().filter(|letter| {
        !letter.is_whitespace()
            && !letter.is_control()
            && *letter != '*'
            && !crate::language::is_invisible(*letter)
    });
    letters.collect()
}

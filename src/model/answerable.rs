//! The running text, the glossary and the notes of a plan, cut into the pieces that an answer can
//! quote.

use super::{Measure, Quantity};
use std::sync::Arc;

/// One entry of the glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlossaryTerm {
    /// The printed number; entries without one are counted.
    pub number: u32,
    /// The printed name, quotation marks kept.
    pub name: String,
    /// The printed definition.
    pub definition: String,
    /// Where it stands (名词解释 第21条).
    pub place: String,
}

/// What a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// A footnote of the running text.
    Footnote,
    /// A remark under a table.
    Remark,
    /// A remark that says what a sign in the cells means.
    Convention,
}

impl NoteKind {
    /// The word of the data files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Footnote => "footnote",
            Self::Remark => "remark",
            Self::Convention => "convention",
        }
    }

    /// Reads the word of the data files.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Footnote, Self::Remark, Self::Convention]
            .into_iter()
            .find(|kind| kind.key() == key)
    }
}

/// A footnote or a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// The printed text.
    pub text: String,
    /// The text that a footnote annotates, or the sign that a convention explains.
    pub anchor: String,
    /// Where it stands (脚注3, 附件1 备注2).
    pub place: String,
}

/// The headings above a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SectionPath {
    /// The document's part: its title, or that of the notice.
    pub part: String,
    /// The chapter's heading (一、…).
    pub chapter: String,
    /// The section's heading (（一）…).
    pub section: String,
    /// The item's first sentence (一是…).
    pub item: String,
}

/// One sentence of the running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The headings above it.
    pub path: SectionPath,
    /// The sentence, verbatim, footnote marks taken out.
    pub text: String,
    /// The footnotes whose marks stand in it.
    pub footnotes: Vec<u32>,
    /// Where each of those marks stood in the text, in bytes.
    pub marks: Vec<usize>,
    /// The year that its chapter is about.
    pub year: Option<i32>,
    /// What its chapter reports: results or aims.
    pub measure: Option<Measure>,
    /// Where it stands (正文 一、（一）一是).
    pub place: String,
    /// The paragraph that it belongs to, counted through the plan.
    pub paragraph: usize,
    /// Whether it opens an item (一是…).
    pub opens_item: bool,
}

/// A figure of the running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The position of its sentence in the plan's passages.
    pub passage: usize,
    /// What the figure counts or measures: the words that stand before it in its clause.
    pub subject: String,
    /// The printed figure with its qualifiers and unit.
    pub quantity: Quantity,
    /// The clause that holds it, verbatim; one text for all figures of the clause.
    pub clause: Arc<str>,
}

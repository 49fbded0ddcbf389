//! What each block of a report is.

use super::document::{Block, Document};
use super::pattern::{first_year, pattern};
use once_cell::sync::Lazy;
use regex::Regex;

/// The role of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The title of the report or of the notice that it came with.
    PartTitle,
    /// A title's further line.
    TitleContinued,
    /// A chapter's heading; the length in bytes of the heading, where text follows it on the line.
    Chapter(usize),
    /// A section's heading, likewise.
    Section(usize),
    /// Running text.
    Paragraph,
    /// The list of attachments that stands before them.
    AttachmentList,
    /// The label (附件1) or title of a table.
    Caption,
    IndicatorTable,
    /// The part of a table of indicators that the next page has.
    TableContinued,
    /// Any other table.
    PlainTable,
    PageNumber,
    /// A remark under a table.
    Remark,
    /// The heading over the glossary.
    GlossaryHeading,
    /// A line of the glossary.
    Glossary,
    /// A table of names and definitions.
    GlossaryTable,
    /// A line of the footnotes.
    Footnote,
    /// The line of the printing office.
    Imprint,
}

/// The roles of all blocks.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// One role a block.
    pub roles: Vec<Role>,
}

/// A report whose blocks have their roles: what every reader of records goes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outlined<'a> {
    pub(super) document: &'a Document,
    pub(super) outline: &'a Outline,
    /// The name under which findings speak of it.
    pub(super) file: &'a str,
}

pub(super) static LABEL: Lazy<Regex> =
    Lazy::new(|| pattern(r"^附[件录表]\s*[一二三四五六七八九十0-9]*\s*[：:]?"));

pub(super) const LONGEST_CAPTION: usize = 45;
/// A caption has at most so many lines: label, title, unit.
pub(super) const MOST_CAPTION_LINES: usize = 4;

impl Outline {
    /// The year that the lines above a table name.
    pub(crate) fn year_above(&self, document: &Document, table: usize) -> Option<i32> {
        year_above(document, table)
    }
}

/// The year that the lines above a block name, the nearest line first.
pub(super) fn year_above(document: &Document, at: usize) -> Option<i32> {
    let lines = document.blocks[at.saturating_sub(MOST_CAPTION_LINES)..at].iter();
    let mut years = lines.rev().map_while(|block| match block {
        Block::Line { span, .. } => Some(document.slice(span)),
        Block::Table(_) => None,
    });
    years.find_map(|line| {
        let short = line.chars().count() <= LONGEST_CAPTION;
        // A long line is running text, which may name any year.
        first_year(line).filter(|_| short)
    })
}

/// The label of a caption line (附件1) and what follows it.
pub(crate) fn label(line: &str) -> Option<(String, String)> {
    let found = LABEL.find(line)?;
    let label: String = found
        .as_str()
        .trim_end_matches(['：', ':'])
        .split_whitespace()
        .collect();
    let rest = line
        .get(found.end()..)
        .unwrap_or_default()
        .trim()
        .to_string();
    Some((label, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stands_before_its_title() {
        let found = label("附件 2：甲地指标表");
        assert_eq!(found, Some(("附件2".to_string(), "甲地指标表".to_string())));
        assert_eq!(label("甲地指标表"), None);
    }
}

//! A report's text as blocks: lines and tables, each by its span in the text.
//!
//! Readers of single formats produce it; what a block means is decided elsewhere.

use std::ops::Range;

/// A range of bytes in the document's text.
pub type Span = Range<usize>;

/// A report's text and its blocks, in order.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The text that all spans point into.
    pub text: String,
    /// Lines and tables, in order.
    pub blocks: Vec<Block>,
    /// Signs of the format that are no text of the report (`**`, `|`, a backslash).
    pub markup: Vec<Span>,
}

/// A line or a table.
#[derive(Debug, Clone)]
pub enum Block {
    /// A line with text.
    Line {
        /// Where its text stands, trimmed.
        span: Span,
        /// Whether the format marks it as a heading.
        heading: bool,
    },
    /// A table.
    Table(Vec<Row>),
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its cells in order.
    pub cells: Vec<TableCell>,
}

/// A cell: the spans of its lines.
#[derive(Debug, Clone, Default)]
pub struct TableCell {
    /// One span for each piece of text in it.
    pub pieces: Vec<Span>,
}

impl Document {
    /// The text of a span.
    pub fn slice(&self, span: &Span) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// The text of a cell: its pieces joined without the line breaks that the layout made.
    pub fn cell(&self, cell: &TableCell) -> String {
        cell.pieces.iter().map(|piece| self.slice(piece)).collect()
    }

    /// The line number of an offset, counted from 1.
    pub fn line_number(&self, offset: usize) -> usize {
        1 + self
            .text
            .bytes()
            .take(offset)
            .filter(|byte| *byte == b'\n')
            .count()
    }

    /// The first offset of a row.
    pub fn row_start(row: &Row) -> usize {
        row.cells
            .iter()
            .flat_map(|cell| &cell.pieces)
            .map(|piece| piece.start)
            .min()
            .unwrap_or(0)
    }
}

/// The span without white space at its ends.
pub fn trimmed(text: &str, span: Span) -> Span {
    let slice = text.get(span.clone()).unwrap_or_default();
    let start = span.start + (slice.len() - slice.trim_start().len());
    let end = span.start + slice.trim_end().len();
    start..end.max(start)
}

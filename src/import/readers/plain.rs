//! Plain text and Markdown: lines, Markdown tables, tables flattened to one cell a line, tables of
//! tabbed lines.
//!
//! A flattened table comes from a word processor: each cell begins with a tab, a cell's own line
//! breaks are blank lines, a merged cell is an empty one, and a blank line before a tabbed line
//! ends a row.

mod broken;
mod inline;
mod spaced;
mod wrapped;

use super::{Reader, Unreadable};
use crate::import::document::{Block, Document, Loss, MOST_TEXT, Row, Span, TableCell, trimmed};
use crate::language::decode;

struct SourceLine {
    span: Span,
    blank: bool,
}

/// Text of whatever encoding.
pub(crate) struct PlainText;

impl Reader for PlainText {
    fn name(&self) -> &'static str {
        "文本"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["txt", "md", "markdown", "text"]
    }

    fn recognises(&self, _: &[u8]) -> bool {
        true
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        let text = decode(bytes)
            .map_err(|advice| Unreadable(advice.trim_end_matches('。').to_string()))?;
        if text.len() > MOST_TEXT {
            return Err(super::too_large());
        }
        Ok(read(&text))
    }
}

/// Reads decoded text into blocks.
fn read(text: &str) -> Document {
    // First the signs inside lines, then lines that a margin cut, then a report without lines: each
    // makes what the next one looks for.
    let (text, struck) = inline::plain(text);
    let text: &str = &wrapped::unwrapped(&text);
    let text: &str = &broken::broken(text);
    let mut document = Document {
        text: text.to_string(),
        ..Document::default()
    };
    if struck > 0 {
        document.losses.push(Loss {
            place: String::new(),
            what: format!("划掉的文字没有录入（{struck} 字）"),
            is_grave: false,
        });
    }
    let lines = logical_lines(text);
    let mut at = 0;
    while at < lines.len() {
        let line = text.get(lines[at].span.clone()).unwrap_or_default();
        let (next, block) = if line.starts_with('\t') {
            flattened_table(text, &lines, at)
        } else if line.trim_start().starts_with('|') {
            markdown_table(&mut document, &lines, at)
        } else if line.matches('\t').count() >= 2 {
            tabbed_table(text, &lines, at)
        } else if let Some(rows) = spaced::rows(text, lines[at..].iter().map(|line| &line.span)) {
            (at + rows.len(), Some(Block::Table(rows)))
        } else {
            (
                at + 1,
                (!lines[at].blank).then(|| heading_or_line(&mut document, &lines[at].span)),
            )
        };
        document.blocks.extend(block);
        // Whatever a reader of tables says, the next turn is a line further.
        at = next.max(at + 1);
    }
    document
}

/// Lines of the text; a footnote mark that was broken over a line end (`[` at the end, `]` at the
/// start) holds two lines together.
fn logical_lines(text: &str) -> Vec<SourceLine> {
    let mut lines: Vec<SourceLine> = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive('\n') {
        let span = start..start + piece.trim_end_matches(['\n', '\r']).len();
        start += piece.len();
        let joins = piece.starts_with([']', '］'])
            && lines.last().is_some_and(|last| {
                text.get(last.span.clone())
                    .is_some_and(|t| t.ends_with(['[', '［']))
            });
        match lines.last_mut() {
            Some(last) if joins => last.span.end = span.end,
            _ => {
                let line = text.get(span.clone()).unwrap_or_default();
                // A line of a tab alone is an empty cell of a flattened table.
                let blank = line.trim().is_empty() && !line.starts_with('\t');
                lines.push(SourceLine { span, blank });
            }
        }
    }
    lines
}

fn heading_or_line(document: &mut Document, span: &Span) -> Block {
    let mut span = trimmed(&document.text, span.clone());
    let mut heading = false;
    let hashes = document
        .slice(&span)
        .chars()
        .take_while(|c| *c == '#')
        .count();
    // Without the blank it is a sign of the text, as #1机组.
    if (1..=6).contains(&hashes) && document.slice(&span).as_bytes().get(hashes) == Some(&b' ') {
        document.markup.push(span.start..span.start + hashes);
        span = trimmed(&document.text, span.start + hashes..span.end);
        heading = true;
    }
    let line = document.slice(&span);
    if line.len() > 4 && line.starts_with("**") && line.ends_with("**") {
        document
            .markup
            .extend([span.start..span.start + 2, span.end - 2..span.end]);
        span = trimmed(&document.text, span.start + 2..span.end - 2);
        heading = true;
    }
    Block::Line { span, heading }
}

fn flattened_table(text: &str, lines: &[SourceLine], from: usize) -> (usize, Option<Block>) {
    let mut rows = vec![Row::default()];
    let mut at = from;
    let mut blanks = 0;
    while at < lines.len() {
        let line = text.get(lines[at].span.clone()).unwrap_or_default();
        if line.starts_with('\t') {
            if blanks > 0 {
                rows.push(Row::default());
            }
            let span = trimmed(text, lines[at].span.clone());
            let pieces = if span.is_empty() {
                Vec::new()
            } else {
                vec![span]
            };
            if let Some(row) = rows.last_mut() {
                row.cells.push(cell(pieces));
            }
            blanks = 0;
        } else if lines[at].blank {
            blanks += 1;
        } else if blanks == 1 {
            let span = trimmed(text, lines[at].span.clone());
            if let Some(cell) = rows.last_mut().and_then(|row| row.cells.last_mut()) {
                cell.pieces.push(span);
            }
            blanks = 0;
        } else {
            break;
        }
        at += 1;
    }
    (at, Some(Block::Table(rows)))
}

fn markdown_table(
    document: &mut Document,
    lines: &[SourceLine],
    from: usize,
) -> (usize, Option<Block>) {
    let mut rows = Vec::new();
    let mut at = from;
    while at < lines.len() {
        let span = trimmed(&document.text, lines[at].span.clone());
        if !document.slice(&span).starts_with('|') {
            break;
        }
        if document
            .slice(&span)
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' '))
        {
            document.markup.push(span);
        } else {
            rows.push(markdown_row(document, span));
        }
        at += 1;
    }
    (at, Some(Block::Table(rows)))
}

/// A row between bars. A backslash before a sign belongs to the format, so it cuts the cell into
/// pieces.
fn markdown_row(document: &mut Document, span: Span) -> Row {
    let line = document.slice(&span).to_string();
    let mut row = Row::default();
    let mut cell = TableCell::default();
    let mut piece = span.start;
    let mut escaped = false;
    let close = |document: &Document, cell: &mut TableCell, piece: Span| {
        let piece = trimmed(&document.text, piece);
        if !piece.is_empty() {
            cell.pieces.push(piece);
        }
    };
    for (offset, sign) in line.char_indices() {
        let here = span.start + offset;
        if escaped {
            escaped = false;
        } else if sign == '\\' {
            close(document, &mut cell, piece..here);
            document.markup.push(here..here + 1);
            piece = here + 1;
            escaped = true;
        } else if sign == '|' {
            close(document, &mut cell, piece..here);
            document.markup.push(here..here + 1);
            // The bar at the start of a line opens a cell and closes none.
            if offset > 0 {
                row.cells.push(std::mem::take(&mut cell));
            }
            piece = here + 1;
        }
    }
    close(document, &mut cell, piece..span.end);
    if !cell.pieces.is_empty() {
        row.cells.push(cell);
    }
    row
}

fn tabbed_table(text: &str, lines: &[SourceLine], from: usize) -> (usize, Option<Block>) {
    let mut rows = Vec::new();
    let mut at = from;
    while at < lines.len() {
        let span = lines[at].span.clone();
        let line = text.get(span.clone()).unwrap_or_default();
        if line.matches('\t').count() < 2 {
            break;
        }
        let mut start = span.start;
        let mut row = Row::default();
        for part in line.split('\t') {
            let piece = trimmed(text, start..start + part.len());
            start += part.len() + 1;
            let pieces = if piece.is_empty() {
                Vec::new()
            } else {
                vec![piece]
            };
            row.cells.push(cell(pieces));
        }
        rows.push(row);
        at += 1;
    }
    (at, Some(Block::Table(rows)))
}

fn cell(pieces: Vec<Span>) -> TableCell {
    TableCell {
        pieces,
        ..TableCell::default()
    }
}

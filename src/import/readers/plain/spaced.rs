//! A table whose columns are kept apart by spaces, as a page of a PDF is copied.

use super::cell;
use crate::import::document::{Row, Span, trimmed};
use crate::import::pattern::pattern;
use once_cell::sync::Lazy;
use regex::Regex;

/// What parts two columns: one space parts words.
static GAP: Lazy<Regex> = Lazy::new(|| pattern(r"[ \u{a0}]{2,}|\u{3000}+"));
/// Fewer columns are an indented line, fewer rows a line with a wide gap.
const FEWEST_COLUMNS: usize = 3;
const FEWEST_ROWS: usize = 2;

/// The rows of a table that begins with the first of some lines: as many lines as have its columns.
/// A heading has no figure alone in a cell.
pub(crate) fn rows<'a>(text: &str, lines: impl Iterator<Item = &'a Span>) -> Option<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for span in lines {
        let pieces = columns(text, span);
        let is_row = match rows.first() {
            // A row with an empty cell has fewer gaps, and nobody can tell which cell is empty: the
            // table ends there.
            Some(head) => pieces.len() == head.cells.len(),
            None => pieces.len() >= FEWEST_COLUMNS && !pieces.iter().any(|at| is_figure(text, at)),
        };
        if !is_row {
            break;
        }
        let cells = pieces.into_iter().map(|piece| cell(vec![piece]));
        rows.push(Row {
            cells: cells.collect(),
        });
    }
    (rows.len() >= FEWEST_ROWS).then_some(rows)
}

fn columns(text: &str, span: &Span) -> Vec<Span> {
    let line = trimmed(text, span.clone());
    let mut pieces = Vec::new();
    let mut start = line.start;
    for gap in GAP.find_iter(text.get(line.clone()).unwrap_or_default()) {
        pieces.push(start..line.start + gap.start());
        start = line.start + gap.end();
    }
    pieces.push(start..line.end);
    pieces
}

fn is_figure(text: &str, at: &Span) -> bool {
    let cell = text.get(at.clone()).unwrap_or_default();
    !cell.is_empty()
        && cell
            .chars()
            .all(|letter| letter.is_ascii_digit() || ".,%".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_may_be_kept_apart_by_spaces() {
        let text = "序号  指标      单位   2030年目标\n1     油菜亩产  公斤   155\n2     稻谷亩产  公斤   415\n做了 很多 工作。";
        let mut spans = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            spans.push(start..start + line.trim_end().len());
            start += line.len();
        }
        let table = rows(text, spans.iter()).unwrap();
        assert_eq!((table.len(), table[0].cells.len()), (3, 4));
        assert_eq!(&text[table[1].cells[1].pieces[0].clone()], "油菜亩产");
        assert!(rows(text, spans[3..].iter()).is_none());
        assert!(rows(text, spans[1..].iter()).is_none());
    }
}

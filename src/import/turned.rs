//! Tables that have a year in each row and an indicator in each column, turned: then they read like
//! all others, an indicator in each row.

use super::document::{Block, Document, Merged, Row, TableCell};
use super::pattern::YEAR;
use crate::model::Quantity;

/// What stands over a column of years.
pub(crate) const YEARS: &[&str] = &["年份", "年度"];
/// A cell that names a year has few letters: 2029年完成, 2030年预期目标.
const LONGEST_YEAR: usize = 12;

/// Turns them. What only turns on a page stays where it is: nothing of the text is moved.
pub(crate) fn turn(document: &mut Document) {
    let blocks = document.blocks.iter().enumerate();
    let turned: Vec<(usize, Vec<Row>)> = blocks
        .filter_map(|(at, block)| match block {
            Block::Table(rows) if has_years_in_rows(document, rows) => Some((at, turned(rows))),
            _ => None,
        })
        .collect();
    for (at, rows) in turned {
        document.blocks[at] = Block::Table(rows);
        document.turned.insert(at);
    }
}

fn has_years_in_rows(document: &Document, rows: &[Row]) -> bool {
    let [head, years @ ..] = rows else {
        return false;
    };
    let width = head.cells.len();
    let cells = || rows.iter().flat_map(|row| &row.cells);
    // A cell that spans others would span across them once the table is turned.
    let is_plain = rows.iter().all(|row| row.cells.len() == width)
        && cells().all(|cell| cell.merged == Merged::No);
    if width < 2 || years.is_empty() || !is_plain {
        return false;
    }
    let text = |cell: &TableCell| -> String {
        let text = document.cell(cell);
        text.split_whitespace().collect()
    };
    let first = |row: &Row| row.cells.first().map(text).unwrap_or_default();
    let names_year = |text: &str| YEAR.is_match(text) && text.chars().count() <= LONGEST_YEAR;
    let is_name = |text: String| !text.is_empty() && !names_year(&text) && !is_figure(&text);
    let values = years.iter().flat_map(|row| row.cells.iter().skip(1));
    YEARS.contains(&first(head).as_str())
        && years.iter().all(|row| names_year(&first(row)))
        && head.cells.iter().skip(1).all(|cell| is_name(text(cell)))
        && values.map(text).any(|text| is_figure(&text))
}

fn is_figure(text: &str) -> bool {
    Quantity::parse(text, "%").value.is_some()
}

fn turned(rows: &[Row]) -> Vec<Row> {
    let width = rows.first().map_or(0, |row| row.cells.len());
    let column = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(at));
        Row {
            cells: cells.cloned().collect(),
        }
    };
    (0..width).map(column).collect()
}

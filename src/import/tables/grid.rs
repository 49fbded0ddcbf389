//! A table of indicators as one grid: the parts that page breaks made are joined, a row that a page
//! break cut is whole again, empty columns at the end are gone.

use super::super::document::{Block, Document, Merged, Row};
use super::super::outline::{Outline, Role};
use super::heading::{Column, Heading, heading};
use super::solid;

/// One table with its heading.
pub(crate) struct Grid {
    /// The number of its first block.
    pub block: usize,
    pub heading: Heading,
    /// The rows of the heading, those that are repeated too.
    pub heads: Vec<Row>,
    /// The rows under the heading.
    pub rows: Vec<Row>,
}

/// Every table of indicators of a document, in order.
pub(crate) fn grids(document: &Document, outline: &Outline) -> Vec<Grid> {
    let mut grids: Vec<Grid> = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        let Block::Table(rows) = block else { continue };
        match outline.roles[at] {
            Role::IndicatorTable => grids.extend(begun(document, outline, at, rows)),
            Role::TableContinued => {
                if let Some(grid) = grids.last_mut() {
                    grid.go_on(document, rows);
                }
            }
            _ => {}
        }
    }
    for grid in &mut grids {
        grid.trim();
    }
    grids
}

fn begun(document: &Document, outline: &Outline, at: usize, rows: &[Row]) -> Option<Grid> {
    let heading = heading(document, rows, outline.year_above(document, at))?;
    let (heads, rows) = rows.split_at(heading.depth);
    Some(Grid {
        block: at,
        heads: heads.to_vec(),
        rows: rows.to_vec(),
        heading,
    })
}

impl Grid {
    /// Adds the part of the next page.
    fn go_on(&mut self, document: &Document, rows: &[Row]) {
        let text = |row: &Row| -> Vec<String> {
            let cells = row.cells.iter();
            cells.map(|cell| solid(&document.cell(cell))).collect()
        };
        // By its texts: the heading that a page repeats is no new row.
        let own: Vec<Vec<String>> = self.heads.iter().map(text).collect();
        let repeated = rows
            .iter()
            .take_while(|row| own.contains(&text(row)))
            .count();
        let (heads, rows) = rows.split_at(repeated);
        self.heads.extend(heads.to_vec());
        let mut rows = rows.iter().cloned();
        if let (Some(first), Some(last)) = (rows.next(), self.rows.last_mut()) {
            if is_rest_of_row(&self.heading.columns, &first)
                && first.cells.len() == last.cells.len()
            {
                for (cell, rest) in last.cells.iter_mut().zip(first.cells) {
                    // The two halves of a row are one again, cell by cell.
                    cell.pieces.extend(rest.pieces);
                }
            } else {
                self.rows.push(first);
            }
        }
        self.rows.extend(rows);
    }

    /// Drops columns at the end in which no row has anything.
    fn trim(&mut self) {
        let all = || self.heads.iter().chain(&self.rows);
        let last_used = |row: &Row| {
            let used =
                |cell: &super::TableCell| !cell.pieces.is_empty() || cell.merged != Merged::No;
            row.cells.iter().rposition(used).map_or(0, |at| at + 1)
        };
        let width = all().map(last_used).max().unwrap_or(0);
        let count = self.heading.columns.len() * self.heading.groups;
        let kept = width.max(1);
        for row in self.heads.iter_mut().chain(&mut self.rows) {
            // Never below the columns of the heading: a column of which nothing is published stays.
            row.cells.truncate(kept.max(count.min(row.cells.len())));
        }
    }
}

/// Whether the first row after a page break goes on with the row before: it has no number of its
/// own and no figure.
fn is_rest_of_row(columns: &[Column], row: &Row) -> bool {
    let open = |wanted: &dyn Fn(&Column) -> bool| {
        let mut cells = columns
            .iter()
            .zip(&row.cells)
            .filter(|(column, _)| wanted(column));
        cells.all(|(_, cell)| cell.pieces.is_empty())
    };
    let has_number = columns.contains(&Column::Number);
    let values_are_open = open(&|column| matches!(column, Column::Value { .. }));
    let number_is_open = open(&|column| *column == Column::Number);
    values_are_open && (number_is_open || !has_number)
}

//! Indicator tables: columns by their headings, one record for each cell.

mod caption;
mod grid;
mod heading;
mod marks;
mod rows;

pub use heading::heading;

use super::account::{Account, Owner};
use super::document::{Document, TableCell};
use super::outline::Outline;
use crate::model::{CellRecord, Finding};
use caption::Caption;
use rows::RowReader;

/// The file that the cells go to.
pub const FILE: &str = "indicators.csv";

/// Reads every indicator table: its cells in order, and the tables' labels and titles.
pub fn read_all(
    document: &Document,
    outline: &Outline,
    region: &str,
    file: &str,
    account: &mut Account,
    findings: &mut Vec<Finding>,
) -> (Vec<CellRecord>, Vec<(String, String)>) {
    let mut cells = Vec::new();
    let mut tables = Vec::new();
    for grid in grid::grids(document, outline) {
        let mut caption = Caption::of(document, outline, grid.block, tables.len() + 1, account);
        let heads = grid.heads.iter().flat_map(|row| &row.cells);
        heads.for_each(|cell| claim(account, cell, Owner::Structure("表头")));
        caption.part = caption.part_of(region);
        let mut reader = RowReader::new(document, &grid, &caption, (region, file));
        for at in 0..grid.rows.len() {
            reader.read(at, &mut cells, account, findings);
        }
        tables.push((caption.label, caption.title));
    }
    (cells, tables)
}

fn claim(account: &mut Account, cell: &TableCell, owner: Owner) {
    for piece in &cell.pieces {
        account.claim(piece, owner.clone());
    }
}

fn solid(text: &str) -> String {
    text.split_whitespace().collect()
}

/// White space that only the layout made is taken out; between letters of the Latin script it
/// stays.
fn joined(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = String::new();
    for word in words {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        if latin(line.chars().last()) && latin(word.chars().next()) {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

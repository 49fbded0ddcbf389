//! Indicator tables: columns by their headings, one record for each cell.

mod caption;
mod grid;
mod heading;
mod marks;
mod rows;

pub(crate) use heading::heading;

use super::account::{Account, Owner};
use super::document::TableCell;
use super::outline::Outlined;
use crate::model::{CellRecord, Finding};
use caption::Caption;
use rows::RowReader;

/// The file that the cells go to.
pub(crate) const FILE: &str = "indicators.csv";

/// What the tables of a report say.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// The cells in order.
    pub cells: Vec<CellRecord>,
    /// The tables' labels and titles.
    pub titles: Vec<(String, String)>,
    /// The marks of notes, with the indicator that each stands at.
    pub marks: Vec<(u32, String)>,
}

/// Reads every indicator table.
pub(super) fn read_all(
    report: Outlined<'_>,
    region: &str,
    account: &mut Account,
    findings: &mut Vec<Finding>,
) -> Tables {
    let Outlined {
        document,
        outline,
        file,
    } = report;
    let mut tables = Tables::default();
    for grid in grid::grids(document, outline) {
        let number = tables.titles.len() + 1;
        let mut caption = Caption::of(document, outline, grid.block, number, account);
        let heads = grid.heads.iter().flat_map(|row| &row.cells);
        heads.for_each(|cell| claim(account, cell, Owner::Structure("表头")));
        // Against the region: a table of the whole region may name it too.
        caption.part = caption.part_of(region);
        let mut reader = RowReader::new(document, &grid, &caption, (region, file));
        for at in 0..grid.rows.len() {
            reader.read(at, &mut tables.cells, account, findings);
        }
        tables.marks.append(&mut reader.marks);
        tables.titles.push((caption.label, caption.title));
    }
    tables
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
        // A blank between Chinese letters is only for the eye; between two Latin words it parts
        // them.
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        if latin(line.chars().last()) && latin(word.chars().next()) {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

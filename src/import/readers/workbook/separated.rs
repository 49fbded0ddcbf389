//! .csv: the tables of a report saved as text, a row a line, the cells between commas.

use super::Workbook;
use super::grid::Sheet;
use crate::import::readers::unreadable::Unreadable;
use crate::language::decode;
use csv::{ReaderBuilder, StringRecord};

/// A table has at least so many columns; with fewer, the commas may be those of sentences.
const LEAST_COLUMNS: usize = 3;
/// A table has at least so many rows: a heading and two more.
const LEAST_ROWS: usize = 3;

/// Whether some bytes are such a file: the office programs write as many cells in every row.
pub(crate) fn is_separated(bytes: &[u8]) -> bool {
    decode(bytes).is_ok_and(|text| rows(&text).is_some())
}

/// Reads the one sheet that such a file has.
pub(crate) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let text = decode(bytes).unwrap_or_default();
    let mut sheet = Sheet::named("");
    let mut text_cells = 0;
    for (row, cells) in rows(&text).unwrap_or_default().iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.set((row, column), cell.to_string(), &mut text_cells)?;
        }
    }
    Ok(Workbook {
        sheets: vec![sheet],
        ..Workbook::default()
    })
}

/// The rows; none where they have not the same number of cells throughout.
fn rows(text: &str) -> Option<Vec<StringRecord>> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows: Vec<StringRecord> = reader.records().collect::<Result<_, _>>().ok()?;
    let is_table = rows.len() >= LEAST_ROWS && rows[0].len() >= LEAST_COLUMNS;
    is_table.then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_sentences() {
        for (text, is_table) in [
            ("渔港表,,\n项目,单位,2030年\n泊位,个,12\n", true),
            ("项目,单位,2030年\n泊位,个\n航道,公里,5\n", false),
            (
                "今年修泊位,明年修航道\n后年修灯塔,再修堤\n都修好,收工\n",
                false,
            ),
            ("项目,单位,2030年\n", false),
        ] {
            assert_eq!(is_separated(text.as_bytes()), is_table, "{text}");
        }
    }
}

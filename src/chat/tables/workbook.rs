//! A workbook within the limits of spreadsheets: names of sheets that differ, cells that are not too
//! long. Nothing is left out for them: a text that is too long goes on in the rows below.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::collections::HashSet;

/// The most UTF-16 units in a cell, and in the name of a sheet.
const LONGEST_CELL: usize = 32_767;
const LONGEST_NAME: usize = 31;
/// No name of a sheet has these, nor an apostrophe at an end.
const FORBIDDEN: [char; 7] = ['*', '?', ':', '[', ']', '\\', '/'];
/// Spreadsheets keep this name for themselves, in any case.
const RESERVED: &str = "history";

/// A workbook that is being made.
#[derive(Default)]
pub(super) struct Book {
    workbook: Workbook,
    /// The names of its sheets, in small letters: spreadsheets tell no case.
    names: HashSet<String>,
}

impl Book {
    /// A sheet with a frozen head, filters, wrapped cells and the first widths given; the last of them
    /// holds for the rest.
    pub(super) fn sheet(
        &mut self,
        name: &str,
        rows: &[Vec<String>],
        widths: &[f64],
    ) -> Result<(), XlsxError> {
        let head = Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0xDCE6F1))
            .set_border(FormatBorder::Thin)
            .set_text_wrap();
        let cell = Format::new()
            .set_border(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        let name = self.free_name(name);
        let sheet: &mut Worksheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        let rows: Vec<Vec<&str>> = rows.iter().flat_map(|row| within_cells(row)).collect();
        for (number, row) in rows.iter().enumerate() {
            for (column, text) in row.iter().enumerate() {
                let format = if number == 0 { &head } else { &cell };
                sheet.write_string_with_format(index(number), narrow(column), *text, format)?;
            }
        }
        let columns = rows.first().map_or(0, Vec::len);
        for column in 0..columns {
            let width = widths
                .get(column)
                .or(widths.last())
                .copied()
                .unwrap_or(16.0);
            sheet.set_column_width(narrow(column), width)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        if columns > 0 {
            sheet.autofilter(
                0,
                0,
                index(rows.len().saturating_sub(1)),
                narrow(columns - 1),
            )?;
        }
        Ok(())
    }

    /// The workbook's bytes.
    pub(super) fn bytes(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }

    /// A name that spreadsheets take and no other sheet has, as near to the wanted one as can be.
    fn free_name(&mut self, wanted: &str) -> String {
        let clean: String = wanted
            .chars()
            .map(|letter| {
                let is_refused = FORBIDDEN.contains(&letter) || letter.is_control();
                if is_refused { ' ' } else { letter }
            })
            .collect();
        let clean = clean.trim_matches([' ', '\'']);
        let mut count = 1;
        loop {
            let number = if count == 1 {
                String::new()
            } else {
                format!(" ({count})")
            };
            let room = LONGEST_NAME - number.encode_utf16().count();
            let name = format!(
                "{}{number}",
                head(clean, room).trim_end_matches([' ', '\''])
            );
            let key = name.to_lowercase();
            if !name.is_empty() && key != RESERVED && self.names.insert(key) {
                return name;
            }
            count += 1;
        }
    }
}

/// A row as rows whose cells are short enough: what is too long goes on below.
fn within_cells(row: &[String]) -> Vec<Vec<&str>> {
    let cells: Vec<Vec<&str>> = row.iter().map(|text| stretches(text)).collect();
    let rows = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..rows)
        .map(|at| {
            let cells = cells.iter();
            cells
                .map(|cell| cell.get(at).copied().unwrap_or_default())
                .collect()
        })
        .collect()
}

/// A text in stretches that each fit a cell, at least one.
fn stretches(text: &str) -> Vec<&str> {
    let mut stretches = Vec::new();
    let mut rest = text;
    loop {
        let stretch = head(rest, LONGEST_CELL);
        let end = if stretch.len() < rest.len() {
            last_stop(stretch)
        } else {
            stretch.len()
        };
        stretches.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
        if rest.is_empty() || end == 0 {
            return stretches;
        }
    }
}

/// Behind the last mark of punctuation, so that no figure is cut; the end where there is none.
fn last_stop(text: &str) -> usize {
    let stop = text.rfind(['。', '；', '，', '、', '\n', ' ']);
    let behind = stop.and_then(|at| Some(at + text.get(at..)?.chars().next()?.len_utf8()));
    behind.unwrap_or(text.len())
}

/// The beginning of a text that takes at most so many UTF-16 units.
fn head(text: &str, most: usize) -> &str {
    let mut used = 0;
    let is_beyond = |letter: char| {
        used += letter.len_utf16();
        used > most
    };
    let end = text.find(is_beyond).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_taken_by_spreadsheets_and_differ() {
        let mut book = Book::default();
        let wanted = [
            "2024年计划指标",
            "2024年计划指标",
            "a/b:c*?[x]",
            "'quoted'",
            "History",
            "",
            "",
            &"很长的名字".repeat(20),
            &"很长的名字".repeat(20),
        ];
        for name in wanted {
            book.sheet(name, &[vec!["甲".to_string()]], &[8.0]).unwrap();
        }
        assert_eq!(book.names.len(), wanted.len(), "{:?}", book.names);
        assert!(book.bytes().unwrap().starts_with(b"PK"));
    }

    #[test]
    fn a_text_that_is_too_long_for_a_cell_goes_on_below() {
        let long = "本段有12345.67亿元，".repeat(5_000);
        let row = [String::from("甲"), long.clone()];
        let rows = within_cells(&row);
        assert!(rows.len() > 1);
        let column: Vec<&str> = rows.iter().map(|row| row[1]).collect();
        assert_eq!(column.concat(), long);
        for text in column {
            assert!(text.encode_utf16().count() <= LONGEST_CELL && text.ends_with('，'));
        }
        assert_eq!((rows[0][0], rows[1][0]), ("甲", ""));
        let solid = "😀".repeat(40_000);
        assert_eq!(stretches(&solid).concat(), solid);
        assert_eq!(stretches(""), [""]);
    }
}

//! A workbook within the limits of spreadsheets: names of sheets that differ, cells that are not
//! too long. Nothing is left out for them: a text that is too long goes on in the rows below.
//! Sheets are ready to be printed: landscape, as wide as the paper, their head on every page.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::collections::HashSet;

/// The most UTF-16 units in a cell, and in the name of a sheet.
const LONGEST_CELL: usize = 32_767;
const LONGEST_NAME: usize = 31;
/// No name of a sheet has these, nor an apostrophe at an end.
const FORBIDDEN: [char; 7] = ['*', '?', ':', '[', ']', '\\', '/'];
/// Spreadsheets keep this name for themselves, in any case.
const RESERVED: &str = "history";

/// The number by which spreadsheets know paper of the size A4.
const A4: u8 = 9;
/// The longest line above a printed page; spreadsheets take 255 letters with the signs between
/// them.
const LONGEST_HEADER: usize = 200;

/// A column of which nothing is said.
const USUAL_WIDTH: f64 = 16.0;
/// The height of a line, in points: eleven points high letters of the font with the tallest Chinese
/// lines (Noto Sans CJK: 1.45 times the letters). With the 15 points of Calibri's lines the last of
/// three lines was cut where a program shows Chinese in such a font; seen in LibreOffice.
const LINE: f64 = 16.5;
/// The highest row that spreadsheets take, in points.
const HIGHEST_ROW: f64 = 409.0;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SheetValue {
    /// A text, as it is printed.
    Text(String),
    /// A number that a spreadsheet can reckon with.
    Number(Decimal),
}

/// A sheet: its name, the line above its printed pages, and the line below its rows.
pub(super) struct WorkbookSheet<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) below: &'a str,
}

/// A cell, short enough for a spreadsheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Number(Decimal),
}

impl Piece<'_> {
    /// How many lines it takes in a column so many half letters wide.
    fn lines(&self, width: f64) -> usize {
        let Self::Text(text) = self else { return 1 };
        let room = (width as usize).saturating_sub(1).max(2);
        let wide = |letter: char| if letter.is_ascii() { 1 } else { 2 };
        let lines = text.split('\n').map(|line| {
            let wide: usize = line.chars().map(wide).sum();
            wide.div_ceil(room).max(1)
        });
        lines.sum()
    }
}

/// A workbook that is being made.
#[derive(Default)]
pub(super) struct WorkbookWriter {
    workbook: Workbook,
    /// The names of its sheets, in small letters: spreadsheets tell no case.
    names: HashSet<String>,
}

impl WorkbookWriter {
    /// A sheet with a frozen head, filters, wrapped cells and the first widths given; the last of
    /// them holds for the rest.
    pub(super) fn sheet(
        &mut self,
        about: &WorkbookSheet<'_>,
        rows: &[Vec<SheetValue>],
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
        let name = self.free_name(about.name);
        let sheet: &mut Worksheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        let rows: Vec<Vec<Piece<'_>>> = rows.iter().flat_map(|row| within_cells(row)).collect();
        for (number, row) in rows.iter().enumerate() {
            let format = if number == 0 { &head } else { &cell };
            for (column, piece) in row.iter().enumerate() {
                write(sheet, index(number), narrow(column), *piece, format)?;
            }
        }
        let columns = rows.first().map_or(0, Vec::len);
        let width_of = |column: usize| {
            let width = widths.get(column).or(widths.last());
            width.copied().unwrap_or(USUAL_WIDTH)
        };
        for column in 0..columns {
            sheet.set_column_width(narrow(column), width_of(column))?;
        }
        for (number, row) in rows.iter().enumerate() {
            let lines = row.iter().enumerate();
            let lines = lines.map(|(column, piece)| piece.lines(width_of(column)));
            let lines = lines.max().unwrap_or(1);
            // Not every program measures wrapped rows when it opens a file.
            sheet.set_row_height(index(number), (lines as f64 * LINE).min(HIGHEST_ROW))?;
        }
        sheet.set_freeze_panes(1, 0)?;
        if columns > 0 {
            let last = index(rows.len().saturating_sub(1));
            // Over the rows alone: a line below them must not be sorted among them.
            sheet.autofilter(0, 0, last, narrow(columns - 1))?;
            sheet.set_repeat_rows(0, 0)?;
        }
        if !about.below.is_empty() {
            // An empty row between, so that filters and orders leave it where it is.
            sheet.write_string(index(rows.len() + 1), 0, about.below)?;
        }
        ready_for_paper(sheet, about.title);
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
            // Spreadsheets refuse a second sheet whose name differs only in case.
            let key = name.to_lowercase();
            if !name.is_empty() && key != RESERVED && self.names.insert(key) {
                return name;
            }
            count += 1;
        }
    }
}

/// Landscape, as wide as the paper and as long as it takes; the title above and the page below.
fn ready_for_paper(sheet: &mut Worksheet, title: &str) {
    sheet.set_landscape();
    sheet.set_paper_size(A4);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
    // A single & is a sign of its own in such a line.
    let title = title.replace('&', "&&");
    sheet.set_header(format!("&C{}", head(&title, LONGEST_HEADER)));
    sheet.set_footer("&C第 &P 页，共 &N 页");
}

/// Numbers keep the places that they are printed with.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    piece: Piece<'_>,
    format: &Format,
) -> Result<(), XlsxError> {
    match piece {
        Piece::Text(text) => sheet.write_string_with_format(row, column, text, format)?,
        Piece::Number(number) => {
            let places = number.scale() as usize;
            let form = match places {
                0 => "0".to_string(),
                _ => format!("0.{}", "0".repeat(places)),
            };
            // Away from the edge: the next column's text begins right there.
            let format = format
                .clone()
                .set_num_format(form)
                .set_align(FormatAlign::Right)
                .set_indent(1);
            // A workbook has no other numbers. This one is for reckoning; the printed text stands
            // beside.
            let number = number.to_f64().unwrap_or_default();
            sheet.write_number_with_format(row, column, number, &format)?
        }
    };
    Ok(())
}

/// A row as rows whose cells are short enough: what is too long goes on below.
fn within_cells(row: &[SheetValue]) -> Vec<Vec<Piece<'_>>> {
    let cells: Vec<Vec<Piece<'_>>> = row
        .iter()
        .map(|value| match value {
            SheetValue::Text(text) => stretches(text).into_iter().map(Piece::Text).collect(),
            SheetValue::Number(number) => vec![Piece::Number(*number)],
        })
        .collect();
    let rows = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..rows)
        .map(|at| {
            let cells = cells.iter();
            cells
                .map(|cell| cell.get(at).copied().unwrap_or(Piece::Text("")))
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
        let mut book = WorkbookWriter::default();
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
            let sheet = WorkbookSheet {
                name,
                title: name,
                below: "",
            };
            let row = vec![SheetValue::Text("甲".to_string())];
            book.sheet(&sheet, &[row], &[8.0]).unwrap();
        }
        assert_eq!(book.names.len(), wanted.len(), "{:?}", book.names);
        assert!(book.bytes().unwrap().starts_with(b"PK"));
    }

    #[test]
    fn a_row_is_as_high_as_its_longest_cell() {
        assert_eq!(Piece::Text("").lines(8.0), 1);
        assert_eq!(Piece::Text("不可判定（完成数尚未公布）").lines(14.0), 2);
        assert_eq!(Piece::Text("甲\n乙").lines(8.0), 2);
        assert_eq!(Piece::Number(Decimal::ONE).lines(2.0), 1);
    }

    #[test]
    fn a_text_that_is_too_long_for_a_cell_goes_on_below() {
        let long = "本段有12345.67亿元，".repeat(5_000);
        let row = [
            SheetValue::Text("甲".to_string()),
            SheetValue::Text(long.clone()),
        ];
        let rows = within_cells(&row);
        assert!(rows.len() > 1);
        fn text(piece: Piece<'_>) -> &str {
            match piece {
                Piece::Text(text) => text,
                Piece::Number(_) => "",
            }
        }
        let column: Vec<&str> = rows.iter().map(|row| text(row[1])).collect();
        assert_eq!(column.concat(), long);
        for text in column {
            assert!(text.encode_utf16().count() <= LONGEST_CELL && text.ends_with('，'));
        }
        assert_eq!((text(rows[0][0]), text(rows[1][0])), ("甲", ""));
        let solid = "😀".repeat(40_000);
        assert_eq!(stretches(&solid).concat(), solid);
        assert_eq!(stretches(""), [""]);
    }
}

//! .xls and .et: the records of the sheets are looked through first, since calamine takes memory
//! for what they announce and does not tell number formats.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Reader, SheetType, SheetVisible, Xls, XlsError};

use super::Workbook;
use super::grid::{MOST_ROWS, Position, Region, Sheet, too_large};
use super::hidden::Hidden;
use super::number::built_in_format;
use crate::import::document::MOST_COLUMNS;
use crate::import::readers::container::{ole_stream, ole_with_stream};
use crate::import::readers::unreadable::{Unreadable, guarded};

/// Sheets of a workbook: reports have a few dozen.
const MOST_SHEETS: usize = 1_000;
/// The rows times the columns of all sheets: calamine takes memory for each, twice over.
const MOST_AREA: usize = 1_000_000;

// The kinds of records, [MS-XLS] 2.3.1.
const FORMULA: u16 = 0x0006;
const END: u16 = 0x000A;
const FILE_PASSWORD: u16 = 0x002F;
const BOUND_SHEET: u16 = 0x0085;
const MANY_NUMBERS: u16 = 0x00BD;
const COLUMNS: u16 = 0x007D;
const RICH_TEXT: u16 = 0x00D6;
const CELL_FORMAT: u16 = 0x00E0;
const SHARED_TEXT: u16 = 0x00FD;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const ROW: u16 = 0x0208;
const TEXT: u16 = 0x0204;
const TRUTH_OR_ERROR: u16 = 0x0205;
const SHORT_NUMBER: u16 = 0x027E;
const NUMBER_FORMAT: u16 = 0x041E;
const BEGIN: u16 = 0x0809;

/// The version in the first record of files of Excel 97 and later, [MS-XLS] 2.4.21.
const VERSION_OF_1997: u16 = 0x0600;

/// The bits that say of columns and of a row that they are not shown, [MS-XLS] 2.4.53 and 2.4.221.
const COLUMNS_ARE_HIDDEN: u16 = 0x0001;
const ROW_IS_HIDDEN: u16 = 0x0020;

const DAMAGED: &str = "表格文件已损坏，请重新取得完整的文件，或用办公软件打开后另存为 .xlsx 再导入";
const PASSWORD: &str = "表格文件设有打开密码，请在办公软件中取消密码后再导入";

/// Reads the visible sheets from the named stream.
pub(crate) fn read(bytes: &[u8], stream: &str) -> Result<Workbook, Unreadable> {
    let mut content = ole_stream(bytes, stream)?;
    let formats = guarded(DAMAGED, || Formats::of(&content))?;
    // Before calamine sees it: what a damaged file announces may be more than the memory holds.
    clear_dimensions(&mut content);
    let container = ole_with_stream(stream, &content)?;
    // The file is in memory twice by now.
    drop(content);
    guarded(DAMAGED, || {
        let mut file = Xls::new(Cursor::new(container)).map_err(unreadable)?;
        let sheets = file.sheets_metadata().to_vec();
        let mut workbook = Workbook::default();
        let mut text_cells = 0;
        for (index, sheet) in sheets.iter().enumerate() {
            if sheet.visible != SheetVisible::Visible {
                workbook.leave_out_hidden(&sheet.name);
                continue;
            }
            if sheet.typ != SheetType::WorkSheet {
                workbook.leave_out_chart(&sheet.name);
                continue;
            }
            let sheet = read_sheet(&mut file, &sheet.name, index, &formats, &mut text_cells)?;
            workbook.sheets.push(sheet);
        }
        Ok(workbook)
    })
}

fn read_sheet(
    file: &mut Xls<Cursor<Vec<u8>>>,
    name: &str,
    index: usize,
    formats: &Formats,
    text_cells: &mut usize,
) -> Result<Sheet, Unreadable> {
    let mut sheet = Sheet::named(name);
    let regions = file.merge_cells_by_sheet_name(name).map_err(unreadable)?;
    let region = |part: &calamine::Dimensions| Region {
        first: (part.start.0 as usize, part.start.1 as usize),
        last: (part.end.0 as usize, part.end.1 as usize),
    };
    sheet.regions = regions.iter().map(region).collect();
    let range = file.worksheet_range(name).map_err(unreadable)?;
    if formats.are_cut.get(index) == Some(&true) {
        sheet.lose_end();
    }
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let position = (row + first_row as usize, column + first_column as usize);
        let format = formats.of_cell(index, position);
        sheet.set_value(position, value, format, text_cells)?;
    }
    if let Some(hidden) = formats.hidden.get(index) {
        sheet.leave_out(hidden);
    }
    Ok(sheet)
}

/// A record: its kind and its content.
struct Record<'stream> {
    kind: u16,
    content: &'stream [u8],
}

impl Record<'_> {
    /// Two bytes at an offset.
    fn short(&self, at: usize) -> Option<u16> {
        short(self.content, at)
    }
}

/// Two bytes of a slice at an offset.
fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// The records from an offset on, up to the first that is cut.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = start;
    std::iter::from_fn(move || {
        let kind = short(stream, at)?;
        // A length of two bytes always moves on, so damaged records cannot make a circle.
        let length = short(stream, at + 2)? as usize;
        let content = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some(Record { kind, content })
    })
}

/// The number formats of the cells with numbers.
#[derive(Default)]
struct Formats {
    /// The code of each cell format that has one.
    codes: HashMap<u16, String>,
    /// For each sheet, the cell formats of its numbers.
    sheets: Vec<HashMap<Position, u16>>,
    /// For each sheet, whether its records break off.
    are_cut: Vec<bool>,
    /// For each sheet, what it does not show.
    hidden: Vec<Hidden>,
}

impl Formats {
    /// Looks through a stream and refuses what is beyond the limits.
    fn of(stream: &[u8]) -> Result<Self, Unreadable> {
        let mut number_formats: HashMap<u16, String> = HashMap::new();
        let mut of_cell_formats: Vec<u16> = Vec::new();
        let mut starts: Vec<usize> = Vec::new();
        let mut is_new = true;
        for record in records(stream, 0) {
            match record.kind {
                BEGIN => is_new = record.short(0) == Some(VERSION_OF_1997),
                FILE_PASSWORD if record.short(0) != Some(0) => {
                    return Err(Unreadable::because(PASSWORD));
                }
                NUMBER_FORMAT => {
                    if let Some((number, code)) = number_format(&record, is_new) {
                        number_formats.insert(number, code);
                    }
                }
                CELL_FORMAT => of_cell_formats.push(record.short(2).unwrap_or(0)),
                BOUND_SHEET => starts.push(sheet_start(&record)),
                END => break,
                _ => {}
            }
        }
        if starts.len() > MOST_SHEETS {
            return Err(too_large());
        }
        let mut formats = Self::default();
        for (index, number) in of_cell_formats.iter().enumerate() {
            let built_in = built_in_format(u32::from(*number)).map(str::to_string);
            let code = number_formats.get(number).cloned().or(built_in);
            if let (Ok(index), Some(code)) = (u16::try_from(index), code) {
                formats.codes.insert(index, code);
            }
        }
        formats.look_through_sheets(stream, &starts)?;
        Ok(formats)
    }

    /// Collects the cell formats of each sheet and checks how far its cells reach.
    fn look_through_sheets(&mut self, stream: &[u8], starts: &[usize]) -> Result<(), Unreadable> {
        let mut area_left = MOST_AREA;
        // Sheets of a sound file do not share records, so together they are no longer than it is.
        let mut bytes_left = stream.len();
        for start in starts {
            let mut cells = Cells::default();
            let mut end = *start;
            let mut has_end = false;
            for record in records(stream, *start) {
                end += 4 + record.content.len();
                bytes_left = bytes_left
                    .checked_sub(4 + record.content.len())
                    .ok_or_else(|| Unreadable::because(DAMAGED))?;
                // The end of a chart within the sheet is not that of the sheet.
                has_end = record.kind == END && cells.depth <= 1;
                if has_end {
                    break;
                }
                cells.take(&record);
            }
            self.are_cut.push(!has_end || !ends_sheet(stream, end));
            area_left = area_left
                .checked_sub(cells.area().ok_or_else(too_large)?)
                .ok_or_else(too_large)?;
            self.sheets.push(cells.formats);
            self.hidden.push(cells.hidden);
        }
        Ok(())
    }

    /// The code of a cell's number format.
    fn of_cell(&self, sheet: usize, position: Position) -> Option<&str> {
        let cell_format = self.sheets.get(sheet)?.get(&position)?;
        self.codes.get(cell_format).map(String::as_str)
    }
}

/// The cells of a sheet while its records are looked through.
#[derive(Default)]
struct Cells {
    formats: HashMap<Position, u16>,
    /// How many parts are open: a chart in a sheet has cells of its own.
    depth: usize,
    /// The first and the last row and column of cells with a value.
    reach: Option<(Position, Position)>,
    hidden: Hidden,
}

impl Cells {
    fn take(&mut self, record: &Record) {
        match record.kind {
            BEGIN => self.depth += 1,
            END => self.depth = self.depth.saturating_sub(1),
            _ if self.depth > 1 => {}
            NUMBER | SHORT_NUMBER | FORMULA => self.take_cell(record),
            TEXT | RICH_TEXT | SHARED_TEXT | TRUTH_OR_ERROR => self.take_cell(record),
            MANY_NUMBERS => self.take_many(record),
            ROW => self.take_row(record),
            COLUMNS => self.take_columns(record),
            _ => {}
        }
    }

    fn take_row(&mut self, record: &Record) {
        if let (Some(row), Some(flags)) = (record.short(0), record.short(12))
            && flags & ROW_IS_HIDDEN != 0
        {
            self.hidden.hide_rows(row.into()..=row.into());
        }
    }

    fn take_columns(&mut self, record: &Record) {
        if let (Some(first), Some(last), Some(flags)) =
            (record.short(0), record.short(2), record.short(8))
            && flags & COLUMNS_ARE_HIDDEN != 0
        {
            self.hidden.hide_columns(first.into()..=last.into());
        }
    }

    fn take_cell(&mut self, record: &Record) {
        let parts = (record.short(0), record.short(2), record.short(4));
        if let (Some(row), Some(column), Some(format)) = parts {
            self.add(row as usize, column as usize, format);
        }
    }

    /// Numbers side by side: the row, the first column, then a format and a number for each.
    fn take_many(&mut self, record: &Record) {
        let (Some(row), Some(first)) = (record.short(0), record.short(2)) else {
            return;
        };
        let count = record.content.len().saturating_sub(6) / 6;
        for index in 0..count {
            if let Some(format) = record.short(4 + 6 * index) {
                self.add(row as usize, first as usize + index, format);
            }
        }
    }

    fn add(&mut self, row: usize, column: usize, format: u16) {
        let (first, last) = self.reach.unwrap_or(((row, column), (row, column)));
        let first = (first.0.min(row), first.1.min(column));
        let last = (last.0.max(row), last.1.max(column));
        self.reach = Some((first, last));
        self.formats.insert((row, column), format);
    }

    /// The rows times the columns; none where they are beyond the limits.
    fn area(&self) -> Option<usize> {
        let Some((first, last)) = self.reach else {
            return Some(0);
        };
        if last.0 >= MOST_ROWS || last.1 >= MOST_COLUMNS {
            return None;
        }
        Some((last.0 - first.0 + 1) * (last.1 - first.1 + 1))
    }
}

/// Whether the next sheet or nothing follows at an offset: a damaged file may have an end in the
/// middle of a sheet.
fn ends_sheet(stream: &[u8], at: usize) -> bool {
    match short(stream, at) {
        None | Some(BEGIN) => true,
        // Some programs fill the stream with zeros.
        Some(_) => stream
            .get(at..)
            .unwrap_or_default()
            .iter()
            .all(|byte| *byte == 0),
    }
}

/// Where the records of a sheet begin.
fn sheet_start(record: &Record) -> usize {
    let (low, high) = (record.short(0).unwrap_or(0), record.short(2).unwrap_or(0));
    (usize::from(high) << 16) | usize::from(low)
}

/// A number format's number and code. Only letters of ASCII matter, so others may come out wrong.
fn number_format(record: &Record, is_new: bool) -> Option<(u16, String)> {
    let number = record.short(0)?;
    if !is_new {
        let code = record.content.get(3..)?;
        return Some((number, code.iter().map(|byte| char::from(*byte)).collect()));
    }
    let has_two_bytes = record.content.get(4)? & 1 == 1;
    let code = record.content.get(5..)?;
    if !has_two_bytes {
        return Some((number, code.iter().map(|byte| char::from(*byte)).collect()));
    }
    let units = code
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let letters = char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{FFFD}'));
    Some((number, letters.collect()))
}

/// Sets the announced dimensions of every sheet to nothing: calamine takes memory for them before
/// it reads a cell, and does not need them.
fn clear_dimensions(stream: &mut [u8]) {
    let mut at = 0;
    while let (Some(kind), Some(length)) = (short(stream, at), short(stream, at + 2)) {
        let end = at + 4 + usize::from(length);
        if kind == DIMENSIONS
            && let Some(content) = stream.get_mut(at + 4..end)
        {
            content.fill(0);
        }
        at = end;
    }
}

fn unreadable(error: XlsError) -> Unreadable {
    match error {
        XlsError::Password => Unreadable::because(PASSWORD),
        _ => Unreadable::because(DAMAGED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend((content.len() as u16).to_le_bytes());
        bytes.extend(content);
        bytes
    }

    #[test]
    fn announced_dimensions_are_cleared() {
        let mut stream = record(DIMENSIONS, &[0xFF; 14]);
        stream.extend(record(NUMBER, &[1; 14]));
        clear_dimensions(&mut stream);
        assert_eq!(stream[4..18], [0; 14]);
        assert_eq!(stream[22..], [1; 14]);
    }

    #[test]
    fn percent_formats_are_known_by_number_and_by_code() {
        let mut stream = record(BEGIN, &[0, 6]);
        stream.extend(record(
            NUMBER_FORMAT,
            &[164, 0, 4, 0, 0, b'0', b'.', b'0', b'%'],
        ));
        stream.extend(record(CELL_FORMAT, &[0, 0, 10, 0]));
        stream.extend(record(CELL_FORMAT, &[0, 0, 164, 0]));
        stream.extend(record(END, &[]));
        let formats = Formats::of(&stream).unwrap();
        assert_eq!(formats.codes[&0], "0.00%");
        assert_eq!(formats.codes[&1], "0.0%");
    }

    #[test]
    fn an_end_in_the_middle_of_a_sheet_is_found() {
        let mut stream = record(END, &[]);
        let end = stream.len();
        assert!(ends_sheet(&stream, end));
        stream.extend(record(NUMBER, &[1; 14]));
        assert!(!ends_sheet(&stream, end));
    }

    #[test]
    fn rows_and_columns_that_are_not_shown_are_known() {
        let mut cells = Cells::default();
        let mut take = |kind, content: &[u8]| cells.take(&Record { kind, content });
        take(ROW, &[4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0x60, 1, 0, 0]);
        take(ROW, &[5, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 0, 0]);
        take(COLUMNS, &[1, 0, 2, 0, 0, 8, 15, 0, 1, 0, 0, 0]);
        take(COLUMNS, &[3, 0, 3, 0, 0, 8, 15, 0, 0, 0, 0, 0]);
        let mut expected = Hidden::default();
        expected.hide_rows(4..=4);
        expected.hide_columns(1..=2);
        assert_eq!(cells.hidden, expected);
    }

    #[test]
    fn a_cell_far_away_is_refused() {
        let mut cells = Cells::default();
        cells.add(60_000, 3, 0);
        assert_eq!(cells.area(), None);
    }
}

//! .xlsx and .xlsm through calamine, cell by cell: its ranges take memory for every cell between
//! the first and the last.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::Workbook;
use super::grid::{Position, Region, Sheet, too_large};
use super::hidden::Hidden;
use super::number::built_in_format;
use crate::import::readers::container::{check_zip, zip_entry};
use crate::import::readers::unreadable::{Unreadable, guarded};
use crate::import::readers::xml;

/// Cells in the file, empty ones too: 200 columns by 20,000 rows.
const MOST_STORED_CELLS: usize = 4_000_000;
/// The shared texts that the file may announce: calamine takes memory for them before it reads one.
const MOST_SHARED_TEXTS: u64 = 1_000_000;
/// Merged regions of a sheet: each takes at least two cells.
const MOST_REGIONS: usize = 100_000;

/// The part that names the sheets, and the one that says where they stand.
const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

const DAMAGED: &str = "表格文件已损坏，请重新取得完整的文件，或用办公软件打开后另存再导入";

/// Reads the visible sheets.
pub(crate) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let mut has_hidden = false;
    check_zip(bytes, is_looked_at, |part| {
        has_hidden |= hides_cells(part);
        check_announced_count(part)
    })?;
    guarded(DAMAGED, || {
        let mut file = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
        let sheets = file.sheets_metadata().to_vec();
        let hidden = if has_hidden {
            hidden_of_sheets(bytes)?
        } else {
            HashMap::new()
        };
        let mut workbook = Workbook::default();
        let mut text_cells = 0;
        for sheet in sheets {
            if sheet.visible != SheetVisible::Visible {
                workbook.leave_out_hidden(&sheet.name);
                continue;
            }
            if sheet.typ != SheetType::WorkSheet {
                workbook.leave_out_chart(&sheet.name);
                continue;
            }
            let mut sheet = read_sheet(&mut file, &sheet.name, &mut text_cells)?;
            if let Some(hidden) = hidden.get(&sheet.name) {
                sheet.leave_out(hidden);
            }
            workbook.sheets.push(sheet);
        }
        Ok(workbook)
    })
}

/// Whether an entry is looked at before the workbook is opened: shared texts and sheets.
fn is_looked_at(name: &str) -> bool {
    is_shared_texts(name) || name.to_ascii_lowercase().starts_with("xl/worksheets/sheet")
}

/// Whether a sheet may have hidden rows or columns: most have none, and are not read twice.
fn hides_cells(part: &[u8]) -> bool {
    let word = b" hidden=";
    part.windows(word.len()).any(|window| window == word)
}

/// What each sheet does not show, by the sheet's name.
fn hidden_of_sheets(bytes: &[u8]) -> Result<HashMap<String, Hidden>, Unreadable> {
    let part = |name: &str| zip_entry(bytes, name);
    let workbook = xml::parse(&part(WORKBOOK)?, WORKBOOK)?;
    let relations = xml::parse(&part(RELATIONS)?, RELATIONS)?;
    let targets: HashMap<&str, &str> = relations
        .elements()
        .filter_map(|relation| Some((relation.attribute("Id")?, relation.attribute("Target")?)))
        .collect();
    let sheets = workbook.child("sheets").into_iter();
    let sheets = sheets.flat_map(xml::Element::elements);
    let mut hidden = HashMap::new();
    for sheet in sheets {
        let target = sheet.attribute("id").and_then(|id| targets.get(id));
        let (Some(name), Some(target)) = (sheet.attribute("name"), target) else {
            continue;
        };
        // A target begins at the workbook's directory, or at the archive's with a stroke.
        let place = match target.strip_prefix('/') {
            Some(from_root) => from_root.to_string(),
            None => format!("xl/{target}"),
        };
        hidden.insert(name.to_string(), hidden_of(&part(&place)?)?);
    }
    Ok(hidden)
}

/// What a sheet does not show.
fn hidden_of(part: &[u8]) -> Result<Hidden, Unreadable> {
    let damaged = || Unreadable::because(DAMAGED);
    let text = std::str::from_utf8(part).map_err(|_| damaged())?;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut hidden = Hidden::default();
    // Rows without a number follow each other.
    let mut row = 0_usize;
    loop {
        let element = match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => element,
            Ok(Event::Eof) => return Ok(hidden),
            Ok(_) => continue,
            Err(_) => return Err(damaged()),
        };
        let is_hidden = || {
            let value = value(&element, "hidden");
            matches!(value.as_deref(), Some("1" | "true"))
        };
        let number = |name: &str| value(&element, name)?.parse::<usize>().ok();
        match element.local_name().as_ref() {
            "row" => {
                row = number("r").unwrap_or(row.saturating_add(1));
                if is_hidden() && row > 0 {
                    hidden.hide_rows(row - 1..=row - 1);
                }
            }
            "col" if is_hidden() => {
                if let (Some(first @ 1..), Some(last @ 1..)) = (number("min"), number("max")) {
                    hidden.hide_columns(first - 1..=last - 1);
                }
            }
            _ => {}
        }
    }
}

fn value(element: &BytesStart, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// Whether an entry holds the texts that cells share.
fn is_shared_texts(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("sharedstrings.xml")
}

/// Refuses a file that announces more shared texts than it can have.
fn check_announced_count(content: &[u8]) -> Result<(), Unreadable> {
    let word = b"uniqueCount";
    let mut rest = content;
    while let Some(at) = rest.windows(word.len()).position(|window| window == word) {
        rest = &rest[at + word.len()..];
        let digits = rest.iter().skip_while(|byte| b" \t\r\n='\"".contains(byte));
        let digits = digits.take_while(|byte| byte.is_ascii_digit());
        let count = digits.fold(0u64, |count, digit| {
            count
                .saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'))
        });
        if count > MOST_SHARED_TEXTS {
            return Err(too_large());
        }
    }
    Ok(())
}

type File<'bytes> = Xlsx<Cursor<&'bytes [u8]>>;

fn read_sheet(
    file: &mut File<'_>,
    name: &str,
    text_cells: &mut usize,
) -> Result<Sheet, Unreadable> {
    let mut sheet = Sheet::named(name);
    sheet.regions = regions(file, name)?;
    let formulas = positions_of_empty_formulas(file, name)?;
    let mut cells = file.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut styles = HashMap::new();
    for (number, style) in cells.styles().iter().enumerate() {
        let Some(format) = &style.number_format else {
            continue;
        };
        let built_in = format.format_id.and_then(built_in_format);
        let code = match format.format_code.as_str() {
            "General" | "" => built_in.unwrap_or_default(),
            code => code,
        };
        styles.insert(number, code.to_string());
    }
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let position = (row as usize, column as usize);
        let format = styles.get(&style).map(String::as_str);
        let value = Data::from(cell.get_value().clone());
        sheet.set_value(position, &value, format, text_cells)?;
    }
    for position in formulas {
        if !sheet.cells.contains_key(&position) {
            sheet.lose_formula(position);
        }
    }
    Ok(sheet)
}

/// The cells with a formula whose result is not stored.
fn positions_of_empty_formulas(
    file: &mut File<'_>,
    name: &str,
) -> Result<Vec<Position>, Unreadable> {
    let mut cells = file.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut positions = Vec::new();
    let mut stored_cells = 0;
    // The other way to read formulas takes memory for as many shared ones as the file announces.
    while let Some(cell) = cells
        .next_cell_with_formula_metadata()
        .map_err(unreadable)?
    {
        stored_cells += 1;
        if stored_cells > MOST_STORED_CELLS {
            return Err(too_large());
        }
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            positions.push((cell.pos.0 as usize, cell.pos.1 as usize));
        }
    }
    Ok(positions)
}

fn regions(file: &mut File<'_>, name: &str) -> Result<Vec<Region>, Unreadable> {
    let regions = file.merge_cells_by_sheet_name(name).map_err(unreadable)?;
    if regions.len() > MOST_REGIONS {
        return Err(too_large());
    }
    let region = |part: &calamine::Dimensions| Region {
        first: (part.start.0 as usize, part.start.1 as usize),
        last: (part.end.0 as usize, part.end.1 as usize),
    };
    Ok(regions.iter().map(region).collect())
}

fn unreadable(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => {
            Unreadable::because("表格文件设有打开密码，请在办公软件中取消密码后再导入")
        }
        _ => Unreadable::because(DAMAGED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_that_are_not_shown_are_known() {
        let part = "<worksheet><cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"4\" max=\"4\"/></cols>\
                    <sheetData><row r=\"1\"/><row hidden=\"true\"><c/></row><row r=\"9\" hidden=\"1\"/>\
                    <row r=\"10\" hidden=\"0\"/></sheetData></worksheet>";
        let mut expected = Hidden::default();
        expected.hide_columns(1..=2);
        expected.hide_rows(1..=1);
        expected.hide_rows(8..=8);
        assert!(hides_cells(part.as_bytes()));
        assert_eq!(hidden_of(part.as_bytes()).map_err(drop), Ok(expected));
    }

    #[test]
    fn an_announcement_of_too_many_texts_is_refused() {
        assert!(check_announced_count(b"<sst count=\"9\" uniqueCount=\"8\">").is_ok());
        assert!(check_announced_count(b"<sst uniqueCount = '99999999999'>").is_err());
    }
}

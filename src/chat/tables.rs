//! Tables as files: who has reported, the indicators with their sources, the glossary. Figures stay
//! as they are printed, with the number beside where they are one.

mod chosen;
mod indicators;
mod workbook;

use super::words;
use crate::app::DutyStatus;
use crate::ports::{Attachment, AttachmentKind};
pub use chosen::Chosen;
pub(crate) use chosen::{ChosenRow, Field, fields, figures, years};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_xlsxwriter::XlsxError;
use workbook::{SheetValue, WorkbookSheet, WorkbookWriter};

/// The widths of the columns of the table of reports; the last holds for all duties.
const STATUS_WIDTHS: [f64; 2] = [24.0, 44.0];

/// Who has reported, as comma-separated text.
pub(crate) fn status_csv(duties: &[DutyStatus], day: NaiveDate, reader: CsvReader) -> Attachment {
    Attachment {
        name: format!("{}-{day}.csv", words::STATUS_FILE),
        kind: AttachmentKind::Document,
        bytes: separated(&status_values(duties), reader),
    }
}

/// Who has reported, as a workbook.
pub(crate) fn status_workbook(
    duties: &[DutyStatus],
    day: NaiveDate,
) -> Result<Attachment, XlsxError> {
    let mut workbook = WorkbookWriter::default();
    workbook.sheet(&status_sheet(), &status_values(duties), &STATUS_WIDTHS)?;
    let bytes = workbook.bytes()?;
    Ok(Attachment {
        name: format!("{}-{day}.xlsx", words::STATUS_FILE),
        kind: AttachmentKind::Document,
        bytes,
    })
}

/// Tables of indicators and the glossaries of their plans as a workbook; with the desk's table
/// where one is given.
pub fn plan_workbook(
    tables: &[Chosen<'_>],
    status: Option<&[DutyStatus]>,
) -> Result<Attachment, XlsxError> {
    let mut workbook = WorkbookWriter::default();
    for table in tables {
        let plan = table.plan;
        // Of two places in one year a sheet says which it is.
        let is_of_year = |other: &&Chosen<'_>| other.plan.plan_year == plan.plan_year;
        let place = match tables.iter().filter(is_of_year).count() {
            0 | 1 => "",
            _ => plan.region.as_str(),
        };
        let sheet = WorkbookSheet {
            name: &format!("{}{}{place}", plan.plan_year, words::INDICATOR_SHEET),
            title: &plan.title,
            below: &words::how_chosen(&plan.title, &table.said),
        };
        workbook.sheet(&sheet, &indicators::rows(table), &indicators::widths(table))?;
        let mut terms = vec![texts(words::TERM_HEAD)];
        terms.extend(
            plan.terms
                .iter()
                .map(|term| texts([&*term.name, &*term.definition, &*term.place])),
        );
        let sheet = WorkbookSheet {
            name: &format!("{}{}{place}", plan.plan_year, words::TERM_SHEET),
            title: &plan.title,
            below: "",
        };
        workbook.sheet(&sheet, &terms, &[24.0, 100.0, 20.0])?;
    }
    if let Some(duties) = status {
        workbook.sheet(&status_sheet(), &status_values(duties), &STATUS_WIDTHS)?;
    }
    let bytes = workbook.bytes()?;
    Ok(Attachment {
        name: format!("{}.xlsx", words::EXPORT_FILE),
        kind: AttachmentKind::Document,
        bytes,
    })
}

/// Who reads a file of comma-separated text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CsvReader {
    /// A spreadsheet, which takes it for UTF-8 only by the mark at its beginning.
    Spreadsheet,
    /// A program, to which that mark would be a letter of the first heading.
    Program,
}

/// A table of indicators as comma-separated text, with the columns of the workbook.
pub(crate) fn indicators_csv(table: &Chosen<'_>, reader: CsvReader) -> Attachment {
    let name = format!("{}{}.csv", table.plan.plan_year, words::INDICATOR_SHEET);
    Attachment {
        name,
        kind: AttachmentKind::Document,
        bytes: separated(&indicators::rows(table), reader),
    }
}

fn separated(rows: &[Vec<SheetValue>], reader: CsvReader) -> Vec<u8> {
    let mark = match reader {
        // Without the mark Excel reads a file as the system's own encoding, and Chinese letters are
        // lost.
        CsvReader::Spreadsheet => "\u{feff}",
        CsvReader::Program => "",
    };
    let mut writer = csv::Writer::from_writer(mark.as_bytes().to_vec());
    for row in rows {
        // Writing to memory fails only where the rows differ in length, and these do not.
        let _ = writer.write_record(row.iter().map(|value| match value {
            SheetValue::Text(text) => harmless(text),
            SheetValue::Number(number) => number.to_string(),
        }));
    }
    writer.into_inner().unwrap_or_default()
}

fn status_sheet() -> WorkbookSheet<'static> {
    WorkbookSheet {
        name: words::STATUS_FILE,
        title: words::STATUS_FILE,
        below: "",
    }
}

fn status_values(duties: &[DutyStatus]) -> Vec<Vec<SheetValue>> {
    status_rows(duties).into_iter().map(texts).collect()
}

fn texts<T: Into<String>>(row: impl IntoIterator<Item = T>) -> Vec<SheetValue> {
    row.into_iter()
        .map(|text| SheetValue::Text(text.into()))
        .collect()
}

/// Units by duties, with a head.
fn status_rows(duties: &[DutyStatus]) -> Vec<Vec<String>> {
    let mut head = vec![words::UNIT_HEAD.to_string()];
    head.extend(duties.iter().map(|duty| duty.title.clone()));
    let units = duties
        .first()
        .map(|duty| duty.units.iter().map(|unit| &unit.name))
        .into_iter()
        .flatten();
    // By position: every duty lists the same units in the same order (`Desk::duties`).
    let row = |(at, unit): (usize, &String)| {
        let states = duties.iter().map(|duty| {
            duty.units
                .get(at)
                .map(|unit| unit.shown())
                .unwrap_or_default()
        });
        std::iter::once(unit.clone()).chain(states).collect()
    };
    std::iter::once(head)
        .chain(units.enumerate().map(row))
        .collect()
}

/// What makes a formula of a cell: signs in either width, since a spreadsheet of East Asia reads
/// both, and blanks that it skips.
const OPENS_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text that a spreadsheet does not take for a formula.
fn harmless(text: &str) -> String {
    // A negative number is one.
    if text.starts_with(OPENS_FORMULA) && text.parse::<Decimal>().is_err() {
        format!("'{text}")
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_opens_a_formula_in_either_width() {
        for sign in OPENS_FORMULA {
            assert_eq!(harmless(&format!("{sign}1+A1")), format!("'{sign}1+A1"));
        }
        assert_eq!(harmless("5%左右"), "5%左右");
        assert_eq!(harmless("-0.7"), "-0.7");
    }
}

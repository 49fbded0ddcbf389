//! Tables as files: who has reported, the indicators with their sources, the glossary. Figures stay
//! as they are printed.

mod workbook;

use super::words;
use crate::app::DutyStatus;
use crate::model::{Measure, Plan};
use crate::ports::{Attachment, AttachmentKind};
use chrono::NaiveDate;
use rust_xlsxwriter::XlsxError;
use workbook::Book;

/// Who has reported, as comma-separated text that a spreadsheet opens as UTF-8.
pub fn status_csv(duties: &[DutyStatus], day: NaiveDate) -> Attachment {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    for row in status_rows(duties) {
        // Writing to memory fails only where the rows differ in length, and these do not.
        let _ = writer.write_record(row.iter().map(|text| harmless(text)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    Attachment {
        name: format!("{}-{day}.csv", words::STATUS_FILE),
        kind: AttachmentKind::Document,
        bytes,
    }
}

/// Who has reported, as a workbook.
pub fn status_workbook(duties: &[DutyStatus], day: NaiveDate) -> Result<Attachment, XlsxError> {
    let mut workbook = Book::default();
    workbook.sheet(words::STATUS_FILE, &status_rows(duties), &[24.0, 44.0])?;
    let bytes = workbook.bytes()?;
    Ok(Attachment {
        name: format!("{}-{day}.xlsx", words::STATUS_FILE),
        kind: AttachmentKind::Document,
        bytes,
    })
}

/// The indicators and the glossary of all plans as a workbook; with the desk's table where one is
/// given.
pub fn plan_workbook(
    plans: &[Plan],
    status: Option<&[DutyStatus]>,
) -> Result<Attachment, XlsxError> {
    let mut workbook = Book::default();
    for plan in plans {
        // Of two places in one year a sheet says which it is.
        let is_of_year = |other: &&Plan| other.plan_year == plan.plan_year;
        let place = match plans.iter().filter(is_of_year).count() {
            0 | 1 => "",
            _ => plan.region.as_str(),
        };
        workbook.sheet(
            &format!("{}{}{place}", plan.plan_year, words::INDICATOR_SHEET),
            &indicator_rows(plan),
            &[8.0, 32.0, 12.0, 10.0, 18.0],
        )?;
        let mut terms = vec![words::TERM_HEAD.map(String::from).to_vec()];
        terms.extend(plan.terms.iter().map(|term| {
            vec![
                term.name.clone(),
                term.definition.clone(),
                term.place.clone(),
            ]
        }));
        workbook.sheet(
            &format!("{}{}{place}", plan.plan_year, words::TERM_SHEET),
            &terms,
            &[24.0, 100.0, 20.0],
        )?;
    }
    if let Some(duties) = status {
        workbook.sheet(words::STATUS_FILE, &status_rows(duties), &[24.0, 44.0])?;
    }
    let bytes = workbook.bytes()?;
    Ok(Attachment {
        name: format!("{}.xlsx", words::EXPORT_FILE),
        kind: AttachmentKind::Document,
        bytes,
    })
}

/// The indicators of a plan, as comma-separated text that a spreadsheet opens as UTF-8.
pub fn indicators_csv(plan: &Plan) -> Attachment {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    for row in indicator_rows(plan) {
        let _ = writer.write_record(row.iter().map(|text| harmless(text)));
    }
    let name = format!("{}{}.csv", plan.plan_year, words::INDICATOR_SHEET);
    Attachment {
        name,
        kind: AttachmentKind::Document,
        bytes: writer.into_inner().unwrap_or_default(),
    }
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

/// One row an indicator: every column of the document's tables, and where the row stands.
fn indicator_rows(plan: &Plan) -> Vec<Vec<String>> {
    let mut columns: Vec<(i32, Measure, &str)> = Vec::new();
    for cell in plan
        .indicators
        .iter()
        .flat_map(|indicator| &indicator.cells)
    {
        if let (Some(year), Some(measure)) = (cell.year, cell.measure)
            && !columns.iter().any(|(y, m, _)| (*y, *m) == (year, measure))
        {
            columns.push((year, measure, &cell.heading));
        }
    }
    columns.sort_by_key(|(year, measure, _)| (*year, *measure == Measure::Actual));
    let mut head: Vec<String> = words::INDICATOR_HEAD.map(String::from).to_vec();
    head.extend(columns.iter().map(|(_, _, heading)| (*heading).to_string()));
    head.push(words::PLACE_HEAD.to_string());
    let mut rows = vec![head];
    for (number, indicator) in plan.indicators.iter().enumerate() {
        let nature = indicator
            .nature
            .map(|nature| nature.word())
            .unwrap_or_default();
        let mut row = vec![
            (number + 1).to_string(),
            indicator.name.clone(),
            indicator.unit.clone(),
            nature.to_string(),
            indicator.category.clone(),
        ];
        let printed = |(year, measure, _): &(i32, Measure, &str)| {
            indicator
                .cell(*year, *measure)
                .map(|cell| cell.quantity.printed.clone())
        };
        row.extend(
            columns
                .iter()
                .map(|column| printed(column).unwrap_or_default()),
        );
        let mut places: Vec<&str> = indicator
            .cells
            .iter()
            .map(|cell| cell.place.as_str())
            .collect();
        places.dedup();
        row.push(places.join("；"));
        rows.push(row);
    }
    rows
}

/// What makes a formula of a cell: signs in either width, since a spreadsheet of East Asia reads both,
/// and blanks that it skips.
const OPENS_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text that a spreadsheet does not take for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(OPENS_FORMULA) {
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
            assert_eq!(harmless(&format!("{sign}1+1")), format!("'{sign}1+1"));
        }
        assert_eq!(harmless("5%左右"), "5%左右");
    }
}

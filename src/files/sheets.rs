//! CSV files as people keep them in Excel or WPS: columns by heading, quoted line breaks, a finding
//! for each torn row.

use super::causes::Cause;
use crate::model::Finding;

/// The columns of a sheet.
pub(crate) struct Columns<'a> {
    /// Those that it must have.
    pub needed: &'a [&'a str],
    /// Those that sheets of an older planbot, and sheets with nothing to say there, leave out:
    /// their fields are empty.
    pub further: &'a [&'a str],
}

/// A sheet's rows under the headings that were asked for.
pub(crate) struct Sheet {
    /// Each row: its line in the file and its fields in the order of the headings asked for.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads a sheet; needed headings that are absent and rows of another width are findings.
pub(crate) fn read(text: &str, file: &str, wanted: &Columns, findings: &mut Vec<Finding>) -> Sheet {
    let mut sheet = Sheet { rows: Vec::new() };
    let mut reader = csv::ReaderBuilder::new()
        // The width is looked at below, where a finding can say how many fields there are.
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        findings.push(Finding::error(file, "第1行", Cause::NoHeader));
        return sheet;
    };
    let stands_at = |heading: &&str| header.iter().position(|name| name.trim() == *heading);
    let needed = wanted.needed.iter().map(stands_at);
    let columns: Vec<Option<usize>> = needed.chain(wanted.further.iter().map(stands_at)).collect();
    let missing = wanted.needed.iter().zip(&columns);
    let missing: Vec<&str> = missing
        .filter(|(_, at)| at.is_none())
        .map(|(heading, _)| *heading)
        .collect();
    for heading in &missing {
        let cause = Cause::MissingColumn {
            missing: heading,
            needed: wanted.needed,
        };
        findings.push(Finding::error(file, "第1行", cause));
    }
    if !missing.is_empty() {
        return sheet;
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                findings.push(Finding::error(
                    file,
                    format!("第{line}行"),
                    Cause::UnreadableRow,
                ));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        // Spreadsheets leave empty rows below a table.
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() != header.len() {
            let cause = Cause::RowWidth {
                found: record.len(),
                expected: header.len(),
            };
            findings.push(Finding::error(file, format!("第{line}行"), cause));
            continue;
        }
        let fields = columns
            .iter()
            .map(|at| at.and_then(|at| record.get(at)).unwrap_or_default())
            .map(|field| field.trim().to_string())
            .collect();
        sheet.rows.push((line, fields));
    }
    sheet
}

/// Writes a sheet.
pub(crate) fn write(
    headings: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings)?;
    for row in rows {
        writer.write_record(row)?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

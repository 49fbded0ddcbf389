//! The files of one plan: plan.toml, indicators.csv, glossary.csv, notes.csv, body.md,
//! synonyms.toml, pages.csv, source/; `cases.toml` is kept.

mod writing;

pub use writing::write_plan;
pub(crate) use writing::{IMPORT_REPORT, original};

use super::causes::Cause;
use super::sheets::{self, Columns};
use super::{DataReader, Presence};
use crate::model::{
    CellRecord, DutyRecord, Figures, Finding, GlossaryRecord, Measure, NoteKind, NoteRecord,
    PlanHeader, PlanRecords,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const INDICATOR_COLUMNS: Columns = Columns {
    needed: &[
        "indicator",
        "category",
        "unit",
        "nature",
        "year",
        "measure",
        "heading",
        "value",
        "place",
    ],
    further: &["figures"],
};
const GLOSSARY_COLUMNS: Columns = Columns {
    needed: &["number", "name", "definition"],
    further: &[],
};
const NOTE_COLUMNS: Columns = Columns {
    needed: &["kind", "place", "anchor", "indicators", "text"],
    further: &[],
};
const PAGE_COLUMNS: Columns = Columns {
    needed: &["place", "page"],
    further: &[],
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanToml {
    title: String,
    #[serde(default)]
    issuer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document_date: Option<toml::value::Datetime>,
    plan_year: i32,
    executed_year: i32,
    #[serde(default)]
    region: String,
    #[serde(default)]
    region_names: Vec<String>,
    #[serde(default, rename = "table", skip_serializing_if = "Vec::is_empty")]
    tables: Vec<TableToml>,
    #[serde(default, rename = "duty", skip_serializing_if = "Vec::is_empty")]
    duties: Vec<DutyToml>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableToml {
    label: String,
    #[serde(default)]
    title: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DutyToml {
    reporter: String,
    recipient: String,
    #[serde(default)]
    subject: String,
    due: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    once: bool,
    sentence: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SynonymsToml {
    #[serde(default)]
    names: BTreeMap<String, Vec<String>>,
}

/// Reads one plan's directory.
pub(super) fn read(reader: &mut DataReader<'_>, id: &str) -> PlanRecords {
    let file = |name: &str| format!("plans/{id}/{name}");
    let mut records = PlanRecords {
        header: PlanHeader {
            id: id.to_string(),
            ..PlanHeader::default()
        },
        ..PlanRecords::default()
    };
    if let Some(text) = reader.text(&file("plan.toml"), Presence::Required) {
        match toml::from_str::<PlanToml>(&text) {
            Ok(plan) => records.header = header(id, plan),
            Err(error) => reader
                .findings
                .push(toml_finding(&file("plan.toml"), &text, &error)),
        }
    }
    if let Some(text) = reader.text(&file("indicators.csv"), Presence::Required) {
        let name = file("indicators.csv");
        let sheet = sheets::read(&text, &name, &INDICATOR_COLUMNS, &mut reader.findings);
        records.cells = sheet
            .rows
            .into_iter()
            .filter_map(|(line, row)| cell(line, row, &name, &mut reader.findings))
            .collect();
    }
    if let Some(text) = reader.text(&file("glossary.csv"), Presence::Required) {
        let name = file("glossary.csv");
        let sheet = sheets::read(&text, &name, &GLOSSARY_COLUMNS, &mut reader.findings);
        records.glossary = sheet
            .rows
            .into_iter()
            .filter_map(|(line, row)| entry(line, row, &name, &mut reader.findings))
            .collect();
    }
    if let Some(text) = reader.text(&file("notes.csv"), Presence::Required) {
        let name = file("notes.csv");
        let sheet = sheets::read(&text, &name, &NOTE_COLUMNS, &mut reader.findings);
        records.notes = sheet
            .rows
            .into_iter()
            .filter_map(|(line, row)| note(line, row, &name, &mut reader.findings))
            .collect();
    }
    records.body = reader
        .text(&file("body.md"), Presence::Required)
        .unwrap_or_default();
    // Only formats that have pages leave this file.
    if let Some(text) = reader.text(&file("pages.csv"), Presence::Optional) {
        let name = file("pages.csv");
        let sheet = sheets::read(&text, &name, &PAGE_COLUMNS, &mut reader.findings);
        records.pages = sheet
            .rows
            .into_iter()
            .filter_map(|(line, row)| page(line, row, &name, &mut reader.findings))
            .collect();
    }
    if let Some(text) = reader.text(&file("synonyms.toml"), Presence::Optional) {
        match toml::from_str::<SynonymsToml>(&text) {
            Ok(synonyms) => records.synonyms = synonyms.names.into_iter().collect(),
            Err(error) => reader
                .findings
                .push(toml_finding(&file("synonyms.toml"), &text, &error)),
        }
    }
    records
}

/// A TOML fault as a finding with its line.
pub(super) fn toml_finding(file: &str, text: &str, error: &toml::de::Error) -> Finding {
    let line = error.span().map_or(1, |span| {
        1 + text
            .bytes()
            .take(span.start)
            .filter(|byte| *byte == b'\n')
            .count()
    });
    Finding::error(
        file,
        format!("第{line}行"),
        Cause::Malformed(error.message()),
    )
}

fn header(id: &str, plan: PlanToml) -> PlanHeader {
    let date = plan.document_date.and_then(|date| date.date);
    PlanHeader {
        id: id.to_string(),
        title: plan.title,
        issuer: plan.issuer,
        document_date: date.and_then(|d| {
            NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day))
        }),
        plan_year: plan.plan_year,
        executed_year: plan.executed_year,
        region: plan.region,
        region_names: plan.region_names,
        tables: plan
            .tables
            .into_iter()
            .map(|table| (table.label, table.title))
            .collect(),
        duties: plan
            .duties
            .into_iter()
            .map(|duty| DutyRecord {
                reporter: duty.reporter,
                recipient: duty.recipient,
                subject: duty.subject,
                due: duty.due,
                once: duty.once,
                sentence: duty.sentence,
            })
            .collect(),
    }
}

fn fields<const N: usize>(row: Vec<String>) -> [String; N] {
    let mut row = row.into_iter();
    std::array::from_fn(|_| row.next().unwrap_or_default())
}

fn cell(
    line: u64,
    row: Vec<String>,
    file: &str,
    findings: &mut Vec<Finding>,
) -> Option<CellRecord> {
    let [
        indicator,
        category,
        unit,
        nature,
        year,
        measure,
        heading,
        value,
        place,
        figures,
    ] = fields(row);
    let at = format!("第{line}行");
    let year = match year.as_str() {
        "" => None,
        text => match text.parse() {
            Ok(year) => Some(year),
            Err(_) => {
                findings.push(Finding::error(file, at, Cause::Year(text)));
                return None;
            }
        },
    };
    let parsed = Measure::from_key(&measure);
    if parsed.is_none() && !measure.is_empty() {
        findings.push(Finding::error(file, at, Cause::Measure(&measure)));
        return None;
    }
    let Some(figures) = Figures::from_key(&figures) else {
        findings.push(Finding::error(file, at, Cause::Figures(&figures)));
        return None;
    };
    Some(CellRecord {
        indicator,
        category,
        unit,
        nature,
        year,
        measure: parsed,
        heading,
        value,
        place,
        figures,
    })
}

fn entry(
    line: u64,
    row: Vec<String>,
    file: &str,
    findings: &mut Vec<Finding>,
) -> Option<GlossaryRecord> {
    let [number, name, definition] = fields(row);
    match number.parse() {
        Ok(number) => Some(GlossaryRecord {
            number,
            name,
            definition,
        }),
        Err(_) => {
            findings.push(Finding::error(
                file,
                format!("第{line}行"),
                Cause::Number(&number),
            ));
            None
        }
    }
}

fn note(
    line: u64,
    row: Vec<String>,
    file: &str,
    findings: &mut Vec<Finding>,
) -> Option<NoteRecord> {
    let [kind, place, anchor, indicators, text] = fields(row);
    let Some(kind) = NoteKind::from_key(&kind) else {
        findings.push(Finding::error(
            file,
            format!("第{line}行"),
            Cause::NoteKind(&kind),
        ));
        return None;
    };
    let indicators = indicators
        .split('|')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(String::from)
        .collect();
    Some(NoteRecord {
        kind,
        place,
        anchor,
        indicators,
        text,
    })
}

fn page(
    line: u64,
    row: Vec<String>,
    file: &str,
    findings: &mut Vec<Finding>,
) -> Option<(String, u32)> {
    let [place, page] = fields(row);
    match page.trim().parse() {
        Ok(page) => Some((place, page)),
        Err(_) => {
            let cause = Cause::PageNumber(&page);
            findings.push(Finding::error(file, format!("第{line}行"), cause));
            None
        }
    }
}

//! A plan's directory is written aside and renamed when it is whole.

use super::{
    DutyToml, GLOSSARY_COLUMNS, INDICATOR_COLUMNS, NOTE_COLUMNS, PAGE_COLUMNS, PlanToml, TableToml,
};
use crate::files::disk::write_settled;
use crate::files::{
    create_directory, list_by_age, read_bounded, remove_directory, rename, settle_names, sheets,
};
use crate::model::{CellRecord, Figures, Measure, NoteRecord, PlanHeader, PlanRecords};
use chrono::Datelike;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a plan was not written.
#[derive(Debug, Error)]
pub enum WritePlanError {
    /// The directory is there already.
    #[error(
        "计划 {0} 已经存在；要用新的导入结果替换它，请加 --replace（synonyms.toml 和 cases.toml 会保留）；要另存一份，请加 --plan 另取名称"
    )]
    Exists(PathBuf),
    /// An earlier replacement was cut off; what was there before stands again.
    #[error("上次替换 {0} 时中断，已恢复替换前的内容；请检查后再导入一次")]
    Restored(PathBuf),
    /// The name cannot be a directory of its own.
    #[error("计划名称“{0}”不可用；请用小写字母、数字和连字符，例如 yuzhong-2022")]
    BadName(String),
    /// A table could not be written as CSV.
    #[error("无法写成 CSV：{0}")]
    Csv(#[from] csv::Error),
    /// The header could not be written as TOML.
    #[error("无法写成 TOML：{0}")]
    Toml(#[from] toml::ser::Error),
    /// The disk refused.
    #[error("无法写入 {path}：{source}；请检查磁盘空间和权限")]
    Disk {
        /// What was being written.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

/// The account of an import, beside the original.
pub(crate) const IMPORT_REPORT: &str = "import-report.md";

/// The document that a plan was imported from, with the name of its file; none where it is not
/// there.
pub(crate) fn original(root: &Path, plan: &str) -> Option<(String, Vec<u8>)> {
    let directory = root.join("plans").join(plan).join("source");
    let files = list_by_age(&directory).ok()?;
    let file = files.into_iter().find(|path| {
        path.file_name().is_some_and(|name| name != IMPORT_REPORT)
            && path.is_file()
            && !path.is_symlink()
    })?;
    let name = file.file_name()?.to_string_lossy().to_string();
    let bytes = read_bounded(&file).ok()?;
    Some((name, bytes))
}

/// Writes a plan's directory aside and renames it when it is whole.
///
/// `source` is the document as received, with its file name; `report` is the import report that
/// goes beside it.
pub fn write_plan(
    root: &Path,
    records: &PlanRecords,
    source: (&str, &[u8]),
    report: &str,
    replace: bool,
) -> Result<PathBuf, WritePlanError> {
    let id = &records.header.id;
    if id.is_empty()
        || !id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        return Err(WritePlanError::BadName(id.clone()));
    }
    let target = root.join("plans").join(id);
    if target.exists() && !replace {
        return Err(WritePlanError::Exists(target));
    }
    let aside = root.join("plans").join(format!(".{id}.partial"));
    let disk = |path: &Path| {
        let path = path.to_path_buf();
        move |source| WritePlanError::Disk { path, source }
    };
    let old = root.join("plans").join(format!(".{id}.old"));
    // Cut off between the two renames below: nothing is imported on top of that before a person has
    // looked.
    if old.exists() && !target.exists() {
        rename(&old, &target).map_err(disk(&target))?;
        return Err(WritePlanError::Restored(target));
    }
    remove_directory(&aside).map_err(disk(&aside))?;
    create_directory(&aside.join("source")).map_err(disk(&aside))?;
    if let Err(error) = write_files(&aside, records, source, report, &target) {
        let _ = remove_directory(&aside);
        return Err(error);
    }
    // A killed replacement may have left its old directory beside a plan that is whole.
    remove_directory(&old).map_err(disk(&old))?;
    if target.exists() {
        rename(&target, &old).map_err(disk(&old))?;
    }
    if let Err(source) = rename(&aside, &target) {
        // The plan that was there stands again; what is said is why the new one does not.
        let _ = rename(&old, &target);
        return Err(WritePlanError::Disk {
            path: target,
            source,
        });
    }
    // Before the old one is thrown away: after a power cut one of the two is there.
    settle_names(&target).map_err(disk(&target))?;
    remove_directory(&old).map_err(disk(&old))?;
    Ok(target)
}

fn write_files(
    aside: &Path,
    records: &PlanRecords,
    source: (&str, &[u8]),
    report: &str,
    target: &Path,
) -> Result<(), WritePlanError> {
    let put = |name: &str, text: &str| write_bytes(&aside.join(name), text.as_bytes());
    put("plan.toml", &plan_toml(&records.header)?)?;
    put("indicators.csv", &indicators_csv(&records.cells)?)?;
    let entries = records.glossary.iter().map(|row| {
        vec![
            row.number.to_string(),
            row.name.clone(),
            row.definition.clone(),
        ]
    });
    put(
        "glossary.csv",
        &sheets::write(GLOSSARY_COLUMNS.needed, entries)?,
    )?;
    put(
        "notes.csv",
        &sheets::write(NOTE_COLUMNS.needed, records.notes.iter().map(note_row))?,
    )?;
    put("body.md", &records.body)?;
    if !records.pages.is_empty() {
        let rows = records.pages.iter();
        let rows = rows.map(|(place, page)| vec![place.clone(), page.to_string()]);
        put("pages.csv", &sheets::write(PAGE_COLUMNS.needed, rows)?)?;
    }
    put(&format!("source/{IMPORT_REPORT}"), report)?;
    let kept = target.join("synonyms.toml");
    let synonyms = match read_bounded(&kept) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => NO_SYNONYMS.as_bytes().to_vec(),
        Err(source) => return Err(WritePlanError::Disk { path: kept, source }),
    };
    write_bytes(&aside.join("synonyms.toml"), &synonyms)?;
    // Written by people, as are synonyms: a new import must not lose them.
    if let Ok(cases) = read_bounded(&target.join("cases.toml")) {
        write_bytes(&aside.join("cases.toml"), &cases)?;
    }
    let original = aside.join("source").join(source.0);
    write_bytes(&original, source.1)?;
    // The names of the files, too, are on disk before the directory takes the place of the old one.
    for name in [&original, &aside.join("plan.toml")] {
        settle_names(name).map_err(|source| WritePlanError::Disk {
            path: name.clone(),
            source,
        })?;
    }
    Ok(())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), WritePlanError> {
    write_settled(path, bytes).map_err(|source| WritePlanError::Disk {
        path: path.to_path_buf(),
        source,
    })
}

const NO_SYNONYMS: &str = "# 这份计划里的名称和人们的叫法。左边照抄原文，右边写叫法：\n# [names]\n# \"城镇某某率\" = [\"某某率\"]\n";

fn plan_toml(header: &PlanHeader) -> Result<String, toml::ser::Error> {
    let plan = PlanToml {
        title: header.title.clone(),
        issuer: header.issuer.clone(),
        document_date: header.document_date.map(|date| toml::value::Datetime {
            date: Some(toml::value::Date {
                year: date.year() as u16,
                month: date.month() as u8,
                day: date.day() as u8,
            }),
            time: None,
            offset: None,
        }),
        plan_year: header.plan_year,
        executed_year: header.executed_year,
        region: header.region.clone(),
        region_names: header.region_names.clone(),
        tables: header
            .tables
            .iter()
            .map(|(label, title)| TableToml {
                label: label.clone(),
                title: title.clone(),
            })
            .collect(),
        duties: header
            .duties
            .iter()
            .map(|duty| DutyToml {
                reporter: duty.reporter.clone(),
                recipient: duty.recipient.clone(),
                subject: duty.subject.clone(),
                due: duty.due.clone(),
                once: duty.once,
                sentence: duty.sentence.clone(),
            })
            .collect(),
    };
    toml::to_string_pretty(&plan)
}

/// The column that says which figures are of growth is there where some are.
fn indicators_csv(cells: &[CellRecord]) -> Result<String, csv::Error> {
    let mut columns = INDICATOR_COLUMNS.needed.to_vec();
    if cells.iter().any(|cell| cell.figures == Figures::Growth) {
        columns.extend(INDICATOR_COLUMNS.further);
    }
    let width = columns.len();
    let rows = cells.iter().map(|cell| {
        let mut row = cell_row(cell);
        row.truncate(width);
        row
    });
    sheets::write(&columns, rows)
}

fn cell_row(row: &CellRecord) -> Vec<String> {
    vec![
        row.indicator.clone(),
        row.category.clone(),
        row.unit.clone(),
        row.nature.clone(),
        row.year.map_or_else(String::new, |year| year.to_string()),
        row.measure.map_or("", Measure::key).to_string(),
        row.heading.clone(),
        row.value.clone(),
        row.place.clone(),
        row.figures.key().to_string(),
    ]
}

fn note_row(row: &NoteRecord) -> Vec<String> {
    vec![
        row.kind.key().to_string(),
        row.place.clone(),
        row.anchor.clone(),
        row.indicators.join("|"),
        row.text.clone(),
    ]
}

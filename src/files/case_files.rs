//! `cases.toml` beside a plan: questions with what their replies must hold; and the synonyms that
//! are added and taken back.

use super::causes::Cause;
use super::disk::write_settled;
use super::whole::refuse_links;
use super::{read_text, rename, settle_names};
use crate::model::{CaseRecord, Finding};
use chrono::NaiveDate;
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, Item, Table, value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesToml {
    today: toml::value::Datetime,
    #[serde(default)]
    case: Vec<CaseToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseToml {
    ask: String,
    #[serde(default = "answer")]
    status: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
}

fn answer() -> String {
    "answer".to_string()
}

/// The cases of a plan, none where it has no file of them.
pub fn read_cases(root: &Path, plan: &str) -> Result<Vec<CaseRecord>, Finding> {
    let name = format!("plans/{plan}/cases.toml");
    let text = refuse_links(root, &name).and_then(|()| read_text(&root.join(&name)));
    let text = match text {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(Finding::error(name, "", Cause::Unreadable(&error)));
        }
    };
    let cases: CasesToml = toml::from_str(&text)
        .map_err(|error| super::plan_files::toml_finding(&name, &text, &error))?;
    let day = cases.today.date.and_then(|d| {
        NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day))
    });
    let today = day.ok_or_else(|| Finding::error(&name, "", Cause::CaseDay))?;
    let record = |case: CaseToml| CaseRecord {
        today,
        ask: case.ask,
        status: case.status,
        first: case.first,
        has: case.has,
        lacks: case.lacks,
    };
    Ok(cases.case.into_iter().map(record).collect())
}

/// What becomes of a synonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SynonymChange {
    /// It is added.
    Adopt,
    /// It is taken back.
    Withdraw,
}

/// Adds a synonym to a plan's file, or takes one back; comments and order stay. Written aside and
/// renamed.
pub(crate) fn change_synonym(
    root: &Path,
    plan: &str,
    printed: &str,
    said: &str,
    change: SynonymChange,
) -> io::Result<()> {
    let path: PathBuf = root.join("plans").join(plan).join("synonyms.toml");
    let text = match read_text(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        other => other?,
    };
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_string());
    // As a document and not as values: people write comments into this file.
    let mut document: DocumentMut = text.parse().map_err(|_| broken("synonyms.toml 写法有误"))?;
    let names = document.entry("names").or_insert(Item::Table(Table::new()));
    let names = names
        .as_table_like_mut()
        .ok_or_else(|| broken("synonyms.toml 里的 names 不是一组名称"))?;
    let words = names.entry(printed).or_insert(value(Array::new()));
    let words = words
        .as_array_mut()
        .ok_or_else(|| broken("synonyms.toml 里的叫法不是一列词"))?;
    // Before it is added, so that it does not stand there twice.
    words.retain(|word| word.as_str() != Some(said));
    if change == SynonymChange::Adopt {
        words.push(said);
    }
    if words.is_empty() {
        // A name without any saying is only a line that somebody wonders about.
        names.remove(printed);
    }
    let aside = path.with_extension("toml.new");
    write_settled(&aside, document.to_string().as_bytes())?;
    rename(&aside, &path)?;
    settle_names(&path)
}

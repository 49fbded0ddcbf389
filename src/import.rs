//! From the text of a report to the rows of a plan's files, and from those rows to a `Plan`.
//!
//! Pure: text in, rows and findings out. It reads forms (headings, tables, numbered entries,
//! marks), never names: nothing here knows a place, an indicator or a term. It must not touch a
//! file.

mod account;
mod assemble;
mod body;
mod document;
mod facts;
mod glossary;
mod header;
mod html;
mod notes;
mod outline;
mod outline_words;
mod passages;
mod pattern;
mod plain;
mod tables;

pub use account::{Account, Owner};
pub use assemble::assemble;
pub use facts::{FigureSpan, UnitWords, clauses, facts_of, figures_of};

use crate::model::{Finding, PlanRecords};

/// What an import found: the rows, the account of every character, and the findings.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The rows of the plan's files.
    pub records: PlanRecords,
    /// Which characters went where.
    pub account: Account,
    /// What a person should look at.
    pub findings: Vec<Finding>,
}

/// Imports the decoded text of a report.
///
/// `file` names it in findings. Errors are findings: a text without anything that planbot can use
/// has one of severity error, and its rows must not be written.
pub fn import(text: &str, plan: &str, file: &str) -> Imported {
    let document = if html::looks_like_html(text) {
        html::read(text)
    } else {
        plain::read(text)
    };
    let mut findings = Vec::new();
    let outline = outline::outline(&document);
    let mut account = Account::new(&document);

    let body = body::write(&document, &outline, &mut account);
    let (cells, tables) = tables::read_all(&document, &outline, file, &mut account, &mut findings);
    let (glossary, entries_without_name) =
        glossary::read(&document, &outline, file, &mut account, &mut findings);
    let mut note_rows = notes::footnotes(
        &document,
        &outline,
        &body,
        file,
        &mut account,
        &mut findings,
    );
    note_rows.extend(notes::remarks(
        &document,
        &outline,
        &tables,
        &cells,
        &mut account,
    ));
    note_rows.extend(entries_without_name);
    let mut header = header::read(&document, &outline, &body, file, &mut findings);
    header.id = plan.to_string();
    header.tables = tables;

    let records = PlanRecords {
        header,
        cells,
        glossary,
        notes: note_rows,
        body: body.markdown,
        synonyms: Vec::new(),
    };
    if records.cells.is_empty() && records.glossary.is_empty() && !records.body.contains('。') {
        let advice = "没有找到指标表、名词解释或成段的正文，这不像是一份计划报告；请确认文件选对了、内容完整。";
        findings.insert(0, Finding::error(file, "", advice));
    }
    findings.extend(account.findings(&document, file));
    Imported {
        records,
        account,
        findings,
    }
}

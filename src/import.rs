//! From the text of a report to the rows of a plan's files, and from those rows to a `Plan`.
//!
//! Pure: the bytes of a file in, rows and findings out. It reads forms (headings, tables, numbered
//! entries, marks), never names: nothing here knows a place, an indicator or a term. It must not
//! touch a file.

mod account;
mod assemble;
mod body;
mod causes;
mod document;
mod doubts;
mod facts;
mod glossary;
mod header;
mod limits;
mod notes;
mod original;
mod outline;
mod outline_words;
mod pages;
mod passages;
mod pattern;
mod readers;
mod remark_rows;
mod roles;
mod tables;
mod turned;

pub(crate) use account::Account;
pub use assemble::assemble;
pub use facts::UnitWords;
pub(crate) use facts::{FigureSpan, clauses, figures_of};
pub(crate) use header::region_names;
pub(crate) use limits::{beyond_limits, overlong_name};
pub use original::original_of;
pub(crate) use original::{Original, OriginalBlock, OriginalCell};
pub(crate) use readers::Unreadable;

use crate::language::in_latin_letters;
use crate::model::{Finding, PlanHeader, PlanRecords};
use causes::Cause;
use document::Document;
use outline::Outlined;
use tables::Tables;

/// What an import found: the rows, the account of every character, and the findings.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The rows of the plan's files.
    pub records: PlanRecords,
    /// Which characters went where.
    pub account: Account,
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// The text of the report as its reader gives it; findings name its lines.
    pub text: String,
}

/// Imports a report.
///
/// `file` names it in findings. Errors are findings: a file that cannot be read, and one without
/// anything that planbot can use, have one of severity error, and the rows must not be written.
pub fn import(bytes: &[u8], plan: &str, file: &str) -> Imported {
    match readers::read(bytes, file) {
        Ok(document) => import_document(&document, plan, file),
        Err(Unreadable(why)) => {
            let document = Document::default();
            Imported {
                records: PlanRecords::default(),
                account: Account::new(&document),
                findings: vec![Finding::error(file, "", format!("{why}。"))],
                text: String::new(),
            }
        }
    }
}

/// The text of a report as its reader gives it.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) fn text_of(bytes: &[u8], file: &str) -> Result<String, Unreadable> {
    readers::read(bytes, file).map(|document| document.text)
}

fn import_document(document: &Document, plan: &str, file: &str) -> Imported {
    let mut findings = losses(document, file);
    let outline = roles::outline(document);
    let mut account = Account::new(document);

    // The running text first: the header looks for titles and duties in it.
    let body = body::write(document, &outline, &mut account);
    // Before the tables: which place a table is of shows only against the region of the whole.
    let mut header = header::read(document, &outline, &body, file, &mut findings);
    let report = Outlined {
        document,
        outline: &outline,
        file,
    };
    let tables = tables::read_all(report, &header.region, &mut account, &mut findings);
    let Tables {
        cells,
        titles,
        marks,
    } = tables;
    let places = notes::Places {
        in_text: &body.marks,
        in_tables: &marks,
    };
    let mut note_rows = notes::footnotes(report, places, &mut account, &mut findings);
    note_rows.extend(notes::remarks(
        document,
        &outline,
        &titles,
        &cells,
        &mut account,
    ));
    let (glossary, entries_without_name) =
        glossary::read(report, note_rows.len(), &mut account, &mut findings);
    note_rows.extend(entries_without_name);
    header.id = plan.to_string();
    header.tables = titles;

    let mut records = PlanRecords {
        header,
        cells,
        glossary,
        notes: note_rows,
        body: body.markdown.clone(),
        pages: Vec::new(),
        synonyms: Vec::new(),
    };
    records.pages = pages::pages(document, &account, &records);
    // Any file has lines; a report has a table, a glossary or at least one sentence.
    if records.cells.is_empty() && records.glossary.is_empty() && !records.body.contains('。') {
        // Before all others, which only follow from it.
        findings.insert(0, Finding::error(file, "", Cause::NoReport));
    }
    findings.extend(limits::beyond_limits(&records));
    findings.extend(doubts::doubts(document, &outline, &body, &records, file));
    // Last: only now everybody has claimed what is theirs.
    findings.extend(account.findings(document, file));
    Imported {
        records,
        account,
        findings,
        text: document.text.clone(),
    }
}

/// The name that a plan gets where nobody gives one: its place in Latin letters and its year.
pub(crate) fn plan_id(header: &PlanHeader) -> String {
    let shortest = header
        .region_names
        .iter()
        .min_by_key(|name| name.chars().count());
    let place = shortest.map_or_else(String::new, |name| in_latin_letters(name));
    let place = if place.is_empty() { "plan" } else { &place };
    format!("{place}-{}", header.plan_year)
}

/// What the reader left out, said to the person who imports.
fn losses(document: &Document, file: &str) -> Vec<Finding> {
    let losses = document.losses.iter();
    losses
        .map(|loss| {
            let what = format!("{}。", loss.what.trim_end_matches('。'));
            if loss.is_grave {
                Finding::error(file, &loss.place, what)
            } else {
                Finding::warning(file, &loss.place, what)
            }
        })
        .collect()
}

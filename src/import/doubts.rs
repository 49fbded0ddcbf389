//! What an import may have lost in meaning, though every character is accounted for: a table that
//! became no indicators, a caption without its table, lines that look like a glossary, marks
//! without notes.

use super::body::Body;
use super::causes::Cause;
use super::document::{Block, Document, Row};
use super::outline::{Outline, Role};
use super::pattern::pattern;
use crate::model::{Finding, NoteKind, PlanRecords, Quantity};
use once_cell::sync::Lazy;
use regex::Regex;

static TABLE_CAPTION: Lazy<Regex> =
    Lazy::new(|| pattern(r"^(?:附[件表]\s*[0-9一二三四五六七八九十]*\s*[：:]?)?[^。，]{4,40}表$"));
static ENTRY: Lazy<Regex> =
    Lazy::new(|| pattern(r"^[0-9]{1,3}\s*[.．、]\s*[^。：:]{2,30}[：:][^。]{6,}"));
/// A table with fewer figures is a list of names, in cells.
const FEWEST_FIGURES: usize = 4;
/// So many numbered lines in a row that explain a name are a glossary.
const FEWEST_ENTRIES: usize = 3;
/// A table stands at most so many lines below its caption.
const MOST_LINES_BETWEEN: usize = 3;

/// Everything that a person should look at before the plan is used.
pub(crate) fn doubts(
    document: &Document,
    outline: &Outline,
    body: &Body,
    records: &PlanRecords,
    file: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    captions_without_table(document, outline, file, &mut findings);
    tables_without_indicators(document, outline, file, &mut findings);
    entries_outside_glossary(document, outline, file, &mut findings);
    marks_without_notes(body, records, file, &mut findings);
    let has_table = outline.roles.contains(&Role::IndicatorTable);
    if records.cells.is_empty() && !has_table {
        findings.push(Finding::warning(file, "", Cause::NoIndicators));
    }
    findings
}

fn captions_without_table(
    document: &Document,
    outline: &Outline,
    file: &str,
    findings: &mut Vec<Finding>,
) {
    for (at, block) in document.blocks.iter().enumerate() {
        let Block::Line { span, .. } = block else {
            continue;
        };
        let line = document.slice(span);
        let is_loose = matches!(outline.roles[at], Role::Chapter(_) | Role::Paragraph);
        if !is_loose || !TABLE_CAPTION.is_match(line) {
            continue;
        }
        let below = document.blocks.iter().skip(at + 1).take(MOST_LINES_BETWEEN);
        let has_table = below
            .into_iter()
            .any(|block| matches!(block, Block::Table(_)));
        // In the running text 表 ends sentences too: what follows a caption are short lines.
        let next = document.blocks.get(at + 1).map(|block| match block {
            Block::Line { span, .. } => document.slice(span).chars().count(),
            Block::Table(_) => 0,
        });
        if has_table || next.is_none_or(|length| length > 20) {
            continue;
        }
        let place = format!("第{}行", document.line_number(span.start));
        let cause = Cause::CaptionWithoutTable(line);
        // An error and no warning: with the table its indicators would be missing, and nobody would
        // notice.
        findings.push(Finding::error(file, place, cause));
    }
}

fn tables_without_indicators(
    document: &Document,
    outline: &Outline,
    file: &str,
    findings: &mut Vec<Finding>,
) {
    for (at, block) in document.blocks.iter().enumerate() {
        let Block::Table(rows) = block else { continue };
        if outline.roles[at] != Role::PlainTable {
            continue;
        }
        let figures = figures(document, rows);
        if figures < FEWEST_FIGURES {
            continue;
        }
        let start = rows.first().map_or(0, Document::row_start);
        let place = format!("第{}行", document.line_number(start));
        let cause = Cause::TableWithoutIndicators(figures);
        findings.push(Finding::warning(file, place, cause));
    }
}

fn figures(document: &Document, rows: &[Row]) -> usize {
    let cells = rows.iter().flat_map(|row| &row.cells);
    let figures = cells.filter(|cell| {
        let text = document.cell(cell);
        Quantity::parse(&text, "").value.is_some()
    });
    figures.count()
}

fn entries_outside_glossary(
    document: &Document,
    outline: &Outline,
    file: &str,
    findings: &mut Vec<Finding>,
) {
    let mut run = 0;
    for (at, block) in document.blocks.iter().enumerate() {
        let line = match block {
            Block::Line { span, .. } => document.slice(span),
            Block::Table(_) => "",
        };
        let is_entry = outline.roles[at] == Role::Paragraph && ENTRY.is_match(line);
        run = if is_entry { run + 1 } else { 0 };
        // Only when the run reaches it: one finding a run, however long it is.
        if run == FEWEST_ENTRIES {
            let offset = match block {
                Block::Line { span, .. } => span.start,
                Block::Table(_) => 0,
            };
            let place = format!("第{}行", document.line_number(offset));
            findings.push(Finding::warning(file, place, Cause::EntriesOutsideGlossary));
        }
    }
}

fn marks_without_notes(
    body: &Body,
    records: &PlanRecords,
    file: &str,
    findings: &mut Vec<Finding>,
) {
    let is_known = |number: u32| {
        let mut notes = records.notes.iter();
        let of_note = notes
            .any(|note| note.kind == NoteKind::Footnote && note.place == format!("脚注{number}"));
        of_note || records.glossary.iter().any(|entry| entry.number == number)
    };
    let loose: Vec<String> = body
        .marks
        .iter()
        .filter(|(number, _)| !is_known(*number))
        .map(|(number, _)| format!("[{number}]"))
        .collect();
    if !loose.is_empty() {
        let loose = loose.join("、");
        let cause = Cause::MarksWithoutNotes(&loose);
        findings.push(Finding::warning(file, "", cause));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        assert!(TABLE_CAPTION.is_match("附件1 2031年主要指标表"));
        assert!(ENTRY.is_match("1.两违：违法占地、违法建设。"));
    }
}

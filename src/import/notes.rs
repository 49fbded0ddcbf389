//! Footnotes and remarks: numbered, joined to what they speak of.

use super::account::{Account, Owner};
use super::causes::Cause;
use super::document::{Block, Document, Span, trimmed};
use super::outline::{Outline, Outlined, Role};
use super::pattern::{FOOTNOTE_MARK, number_of_mark, pattern};
use crate::model::{CellRecord, Finding, NoteKind, NoteRecord};
use once_cell::sync::Lazy;
use regex::Regex;
use std::collections::BTreeSet;

/// The file that notes go to.
pub(crate) const FILE: &str = "notes.csv";

static OPENING: Lazy<Regex> = Lazy::new(|| {
    pattern(r"^(?:备\s*注|附\s*注|注\s*释|说\s*明|注)(?:[（(][^（()）]*[）)])?\s*[：:]")
});
static NUMBERED: Lazy<Regex> =
    Lazy::new(|| pattern(r"(?:^|[。；;])\s*([0-9]{1,2})\s*[.．、]|[①②③④⑤⑥⑦⑧⑨⑩]"));
static CONVENTION: Lazy<Regex> =
    Lazy::new(|| pattern(r"^(?:带\s*)?([^\p{Han}\p{L}0-9\s，。：]+)\s*(?:的)?(?:为|指|表示|系)"));

/// The mark that a line begins with.
pub(crate) fn leading_mark(line: &str) -> Option<usize> {
    FOOTNOTE_MARK
        .find(line)
        .filter(|mark| mark.start() == 0)
        .map(|mark| mark.end())
}

/// Whether a line opens the remarks under a table.
pub(crate) fn opens_remarks(line: &str) -> bool {
    OPENING.is_match(line)
}

/// Whether a line goes on with numbered remarks.
pub(crate) fn continues_remarks(line: &str) -> bool {
    NUMBERED.find(line).is_some_and(|found| found.start() == 0) && line.contains('。')
}

/// Where the marks of footnotes stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places<'a> {
    /// In the text: with the words before each.
    pub in_text: &'a [(u32, String)],
    /// In tables: with the indicator of the row.
    pub in_tables: &'a [(u32, String)],
}

impl Places<'_> {
    /// How many marks stand in tables alone.
    fn only_in_tables(&self) -> usize {
        let in_text = |mark: &u32| self.in_text.iter().any(|(known, _)| known == mark);
        let marks = self.in_tables.iter().map(|(mark, _)| *mark);
        let marks: BTreeSet<u32> = marks.filter(|mark| !in_text(mark)).collect();
        marks.len()
    }
}

/// Reads the footnotes, each joined by its number to what carries its mark.
pub(super) fn footnotes(
    report: Outlined<'_>,
    places: Places<'_>,
    account: &mut Account,
    findings: &mut Vec<Finding>,
) -> Vec<NoteRecord> {
    let Outlined {
        document,
        outline,
        file,
    } = report;
    let mut records: Vec<NoteRecord> = Vec::new();
    for span in spans(document, outline, Role::Footnote) {
        let line = document.slice(&span);
        let Some(end) = leading_mark(line) else {
            let row = records.len();
            if let Some(last) = records.last_mut() {
                account.claim(&span, Owner::Record(FILE, row));
                last.text.push_str(line);
            }
            continue;
        };
        // As in the text (`body`): a number that cannot be read counts on.
        let number = line.get(..end).and_then(number_of_mark);
        let number = number.unwrap_or(records.len() as u32 + 1);
        // [^2]: of Markdown; the colon belongs to the mark.
        let after = line.get(end..).unwrap_or_default();
        // Blanks too, so that the text begins at its first letter.
        let end = line.len() - after.trim_start_matches([':', '：', ' ']).len();
        let text = trimmed(&document.text, span.start + end..span.end);
        account.claim(
            &(span.start..span.start + end),
            Owner::Structure("脚注标记"),
        );
        account.claim(&text, Owner::Record(FILE, records.len() + 1));
        let anchor = places.in_text.iter().find(|(mark, _)| *mark == number);
        let anchor = anchor.map(|(_, anchor)| anchor.clone());
        let rows = places.in_tables.iter().filter(|(mark, _)| *mark == number);
        let mut indicators: Vec<String> = rows.map(|(_, name)| name.clone()).collect();
        // A row has its mark in several cells; equal names stand next to each other then.
        indicators.dedup();
        if anchor.is_none() && indicators.is_empty() {
            findings.push(Finding::warning(
                file,
                format!("脚注{number}"),
                Cause::NoteWithoutMark,
            ));
        }
        records.push(NoteRecord {
            kind: NoteKind::Footnote,
            place: format!("脚注{number}"),
            anchor: anchor.unwrap_or_default(),
            indicators,
            text: document.slice(&text).to_string(),
        });
    }
    findings.extend(unequal(places, records.len(), file));
    records
}

/// That there are more marks than notes, or fewer. A report without notes at its end is told
/// elsewhere (`doubts`).
fn unequal(places: Places<'_>, notes: usize, file: &str) -> Option<Finding> {
    let marks = places.in_text.len() + places.only_in_tables();
    if notes == 0 || marks == notes {
        return None;
    }
    let place = match places.in_tables {
        [] => "正文",
        _ => "正文和表格",
    };
    let advice = format!("{place}有 {marks} 个脚注标记，脚注有 {notes} 条；请核对。");
    Some(Finding::warning(file, "", advice))
}

/// Reads the remarks under tables, each joined to the indicators that it names.
pub(crate) fn remarks(
    document: &Document,
    outline: &Outline,
    tables: &[(String, String)],
    cells: &[CellRecord],
    account: &mut Account,
) -> Vec<NoteRecord> {
    let mut records = Vec::new();
    let mut table = 0;
    let mut number = 0;
    let already = outline
        .roles
        .iter()
        .filter(|role| **role == Role::Footnote)
        .count();
    for (block, role) in document.blocks.iter().zip(&outline.roles) {
        match (block, role) {
            (_, Role::IndicatorTable) => {
                table += 1;
                number = 0;
            }
            (Block::Line { span, .. }, Role::Remark) => {
                let line = document.slice(span);
                let opening = OPENING.find(line).map_or(0, |found| found.end());
                account.claim(
                    &(span.start..span.start + opening),
                    Owner::Structure("备注标题"),
                );
                for (sign, text) in split_numbered(&document.text, span.start + opening..span.end) {
                    number += 1;
                    account.claim(&sign, Owner::Structure("备注编号"));
                    account.claim(&text, Owner::Record(FILE, already + records.len() + 1));
                    let label = tables
                        .get(table.max(1) - 1)
                        .map_or("", |(label, _)| label.as_str());
                    records.push(remark(
                        document.slice(&text),
                        format!("{label} 备注{number}"),
                        cells,
                    ));
                }
            }
            _ => {}
        }
    }
    records
}

fn remark(text: &str, place: String, cells: &[CellRecord]) -> NoteRecord {
    let convention = CONVENTION
        .captures(text)
        .and_then(|found| found.get(1))
        .map(|sign| sign.as_str().to_string());
    let mut indicators: Vec<String> = Vec::new();
    for cell in cells {
        let name = cell.indicator_name();
        let speaks =
            // A convention (— 表示未公布) is of every indicator that has its sign as a value.
            text.contains(name.as_ref()) || convention.as_deref() == Some(cell.value.as_str());
        if speaks && !indicators.iter().any(|known| *known == name) {
            indicators.push(name.into_owned());
        }
    }
    NoteRecord {
        kind: if convention.is_some() {
            NoteKind::Convention
        } else {
            NoteKind::Remark
        },
        place,
        anchor: convention.unwrap_or_default(),
        indicators,
        text: text.to_string(),
    }
}

/// Cuts a run of numbered remarks; numbers count only where they go on from the one before.
fn split_numbered(text: &str, span: Span) -> Vec<(Span, Span)> {
    let line = text.get(span.clone()).unwrap_or_default();
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for found in NUMBERED.captures_iter(line) {
        let Some(whole) = found.get(0) else { continue };
        match found.get(1) {
            // 2.5万吨 within a remark is no second remark.
            Some(digits) if digits.as_str().parse() == Ok(starts.len() + 1) => {
                starts.push((digits.start(), whole.end()))
            }
            Some(_) => {}
            None => starts.push((whole.start(), whole.end())),
        }
    }
    if starts.is_empty() {
        return vec![(span.start..span.start, trimmed(text, span))];
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([line.len()])
        .collect::<Vec<_>>();
    let mut pieces: Vec<(Span, Span)> = starts
        .iter()
        .zip(ends)
        .map(|((start, after), end)| {
            (
                span.start + start..span.start + after,
                trimmed(text, span.start + after..span.start + end),
            )
        })
        .collect();
    let lead = trimmed(text, span.start..span.start + starts[0].0);
    if !lead.is_empty() {
        pieces.insert(0, (lead.start..lead.start, lead));
    }
    pieces
}

/// The spans of all lines with a role.
pub(crate) fn spans<'a>(
    document: &'a Document,
    outline: &'a Outline,
    role: Role,
) -> impl Iterator<Item = Span> + 'a {
    document
        .blocks
        .iter()
        .zip(&outline.roles)
        .filter_map(move |(block, found)| match block {
            Block::Line { span, .. } if *found == role => Some(span.clone()),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_with_and_without_numbers_are_found() {
        for mark in ["[\n]", "[\u{FFFD}]", "[12]", "［12］", "［12]"] {
            assert_eq!(leading_mark(mark), Some(mark.len()), "{mark}");
        }
        assert_eq!(leading_mark("[注]"), None);
    }

    #[test]
    fn remarks_are_cut_at_numbers_in_order() {
        let text = "1.甲为3.6。2.乙。3.丙。";
        let pieces: Vec<&str> = split_numbered(text, 0..text.len())
            .into_iter()
            .map(|(_, span)| &text[span])
            .collect();
        assert_eq!(pieces, ["甲为3.6。", "乙。", "丙。"]);
    }
}

//! The rows of a table of indicators: a record for each cell.

mod unit;

use super::super::account::{Account, Owner};
use super::super::causes::Cause;
use super::super::document::{Document, Merged, Row, TableCell};
use super::caption::{Caption, is_whole};
use super::grid::Grid;
use super::heading::{Column, ColumnScope, measure};
use super::marks::without_mark;
use super::{FILE, claim, joined, solid};
use crate::import::pattern::{FOOTNOTE_MARK, number_of_mark, pattern};
use crate::model::{CellRecord, Figures, Finding, IndicatorNature, Measure, Quantity};
use once_cell::sync::Lazy;
use regex::Regex;

static LEADING_NUMBER: Lazy<Regex> = Lazy::new(|| pattern(r"^[0-9]{1,3}\s*[.．、]\s*"));
static PART_OF: Lazy<Regex> = Lazy::new(|| pattern(r"^(?:其\s*中\s*[：:]?\s*|[＃#]\s*)"));
static CATEGORY_ROW: Lazy<Regex> = Lazy::new(|| {
    pattern(r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\s*")
});

/// Reads the rows of one table in order.
pub(crate) struct RowReader<'a> {
    document: &'a Document,
    grid: &'a Grid,
    caption: &'a Caption,
    file: &'a str,
    /// The region that the report is of.
    region: &'a str,
    /// Whether the table was turned: what was a column is a row.
    is_turned: bool,
    /// What the rows before say of the next one, for each of the groups side by side.
    above: Vec<Above>,
    /// The marks of notes in the cells, with the indicator that each stands at.
    pub marks: Vec<(u32, String)>,
}

/// What the rows before say of a row.
#[derive(Debug, Clone, Default)]
struct Above {
    /// The category of the last row that had one.
    category: String,
    /// A row without figures that names what the rows below it are parts of.
    group: String,
    /// The last indicator that is no part of another one.
    parent: String,
}

impl<'a> RowReader<'a> {
    /// For a table.
    pub(crate) fn new(
        document: &'a Document,
        grid: &'a Grid,
        caption: &'a Caption,
        (region, file): (&'a str, &'a str),
    ) -> Self {
        Self {
            document,
            grid,
            caption,
            file,
            region,
            is_turned: document.turned.contains(&grid.block),
            above: vec![Above::default(); grid.heading.groups],
            marks: Vec::new(),
        }
    }

    /// Reads one row into cells.
    pub(crate) fn read(
        &mut self,
        at: usize,
        cells: &mut Vec<CellRecord>,
        account: &mut Account,
        findings: &mut Vec<Finding>,
    ) {
        let row = &self.grid.rows[at];
        let heading = &self.grid.heading;
        let width = heading.columns.len();
        let expected = width * heading.groups;
        // Said, and read all the same: what fits the heading is kept, and with an error nothing is
        // written.
        if row.cells.len() != expected {
            let line = self.document.line_number(Document::row_start(row));
            let cause = Cause::TornRow {
                found: row.cells.len(),
                expected,
            };
            let place = format!("第{line}行（{}）", self.caption.label);
            findings.push(Finding::error(self.file, place, cause));
        }
        if self.is_category(row, expected) {
            let category = solid(&self.document.cell(&row.cells[0]));
            for above in &mut self.above {
                above.category.clone_from(&category);
            }
            claim(account, &row.cells[0], Owner::Structure("类别行"));
            return;
        }
        for group in 0..heading.groups {
            let from = (group * width).min(row.cells.len());
            let to = (from + width).min(row.cells.len());
            // Taken out while the row is read, which may say something new of the next one.
            let mut above = std::mem::take(&mut self.above[group]);
            let before = cells.len();
            self.record(&mut above, (at, from..to), cells, account, findings);
            self.above[group] = above;
            if let Some(made) = cells.get(before) {
                let marks = row.cells[from..to]
                    .iter()
                    .flat_map(|cell| self.marks_in(cell));
                let marks: Vec<u32> = marks.collect();
                let named = marks.into_iter().map(|mark| (mark, made.indicator.clone()));
                self.marks.extend(named);
            }
        }
        for cell in row.cells.iter().skip(expected) {
            claim(account, cell, Owner::Structure("断裂的表格行"));
        }
    }

    /// The numbers of the marks of notes in a cell.
    fn marks_in(&self, cell: &TableCell) -> Vec<u32> {
        let text = self.document.cell(cell);
        let marks = FOOTNOTE_MARK.find_iter(&text);
        marks
            .filter_map(|mark| number_of_mark(mark.as_str()))
            .collect()
    }

    /// Whether a row is one cell over all columns: a category over the rows below it.
    fn is_category(&self, row: &Row, expected: usize) -> bool {
        let [first, others @ ..] = row.cells.as_slice() else {
            return false;
        };
        let is_wide = others.iter().all(|cell| cell.merged == Merged::Left);
        expected > 2 && row.cells.len() == expected && is_wide && !first.pieces.is_empty()
    }

    /// The indicator of one group of a row.
    fn record(
        &self,
        above: &mut Above,
        (at, span): (usize, std::ops::Range<usize>),
        cells: &mut Vec<CellRecord>,
        account: &mut Account,
        findings: &mut Vec<Finding>,
    ) {
        let mut record = CellRecord::default();
        let mut number = String::new();
        let mut values = Vec::new();
        let first = cells.len() + 1;
        let offset = span.start;
        let group = &self.grid.rows[at].cells[span];
        for (column_at, (column, cell)) in self.grid.heading.columns.iter().zip(group).enumerate() {
            let text = self.text(at, offset + column_at);
            let mut owner = Owner::Record(FILE, first);
            match column {
                Column::Number => number = solid(&text),
                Column::Category if text.is_empty() => {}
                Column::Category => above.category = solid(&text),
                Column::Name => record.indicator = joined(&text),
                Column::Unit => record.unit = joined(&text),
                Column::Nature => {
                    let nature = IndicatorNature::from_word(&solid(&text));
                    record.nature =
                        nature.map_or_else(|| joined(&text), |nature| nature.word().to_string());
                }
                Column::Value { .. } => {
                    owner = Owner::Record(FILE, first + values.len());
                    self.look_at_parts(at, cell, findings);
                    values.push((column, joined(&text)));
                }
            }
            claim(account, cell, owner);
        }
        if record.indicator.is_empty() {
            return;
        }
        let is_part = self.name_parts(above, &mut record, &mut number, cells);
        // 其中： by itself names nothing; the rows below say what they are.
        if record.indicator.is_empty() {
            return;
        }
        record.category.clone_from(&above.category);
        record.place = self.place(&number, &record.indicator);
        if values.iter().all(|(_, value)| value.is_empty()) {
            // A row without figures heads those below it.
            above.begin_group(record, cells);
            return;
        }
        if !is_part {
            above.group.clear();
            above.parent.clone_from(&record.indicator);
        }
        let values = values.into_iter();
        cells.extend(values.filter_map(|(column, value)| self.cell(&record, column, value)));
    }

    /// Where an indicator stands: by the number of its row, else by its name.
    fn place(&self, number: &str, indicator: &str) -> String {
        let label = &self.caption.label;
        if !number.is_empty() {
            return format!("{label} 第{number}行");
        }
        let line = if self.is_turned { "列" } else { "行" };
        format!("{label} “{indicator}”{line}")
    }

    /// The record of one value of an indicator's row.
    fn cell(&self, row: &CellRecord, column: &Column, value: String) -> Option<CellRecord> {
        let Column::Value {
            heading,
            year,
            measure,
            scope,
            is_rate,
        } = column
        else {
            return None;
        };
        let mut record = CellRecord {
            heading: heading.clone(),
            year: *year,
            measure: measure.or_else(|| self.of_title(scope)),
            value,
            ..row.clone()
        };
        // What a part has is none of the whole's.
        let part = scope.part().filter(|part| !is_whole(part, self.region));
        if let Some(part) = part.or(self.caption.part.as_deref()) {
            record.indicator = format!("{part}/{}", record.indicator);
        }
        // How fast it grew has another unit than how much there is. A dash says that nothing is
        // printed of it, and makes no indicator.
        let is_printed = !Quantity::parse(&record.value, "%").is_unpublished();
        if *is_rate && is_printed && !is_rate_itself(&record) {
            record.figures = Figures::Growth;
            record.unit = "%".to_string();
        }
        Some(record)
    }

    /// What the figures of a place, or of all places together, are: over their column stands a
    /// name alone, and the title says it.
    fn of_title(&self, scope: &ColumnScope) -> Option<Measure> {
        match scope {
            ColumnScope::Unsaid => None,
            ColumnScope::All | ColumnScope::Part(_) => measure(&self.caption.title),
        }
    }

    /// Two figures in one cell belong to two indicators, and nobody can tell which.
    fn look_at_parts(&self, row: usize, cell: &TableCell, findings: &mut Vec<Finding>) {
        let is_figure = |piece: &std::ops::Range<usize>| {
            let text = self.document.slice(piece);
            Quantity::parse(text, "%").value.is_some()
        };
        if cell.pieces.len() < 2 || !cell.pieces.iter().all(is_figure) {
            return;
        }
        let start = Document::row_start(&self.grid.rows[row]);
        let line = self.document.line_number(start);
        let place = format!("第{line}行（{}）", self.caption.label);
        findings.push(Finding::error(self.file, place, Cause::FiguresInOneCell));
    }

    /// The text of a cell; one that the cell above spans has the text of that one. Numbers and
    /// names belong to one row only.
    fn text(&self, row: usize, column: usize) -> String {
        let kind = &self.grid.heading.columns[column % self.grid.heading.columns.len()];
        let repeats = !matches!(kind, Column::Number | Column::Category);
        // Upwards to the cell that reaches down to this row.
        let mut rows = self.grid.rows[..=row].iter().rev();
        let own = |cell: &&TableCell| cell.merged != Merged::Above;
        let found = if repeats {
            rows.filter_map(|row| row.cells.get(column)).find(own)
        } else {
            rows.next().and_then(|row| row.cells.get(column))
        };
        // The mark of a note is no part of a name or of a figure.
        found.map_or_else(String::new, |cell| {
            let text = self.document.cell(cell);
            let text = FOOTNOTE_MARK.replace_all(&text, "");
            without_mark(text.trim()).to_string()
        })
    }

    /// What a name says beside the name: the number before it, the unit in brackets after it, 其中.
    /// Tells whether the row is a part of the one above.
    fn name_parts(
        &self,
        above: &Above,
        record: &mut CellRecord,
        number: &mut String,
        cells: &[CellRecord],
    ) -> bool {
        let columns = &self.grid.heading.columns;
        let has_numbers = columns.contains(&Column::Number);
        if !has_numbers && let Some(found) = LEADING_NUMBER.find(&record.indicator) {
            let digits = found.as_str().chars().filter(char::is_ascii_digit);
            *number = digits.collect();
            record.indicator = record.indicator.split_off(found.end());
        }
        if !columns.contains(&Column::Unit) {
            unit::take(record);
        }
        if record.unit.is_empty() {
            record.unit = self.caption.unit_of(&record.indicator);
        }
        let said = PART_OF.find(&record.indicator).map(|found| found.end());
        if let Some(end) = said {
            record.indicator = record.indicator.split_off(end);
        }
        let is_below = has_numbers && number.is_empty();
        if is_below && !above.group.is_empty() {
            record.indicator = format!("{}/{}", above.group, record.indicator);
            return true;
        }
        let is_part = said.is_some() || is_below && !above.parent.is_empty();
        // Of two parts of one name the second says what it is a part of.
        let is_known = |known: &CellRecord| {
            known.indicator == record.indicator && known.place.starts_with(&self.caption.label)
        };
        if is_part && cells.iter().any(is_known) {
            record.indicator = format!("{}/{}", above.parent, record.indicator);
        }
        is_part
    }
}

impl Above {
    /// A row without figures: a category (一、经济发展), or what the rows below it are parts of.
    fn begin_group(&mut self, record: CellRecord, cells: &mut Vec<CellRecord>) {
        if let Some(found) = CATEGORY_ROW.find(&record.indicator) {
            self.category = record.indicator[found.end()..].to_string();
            self.group.clear();
            return;
        }
        self.group.clone_from(&record.indicator);
        cells.push(record);
    }
}

/// Whether an indicator is measured in hundredths or says itself that it grows.
fn is_rate_itself(record: &CellRecord) -> bool {
    let says = ["增速", "增长", "增幅", "率"];
    record.unit == "%" || says.iter().any(|word| record.indicator.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        assert!(LEADING_NUMBER.is_match("10. x") && CATEGORY_ROW.is_match("一、经济发展"));
        assert!(PART_OF.is_match("其中：税收"));
    }
}

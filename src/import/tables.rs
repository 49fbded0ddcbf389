//! Indicator tables: columns by their headings, one record for each cell.

use super::account::{Account, Owner};
use super::document::{Block, Document, Row, TableCell};
use super::outline::{self, Outline, Role};
use super::pattern::{YEAR, pattern};
use crate::model::{CellRecord, Finding, IndicatorNature, Measure};
use once_cell::sync::Lazy;
use regex::Regex;

/// The file that the cells go to.
pub const FILE: &str = "indicators.csv";

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// The row's number.
    Number,
    /// The category.
    Category,
    /// The indicator's name.
    Name,
    /// The unit.
    Unit,
    /// 预期性 or 约束性.
    Nature,
    /// A value, under its heading.
    Value {
        /// The heading in one line.
        heading: String,
        /// The year in it.
        year: Option<i32>,
        /// What it says the value is.
        measure: Option<Measure>,
    },
}

const NUMBER: &[&str] = &["序号", "编号", "No", "NO", "No.", "号"];
const CATEGORY: &[&str] = &["类别", "指标类别", "类型", "领域", "分类"];
const NAME: &[&str] = &["指标", "指标名称", "名称", "主要指标", "项目", "指标项目"];
const UNIT: &[&str] = &["单位", "计量单位"];
const NATURE: &[&str] = &["属性", "指标属性", "性质", "指标性质"];
const TARGET_WORDS: &[&str] = &["目标", "计划", "预期", "安排"];
const ACTUAL_WORDS: &[&str] = &["完成", "实际", "实绩", "执行", "现状"];

static LEADING_NUMBER: Lazy<Regex> = Lazy::new(|| pattern(r"^[0-9]{1,3}\s*[.．、]\s*"));
static TRAILING_UNIT: Lazy<Regex> = Lazy::new(|| pattern(r"[（(]([^（()）]*)[)）]$"));

/// The columns of a table whose first row names an indicator column and at least one column of
/// values.
pub fn columns(document: &Document, header: &Row) -> Option<Vec<Column>> {
    let columns: Vec<Column> = header
        .cells
        .iter()
        .map(|cell| column(&solid(&document.cell(cell))))
        .collect();
    let names = columns
        .iter()
        .filter(|column| **column == Column::Name)
        .count();
    let values = columns
        .iter()
        .filter(|column| matches!(column, Column::Value { .. }))
        .count();
    let years = columns
        .iter()
        .any(|column| matches!(column, Column::Value { year: Some(_), .. }));
    (names == 1 && values >= 1 && years).then_some(columns)
}

fn column(heading: &str) -> Column {
    let is = |words: &[&str]| words.contains(&heading);
    if is(NUMBER) {
        Column::Number
    } else if is(CATEGORY) {
        Column::Category
    } else if is(NAME) {
        Column::Name
    } else if is(UNIT) {
        Column::Unit
    } else if is(NATURE) {
        Column::Nature
    } else {
        let year = YEAR
            .captures(heading)
            .and_then(|found| found.get(1))
            .and_then(|year| year.as_str().parse().ok());
        let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
        let measure = if says(ACTUAL_WORDS) {
            Some(Measure::Actual)
        } else if says(TARGET_WORDS) {
            Some(Measure::Target)
        } else {
            None
        };
        Column::Value {
            heading: heading.to_string(),
            year,
            measure,
        }
    }
}

/// Reads every indicator table: its cells in order, and the tables' labels and titles.
pub fn read_all(
    document: &Document,
    outline: &Outline,
    file: &str,
    account: &mut Account,
    findings: &mut Vec<Finding>,
) -> (Vec<CellRecord>, Vec<(String, String)>) {
    let mut cells = Vec::new();
    let mut tables = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        let Block::Table(rows) = block else { continue };
        let Some((header, rows)) = rows.split_first() else {
            continue;
        };
        let Some(columns) =
            columns(document, header).filter(|_| outline.roles[at] == Role::IndicatorTable)
        else {
            continue;
        };
        let (label, title) = caption(document, outline, at, tables.len() + 1, account);
        for cell in &header.cells {
            claim(account, cell, Owner::Structure("表头"));
        }
        let mut reader = TableReader {
            document,
            columns: &columns,
            label: &label,
            file,
            category: String::new(),
            group: String::new(),
        };
        for row in rows {
            reader.read(row, &mut cells, account, findings);
        }
        tables.push((label, title));
    }
    (cells, tables)
}

fn caption(
    document: &Document,
    outline: &Outline,
    table: usize,
    number: usize,
    account: &mut Account,
) -> (String, String) {
    let mut label = None;
    let mut title = String::new();
    let above = (0..table)
        .rev()
        .take_while(|at| outline.roles[*at] == Role::Caption)
        .collect::<Vec<_>>();
    for at in above.into_iter().rev() {
        let Block::Line { span, .. } = &document.blocks[at] else {
            continue;
        };
        account.claim(span, Owner::Structure("表题"));
        let line = document.slice(span);
        match outline::label(line) {
            Some((found, rest)) => {
                label = Some(found);
                title.push_str(&rest);
            }
            None => title.push_str(line),
        }
    }
    let several = label.as_deref().is_some_and(|_| number > 1);
    (
        label
            .filter(|_| !several || !title.is_empty())
            .unwrap_or_else(|| format!("表{number}")),
        title,
    )
}

struct TableReader<'a> {
    document: &'a Document,
    columns: &'a [Column],
    label: &'a str,
    file: &'a str,
    category: String,
    group: String,
}

impl TableReader<'_> {
    fn read(
        &mut self,
        row: &Row,
        cells: &mut Vec<CellRecord>,
        account: &mut Account,
        findings: &mut Vec<Finding>,
    ) {
        let start = Document::row_start(row);
        if row.cells.len() != self.columns.len() {
            let line = self.document.line_number(start);
            let advice = format!(
                "这一行有 {} 格，表头有 {} 格：表格在此处断裂；请在原文中补齐或合并单元格后重新导入。",
                row.cells.len(),
                self.columns.len()
            );
            findings.push(Finding::error(
                self.file,
                format!("第{line}行（{}）", self.label),
                advice,
            ));
        }
        let mut record = CellRecord::default();
        let mut number = String::new();
        let mut values = Vec::new();
        let first = cells.len() + 1;
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            let text = self.document.cell(cell);
            let owner = Owner::Record(FILE, first + values.len());
            match column {
                Column::Number => {
                    number = solid(&text);
                    claim(account, cell, Owner::Record(FILE, first));
                    continue;
                }
                Column::Category => {
                    self.category = if text.is_empty() {
                        std::mem::take(&mut self.category)
                    } else {
                        solid(&text)
                    }
                }
                Column::Name => record.indicator = joined(&text),
                Column::Unit => record.unit = joined(&text),
                Column::Nature => {
                    record.nature = IndicatorNature::from_word(&text)
                        .map_or_else(|| joined(&text), |n| n.word().to_string())
                }
                Column::Value {
                    heading,
                    year,
                    measure,
                } => values.push((heading.clone(), *year, *measure, joined(&text))),
            }
            claim(
                account,
                cell,
                if matches!(column, Column::Value { .. }) {
                    owner
                } else {
                    Owner::Record(FILE, first)
                },
            );
        }
        for cell in row.cells.iter().skip(self.columns.len()) {
            claim(account, cell, Owner::Structure("断裂的表格行"));
        }
        self.name_parts(&mut record, &mut number);
        if record.indicator.is_empty() {
            return;
        }
        record.category.clone_from(&self.category);
        let sub_row =
            number.is_empty() && self.columns.contains(&Column::Number) && !self.group.is_empty();
        if sub_row {
            record.indicator = format!("{}/{}", self.group, record.indicator);
        }
        let place = if number.is_empty() {
            format!("{} “{}”行", self.label, record.indicator)
        } else {
            format!("{} 第{number}行", self.label)
        };
        record.place = place;
        let empty = values.iter().all(|(.., value)| value.is_empty());
        if empty {
            self.group.clone_from(&record.indicator);
            cells.push(record);
            return;
        }
        if !sub_row {
            self.group.clear();
        }
        for (heading, year, measure, value) in values {
            cells.push(CellRecord {
                heading,
                year,
                measure,
                value,
                ..record.clone()
            });
        }
    }

    /// Without columns of their own, the number stands before the name and the unit behind it in
    /// brackets.
    fn name_parts(&self, record: &mut CellRecord, number: &mut String) {
        if !self.columns.contains(&Column::Number)
            && let Some(found) = LEADING_NUMBER.find(&record.indicator)
        {
            *number = found
                .as_str()
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            record.indicator = record
                .indicator
                .get(found.end()..)
                .unwrap_or_default()
                .to_string();
        }
        if !self.columns.contains(&Column::Unit)
            && let Some(found) = TRAILING_UNIT.captures(&record.indicator)
        {
            record.unit = found
                .get(1)
                .map_or_else(String::new, |unit| unit.as_str().to_string());
            let end = found
                .get(0)
                .map_or(record.indicator.len(), |whole| whole.start());
            record.indicator.truncate(end);
        }
    }
}

fn claim(account: &mut Account, cell: &TableCell, owner: Owner) {
    for piece in &cell.pieces {
        account.claim(piece, owner.clone());
    }
}

fn solid(text: &str) -> String {
    text.split_whitespace().collect()
}

/// White space that only the layout made is taken out; between letters of the Latin script it
/// stays.
fn joined(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = String::new();
    for word in words {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        if latin(line.chars().last()) && latin(word.chars().next()) {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile_and_headings_are_read() {
        assert!(LEADING_NUMBER.is_match("10. x") && TRAILING_UNIT.is_match("x（%）"));
        let value = |year, measure| Column::Value {
            heading: "h".into(),
            year,
            measure,
        };
        let heading = |text: &str| match column(text) {
            Column::Value { year, measure, .. } => value(year, measure),
            other => other,
        };
        assert_eq!(
            heading("2021年计划目标"),
            value(Some(2021), Some(Measure::Target))
        );
        assert_eq!(
            heading("2021年预计完成情况"),
            value(Some(2021), Some(Measure::Actual))
        );
        assert_eq!(heading("五年累计"), value(None, None));
        assert_eq!(heading("指标属性"), Column::Nature);
    }
}

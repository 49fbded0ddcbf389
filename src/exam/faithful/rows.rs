//! Rows of indicators held against the grids of the original.

mod left_over;
mod names;

use super::sheets::{RowView, Sheets};
use super::{Difference, DifferenceKind, solid};
use crate::import::Original;
use crate::model::{CellRecord, Figures, IndicatorNature, Measure, PlanRecords};
use left_over::left_over;
use names::{Named, named};
use once_cell::sync::Lazy;
use regex::Regex;

static YEAR: Lazy<Option<Regex>> = Lazy::new(|| Regex::new(r"(?:19|20)\d\d").ok());
const RESULTS: &[&str] = &["完成", "实际", "实绩"];
const AIMS: &[&str] = &["目标", "预期", "计划"];
/// What a column of units is called.
const UNIT_COLUMN: &[&str] = &["单位", "计量单位"];

/// A row of the original that the plan has.
pub(crate) struct Held {
    /// The number of its view.
    pub view: usize,
    /// The column of the name.
    pub name: usize,
    /// The columns whose figures the plan has.
    pub columns: Vec<usize>,
    /// The grids whose headings stand over these columns, with the depth of each.
    pub headings: Vec<(usize, usize)>,
}

/// Everything in which the plan's rows and those of the original differ.
pub(crate) fn differences(plan: &PlanRecords, original: &Original) -> Vec<Difference> {
    let sheets = Sheets::of(original);
    let views = sheets.views();
    let mut found = Vec::new();
    let mut held: Vec<Held> = Vec::new();
    let of_one_row = |one: &CellRecord, other: &CellRecord| {
        let key = |cell: &CellRecord| (cell.place.clone(), cell.indicator.clone(), cell.figures);
        key(one) == key(other)
    };
    for cells in plan.cells.chunk_by(of_one_row) {
        let readings = readings(cells, &sheets, &views);
        match readings
            .into_iter()
            .min_by_key(|reading| reading.found.len())
        {
            Some(reading) => {
                found.extend(reading.found);
                held.push(reading.held);
            }
            None => found.push(Difference::new(
                DifferenceKind::NoSuchRow,
                &cells[0].place,
                &cells[0].indicator,
            )),
        }
    }
    found.extend(left_over(&sheets, &views, &held));
    found
}

/// One row of the original taken for one of the plan, and in what they differ.
struct Reading {
    held: Held,
    found: Vec<Difference>,
}

/// Every row of the original that has the name of a row of the plan.
fn readings(cells: &[CellRecord], sheets: &Sheets, views: &[RowView]) -> Vec<Reading> {
    let mut readings = Vec::new();
    for (at, view) in views.iter().enumerate() {
        for column in 0..view.cells.len() {
            let name = &view.cells[column];
            let named = named(&name.plain, &cells[0]).filter(|_| name.is_own);
            let named = named.filter(|named| has_group(named, view, sheets));
            readings.extend(named.map(|named| {
                let row = PlanRow {
                    cells,
                    sheets,
                    view,
                    name: column,
                    named,
                };
                row.compared(at)
            }));
        }
    }
    readings
}

/// Whether a row above is called as the plan says that the row is a part of.
fn has_group(named: &Named, view: &RowView, sheets: &Sheets) -> bool {
    let Some(group) = &named.group else {
        return true;
    };
    let rows = sheets.sheets[..=view.sheet].iter().flat_map(|s| &s.rows);
    let mut texts = rows.flatten().map(|cell| cell.plain.as_str());
    texts.any(|text| text.contains(group.as_str()))
}

/// A row of the plan beside one of the original.
struct PlanRow<'a> {
    cells: &'a [CellRecord],
    sheets: &'a Sheets,
    view: &'a RowView,
    /// The column of the name.
    name: usize,
    named: Named,
}

impl PlanRow<'_> {
    fn compared(&self, at: usize) -> Reading {
        let mut held = Held {
            view: at,
            name: self.name,
            columns: Vec::new(),
            headings: Vec::new(),
        };
        let mut found = Vec::new();
        let mut differ = |kind, cell: &CellRecord, text: String| {
            found.push(Difference::new(kind, &cell.place, text));
        };
        let first = &self.cells[0];
        let said = |text: &str| format!("{}｜{text}", first.indicator);
        for cell in self.cells.iter().filter(|cell| !cell.heading.is_empty()) {
            let text = format!("{}｜{}｜{}", cell.indicator, cell.heading, cell.value);
            match self.column_of(cell, &held.columns) {
                Some((column, heading)) => {
                    held.columns.push(column);
                    held.headings.push(heading);
                }
                None if cell.value.is_empty() => {}
                None => differ(DifferenceKind::OtherFigure, cell, text.clone()),
            }
            if !says_year(&cell.heading, cell.year) {
                let year = cell.year.map(|year| year.to_string()).unwrap_or_default();
                differ(DifferenceKind::OtherYear, cell, format!("{text}｜{year}"));
            }
            if !says_measure(&cell.heading, cell.measure) {
                differ(DifferenceKind::OtherMeasure, cell, text);
            }
        }
        if !self.has_unit(first, &held.headings) {
            differ(DifferenceKind::OtherUnit, first, said(&first.unit));
        }
        if !self.has_nature(&first.nature) {
            differ(DifferenceKind::OtherNature, first, said(&first.nature));
        }
        if !self.has_category(&first.category) {
            differ(DifferenceKind::OtherCategory, first, said(&first.category));
        }
        if !self.has_number(&first.place) {
            differ(DifferenceKind::OtherNumber, first, first.indicator.clone());
        }
        Reading { held, found }
    }

    /// The column in which a figure stands under its heading, and where that heading is printed.
    fn column_of(&self, cell: &CellRecord, taken: &[usize]) -> Option<(usize, (usize, usize))> {
        let value = solid(&cell.value);
        let heading = solid(&cell.heading);
        (self.name + 1..self.view.cells.len()).find_map(|column| {
            let seen = &self.view.cells[column];
            if taken.contains(&column) || seen.text != value && seen.plain != value {
                return None;
            }
            let (sheet, depth) = self.sheets.heading_over(self.view, column, &heading)?;
            let over = |column: usize| self.sheets.sheets[sheet].over(depth, column);
            // A further name between them: the figure is that of the indicator beside this one.
            let own_name = over(self.name);
            let is_beside = (self.name + 1..=column).any(|between| over(between) == own_name);
            (own_name.is_empty() || !is_beside).then_some((column, (sheet, depth)))
        })
    }

    fn has_unit(&self, cell: &CellRecord, headings: &[(usize, usize)]) -> bool {
        let unit = solid(&cell.unit);
        if cell.figures == Figures::Growth {
            return unit == "%";
        }
        let over = |column: usize| {
            let heading = headings.first();
            heading.map_or_else(String::new, |(sheet, depth)| {
                self.sheets.sheets[*sheet].over(*depth, column)
            })
        };
        let mut columns = 0..self.view.cells.len();
        let of_units = columns.find(|column| UNIT_COLUMN.contains(&over(*column).as_str()));
        if let Some(column) = of_units {
            let seen = &self.view.cells[column];
            return seen.plain == unit || seen.text == unit;
        }
        if unit.is_empty() {
            return self.named.behind.is_empty() || self.has_nature_behind();
        }
        let behind = self.named.behind.iter();
        let mut said: Vec<String> = behind.cloned().collect();
        for column in self.name + 1..self.view.cells.len() {
            said.extend(names::parts(&over(column)));
        }
        let sheets = self.sheets.sheets[..=self.view.sheet].iter().rev();
        let above = sheets.flat_map(|sheet| &sheet.above);
        said.extend(above.flat_map(|line| names::parts(line)));
        said.contains(&unit)
    }

    fn has_nature_behind(&self) -> bool {
        let mut behind = self.named.behind.iter();
        behind.all(|part| IndicatorNature::from_word(part).is_some())
    }

    fn has_nature(&self, nature: &str) -> bool {
        let cells = self.view.cells.iter().map(|cell| cell.plain.as_str());
        let behind = self.named.behind.iter().map(String::as_str);
        let mut printed = cells.chain(behind).filter_map(IndicatorNature::from_word);
        match IndicatorNature::from_word(nature) {
            Some(nature) => printed.any(|other| other == nature),
            None => printed.next().is_none(),
        }
    }

    /// Whether a category stands in the row or above it.
    fn has_category(&self, category: &str) -> bool {
        let category = solid(category);
        let sheets = self.sheets.sheets[..=self.view.sheet].iter().enumerate();
        let rows = sheets.flat_map(|(at, sheet)| {
            let end = if at == self.view.sheet {
                self.view.row + 1
            } else {
                sheet.rows.len()
            };
            &sheet.rows[..end]
        });
        let mut texts = rows.flatten().map(|cell| cell.plain.as_str());
        category.is_empty() || texts.any(|text| text.contains(&category))
    }

    /// Whether the number of the row that the plan names is printed in it.
    fn has_number(&self, place: &str) -> bool {
        let Some((_, number)) = place.rsplit_once(" 第") else {
            return true;
        };
        let number = number.trim_end_matches('行');
        let before = self.view.cells[..self.name].iter();
        let mut before = before.map(|cell| cell.plain.as_str());
        before.any(|text| text == number) || self.named.before.contains(number)
    }
}

/// Whether a heading can be of a year.
fn says_year(heading: &str, year: Option<i32>) -> bool {
    let Some(pattern) = YEAR.as_ref() else {
        return true;
    };
    let years: Vec<i32> = pattern
        .find_iter(heading)
        .filter_map(|year| year.as_str().parse().ok())
        .collect();
    match (years.as_slice(), year) {
        ([], _) => true,
        (_, None) => years.len() > 1,
        (years, Some(year)) => years.contains(&year),
    }
}

fn says_measure(heading: &str, measure: Option<Measure>) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    match (says(RESULTS), says(AIMS)) {
        (true, false) => measure != Some(Measure::Target),
        (false, true) => measure != Some(Measure::Actual),
        _ => true,
    }
}

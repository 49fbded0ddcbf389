//! Rows and figures of the original that the plan does not have.

use super::Held;
use crate::exam::faithful::sheets::{RowView, Seen, Sheets};
use crate::exam::faithful::{Difference, DifferenceKind};
use crate::model::Quantity;
use std::collections::BTreeSet;

/// Fewer figures make no table of them.
const FEWEST_FIGURES: usize = 2;
/// What a column of numbers of rows is called.
const NUMBER_COLUMN: &[&str] = &["序号", "编号", "号", "No", "NO", "No."];

/// What the plan does not have, row by row.
pub(crate) fn left_over(sheets: &Sheets, views: &[RowView], held: &[Held]) -> Vec<Difference> {
    let mut found = Vec::new();
    for sheet in 0..sheets.sheets.len() {
        let of_sheet = |held: &&Held| touches(&views[held.view], sheet);
        let own: Vec<&Held> = held.iter().filter(of_sheet).collect();
        if own.is_empty() {
            found.extend(table_left_out(sheets, sheet));
            continue;
        }
        let left = Left {
            sheets,
            sheet,
            names: own.iter().map(|held| held.name).collect(),
            values: own.iter().flat_map(|held| held.columns.clone()).collect(),
            depth: depth_of(held, sheet),
        };
        for (row, cells) in sheets.sheets[sheet].rows.iter().enumerate() {
            let stands_here = |held: &&&Held| stands_at(&views[held.view], sheet, row);
            let here: Vec<&Held> = own.iter().filter(stands_here).copied().collect();
            found.extend(left.of_row(row, cells, &here));
        }
    }
    found
}

fn touches(view: &RowView, sheet: usize) -> bool {
    view.sheet == sheet || view.rest.is_some_and(|(rest, _)| rest == sheet)
}

fn stands_at(view: &RowView, sheet: usize, row: usize) -> bool {
    (view.sheet, view.row) == (sheet, row) || view.rest == Some((sheet, row))
}

/// How many rows the heading of a grid takes.
fn depth_of(held: &[Held], sheet: usize) -> usize {
    let headings = held.iter().flat_map(|held| &held.headings);
    let own = headings.filter(|(at, _)| *at == sheet);
    own.map(|(_, depth)| *depth).max().unwrap_or(0)
}

fn is_figure(text: &str) -> bool {
    let is_year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    !is_year && Quantity::parse(text, "%").value.is_some()
}

/// A grid with figures of which the plan has no row.
fn table_left_out(sheets: &Sheets, sheet: usize) -> Option<Difference> {
    let rows = &sheets.sheets[sheet].rows;
    let own = rows.iter().flatten().filter(|cell| cell.is_own);
    let figures = own.filter(|cell| is_figure(&cell.plain)).count();
    let first = rows.first().map(|row| said(row)).unwrap_or_default();
    let is_table = figures >= FEWEST_FIGURES;
    is_table.then(|| Difference::new(DifferenceKind::TableLeftOut, "", first))
}

/// A grid of which the plan has rows.
struct Left<'a> {
    sheets: &'a Sheets,
    sheet: usize,
    /// The columns of names.
    names: BTreeSet<usize>,
    /// The columns of figures.
    values: BTreeSet<usize>,
    depth: usize,
}

impl Left<'_> {
    fn of_row(&self, row: usize, cells: &[Seen], held: &[&Held]) -> Vec<Difference> {
        if row < self.depth || self.sheets.repeats_heading(self.sheet, row) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for name in &self.names {
            let Some(named) = cells.get(*name).filter(|cell| !cell.plain.is_empty()) else {
                continue;
            };
            let own: Vec<&&Held> = held.iter().filter(|held| held.name == *name).collect();
            let is_taken = |column: &usize| own.iter().any(|held| held.columns.contains(column));
            let open = self.columns_of(*name, cells.len());
            let open = open.filter(|column| !is_taken(column) && self.says(*column, cells, named));
            let open: Vec<usize> = open.collect();
            if own.is_empty() && !open.is_empty() {
                found.push(Difference::new(DifferenceKind::RowLeftOut, "", said(cells)));
            } else {
                let texts = open.iter().map(|column| &cells[*column].text);
                found.extend(texts.map(|text| {
                    Difference::new(DifferenceKind::FigureLeftOut, &named.plain, text)
                }));
            }
        }
        found
    }

    /// The columns of figures behind a name, up to those of the next indicator beside it.
    fn columns_of(&self, name: usize, width: usize) -> impl Iterator<Item = usize> + use<> {
        let first = self.names.first().copied().unwrap_or(0);
        let next = self.names.range(name + 1..).next();
        let end = next.map_or(width, |next| next.saturating_sub(first));
        name + 1..end.min(width)
    }

    /// Whether a cell says something of the indicator: it stands in a column of figures, or it is
    /// one.
    fn says(&self, column: usize, cells: &[Seen], named: &Seen) -> bool {
        let cell = &cells[column];
        let says = self.values.contains(&column) || is_figure(&cell.plain);
        let over = self.sheets.sheets[self.sheet].over(self.depth, column);
        let is_number = NUMBER_COLUMN.contains(&over.as_str());
        says && !is_number && !cell.plain.is_empty() && cell.plain != named.plain
    }
}

/// A row in one line.
fn said(row: &[Seen]) -> String {
    let own = row
        .iter()
        .filter(|cell| cell.is_own && !cell.text.is_empty());
    let texts: Vec<&str> = own.map(|cell| cell.text.as_str()).collect();
    texts.join("｜")
}

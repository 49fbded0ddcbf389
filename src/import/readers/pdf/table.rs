//! A table, which may go on over pages.

use super::lines::join;
use crate::import::document::{Merged, SpannedCell};

/// Rules nearer than this are one rule: double rules are up to 3 pt apart, cells at least 8 pt.
pub(crate) const SAME_PLACE: f32 = 4.0;

/// A cell of a table; every row has one for each column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Its text; empty where it belongs to another cell.
    pub text: String,
    /// Of which neighbour it is a part.
    pub merged: Merged,
}

/// A table on one page or several.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// The upright edges, from left to right.
    pub columns: Vec<f32>,
    pub rows: Vec<Vec<Slot>>,
    /// The rows with which pages begin.
    pub page_starts: Vec<(usize, u32)>,
}

impl Table {
    /// Whether another table, the first thing on the next page, goes on with this one.
    pub(crate) fn goes_on_with(&self, next: &Table) -> bool {
        if self.columns.len() != next.columns.len() {
            return false;
        }
        // Left and right pages may have different margins, so only the widths count.
        let shift = next.columns[0] - self.columns[0];
        let is_same_grid = self
            .columns
            .iter()
            .zip(&next.columns)
            .all(|(one, other)| (other - shift - one).abs() < SAME_PLACE);
        is_same_grid || self.repeated_heading(&next.rows) > 0
    }

    /// How many of the rows repeat the heading.
    fn repeated_heading(&self, rows: &[Vec<Slot>]) -> usize {
        let same = self
            .rows
            .iter()
            .zip(rows)
            .take_while(|(one, other)| one == other);
        let count = same.count();
        let has_text = self.rows[..count]
            .iter()
            .flatten()
            .any(|slot| !slot.text.is_empty());
        if has_text { count } else { 0 }
    }

    /// Appends the part of the table on the next page.
    pub(crate) fn go_on_with(&mut self, next: Table) {
        let mut rows = next.rows;
        rows.drain(..self.repeated_heading(&rows));
        if self.is_cut(&rows) {
            let cut = rows.remove(0);
            self.complete_last_row(cut);
        } else {
            self.lengthen_merged(&mut rows);
        }
        if !rows.is_empty() {
            let page = next.page_starts.first().map_or(0, |start| start.1);
            self.page_starts.push((self.rows.len(), page));
        }
        self.rows.append(&mut rows);
    }

    /// Whether the first row of the next page is the rest of the last row of this page: it has
    /// nothing in its first cell, which holds the number or the name, and either fills no cells but
    /// those that are empty above, or goes on in few cells and in none that has a value already. A
    /// row of its own without a number ("of which: ...") has a value.
    fn is_cut(&self, rows: &[Vec<Slot>]) -> bool {
        let (Some(first), Some(last)) = (rows.first(), self.rows.len().checked_sub(1)) else {
            return false;
        };
        let filled: Vec<usize> = (0..first.len())
            .filter(|column| !first[*column].text.is_empty())
            .collect();
        if !first[0].text.is_empty() {
            return false;
        }
        let above = |column: usize| {
            let (row, column) = self.holder(last, column);
            self.rows[row][column].text.as_str()
        };
        if filled.iter().all(|column| above(*column).is_empty()) {
            return true;
        }
        let is_second_value =
            |column: &usize| is_value(above(*column)) && is_value(&first[*column].text);
        filled.len() * 2 <= first.len() && !filled.iter().any(is_second_value)
    }

    fn complete_last_row(&mut self, cut: Vec<Slot>) {
        let Some(last) = self.rows.len().checked_sub(1) else {
            return;
        };
        for (column, more) in cut.into_iter().enumerate() {
            let (row, column) = self.holder(last, column);
            join(&mut self.rows[row][column].text, &more.text);
        }
    }

    /// The cell to which a place belongs.
    fn holder(&self, mut row: usize, mut column: usize) -> (usize, usize) {
        while row > 0 && self.rows[row][column].merged == Merged::Above {
            row -= 1;
        }
        while column > 0 && self.rows[row][column].merged == Merged::Left {
            column -= 1;
        }
        (row, column)
    }

    /// A merged cell that goes on over the page is closed there and opened anew, empty.
    fn lengthen_merged(&mut self, rows: &mut [Vec<Slot>]) {
        let Some(last) = self.rows.last() else {
            return;
        };
        for (column, above) in last.iter().enumerate() {
            let spans_here = rows
                .get(1)
                .is_some_and(|row| row[column].merged == Merged::Above);
            let spans_rows = spans_here || above.merged == Merged::Above;
            let Some(first) = rows.first_mut() else {
                return;
            };
            let is_empty = first[column].merged == Merged::No && first[column].text.is_empty();
            if is_empty && spans_rows {
                first[column].merged = Merged::Above;
            }
        }
    }

    /// The rows with their cells, as a document takes them.
    pub(crate) fn spanned(&self) -> Vec<Vec<SpannedCell>> {
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in 0..self.rows.len() {
            let mut cells = Vec::new();
            for column in 0..self.rows[row].len() {
                if self.rows[row][column].merged == Merged::No {
                    cells.push(self.spanned_cell(row, column));
                }
            }
            rows.push(cells);
        }
        rows
    }

    fn spanned_cell(&self, row: usize, column: usize) -> SpannedCell {
        let is_left = |slot: &&Slot| slot.merged == Merged::Left;
        let across = 1 + self.rows[row][column + 1..]
            .iter()
            .take_while(is_left)
            .count();
        let is_above = |row: &&Vec<Slot>| row[column].merged == Merged::Above;
        let down = 1 + self.rows[row + 1..].iter().take_while(is_above).count();
        let text = self.rows[row][column].text.clone();
        let lines = if text.is_empty() {
            Vec::new()
        } else {
            vec![text]
        };
        SpannedCell {
            lines,
            across,
            down,
        }
    }
}

/// Whether a cell holds a number, a bound or the dash for no number.
fn is_value(text: &str) -> bool {
    text.starts_with(|sign: char| {
        sign.is_ascii_digit()
            || matches!(sign, '≥' | '≤' | '＞' | '＜' | '>' | '<' | '—' | '-' | '+')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let slot = |text: &&str| match *text {
            "^" => Slot {
                text: String::new(),
                merged: Merged::Above,
            },
            text => Slot {
                text: text.to_string(),
                merged: Merged::No,
            },
        };
        let columns = (0..=rows[0].len()).map(|edge| edge as f32 * 50.0).collect();
        let rows = rows
            .iter()
            .map(|row| row.iter().map(slot).collect())
            .collect();
        Table {
            columns,
            rows,
            page_starts: vec![(0, 1)],
        }
    }

    #[test]
    fn a_table_goes_on_over_a_page() {
        let mut first = table(&[&["序号", "类别", "名称"], &["1", "发展", "地区生"]]);
        let next = table(&[
            &["序号", "类别", "名称"],
            &["", "", "产总值"],
            &["2", "^", "财政"],
            &["3", "", "外资"],
        ]);
        assert!(first.goes_on_with(&next));
        first.go_on_with(next);
        assert_eq!(first.rows.len(), 4);
        assert_eq!(first.rows[1][2].text, "地区生产总值");
        assert_eq!(first.rows[2][1].merged, Merged::Above);
        assert_eq!(first.rows[3][1].merged, Merged::No);
    }

    #[test]
    fn a_row_without_a_number_stays_a_row() {
        let mut first = table(&[&["序号", "名称", "值"], &["1", "财政收入", "6"]]);
        first.go_on_with(table(&[&["", "其中：税收", "5"]]));
        assert_eq!(first.rows.len(), 3);
        assert_eq!(first.rows[1][1].text, "财政收入");
    }

    #[test]
    fn a_row_whose_cells_are_on_two_pages_is_one_row() {
        let mut first = table(&[&["序号", "名称", "值"], &["1", "", "6"]]);
        first.go_on_with(table(&[&["", "财政收入", ""]]));
        assert_eq!(first.rows.len(), 2);
        assert_eq!(first.rows[1][1].text, "财政收入");
    }

    #[test]
    fn a_merged_cell_goes_on_over_a_page() {
        let mut first = table(&[&["类别", "名称", "值"], &["发展", "地区生产总值", "6"]]);
        first.go_on_with(table(&[&["", "财政", "5"], &["^", "外资", "4"]]));
        assert_eq!(first.rows[2][0].merged, Merged::Above);
    }
}

//! Rows and columns that a sheet does not show: nobody who saw the table knows what stands in them,
//! so they are left out, and said.

use super::grid::{MOST_ROWS, Position, Region, Sheet, column_name};
use crate::import::document::{Loss, MOST_COLUMNS};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// So many rows or columns are named; of more their number is said.
const MOST_NAMED: usize = 10;

/// The rows and columns of a sheet that are not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    rows: BTreeSet<usize>,
    columns: BTreeSet<usize>,
}

impl Hidden {
    /// Rows are not shown. Beyond the limits there are no cells.
    pub(crate) fn hide_rows(&mut self, rows: RangeInclusive<usize>) {
        let last = (*rows.end()).min(MOST_ROWS);
        self.rows.extend(*rows.start()..=last);
    }

    /// Columns are not shown.
    pub(crate) fn hide_columns(&mut self, columns: RangeInclusive<usize>) {
        let last = (*columns.end()).min(MOST_COLUMNS);
        self.columns.extend(*columns.start()..=last);
    }

    fn hides(&self, (row, column): Position) -> bool {
        self.rows.contains(&row) || self.columns.contains(&column)
    }

    /// Where a column stands when those that are hidden are gone.
    fn closed_up(&self, column: usize) -> usize {
        column - self.columns.range(..column).count()
    }
}

impl Sheet {
    /// Leaves out what is hidden, and says so where anything stood there. A merged cell whose
    /// beginning is hidden is shown in what is left of it.
    pub(crate) fn leave_out(&mut self, hidden: &Hidden) {
        for region in &mut self.regions {
            let Some(shown) = shown(region, hidden) else {
                continue;
            };
            // The text of a merged cell stands in its first cell, which may be the hidden one.
            if shown.first != region.first
                && let Some(text) = self.cells.remove(&region.first)
            {
                self.cells.insert(shown.first, text);
            }
            *region = shown;
        }
        let is_kept = |region: &Region| !hidden.hides(region.first);
        self.regions.retain(is_kept);
        // Only what held text: sheets hide empty columns by the hundred.
        let lost = self.cells.keys().filter(|at| hidden.hides(**at));
        let (mut rows, mut columns) = (BTreeSet::new(), BTreeSet::new());
        for (row, column) in lost {
            if hidden.rows.contains(row) {
                rows.insert(*row);
            } else {
                columns.insert(*column);
            }
        }
        let cells = std::mem::take(&mut self.cells).into_iter();
        let kept = cells.filter(|(at, _)| !hidden.hides(*at));
        self.cells = kept
            // Rows without text are left out of the grid anyhow; columns are not.
            .map(|((row, column), text)| ((row, hidden.closed_up(column)), text))
            .collect();
        for region in &mut self.regions {
            region.first.1 = hidden.closed_up(region.first.1);
            region.last.1 = hidden.closed_up(region.last.1);
        }
        let rows = named(&rows, |row| format!("第{}行", row + 1));
        let columns = named(&columns, |column| format!("{}列", column_name(column)));
        if let Some(what) = rows.into_iter().chain(columns).reduce(|a, b| a + "、" + &b) {
            self.losses.push(Loss {
                place: self.name.clone(),
                what: format!("隐藏的{what}没有读入；要读入，请取消隐藏后再导入。"),
                is_grave: false,
            });
        }
    }
}

/// What is left of a merged region; nothing where all of it is hidden.
fn shown(region: &Region, hidden: &Hidden) -> Option<Region> {
    let reach = |from: usize, to: usize, most: usize, hidden: &BTreeSet<usize>| {
        let mut shown = (from..=to.min(most)).filter(|at| !hidden.contains(at));
        let first = shown.next()?;
        Some((first, shown.next_back().unwrap_or(first)))
    };
    let (top, bottom) = reach(region.first.0, region.last.0, MOST_ROWS, &hidden.rows)?;
    let (left, right) = reach(region.first.1, region.last.1, MOST_COLUMNS, &hidden.columns)?;
    Some(Region {
        first: (top, left),
        last: (bottom, right),
    })
}

fn named(numbers: &BTreeSet<usize>, name: impl Fn(usize) -> String) -> Option<String> {
    let first: Vec<String> = numbers
        .iter()
        .take(MOST_NAMED)
        .map(|at| name(*at))
        .collect();
    let more = match numbers.len() {
        count if count > MOST_NAMED => format!("等{count}处"),
        _ => String::new(),
    };
    (!first.is_empty()).then(|| first.join("、") + &more)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&str]) -> Sheet {
        let mut sheet = Sheet::named("附件1");
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.split('|').enumerate() {
                sheet.set((row, column), text.to_string(), &mut 0).unwrap();
            }
        }
        sheet
    }

    #[test]
    fn what_is_hidden_is_left_out_and_said() {
        let mut sheet = sheet(&["指标|草稿|目标", "总量|6|7", "旧总量|1|2", "增速|3|4"]);
        let mut hidden = Hidden::default();
        hidden.hide_rows(2..=2);
        hidden.hide_columns(1..=1);
        hidden.hide_columns(9..=1_000_000);
        sheet.leave_out(&hidden);
        let mut shown: Vec<_> = sheet
            .cells
            .iter()
            .map(|(at, text)| (*at, text.as_str()))
            .collect();
        shown.sort();
        let expected = [
            ((0, 0), "指标"),
            ((0, 1), "目标"),
            ((1, 0), "总量"),
            ((1, 1), "7"),
            ((3, 0), "增速"),
            ((3, 1), "4"),
        ];
        assert_eq!(shown, expected);
        let [loss] = sheet.losses.as_slice() else {
            panic!("{:?}", sheet.losses);
        };
        assert!(loss.what.starts_with("隐藏的第3行、B列没有读入") && !loss.is_grave);
    }

    #[test]
    fn a_merged_cell_is_shown_in_what_is_left_of_it() {
        let mut sheet = sheet(&["类别|指标", "发展|总量", "|增速", "生态|绿化"]);
        sheet.regions = vec![
            Region {
                first: (1, 0),
                last: (2, 0),
            },
            Region {
                first: (3, 0),
                last: (3, 1),
            },
        ];
        let mut hidden = Hidden::default();
        hidden.hide_rows(1..=1);
        hidden.hide_rows(3..=3);
        sheet.leave_out(&hidden);
        assert_eq!(sheet.cells[&(2, 0)], "发展");
        assert_eq!(sheet.cells[&(2, 1)], "增速");
        let left = Region {
            first: (2, 0),
            last: (2, 0),
        };
        assert_eq!(sheet.regions, [left]);
    }

    #[test]
    fn where_nothing_stood_nothing_is_said() {
        let mut sheet = sheet(&["指标|目标"]);
        let mut hidden = Hidden::default();
        hidden.hide_rows(5..=1_000_000);
        sheet.leave_out(&hidden);
        assert!(sheet.losses.is_empty() && sheet.cells.len() == 2);
    }
}

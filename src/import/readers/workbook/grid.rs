//! From a sheet's cells to lines and a table.

use std::collections::HashMap;

use crate::import::document::{Document, Loss, MOST_COLUMNS, SpannedCell};
use crate::import::readers::unreadable::Unreadable;

/// More rows than any report prints: the longest tables of a plan have a few hundred.
pub(crate) const MOST_ROWS: usize = 20_000;
/// A workbook has at most so many cells with text: a report's tables have a few thousand, and so
/// many are read in about a second.
pub(crate) const MOST_TEXT_CELLS: usize = 400_000;
/// A sheet's rows times its columns, so that few cells far apart do not fill the memory: as a table
/// each takes about 70 bytes.
const MOST_AREA: usize = 1_000_000;
/// Merged regions of a sheet together: as many as a sheet has cells, twice over, since damaged
/// files repeat them.
const MOST_MERGED_AREA: usize = 2 * MOST_AREA;

/// The sentence for a workbook beyond the limits.
pub(crate) fn too_large() -> Unreadable {
    Unreadable::because(format!(
        "表格太大（超过{MOST_COLUMNS}列、{MOST_ROWS}行或{MOST_TEXT_CELLS}个单元格），\
         请只留下报告的表格，另存后再导入"
    ))
}

/// A row and a column, counted from 0.
pub(crate) type Position = (usize, usize);

/// Cells that are merged into the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    /// The first row and column.
    pub first: Position,
    /// The last row and column, which belong to it.
    pub last: Position,
}

/// A sheet as a reader gives it.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub name: String,
    /// The text of its cells, in any order.
    pub cells: HashMap<Position, String>,
    /// Its merged regions.
    pub regions: Vec<Region>,
    /// What was left out of it.
    pub losses: Vec<Loss>,
}

impl Sheet {
    /// A sheet without cells.
    pub(crate) fn named(name: &str) -> Self {
        Self {
            name: name.to_string(),
            ..Self::default()
        }
    }

    /// Sets the text of a cell; a blank one is none. `text_cells` counts those of the workbook.
    pub(crate) fn set(
        &mut self,
        position: Position,
        text: String,
        text_cells: &mut usize,
    ) -> Result<(), Unreadable> {
        if text.trim().is_empty() {
            return Ok(());
        }
        *text_cells += 1;
        let (row, column) = position;
        // Refused and not cut: half a table would be a wrong one.
        if row >= MOST_ROWS || column >= MOST_COLUMNS || *text_cells > MOST_TEXT_CELLS {
            return Err(too_large());
        }
        self.cells.insert(position, text);
        Ok(())
    }

    /// Says that a cell shows an error instead of a value.
    pub(crate) fn lose_error(&mut self, position: Position, shown: &str) {
        self.lose(
            position,
            format!("单元格的公式出错，显示为{shown}，没有数值。"),
        );
    }

    /// Says that a cell's formula has no stored result.
    pub(crate) fn lose_formula(&mut self, position: Position) {
        let what = "单元格是公式，文件里没有存它的结果；请用办公软件打开、保存后再导入。";
        self.lose(position, what.to_string());
    }

    /// Says that the end of the sheet may be missing.
    pub(crate) fn lose_end(&mut self) {
        self.losses.push(Loss {
            place: self.name.clone(),
            what: "工作表的内容在中途断开，可能没有读全；请重新取得文件。".to_string(),
            is_grave: true,
        });
    }

    fn lose(&mut self, position: Position, what: String) {
        self.losses.push(Loss {
            place: format!("{} {}", self.name, address(position)),
            what,
            is_grave: true,
        });
    }
}

/// A cell's address as the office programs write it: C5.
pub(crate) fn address((row, column): Position) -> String {
    format!("{}{}", column_name(column), row + 1)
}

/// A column's name as the office programs write it: C.
pub(crate) fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        // Columns have no nought: after Z comes AA, not BA.
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Adds a sheet: its leading rows with a single cell and the remarks below the table as lines, the
/// rest as one table.
pub(crate) fn add_sheet(document: &mut Document, sheet: Sheet) -> Result<(), Unreadable> {
    document.losses.extend(sheet.losses.iter().cloned());
    let Some(grid) = Grid::of(&sheet)? else {
        return Ok(());
    };
    let table = grid.table_rows();
    for row in 0..table.start {
        grid.add_lines(document, row);
    }
    let rows: Vec<Vec<SpannedCell>> = table.clone().map(|row| grid.table_row(row)).collect();
    if !rows.is_empty() {
        document.add_table(rows);
    }
    // Below the table stand its remarks: as lines they are read as such.
    for row in table.end..grid.height {
        grid.add_lines(document, row);
    }
    if grid.lost_regions > 0 {
        document.losses.push(Loss {
            place: sheet.name.clone(),
            what: format!(
                "有{}处合并单元格互相重叠，按未合并读入。",
                grid.lost_regions
            ),
            is_grave: true,
        });
    }
    Ok(())
}

/// A cell of the grid.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// It stands by itself.
    #[default]
    Single,
    /// It is the first of a merged region that takes so many columns and rows.
    First { across: usize, down: usize },
    /// It belongs to a merged region; `from_above` where the region began in a row above.
    Covered { from_above: bool },
}

/// The rows of a sheet that have text or belong to a merged region, without blank ones.
struct Grid<'sheet> {
    sheet: &'sheet Sheet,
    /// The numbers in the sheet of the rows that are kept.
    rows: Vec<usize>,
    /// The first and the last column with text.
    columns: std::ops::RangeInclusive<usize>,
    height: usize,
    width: usize,
    places: Vec<Place>,
    lost_regions: usize,
}

impl<'sheet> Grid<'sheet> {
    /// The grid of a sheet; none where it is empty.
    fn of(sheet: &'sheet Sheet) -> Result<Option<Self>, Unreadable> {
        let mut rows: Vec<usize> = sheet.cells.keys().map(|(row, _)| *row).collect();
        rows.sort_unstable();
        // By their numbers and not as a range: a cell in the last row of a sheet does not make a
        // million of them.
        rows.dedup();
        let columns = sheet.cells.keys().map(|(_, column)| *column);
        let Some((first, last)) = columns.fold(None, |range: Option<(usize, usize)>, column| {
            let (first, last) = range.unwrap_or((column, column));
            Some((first.min(column), last.max(column)))
        }) else {
            return Ok(None);
        };
        let (height, width) = (rows.len(), last - first + 1);
        if height * width > MOST_AREA {
            return Err(too_large());
        }
        let mut grid = Self {
            sheet,
            rows,
            columns: first..=last,
            height,
            width,
            places: vec![Place::Single; height * width],
            lost_regions: 0,
        };
        grid.merge_regions();
        Ok(Some(grid))
    }

    /// Marks the merged regions, cut to the grid.
    fn merge_regions(&mut self) {
        let mut area_left = MOST_MERGED_AREA;
        for region in &self.sheet.regions {
            let Some((rows, columns)) = self.cut(region) else {
                continue;
            };
            let area = rows.len() * columns.len();
            if area <= 1 {
                continue;
            }
            // Damaged files repeat a region a million times: what they claim together is bounded,
            // not each.
            let is_affordable = area <= area_left;
            area_left = area_left.saturating_sub(area);
            if !is_affordable || !self.is_free(&rows, &columns) {
                self.lost_regions += 1;
                continue;
            }
            for row in rows.clone() {
                for column in columns.clone() {
                    let from_above = row > rows.start;
                    self.places[row * self.width + column] = Place::Covered { from_above };
                }
            }
            self.places[rows.start * self.width + columns.start] = Place::First {
                across: columns.len(),
                down: rows.len(),
            };
        }
    }

    /// The part of a region that lies in the grid, in the grid's rows and columns.
    fn cut(&self, region: &Region) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
        // Blank rows are left out of the grid, so a region is as high as its rows that are kept.
        let first_row = self.rows.partition_point(|row| *row < region.first.0);
        let end_row = self.rows.partition_point(|row| *row <= region.last.0);
        let first_column = region.first.1.max(*self.columns.start());
        let last_column = region.last.1.min(*self.columns.end());
        if first_row >= end_row || first_column > last_column {
            return None;
        }
        let offset = *self.columns.start();
        Some((
            first_row..end_row,
            first_column - offset..last_column + 1 - offset,
        ))
    }

    /// Whether no cell of the part belongs to another region. Text of its other cells is not shown.
    fn is_free(&self, rows: &std::ops::Range<usize>, columns: &std::ops::Range<usize>) -> bool {
        rows.clone().all(|row| {
            let start = row * self.width;
            let cells = &self.places[start + columns.start..start + columns.end];
            cells.iter().all(|place| *place == Place::Single)
        })
    }

    /// The text of a cell; blank where it has none.
    fn text(&self, row: usize, column: usize) -> &str {
        if matches!(
            self.places[row * self.width + column],
            Place::Covered { .. }
        ) {
            return "";
        }
        let position = (self.rows[row], column + self.columns.start());
        self.sheet.cells.get(&position).map_or("", String::as_str)
    }

    /// The columns of a row that have text.
    fn columns_with_text(&self, row: usize) -> Vec<usize> {
        let columns = 0..self.width;
        columns
            .filter(|column| !self.text(row, *column).is_empty())
            .collect()
    }

    /// Whether a row stands by itself with a single cell: a title, a unit or a remark.
    fn is_line(&self, row: usize) -> bool {
        let reaches_over_rows = |column: usize| match self.places[row * self.width + column] {
            Place::Single => false,
            Place::First { down, .. } => down > 1,
            Place::Covered { from_above } => from_above,
        };
        self.columns_with_text(row).len() <= 1 && !(0..self.width).any(reaches_over_rows)
    }

    /// Whether a line below the table is a remark: it begins in the first column or is merged. A
    /// single cell further right is a value of the table.
    fn is_remark(&self, row: usize) -> bool {
        let columns = self.columns_with_text(row);
        let is_left_or_merged = columns
            .iter()
            .all(|column| *column == 0 || self.places[row * self.width + column] != Place::Single);
        self.is_line(row) && is_left_or_merged
    }

    /// The rows of the table: what is left without the lines above and below.
    fn table_rows(&self) -> std::ops::Range<usize> {
        let start = (0..self.height).find(|row| !self.is_line(*row));
        let Some(start) = start else {
            return self.height..self.height;
        };
        let last = (start..self.height).rev().find(|row| !self.is_remark(*row));
        start..last.map_or(start, |last| last + 1)
    }

    /// Adds the text of a row as lines.
    fn add_lines(&self, document: &mut Document, row: usize) {
        for column in self.columns_with_text(row) {
            for line in self.text(row, column).lines() {
                document.add_line(line, false);
            }
        }
    }

    fn table_row(&self, row: usize) -> Vec<SpannedCell> {
        let mut cells = Vec::new();
        for column in 0..self.width {
            let (across, down) = match self.places[row * self.width + column] {
                Place::Single => (1, 1),
                Place::First { across, down } => (across, down),
                Place::Covered { .. } => continue,
            };
            let lines = self.text(row, column).lines().map(str::to_string).collect();
            cells.push(SpannedCell {
                lines,
                across,
                down,
            });
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::{Block, Merged};

    fn sheet(rows: &[&[&str]], regions: &[(Position, Position)]) -> Sheet {
        let mut sheet = Sheet::named("附件1");
        let mut count = 0;
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                sheet
                    .set((row, column), text.to_string(), &mut count)
                    .unwrap();
            }
        }
        let regions = regions.iter().map(|(first, last)| Region {
            first: *first,
            last: *last,
        });
        sheet.regions = regions.collect();
        sheet
    }

    fn printed(document: &Document) -> Vec<String> {
        let mut lines = Vec::new();
        for block in &document.blocks {
            match block {
                Block::Line { span, .. } => lines.push(document.slice(span).to_string()),
                Block::Table(rows) => lines.extend(rows.iter().map(|row| {
                    let cells = row.cells.iter().map(|cell| match cell.merged {
                        Merged::No => document.cell(cell),
                        Merged::Left => "<".to_string(),
                        Merged::Above => "^".to_string(),
                    });
                    cells.collect::<Vec<_>>().join("|")
                })),
            }
        }
        lines
    }

    #[test]
    fn a_title_and_a_remark_are_lines_and_the_rest_is_a_table() {
        let rows: &[&[&str]] = &[
            &["主要指标表"],
            &["", "", "单位：亿元"],
            &["类别", "指标", "目标"],
            &["发展", "总量", "6"],
            &["", "增速", "5.3"],
            &[],
            &["备注：初步数"],
        ];
        let sheet = sheet(rows, &[((0, 0), (0, 2)), ((3, 0), (4, 0))]);
        let mut document = Document::default();
        add_sheet(&mut document, sheet).unwrap();
        let expected = [
            "主要指标表",
            "单位：亿元",
            "类别|指标|目标",
            "发展|总量|6",
            "^|增速|5.3",
            "备注：初步数",
        ];
        assert_eq!(printed(&document), expected);
    }

    #[test]
    fn regions_that_overlap_are_not_merged_twice() {
        let rows: &[&[&str]] = &[&["甲", "乙", "丙"], &["1", "2", "3"]];
        let sheet = sheet(rows, &[((0, 0), (1, 1)), ((0, 1), (0, 2))]);
        let mut document = Document::default();
        add_sheet(&mut document, sheet).unwrap();
        assert_eq!(printed(&document), ["甲|<|丙", "^|^|3"]);
        assert!(document.losses[0].is_grave);
    }

    #[test]
    fn a_cell_far_away_is_refused() {
        let mut sheet = Sheet::named("附件1");
        assert!(
            sheet
                .set((0, 2_000_000_000), "1".to_string(), &mut 0)
                .is_err()
        );
        assert!(
            sheet
                .set((0, 2_000_000_000), " ".to_string(), &mut 0)
                .is_ok()
        );
    }

    #[test]
    fn addresses_are_written_as_in_office_programs() {
        assert_eq!(address((4, 2)), "C5");
        assert_eq!(address((0, 26)), "AA1");
        assert_eq!(address((0, 701)), "ZZ1");
    }
}

//! A report's text as blocks: lines and tables, each by its span in the text.
//!
//! Readers of single formats produce it; what a block means is decided elsewhere.

use crate::language::is_invisible;
use std::collections::BTreeSet;
use std::ops::Range;

/// A range of bytes in the document's text.
pub(crate) type Span = Range<usize>;

/// A report's text and its blocks, in order.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The text that all spans point into.
    pub text: String,
    /// Lines and tables, in order.
    pub blocks: Vec<Block>,
    /// Signs of the format that are no text of the report (`**`, `|`, a backslash).
    pub markup: Vec<Span>,
    /// What of the original does not stand in the text, and why.
    pub losses: Vec<Loss>,
    /// Where each page of the original begins in the text, with its number; empty where the format
    /// has no pages.
    pub pages: Vec<(usize, u32)>,
    /// How many cells its tables claim, those of rows that became lines too.
    pub claimed_cells: usize,
    /// The tables whose columns have become rows, by their blocks.
    pub turned: BTreeSet<usize>,
}

/// A line or a table.
#[derive(Debug, Clone)]
pub enum Block {
    /// A line with text.
    Line {
        /// Where its text stands, trimmed.
        span: Span,
        /// Whether the format marks it as a heading.
        heading: bool,
    },
    /// A table: every row has as many cells as the table has columns.
    Table(Vec<Row>),
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its cells in order.
    pub cells: Vec<TableCell>,
}

/// A cell: the spans of its lines.
#[derive(Debug, Clone, Default)]
pub struct TableCell {
    /// One span for each piece of text in it; none where it belongs to another cell.
    pub pieces: Vec<Span>,
    /// Whether it is a part of another cell.
    pub merged: Merged,
}

/// Of which neighbour a cell is a part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Merged {
    /// It stands by itself.
    #[default]
    No,
    /// The cell to its left spans it.
    Left,
    /// The cell above spans it.
    Above,
}

/// Something of the original that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Where in the original; empty for the whole of it.
    pub place: String,
    /// What was left out and why, a sentence in Chinese.
    pub what: String,
    /// Whether an answer could be wrong for it.
    pub is_grave: bool,
}

/// A cell as a format gives it, before the grid is known.
#[derive(Debug, Clone, Default)]
pub struct SpannedCell {
    /// The lines of its text.
    pub lines: Vec<String>,
    /// How many columns it takes, at least one.
    pub across: usize,
    /// How many rows it takes, at least one.
    pub down: usize,
}

/// A report has 100,000 to 300,000 bytes of text; what has ten times as many is none.
pub(crate) const MOST_TEXT: usize = 3_000_000;
/// A report has some 2,000 cells, a yearbook 20,000.
pub(crate) const MOST_CELLS: usize = 100_000;
/// More columns than any report prints: a table that claims more is damaged.
pub(crate) const MOST_COLUMNS: usize = 200;
/// A cell spans at most so many rows.
const MOST_ROWS_OF_A_CELL: usize = 2_000;

impl Document {
    /// Whether it is larger than any report.
    pub fn is_too_large(&self) -> bool {
        let cells = self.blocks.iter().map(|block| match block {
            Block::Line { .. } => 0,
            Block::Table(rows) => rows.iter().map(|row| row.cells.len()).sum(),
        });
        let cells = self.claimed_cells.max(cells.sum());
        self.text.len() > MOST_TEXT || cells > MOST_CELLS
    }

    /// The text of a span.
    pub fn slice(&self, span: &Span) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// The text of a cell: its pieces joined without the line breaks that the layout made.
    pub fn cell(&self, cell: &TableCell) -> String {
        cell.pieces.iter().map(|piece| self.slice(piece)).collect()
    }

    /// The line number of an offset, counted from 1.
    pub fn line_number(&self, offset: usize) -> usize {
        1 + self
            .text
            .bytes()
            .take(offset)
            .filter(|byte| *byte == b'\n')
            .count()
    }

    /// The first offset of a row.
    pub fn row_start(row: &Row) -> usize {
        row.cells
            .iter()
            .flat_map(|cell| &cell.pieces)
            .map(|piece| piece.start)
            .min()
            .unwrap_or(0)
    }

    /// Appends text that is not blank and tells where it stands.
    pub fn append(&mut self, text: &str) -> Option<Span> {
        // Here, where every reader passes: a letter that nobody sees would part a word that people
        // read as one.
        let visible = text.chars().filter(|letter| !is_invisible(*letter));
        let text: String = visible.collect();
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        self.text.push('\n');
        Some(start..end)
    }

    /// Appends a line; a blank one is none.
    pub fn add_line(&mut self, text: &str, heading: bool) {
        if let Some(span) = self.append(text) {
            self.blocks.push(Block::Line { span, heading });
        }
    }

    /// Appends a table of cells that may span rows and columns. Rows of which every cell belongs to
    /// a row above are left out; short rows are filled.
    pub fn add_table(&mut self, rows: Vec<Vec<SpannedCell>>) {
        self.say_wide(&rows);
        let mut grid: Vec<Row> = Vec::new();
        let mut reaching_down: Vec<usize> = Vec::new();
        for row in rows {
            // A few tags can claim more cells than the memory holds.
            if self.claimed_cells > MOST_CELLS {
                break;
            }
            let mut cells: Vec<TableCell> = Vec::new();
            for cell in row {
                take_reaching(&mut cells, &mut reaching_down);
                let pieces = cell.lines.iter().filter_map(|line| self.append(line));
                let mut pieces: Vec<Span> = pieces.collect();
                for column in 0..cell.across.clamp(1, MOST_COLUMNS) {
                    if cells.len() >= MOST_COLUMNS {
                        break;
                    }
                    let at = cells.len();
                    if reaching_down.len() <= at {
                        reaching_down.resize(at + 1, 0);
                    }
                    reaching_down[at] = cell.down.clamp(1, MOST_ROWS_OF_A_CELL) - 1;
                    let merged = if column == 0 {
                        Merged::No
                    } else {
                        Merged::Left
                    };
                    // The text stands in the first cell of those that it spans; the others are
                    // empty.
                    let pieces = std::mem::take(&mut pieces);
                    cells.push(TableCell { pieces, merged });
                }
            }
            take_reaching(&mut cells, &mut reaching_down);
            self.claimed_cells += cells.len();
            // Word writes a row for the lower part of cells that all reach down from above.
            if cells.iter().any(|cell| cell.merged == Merged::No) {
                grid.push(Row { cells });
            }
        }
        self.add_grid(grid);
    }

    /// Says where a cell claims more columns or rows than any table has.
    fn say_wide(&mut self, rows: &[Vec<SpannedCell>]) {
        let mut cells = rows.iter().flatten();
        let is_wide =
            |cell: &&SpannedCell| cell.across > MOST_COLUMNS || cell.down > MOST_ROWS_OF_A_CELL;
        if let Some(cell) = cells.find(is_wide) {
            let (across, down) = (cell.across, cell.down);
            self.losses.push(Loss {
                place: cell.lines.first().cloned().unwrap_or_default(),
                what: format!(
                    "表格里有单元格声称占 {across} 列、{down} 行，只按 {MOST_COLUMNS} 列、{MOST_ROWS_OF_A_CELL} 行以内读；请核对这张表"
                ),
                is_grave: false,
            });
        }
    }

    /// Rows of one text before and after the table proper are lines: its title, its unit, a remark.
    fn add_grid(&mut self, grid: Vec<Row>) {
        let said = |row: &&Row| {
            row.cells
                .iter()
                .filter(|cell| !cell.pieces.is_empty())
                .count()
        };
        let hangs = |row: &&Row| row.cells.iter().any(|cell| cell.merged == Merged::Above);
        // With two columns a row of one text may be a name without its definition.
        let is_line = |row: &&Row| row.cells.len() > 2 && said(row) <= 1 && !hangs(row);
        let before = grid.iter().take_while(is_line).count();
        let after = grid[before..].iter().rev().take_while(is_line).count();
        let end = grid.len() - after;
        let mut rows = grid.into_iter().enumerate();
        let mut proper = Vec::new();
        let mut below = Vec::new();
        for (at, row) in rows.by_ref() {
            let spans = row.cells.iter().flat_map(|cell| cell.pieces.clone());
            let lines = spans.map(|span| Block::Line {
                span,
                heading: false,
            });
            if at < before {
                self.blocks.extend(lines);
            } else if at >= end {
                below.extend(lines);
            } else {
                proper.push(row);
            }
        }
        if !proper.is_empty() {
            self.blocks.push(Block::Table(proper));
        }
        self.blocks.extend(below);
    }
}

/// Cells of the rows above that reach down to here.
fn take_reaching(cells: &mut Vec<TableCell>, reaching_down: &mut [usize]) {
    while reaching_down.get(cells.len()).is_some_and(|left| *left > 0) {
        reaching_down[cells.len()] -= 1;
        cells.push(TableCell {
            pieces: Vec::new(),
            merged: Merged::Above,
        });
    }
}

/// The span without white space at its ends.
pub(crate) fn trimmed(text: &str, span: Span) -> Span {
    let slice = text.get(span.clone()).unwrap_or_default();
    let start = span.start + (slice.len() - slice.trim_start().len());
    let end = span.start + slice.trim_end().len();
    start..end.max(start)
}

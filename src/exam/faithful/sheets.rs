//! The grids of an original as rows to look in: what stands over each column, which rows a page
//! break has cut, which lines stand above.

use super::solid;
use crate::import::{Original, OriginalBlock, OriginalCell};
use once_cell::sync::Lazy;
use regex::Regex;

static MARK: Lazy<Option<Regex>> = Lazy::new(|| Regex::new(r"[\[［]\^?[\d\x{FFFD}]*[\]］]").ok());

/// A heading takes at most so many rows.
const DEEPEST: usize = 4;
/// So many lines above a table may say its unit.
const LINES_ABOVE: usize = 4;

/// A cell as it is compared.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Its text, solid.
    pub text: String,
    /// The same without the marks of notes.
    pub plain: String,
    /// Whether the text stands in this cell itself.
    pub is_own: bool,
}

/// One grid.
pub(crate) struct OriginalSheet {
    pub rows: Vec<Vec<Seen>>,
    /// The lines right above it, solid.
    pub above: Vec<String>,
}

/// A row to look in: one of a grid, or two that a page break made of one.
pub(crate) struct RowView {
    /// The grid that its first part stands in.
    pub sheet: usize,
    /// Where it stands in that grid.
    pub row: usize,
    /// Its second part, on the next page.
    pub rest: Option<(usize, usize)>,
    pub cells: Vec<Seen>,
}

/// All grids of an original.
pub(crate) struct Sheets {
    /// In their order.
    pub sheets: Vec<OriginalSheet>,
}

impl Sheets {
    /// Of an original.
    pub(crate) fn of(original: &Original) -> Self {
        let mut sheets = Vec::new();
        let mut above: Vec<String> = Vec::new();
        for block in &original.blocks {
            match block {
                OriginalBlock::Line(line) => above.push(solid(line)),
                OriginalBlock::Grid(rows) => {
                    let skipped = above.len().saturating_sub(LINES_ABOVE);
                    let above = std::mem::take(&mut above).split_off(skipped);
                    let rows = rows.iter().map(|row| row.iter().map(seen).collect());
                    sheets.push(OriginalSheet {
                        rows: rows.collect(),
                        above,
                    });
                }
            }
        }
        Self { sheets }
    }

    /// Every row, and those that page breaks have cut.
    pub(crate) fn views(&self) -> Vec<RowView> {
        let mut views = Vec::new();
        for (at, sheet) in self.sheets.iter().enumerate() {
            let rows = sheet.rows.iter().enumerate();
            views.extend(rows.map(|(row, cells)| RowView {
                sheet: at,
                row,
                rest: None,
                cells: cells.clone(),
            }));
            views.extend(self.cut_row(at));
        }
        views
    }

    /// The last row of a grid with the first one of the next grid of its width.
    fn cut_row(&self, sheet: usize) -> Option<RowView> {
        let next = sheet + 1;
        let last = self.sheets[sheet].rows.last()?;
        let rest_at =
            (0..self.sheets.get(next)?.rows.len()).find(|row| !self.repeats_heading(next, *row))?;
        let rest = &self.sheets[next].rows[rest_at];
        if rest.len() != last.len() {
            return None;
        }
        let cells = last.iter().zip(rest).map(|(first, rest)| Seen {
            text: format!("{}{}", first.text, rest.text),
            plain: format!("{}{}", first.plain, rest.plain),
            is_own: true,
        });
        Some(RowView {
            sheet,
            row: self.sheets[sheet].rows.len() - 1,
            rest: Some((next, rest_at)),
            cells: cells.collect(),
        })
    }

    /// Whether a row says again what one of the first rows of a grid before it says.
    pub(crate) fn repeats_heading(&self, sheet: usize, row: usize) -> bool {
        let Some(cells) = self.sheets[sheet].rows.get(row) else {
            return false;
        };
        self.before(sheet).any(|(_, other)| {
            let heads = other.rows.iter().take(DEEPEST);
            heads.into_iter().any(|head| texts(head) == texts(cells))
        })
    }

    /// The grids of the same width before one, the nearest first.
    fn before(&self, sheet: usize) -> impl Iterator<Item = (usize, &OriginalSheet)> {
        let width = |sheet: &OriginalSheet| sheet.rows.first().map(Vec::len);
        let own = width(&self.sheets[sheet]);
        let before = self.sheets[..sheet].iter().enumerate().rev();
        before.filter(move |(_, other)| width(other) == own)
    }

    /// The heading over a row's grid under which `heading` stands over a column: the grid that it
    /// is printed in, and how many rows it takes.
    pub(crate) fn heading_over(
        &self,
        view: &RowView,
        column: usize,
        heading: &str,
    ) -> Option<(usize, usize)> {
        let own = std::iter::once((view.sheet, &self.sheets[view.sheet], view.row));
        let before = self.before(view.sheet);
        let before = before.map(|(at, sheet)| (at, sheet, sheet.rows.len()));
        own.chain(before).find_map(|(at, sheet, most)| {
            let depths = 1..=DEEPEST.min(most);
            let mut depths = depths.filter(|depth| sheet.over(*depth, column) == heading);
            depths.next().map(|depth| (at, depth))
        })
    }
}

impl OriginalSheet {
    /// What stands over a column, each text once, from above.
    pub(crate) fn over(&self, depth: usize, column: usize) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for row in self.rows.iter().take(depth) {
            let text = row.get(column).map_or("", |cell| cell.text.as_str());
            if !text.is_empty() && parts.last() != Some(&text) {
                parts.push(text);
            }
        }
        parts.concat()
    }
}

fn texts(row: &[Seen]) -> Vec<&str> {
    row.iter().map(|cell| cell.text.as_str()).collect()
}

fn seen(cell: &OriginalCell) -> Seen {
    let text = solid(&cell.text);
    let plain = match MARK.as_ref() {
        Some(mark) => mark.replace_all(&text, "").into_owned(),
        None => text.clone(),
    };
    Seen {
        text,
        plain,
        is_own: cell.is_own,
    }
}

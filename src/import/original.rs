//! A report as its reader gives it, before anything is made of it: what an imported plan is
//! compared with. It knows lines and grids, and nothing of indicators, terms or notes.

use super::document::{Block, Document, Merged, Row};
use super::readers::{self, Unreadable};

/// The lines and the tables of a report, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Original {
    /// What stands in it, in order.
    pub blocks: Vec<OriginalBlock>,
}

/// A line or a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginalBlock {
    /// A line of text.
    Line(String),
    /// The rows of a table.
    Grid(Vec<Vec<OriginalCell>>),
}

/// A cell as it is seen: what is merged shows the text of the cell that it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginalCell {
    pub text: String,
    /// Whether the text stands in this cell itself.
    pub is_own: bool,
}

/// Reads a report for comparison; `file` is its name.
///
/// # Errors
/// Where the file cannot be read.
pub fn original_of(bytes: &[u8], file: &str) -> Result<Original, Unreadable> {
    let document = readers::read(bytes, file)?;
    let blocks = document.blocks.iter().map(|block| match block {
        Block::Line { span, .. } => OriginalBlock::Line(document.slice(span).to_string()),
        Block::Table(rows) => OriginalBlock::Grid(seen(&document, rows)),
    });
    Ok(Original {
        blocks: blocks.collect(),
    })
}

/// The cells of a grid with the texts that they show.
fn seen(document: &Document, rows: &[Row]) -> Vec<Vec<OriginalCell>> {
    let mut grid: Vec<Vec<OriginalCell>> = Vec::new();
    for row in rows {
        let mut cells: Vec<OriginalCell> = Vec::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let origin = match cell.merged {
                Merged::No => None,
                Merged::Left => cells.last(),
                Merged::Above => grid.last().and_then(|above| above.get(at)),
            };
            let text = match cell.merged {
                Merged::No => document.cell(cell),
                _ => origin.map_or_else(String::new, |origin| origin.text.clone()),
            };
            cells.push(OriginalCell {
                text,
                is_own: cell.merged == Merged::No,
            });
        }
        grid.push(cells);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_cells_show_the_text_that_they_belong_to() {
        let page = "<html><body><p>县计划。</p><table><tr><td rowspan=2>一</td><td colspan=2>二</td></tr>\
            <tr><td>三</td><td>四</td></tr></table></body></html>";
        let original = original_of(page.as_bytes(), "a.html").unwrap();
        let [OriginalBlock::Line(line), OriginalBlock::Grid(grid)] = original.blocks.as_slice()
        else {
            panic!("{original:?}");
        };
        assert_eq!(line, "县计划。");
        let shown = |row: &Vec<OriginalCell>| -> Vec<(String, bool)> {
            let cells = row.iter().map(|cell| (cell.text.clone(), cell.is_own));
            cells.collect()
        };
        let cell = |text: &str, is_own| (text.to_string(), is_own);
        assert_eq!(
            shown(&grid[0]),
            [cell("一", true), cell("二", true), cell("二", false)]
        );
        assert_eq!(
            shown(&grid[1]),
            [cell("一", false), cell("三", true), cell("四", true)]
        );
    }
}

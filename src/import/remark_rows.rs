//! Remarks that stand in the last rows of a table, in one cell of each: lines under the table.

use super::document::{Block, Document, Row, Span};
use super::notes::opens_remarks;

/// Makes lines of them. Only rows that begin with the word of a remark, and those after it, are
/// taken: a row of one text may also be the rest of a row that a page break cut.
pub(crate) fn move_below(document: &mut Document) {
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for block in std::mem::take(&mut document.blocks) {
        let Block::Table(mut rows) = block else {
            blocks.push(block);
            continue;
        };
        // From below: only rows at the end of a table can be remarks.
        let lines = rows.iter().rev().map_while(only_text);
        let lines = lines.collect::<Vec<&[Span]>>().into_iter().rev();
        let is_before = |spans: &&[Span]| !opens_remarks(document.slice(&spans[0]));
        let remarks: Vec<Vec<Span>> = lines.skip_while(is_before).map(<[Span]>::to_vec).collect();
        rows.truncate(rows.len() - remarks.len());
        blocks.push(Block::Table(rows));
        blocks.extend(remarks.into_iter().flatten().map(|span| Block::Line {
            span,
            heading: false,
        }));
    }
    document.blocks = blocks;
}

/// The pieces of the only cell of a row that has any.
fn only_text(row: &Row) -> Option<&[Span]> {
    let mut said = row.cells.iter().filter(|cell| !cell.pieces.is_empty());
    let only = said.next()?;
    said.next().is_none().then_some(only.pieces.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::SpannedCell;

    #[test]
    fn remarks_in_the_last_rows_are_lines() {
        let mut document = Document::default();
        let row = |texts: &[&str]| -> Vec<SpannedCell> {
            let cells = texts.iter().map(|text| SpannedCell {
                lines: vec![(*text).to_string()],
                across: 1,
                down: 1,
            });
            cells.collect()
        };
        document.add_table(vec![
            row(&["指标", "2030年"]),
            row(&["稻谷亩产", "415"]),
            row(&["", "续上行"]),
            row(&["", "注：1.括号内为累计数。"]),
            row(&["2.其余为当年数。", ""]),
        ]);
        move_below(&mut document);
        let lines = document.blocks.iter().filter_map(|block| match block {
            Block::Line { span, .. } => Some(document.slice(span)),
            Block::Table(rows) => {
                assert_eq!(rows.len(), 3);
                None
            }
        });
        let lines: Vec<&str> = lines.collect();
        assert_eq!(lines, ["注：1.括号内为累计数。", "2.其余为当年数。"]);
    }
}

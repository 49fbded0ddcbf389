//! The second reading: whether the blocks have all letters of the file's main text.

use std::collections::HashMap;

use super::binary::WordText;
use super::content::{Block, Cell, is_han};
use crate::import::document::Loss;

/// More missing letters than this share of the text are a grave loss; fewer are said and not grave,
/// since single signs come out differently.
const GRAVE_SHARE: f64 = 0.005;
/// Fewer signs that are no letters are not said: old programs leave single ones.
const FEWEST_GARBLED: usize = 4;
/// Fewer missing letters are not looked for: single signs differ between the readings.
const FEWEST_MISSING: usize = 10;
/// So many letters of a missing run are quoted.
const QUOTED_LETTERS: usize = 30;

/// Whether a letter is counted: Chinese characters and digits, which no reader changes.
fn counted(letter: char) -> bool {
    is_han(letter) || letter.is_ascii_digit()
}

/// What was not read of the main text. `shown` are the blocks of the report, `all` those with
/// hidden and deleted text too, which the file stores among the other.
pub(crate) fn losses(shown: &[Block], all: &[Block], text: &WordText) -> Vec<Loss> {
    let mut losses = Vec::new();
    if text.is_cut {
        losses.push(loss(
            "文件缺少一部分文字的内容，可能没有下载完整；请重新取得文件。",
            true,
        ));
    }
    let stored = text.visible(&text.main).into_iter();
    let stored: Vec<char> = stored.map(|(_, letter)| letter).collect();
    losses.extend(missing(&stored, &letters(all)));
    if text.cell_marks() != cell_marks(all) {
        let what = "表格的行和单元格与文件中的标记不一致，可能有表格没有读对；\
                    请核对表格，或另存为 .docx 后再导入。";
        losses.push(loss(what, true));
    }
    let uneven = shown.iter().filter(|block| is_uneven(block)).count();
    if uneven > 0 {
        let what = format!("有{uneven}个表格各行的列数相差很大，可能没有读对；请核对表格。");
        losses.push(loss(&what, true));
    }
    let garbled = text.garbled_letters();
    if garbled >= FEWEST_GARBLED {
        let what = format!("正文里有{garbled}处乱码，文件可能已损坏；请重新取得文件。");
        losses.push(loss(&what, true));
    }
    let (shown, all) = (letters(shown).chars().count(), letters(all).chars().count());
    // Hidden and deleted text is what the two readings differ by.
    if shown < all {
        let hidden = all - shown;
        let what = format!("有{hidden}个汉字和数字是隐藏的或在修订中已删除，没有读入。");
        losses.push(loss(&what, false));
    }
    losses
}

/// Says how many letters are stored and not given.
fn missing(stored: &[char], given: &str) -> Option<Loss> {
    let total = stored.iter().filter(|letter| counted(**letter)).count();
    let missing = missing_letters(stored, given);
    if missing < FEWEST_MISSING {
        return None;
    }
    let quoted =
        missing_run(stored, given).map_or(String::new(), |run| format!("，其中一处以“{run}”开头"));
    let what = format!(
        "正文{total}个汉字和数字中有{missing}个没有读出{quoted}；请核对，或另存为 .docx 后再导入。"
    );
    let share = missing as f64 / total.max(1) as f64;
    Some(loss(&what, share > GRAVE_SHARE))
}

/// How many marks the cells of the tables have in the file: one at the end of each, those merged
/// with a cell above too, and one at the end of each row ([MS-DOC] 2.4.3).
fn cell_marks(blocks: &[Block]) -> usize {
    let tables = blocks.iter().map(|block| match block {
        Block::Paragraph { .. } => 0,
        Block::Table(rows) => {
            let cells: usize = rows.iter().flatten().map(|cell| cell.down.max(1)).sum();
            rows.len() + cells
        }
    });
    tables.sum()
}

/// Whether a row of a table is more than twice as wide as the median row: where the mark at the end
/// of a row is damaged, two rows come out as one.
fn is_uneven(block: &Block) -> bool {
    let Block::Table(rows) = block else {
        return false;
    };
    let mut widths = widths(rows);
    widths.sort_unstable();
    let (Some(median), Some(widest)) = (widths.get(widths.len() / 2), widths.last()) else {
        return false;
    };
    *widest > 2 * median
}

/// How many columns each row takes, with the cells that reach down from the rows above.
fn widths(rows: &[Vec<Cell>]) -> Vec<usize> {
    let mut reaching: Vec<(usize, usize)> = Vec::new();
    let mut widths = Vec::new();
    for cells in rows {
        let from_above: usize = reaching.iter().map(|(across, _)| across).sum();
        let own: usize = cells.iter().map(|cell| cell.across.max(1)).sum();
        widths.push(from_above + own);
        let new = cells
            .iter()
            .map(|cell| (cell.across.max(1), cell.down.max(1)));
        reaching.extend(new);
        reaching.iter_mut().for_each(|(_, down)| *down -= 1);
        reaching.retain(|(_, down)| *down > 0);
    }
    widths
}

/// The counted letters of the main text's blocks.
fn letters(blocks: &[Block]) -> String {
    let letters = texts(blocks).flat_map(str::chars);
    letters.filter(|letter| counted(*letter)).collect()
}

fn loss(what: &str, is_grave: bool) -> Loss {
    Loss {
        place: String::new(),
        what: what.to_string(),
        is_grave,
    }
}

/// The texts of the main text's blocks, in order.
fn texts(blocks: &[Block]) -> impl Iterator<Item = &str> {
    blocks.iter().flat_map(|block| match block {
        Block::Paragraph { is_box: true, .. } => Vec::new(),
        Block::Paragraph { text, .. } => vec![text.as_str()],
        Block::Table(rows) => {
            let cells = rows.iter().flatten();
            cells
                .flat_map(|cell| cell.paragraphs.iter().map(String::as_str))
                .collect()
        }
    })
}

/// How many counted letters are stored more often than given.
fn missing_letters(stored: &[char], given: &str) -> usize {
    let mut balance: HashMap<char, i64> = HashMap::new();
    for letter in stored.iter().filter(|letter| counted(**letter)) {
        *balance.entry(*letter).or_default() += 1;
    }
    for letter in given.chars() {
        *balance.entry(letter).or_default() -= 1;
    }
    let missing: i64 = balance.values().filter(|count| **count > 0).sum();
    missing as usize
}

/// The first letters of the first paragraph that is not given as a whole.
fn missing_run(stored: &[char], given: &str) -> Option<String> {
    let mut rest = given;
    for paragraph in stored.split(|letter| *letter == '\n') {
        let letters: String = paragraph
            .iter()
            .filter(|letter| counted(**letter))
            .collect();
        if letters.is_empty() {
            continue;
        }
        // Paragraphs come in order, so the search goes on where the last one ended.
        match rest.find(&letters) {
            Some(at) => rest = &rest[at + letters.len()..],
            None if given.contains(&letters) => {}
            None => return Some(paragraph.iter().take(QUOTED_LETTERS).collect()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(letters: &str) -> WordText {
        let units: Vec<u16> = letters.encode_utf16().collect();
        WordText {
            main: 0..units.len(),
            units,
            ..WordText::default()
        }
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph {
            text: text.to_string(),
            heading: false,
            is_box: false,
        }
    }

    #[test]
    fn a_missing_paragraph_is_counted_and_quoted() {
        let text = text("全区生产总值增长6%左右。\r一般公共预算收入增长百分之五点三。\r");
        let blocks = [paragraph("全区生产总值增长6%左右。")];
        let losses = losses(&blocks, &blocks, &text);
        assert_eq!(losses.len(), 1);
        assert!(losses[0].is_grave);
        assert!(
            losses[0].what.contains("有16个没有读出"),
            "{}",
            losses[0].what
        );
        assert!(
            losses[0].what.contains("“一般公共预算收入"),
            "{}",
            losses[0].what
        );
    }

    #[test]
    fn nothing_is_said_of_a_text_that_was_given() {
        let text = text("全区生产总值增长6%左右。\r");
        let blocks = [paragraph("全区生产总值，增长6%左右")];
        assert!(losses(&blocks, &blocks, &text).is_empty());
    }

    #[test]
    fn a_table_that_came_out_as_lines_is_a_grave_loss() {
        let text = text("指标\u{7}数值\u{7}\u{7}");
        let cell = |text: &str| Cell {
            paragraphs: vec![text.to_string()],
            across: 1,
            down: 1,
        };
        let table = [Block::Table(vec![vec![cell("指标"), cell("数值")]])];
        assert!(losses(&table, &table, &text).is_empty());
        let lines = [paragraph("指标"), paragraph("数值")];
        assert!(losses(&lines, &lines, &text)[0].is_grave);
    }

    #[test]
    fn rows_that_ran_together_are_uneven() {
        let row = |width: usize| {
            (0..width).map(|_| Cell {
                across: 1,
                down: 1,
                ..Cell::default()
            })
        };
        let rows =
            |widths: &[usize]| Block::Table(widths.iter().map(|w| row(*w).collect()).collect());
        assert!(!is_uneven(&rows(&[7, 7, 6])));
        assert!(is_uneven(&rows(&[7, 7, 15, 7])));
    }

    #[test]
    fn deleted_text_is_no_grave_loss() {
        let text = text("全区生产总值增长6%左右。\r一般公共预算收入增长百分之五点三。\r");
        let shown = [paragraph("全区生产总值增长6%左右。")];
        let all = [paragraph(
            "全区生产总值增长6%左右。一般公共预算收入增长百分之五点三。",
        )];
        let losses = losses(&shown, &all, &text);
        assert_eq!(losses.len(), 1);
        assert!(!losses[0].is_grave);
        assert!(losses[0].what.starts_with("有16个"), "{}", losses[0].what);
    }
}

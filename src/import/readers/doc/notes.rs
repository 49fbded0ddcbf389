//! Footnotes and endnotes: their marks are set into the blocks, which do not tell where they stood.

use super::binary::WordText;
use super::content::Block;
use crate::import::document::Loss;

/// So many letters before a mark tell its place where the whole paragraph is not found.
const LETTERS_BEFORE: usize = 12;

/// A note in the order of the marks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// Where its mark stands in the file's text.
    pub mark: usize,
    /// Its text, in one line.
    pub text: String,
}

/// The notes of a document.
pub(crate) fn of(text: &WordText) -> Vec<Note> {
    let notes = text.notes.iter().map(|(mark, letters)| {
        let visible = text.visible(letters).into_iter().map(|(_, letter)| letter);
        let visible: String = visible.collect();
        let lines = visible
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        Note {
            mark: *mark,
            text: lines.collect::<Vec<_>>().join(" "),
        }
    });
    notes.collect()
}

/// Sets the marks into the blocks, as [1] and so on, and says which found no place.
pub(crate) fn mark(blocks: &mut [Block], text: &WordText, notes: &[Note]) -> Vec<Loss> {
    let mut losses = Vec::new();
    if text.has_damaged_notes {
        losses.push(Loss {
            place: String::new(),
            what: "文档的脚注没有读出，请另存为 .docx 后再导入。".to_string(),
            is_grave: true,
        });
    }
    if notes.is_empty() {
        return losses;
    }
    let paragraphs = paragraphs(text);
    let mut targets = targets(blocks);
    // The texts as they are without marks, since those that were set would not be found.
    let keys: Vec<Vec<char>> = targets
        .iter()
        .map(|target| without_blanks(target.chars()))
        .collect();
    let mut inserted = vec![Vec::new(); targets.len()];
    let mut from = 0;
    for (index, note) in notes.iter().enumerate() {
        let place = paragraph_of(&paragraphs, note.mark)
            .and_then(|(letters, before)| find(&keys, from, &letters, before));
        match place {
            Some((target, before)) => {
                from = target;
                inserted[target].push((before, format!("[{}]", index + 1)));
            }
            None => losses.push(Loss {
                place: String::new(),
                what: format!("第{}条脚注在正文中的位置没有找到，注文在文末。", index + 1),
                is_grave: false,
            }),
        }
    }
    for (target, marks) in targets.iter_mut().zip(inserted) {
        if !marks.is_empty() {
            **target = with_marks(target, marks);
        }
    }
    losses
}

/// The visible letters of the main text's paragraphs and cells, without blanks.
fn paragraphs(text: &WordText) -> Vec<Vec<(usize, char)>> {
    let visible = text.visible(&text.main);
    let paragraphs = visible.split(|(_, letter)| *letter == '\n');
    let paragraphs = paragraphs.map(|letters| {
        let letters = letters.iter().filter(|(_, letter)| !letter.is_whitespace());
        letters.copied().collect()
    });
    paragraphs.collect()
}

/// The letters of the paragraph with a mark, and how many of them stand before it.
fn paragraph_of(paragraphs: &[Vec<(usize, char)>], mark: usize) -> Option<(Vec<char>, usize)> {
    // A mark is no visible letter: it stands behind the last one that is before it.
    let paragraph = paragraphs.iter().rfind(|letters| {
        letters
            .first()
            .is_some_and(|(position, _)| *position <= mark)
    })?;
    let before = paragraph
        .iter()
        .filter(|(position, _)| *position < mark)
        .count();
    Some((
        paragraph.iter().map(|(_, letter)| *letter).collect(),
        before,
    ))
}

/// The text that has the paragraph, and after how many of its letters the mark stands. Texts from
/// `from` on are preferred, since notes come in order.
fn find(
    keys: &[Vec<char>],
    from: usize,
    letters: &[char],
    before: usize,
) -> Option<(usize, usize)> {
    // Notes come in the order of the text; an equal paragraph further up is taken only where none
    // follows.
    let order = (from..keys.len()).chain(0..from);
    if let Some(whole) = order.clone().find(|index| keys[*index] == letters) {
        return Some((whole, before));
    }
    let context = letters.get(before.saturating_sub(LETTERS_BEFORE)..before)?;
    if context.is_empty() {
        return None;
    }
    for index in order {
        let mut windows = keys[index].windows(context.len());
        if let Some(at) = windows.position(|window| window == context) {
            return Some((index, at + context.len()));
        }
    }
    None
}

/// The texts of the blocks, in order.
fn targets(blocks: &mut [Block]) -> Vec<&mut String> {
    let mut targets = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph { text, .. } => targets.push(text),
            Block::Table(rows) => {
                let cells = rows.iter_mut().flatten();
                targets.extend(cells.flat_map(|cell| &mut cell.paragraphs));
            }
        }
    }
    targets
}

/// The letters of a text without blanks.
fn without_blanks(letters: impl Iterator<Item = char>) -> Vec<char> {
    letters.filter(|letter| !letter.is_whitespace()).collect()
}

/// A text with marks, each behind so many letters that are no blanks.
fn with_marks(text: &str, mut marks: Vec<(usize, String)>) -> String {
    marks.sort_by_key(|(before, _)| *before);
    let mut marks = marks.into_iter().peekable();
    let mut marked = String::new();
    let mut passed = 0;
    for letter in text.chars() {
        if !letter.is_whitespace() {
            while let Some((_, mark)) = marks.next_if(|(before, _)| *before <= passed) {
                marked.push_str(&mark);
            }
            passed += 1;
        }
        marked.push(letter);
    }
    for (_, mark) in marks {
        marked.push_str(&mark);
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_behind_their_letters() {
        let marks = vec![(4, "[2]".to_string()), (2, "[1]".to_string())];
        assert_eq!(with_marks("河 长制。", marks), "河 长[1]制。[2]");
    }

    #[test]
    fn a_note_goes_to_the_paragraph_that_has_its_mark() {
        let letters = "一、总则\r推行“河长制”\u{2}工作。\r\u{2} 河长制：按行政区域设立。\r";
        let units: Vec<u16> = letters.encode_utf16().collect();
        let main = letters
            .chars()
            .position(|letter| letter == '\u{2}')
            .unwrap();
        let start = letters.chars().count() - 15;
        let text = WordText {
            main: 0..start,
            notes: vec![(main, start..units.len())],
            units,
            ..WordText::default()
        };
        let notes = of(&text);
        assert_eq!(notes[0].text, "河长制：按行政区域设立。");
        let mut blocks = vec![Block::Paragraph {
            text: "推行“河长制”工作。".to_string(),
            heading: false,
            is_box: false,
        }];
        assert!(mark(&mut blocks, &text, &notes).is_empty());
        let Block::Paragraph { text, .. } = &blocks[0] else {
            panic!("the block stays a paragraph");
        };
        assert_eq!(text, "推行“河长制”[1]工作。");
    }
}

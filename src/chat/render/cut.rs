//! Where a line that is too long for one message is cut: behind a mark of punctuation, never in a
//! figure or a character.

use super::document::Line;
use super::escape;

/// The most UTF-16 units in one message; Telegram allows 4,096 and counts after taking marks out.
pub const LONGEST_MESSAGE: usize = 4_000;

/// The length of a text in UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A letter takes so many units at most when it is escaped.
const LONGEST_LETTER: usize = "&quot;".len();
/// A line's own marks take less.
const MARKS: usize = 16;

/// A line in pieces that fit a message.
pub(super) fn pieces<'a>(line: &Line<'a>) -> Vec<Line<'a>> {
    // Most lines are so short that nothing need be measured.
    if line.shown().len() * LONGEST_LETTER + MARKS < LONGEST_MESSAGE {
        return vec![line.clone()];
    }
    let mut pieces = Vec::new();
    let mut rest = line.text.as_ref();
    while units(&line.piece(rest).html()) >= LONGEST_MESSAGE {
        let end = cut(line, rest);
        pieces.push(line.piece(rest.get(..end).unwrap_or_default()));
        rest = rest.get(end..).unwrap_or_default();
    }
    pieces.push(line.piece(rest));
    pieces
}

/// Where to cut: behind the last mark of punctuation that fits, else before the last figure or word
/// that fits.
fn cut(line: &Line<'_>, text: &str) -> usize {
    let mut best = None;
    let mut loose = None;
    let mut end = 0;
    let mut used = units(&line.piece("").html());
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '%' | '-');
        if !(joins(before) && joins(letter)) {
            loose = Some(at);
        }
        used += units(&escape(&letter.to_string()));
        if used >= LONGEST_MESSAGE {
            break;
        }
        end = at + letter.len_utf8();
        if "。；，、！？".contains(letter) {
            best = Some(end);
        }
        before = letter;
    }
    best.or(loose.filter(|at| *at > 0)).unwrap_or(end).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::render::sentence;

    #[test]
    fn marks_are_escaped_and_long_text_is_cut_whole() {
        let text = "全年 <目标> & 12345.67亿元，".repeat(600);
        let parts = sentence(&text);
        assert!(parts.len() > 2);
        for part in &parts {
            assert!(units(&part.html) <= 4_096);
            assert!(!part.html.contains("<目标>"));
            assert!(part.plain.ends_with('，'), "{}", part.plain);
        }
        assert_eq!(
            parts.iter().map(|p| p.plain.as_str()).collect::<String>(),
            text
        );
    }

    #[test]
    fn a_figure_is_never_cut() {
        let digits = format!("{}{}", "字".repeat(LONGEST_MESSAGE - 3), "123456789");
        let parts = sentence(&digits);
        assert!(parts.iter().any(|part| part.plain.contains("123456789")));
    }
}

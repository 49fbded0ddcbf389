//! Text whose lines end at a margin, as it is copied from a PDF: its lines joined to paragraphs.

use std::borrow::Cow;

/// Lines wider than this are paragraphs already, in half-width letters: no page has wider ones.
const WIDEST: usize = 160;
/// Fewer lines say nothing of a margin.
const FEWEST: usize = 4;
/// A line that reaches so many hundredths of the widest one ends at the margin.
const FULL: usize = 80;
/// Of ten full lines at least so many end within a sentence, where the text is wrapped.
const CUT: usize = 5;

/// The text with its lines joined, where they end at a margin.
pub fn unwrapped(text: &str) -> Cow<'_, str> {
    // The number of a page may stand inside a sentence.
    let is_number = |line: &&str| !is_page_number(line);
    let lines: Vec<&str> = text.lines().filter(is_number).collect();
    let said = || lines.iter().filter(|line| !line.trim().is_empty());
    let mut widths: Vec<usize> = said().map(|line| width(line)).collect();
    widths.sort_unstable();
    // A single long line is no margin.
    let Some(margin) = widths.get(widths.len() * 95 / 100).copied() else {
        return Cow::Borrowed(text);
    };
    let is_full = |line: &str| width(line) * 100 >= margin * FULL;
    let full: Vec<&&str> = said().filter(|line| is_full(line)).collect();
    let cut = full.iter().filter(|line| !ends_a_sentence(line)).count();
    let has_tables = lines.iter().any(|line| line.contains(['|', '\t']));
    if margin > WIDEST || full.len() < FEWEST || cut * 10 < full.len() * CUT || has_tables {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).map_or("", |next| next.trim());
        let goes_on = !next.is_empty()
            && (next.starts_with(is_closing) || is_full(line) && !begins_anew(next));
        let line = if goes_on { line.trim_end() } else { line };
        let is_latin = |letter: Option<char>| letter.is_some_and(|c| c.is_ascii_alphabetic());
        joined.push_str(line);
        if !goes_on {
            joined.push('\n');
        } else if is_latin(line.chars().next_back()) && is_latin(next.chars().next()) {
            joined.push(' ');
        }
    }
    Cow::Owned(joined)
}

fn is_page_number(line: &str) -> bool {
    let inner = line.trim().trim_matches(['-', '—', '–', '－', '·', ' ']);
    let is_framed = inner.len() < line.trim().len();
    is_framed && !inner.is_empty() && inner.chars().all(|letter| letter.is_ascii_digit())
}

/// How wide a line is printed, a Latin letter as one.
fn width(line: &str) -> usize {
    let letters = line.trim_end().chars();
    letters
        .map(|letter| if letter.is_ascii() { 1 } else { 2 })
        .sum()
}

fn ends_a_sentence(line: &str) -> bool {
    line.trim_end()
        .ends_with(['。', '！', '？', '：', '；', '”', '）', '.', ':'])
}

/// Signs that no line begins with.
fn is_closing(letter: char) -> bool {
    "。，、；：！？”’）》％%,.;:!?)".contains(letter)
}

/// Whether a line begins a paragraph of its own: a heading, a numbered line.
fn begins_anew(line: &str) -> bool {
    let mut letters = line.chars();
    let first = letters.next().unwrap_or(' ');
    let second = letters.next().unwrap_or(' ');
    let third = letters.next().unwrap_or(' ');
    let han = |letter: char| "一二三四五六七八九十".contains(letter);
    let digit = |letter: char| letter.is_ascii_digit();
    let stop = |letter: char| "、.．".contains(letter);
    han(first) && (second == '、' || han(second) && third == '、')
        || "（(".contains(first) && (han(second) || digit(second))
        || digit(first) && (stop(second) && !digit(third) || digit(second) && third == '、')
        || "附注#—".contains(first) && "件表录：:—# ".contains(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_end_at_a_margin_are_joined() {
        let text = "全县上下攻坚克难，粮食生产总体平稳，早稻亩\n产达到四百一十二公斤，比上年增加七公斤，其\n中东片增加九公斤。\n一、明年安排\n疏浚支渠三十条，改造泵站六座，灌溉面积达到\n6\n%以上，选聘护渠员一百二十名，其中女护渠员不\n少于二十名\n。\n";
        let joined = unwrapped(text);
        let lines: Vec<&str> = joined.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:#?}");
        assert_eq!(lines[1], "一、明年安排");
        assert!(lines[0].ends_with("东片增加九公斤。") && lines[0].contains("早稻亩产"));
        assert!(lines[2].contains("6%以上") && lines[2].ends_with("名。"));
    }

    #[test]
    fn paragraphs_stay_as_they_are() {
        for text in [
            "全县上下攻坚克难。\n疏浚支渠三十条。\n改造泵站六座。\n选聘护渠员。\n",
            "一行\n",
            "",
        ] {
            assert_eq!(unwrapped(text), text);
        }
    }
}

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
/// Fewer lines that break inside a sentence are slips of a pen.
const FEWEST_TORN: usize = 2;
/// Of ten lines of running text at least so many break inside a sentence, where the text is torn.
const TORN: usize = 3;

/// The text with its lines joined, where they end at a margin.
pub(crate) fn unwrapped(text: &str) -> Cow<'_, str> {
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
    // The lines of a table are as even as those of a page.
    if has_tables {
        return Cow::Borrowed(text);
    }
    let is_wrapped = margin <= WIDEST && full.len() >= FEWEST && cut * 10 >= full.len() * CUT;
    // Where a blank line follows each line, it parts no paragraphs.
    let is_spaced = said().count() < lines.len() * 2 / 3;
    if is_wrapped && !is_spaced {
        let goes_on = |line: &str, paragraph: &str, next: &str| {
            (is_full(line) || is_inside_sentence(paragraph)) && !begins_anew(next)
        };
        return Cow::Owned(joined(&lines, &goes_on));
    }
    if is_torn(&lines) {
        let said: Vec<&str> = said().copied().collect();
        return Cow::Owned(joined(&said, &|_, paragraph, next| {
            is_inside_sentence(paragraph) && !begins_anew(next)
        }));
    }
    Cow::Borrowed(text)
}

/// Lines joined where one goes on in the next, by the line and by the paragraph that it ends.
fn joined(lines: &[&str], goes_on: &dyn Fn(&str, &str, &str) -> bool) -> String {
    let mut joined = String::new();
    let mut start = 0;
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).map_or("", |next| next.trim());
        let paragraph = format!("{}{line}", joined.get(start..).unwrap_or_default());
        let is_cut = !next.is_empty()
            && !line.trim().is_empty()
            // No line begins with a full stop, however short the one before it is.
            && (next.starts_with(is_closing) || goes_on(line, &paragraph, next));
        let line = if is_cut { line.trim_end() } else { line };
        let is_latin = |letter: Option<char>| letter.is_some_and(|c| c.is_ascii_alphabetic());
        joined.push_str(line);
        if !is_cut {
            joined.push('\n');
            start = joined.len();
        } else if is_latin(line.chars().next_back()) && is_latin(next.chars().next()) {
            joined.push(' ');
        }
    }
    joined
}

/// Whether lines break inside sentences, however wide they are: of those with a comma or a full
/// stop in them, and of titles, hardly any ends as a sentence does.
fn is_torn(lines: &[&str]) -> bool {
    let running = lines.iter().filter(|line| is_running(line));
    let (all, torn) = running.fold((0, 0), |(all, torn), line| {
        (all + 1, torn + usize::from(is_inside_sentence(line)))
    });
    torn >= FEWEST_TORN && torn * 10 >= all * TORN
}

/// Running text: it has the signs of clauses, and is no heading.
fn is_running(line: &str) -> bool {
    line.contains(['，', '。', '；', ',']) && !begins_anew(line.trim())
}

/// Whether a line of running text ends within a sentence.
fn is_inside_sentence(line: &str) -> bool {
    is_running(line) && !ends_a_sentence(line)
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
    fn torn_lines_are_joined_whatever_their_width() {
        let text = "柳溪县2030年农业工作报告\n\n一、2029年工作\n\n全县早稻亩产达到四百一十二公斤，比上年\n\n增加七公斤，其中东片增加九公斤。修渠9\n\n0公里，\n\n植树\n\n三千亩。\n";
        let joined = unwrapped(text);
        let lines: Vec<&str> = joined.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:#?}");
        assert!(lines[2].contains("修渠90公里，植树三千亩。"), "{lines:#?}");
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

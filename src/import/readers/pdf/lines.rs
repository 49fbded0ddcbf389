//! Letters made into lines, and lines into text.

use super::letters::Letter;
use std::collections::HashMap;

/// The middle of a letter stands above its baseline by about this part of its size.
pub(crate) const MIDDLE_OF_LETTER: f32 = 0.35;
/// Letters of one line differ in their baselines by less than this part of their size.
const SAME_BASELINE: f32 = 0.25;
/// Raised and lowered signs are printed at some 58 % to 70 % of the size of the text.
const SMALL_SIGN: f32 = 0.8;
/// A raised sign stands by 20 % to 60 % of the size above the baseline.
const HIGHEST_RAISE: f32 = 0.75;
/// A lowered sign stands by 8 % to 33 % of the size below the baseline.
const DEEPEST_LOWERING: f32 = 0.4;
/// A blank is at least this part of the size wide; justified lines part letters by less.
const BLANK: f32 = 0.2;
/// A gap without a blank letter parts Han letters when it is this wide: tabs and columns do.
const WIDE_GAP: f32 = 1.0;

/// Letters of one run follow each other without a gap, but for a little of rounding and justifying.
const GAP_IN_RUN: f32 = 0.15;
/// One gap this wide parts columns; the widest gap within a sentence is two letters.
const GAP_OF_COLUMNS: f32 = 2.5;
/// Two gaps this wide part columns, too: a sentence has at most one blank of a letter's width.
const GAP_OF_NARROW_COLUMNS: f32 = 0.8;

/// The numbers that the foot notes of a page get in the document, by the mark that is printed.
pub(crate) type NoteNumbers = HashMap<String, usize>;

/// A line of printed letters, from left to right.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Its letters without blanks.
    pub signs: Vec<Sign>,
    /// The height of its baseline.
    pub baseline: f32,
    /// Where its first letter begins.
    pub left: f32,
    /// Where its last letter ends.
    pub right: f32,
    /// The size of most of its letters.
    pub size: f32,
}

/// A letter in a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sign {
    pub letter: Letter,
    /// Whether it is a small raised one.
    pub is_raised: bool,
    /// Whether a blank is printed before it.
    pub after_blank: bool,
}

/// Letters that are printed one after the other without a gap. Blanks stand alone.
///
/// The places of later letters of a run are less certain than that of the first, as the crate does
/// not know the widths of the letters of all fonts.
pub(crate) fn runs_of(mut letters: Vec<Letter>) -> Vec<Vec<Letter>> {
    let tenths = |letter: &Letter| (letter.baseline * 10.0).round() as i64;
    letters.sort_by(|one, other| {
        tenths(other)
            .cmp(&tenths(one))
            .then(one.left.total_cmp(&other.left))
    });
    let mut runs: Vec<Vec<Letter>> = Vec::new();
    for letter in letters {
        let last = runs.last().and_then(|run| run.last());
        let follows = last.is_some_and(|last| {
            let gap = letter.left - (last.left + last.width);
            tenths(last) == tenths(&letter)
                && !last.sign.is_whitespace()
                && !letter.sign.is_whitespace()
                && gap.abs() < GAP_IN_RUN * letter.size
        });
        match runs.last_mut().filter(|_| follows) {
            Some(run) => run.push(letter),
            None => runs.push(vec![letter]),
        }
    }
    runs
}

/// Makes lines of letters, from top to bottom.
pub(crate) fn lines_of(mut letters: Vec<Letter>) -> Vec<Line> {
    letters.sort_by(|one, other| other.baseline.total_cmp(&one.baseline));
    let mut groups: Vec<Vec<Sign>> = Vec::new();
    let mut last: Option<Letter> = None;
    for letter in letters {
        let is_same = last.is_some_and(|first| {
            first.baseline - letter.baseline < SAME_BASELINE * first.size.min(letter.size)
        });
        if !is_same {
            groups.push(Vec::new());
            last = Some(letter);
        }
        if let Some(group) = groups.last_mut() {
            group.push(Sign {
                letter,
                is_raised: false,
                after_blank: false,
            });
        }
    }
    let mut lines: Vec<Line> = groups.into_iter().filter_map(line_of).collect();
    attach_small_signs(&mut lines);
    lines
}

/// One line of letters; none where all are blanks.
fn line_of(mut signs: Vec<Sign>) -> Option<Line> {
    signs.sort_by(|one, other| one.letter.left.total_cmp(&other.letter.left));
    let mut kept: Vec<Sign> = Vec::with_capacity(signs.len());
    let mut after_blank = false;
    for mut sign in signs {
        if sign.letter.sign.is_whitespace() {
            after_blank = true;
            continue;
        }
        sign.after_blank |= after_blank;
        after_blank = false;
        kept.push(sign);
    }
    let first = kept.first()?;
    let baseline = first.letter.baseline;
    let left = first.letter.left;
    let ends = kept.iter().map(|sign| sign.letter.left + sign.letter.width);
    let right = ends.fold(left, f32::max);
    let sizes = kept.iter().filter(|sign| !sign.is_raised);
    let size = most_common_size(sizes.map(|sign| sign.letter.size)).unwrap_or(first.letter.size);
    Some(Line {
        signs: kept,
        baseline,
        left,
        right,
        size,
    })
}

/// The size that most letters have, to a tenth of a point.
pub(crate) fn most_common_size(sizes: impl Iterator<Item = f32>) -> Option<f32> {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for size in sizes {
        *counts.entry((size * 10.0).round() as i64).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(size, count)| (*count, *size))?;
    Some(most.0 as f32 / 10.0)
}

/// Puts raised signs (marks of notes, powers) and lowered ones into the line they belong to.
fn attach_small_signs(lines: &mut Vec<Line>) {
    let mut index = 0;
    while index < lines.len() {
        let (raised, lowered) = owners(lines, index);
        if raised.is_none() && lowered.is_none() {
            index += 1;
            continue;
        }
        let line = lines.remove(index);
        let mut rest = Vec::new();
        for sign in line.signs {
            // The line below moved up by one when this one was taken out.
            let below = raised.map(|_| index);
            let above = lowered.map(|owner| (owner, false));
            let choices = below.map(|owner| (owner, true)).into_iter().chain(above);
            let mut choices = choices.filter(|(owner, _)| is_beside(&sign, &lines[*owner]));
            match choices.next() {
                Some((owner, is_raised)) => {
                    lines[owner].signs.push(Sign { is_raised, ..sign });
                }
                None => rest.push(sign),
            }
        }
        resort(lines, index);
        resort(lines, index.wrapping_sub(1));
        if let Some(line) = line_of(rest) {
            lines.insert(index, line);
            index += 1;
        }
    }
}

/// The line below that a small line is raised over, and the line above that it is lowered under.
fn owners(lines: &[Line], index: usize) -> (Option<usize>, Option<usize>) {
    let line = &lines[index];
    let below = lines.get(index + 1).filter(|below| {
        let raise = line.baseline - below.baseline;
        line.size < SMALL_SIGN * below.size && raise < HIGHEST_RAISE * below.size
    });
    let above = index
        .checked_sub(1)
        .and_then(|above| lines.get(above))
        .filter(|above| {
            let lowering = above.baseline - line.baseline;
            line.size < SMALL_SIGN * above.size && lowering < DEEPEST_LOWERING * above.size
        });
    (
        below.map(|_| index + 1),
        above.map(|_| index.saturating_sub(1)),
    )
}

fn is_beside(sign: &Sign, line: &Line) -> bool {
    let left = sign.letter.left;
    left > line.left - line.size && left < line.right + line.size
}

fn resort(lines: &mut [Line], index: usize) {
    let Some(line) = lines.get_mut(index) else {
        return;
    };
    let (baseline, size) = (line.baseline, line.size);
    if let Some(sorted) = line_of(std::mem::take(&mut line.signs)) {
        *line = Line {
            baseline,
            size,
            ..sorted
        };
    }
}

impl Line {
    /// The height of the middle of its letters.
    pub(crate) fn middle(&self) -> f32 {
        self.baseline + self.size * MIDDLE_OF_LETTER
    }

    /// Whether its letters stand in columns.
    pub(crate) fn has_columns(&self) -> bool {
        let gaps = |least: f32| {
            let is_wide = |pair: &&[Sign]| {
                let end = pair[0].letter.left + pair[0].letter.width;
                pair[1].letter.left - end > least * self.size
            };
            self.signs.windows(2).filter(is_wide).count()
        };
        gaps(GAP_OF_COLUMNS) > 0 || gaps(GAP_OF_NARROW_COLUMNS) > 1
    }

    /// The text of the line; raised numbers become the marks of notes.
    pub(crate) fn text(&self, numbers: &NoteNumbers) -> String {
        let mut text = String::new();
        let mut index = 0;
        while index < self.signs.len() {
            let mark = self.raised_from(index);
            if !mark.is_empty() {
                push_raised(&mut text, &mark, numbers);
                index += mark.chars().count();
                continue;
            }
            if index > 0 && self.has_blank_before(index) {
                text.push(' ');
            }
            text.push(self.signs[index].letter.sign);
            index += 1;
        }
        text
    }

    /// Whether a blank stands before a sign. The decoded blanks alone do not tell, as the crate
    /// puts one wherever letters are moved closer.
    fn has_blank_before(&self, index: usize) -> bool {
        let sign = &self.signs[index];
        let before = &self.signs[index - 1].letter;
        let gap = sign.letter.left - (before.left + before.width);
        let is_latin = before.sign.is_ascii() && sign.letter.sign.is_ascii();
        let least = match (sign.after_blank, is_latin) {
            (true, _) | (false, true) => BLANK,
            (false, false) => WIDE_GAP,
        };
        gap > least * self.size
    }

    /// The raised signs from a place on; empty where none stands there.
    fn raised_from(&self, index: usize) -> String {
        let raised = self.signs[index..].iter().take_while(|sign| sign.is_raised);
        raised.map(|sign| sign.letter.sign).collect()
    }

    /// The marks of notes in the line, as they are printed.
    pub(crate) fn marks(&self) -> Vec<String> {
        let mut marks = Vec::new();
        let mut index = 0;
        while index < self.signs.len() {
            let mark = self.raised_from(index);
            marks.extend(numbers_in(&mark));
            index += mark.chars().count().max(1);
        }
        marks
    }
}

/// Writes a raised run: a power after the letter m, else the marks of notes, else plain letters.
fn push_raised(text: &mut String, raised: &str, numbers: &NoteNumbers) {
    if text.ends_with(['m', 'M']) && (raised == "2" || raised == "3") {
        text.push(if raised == "2" { '²' } else { '³' });
        return;
    }
    let marks = numbers_in(raised);
    if marks.is_empty() {
        text.push_str(raised);
        return;
    }
    for mark in marks {
        match numbers.get(&mark) {
            Some(number) => text.push_str(&format!("[{number}]")),
            None => text.push_str(&format!("[{mark}]")),
        }
    }
}

/// The numbers in a raised run, in plain digits.
fn numbers_in(raised: &str) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    let mut is_open = false;
    for sign in raised.chars() {
        if let Some(value) = circled(sign) {
            numbers.push(value.to_string());
            is_open = false;
            continue;
        }
        let Some(digit) = digit(sign) else {
            is_open = false;
            continue;
        };
        match numbers.last_mut().filter(|_| is_open) {
            Some(number) => number.push(digit),
            None => numbers.push(digit.to_string()),
        }
        is_open = true;
    }
    numbers
}

fn digit(sign: char) -> Option<char> {
    match sign {
        '0'..='9' => Some(sign),
        '０'..='９' => char::from_digit(u32::from(sign) - u32::from('０'), 10),
        _ => None,
    }
}

/// The value of a number in a circle.
fn circled(sign: char) -> Option<u32> {
    match sign {
        '①'..='⑳' => Some(u32::from(sign) - u32::from('①') + 1),
        '㉑'..='㉟' => Some(u32::from(sign) - u32::from('㉑') + 21),
        _ => None,
    }
}

/// The mark at the beginning of a foot note, in plain digits, and the text after it.
pub(crate) fn note_start(text: &str) -> Option<(String, &str)> {
    let first = text.chars().next()?;
    if let Some(value) = circled(first) {
        return Some((value.to_string(), text[first.len_utf8()..].trim_start()));
    }
    let rest = text.trim_start_matches(['[', '［', '〔']);
    let after = rest.trim_start_matches(|sign| digit(sign).is_some());
    let number: String = rest[..rest.len() - after.len()]
        .chars()
        .filter_map(digit)
        .collect();
    if number.is_empty() {
        return None;
    }
    let after = after.trim_start_matches([']', '］', '〕', '.', '．', '、']);
    Some((number, after.trim_start()))
}

/// Joins a line to the text before it: Latin words get a blank between them, Han letters none.
pub(crate) fn join(text: &mut String, next: &str) {
    let ends_word = text
        .chars()
        .next_back()
        .is_some_and(|sign| sign.is_ascii_alphabetic());
    let begins_word = next
        .chars()
        .next()
        .is_some_and(|sign| sign.is_ascii_alphabetic());
    if ends_word && begins_word {
        text.push(' ');
    }
    text.push_str(next);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of ten points at one height.
    fn printed(text: &str, left: f32, baseline: f32, size: f32) -> Vec<Letter> {
        let place = |(index, sign)| Letter {
            sign,
            left: left + index as f32 * size,
            baseline,
            width: size,
            size,
        };
        text.chars().enumerate().map(place).collect()
    }

    #[test]
    fn a_raised_number_is_the_mark_of_a_note() {
        let mut letters = printed("增长率", 0.0, 100.0, 10.0);
        letters.extend(printed("3", 30.0, 104.0, 6.0));
        letters.extend(printed("左右", 36.0, 100.0, 10.0));
        let lines = lines_of(letters);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].marks(), ["3"]);
        let numbers = NoteNumbers::from([("3".to_string(), 12)]);
        assert_eq!(lines[0].text(&numbers), "增长率[12]左右");
    }

    #[test]
    fn a_raised_two_after_a_metre_is_a_power() {
        let mut letters = printed("9km", 0.0, 100.0, 10.0);
        letters.extend(printed("2", 30.0, 104.0, 6.0));
        assert_eq!(lines_of(letters)[0].text(&NoteNumbers::new()), "9km²");
    }

    #[test]
    fn a_lowered_number_stays_in_its_line() {
        let mut letters = printed("CO", 0.0, 100.0, 10.0);
        letters.extend(printed("2", 20.0, 97.0, 6.0));
        letters.extend(printed("排放", 26.0, 100.0, 10.0));
        let lines = lines_of(letters);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text(&NoteNumbers::new()), "CO2排放");
    }

    #[test]
    fn lines_are_joined_with_blanks_between_latin_words_only() {
        let mut text = "投入强".to_string();
        join(&mut text, "度");
        assert_eq!(text, "投入强度");
        let mut text = "research".to_string();
        join(&mut text, "and");
        assert_eq!(text, "research and");
        let mut text = "GDP".to_string();
        join(&mut text, "比重");
        assert_eq!(text, "GDP比重");
    }

    #[test]
    fn notes_begin_with_a_mark() {
        assert_eq!(note_start("[12] 注释"), Some(("12".to_string(), "注释")));
        assert_eq!(note_start("③注释"), Some(("3".to_string(), "注释")));
        assert_eq!(note_start("5 注释"), Some(("5".to_string(), "注释")));
        assert_eq!(note_start("注释"), None);
    }

    #[test]
    fn numbers_stand_apart_in_a_raised_run() {
        assert_eq!(numbers_in("[1][12]"), ["1", "12"]);
        assert_eq!(numbers_in("①②"), ["1", "2"]);
        assert!(numbers_in("th").is_empty());
    }

    #[test]
    fn a_run_ends_at_a_gap() {
        let mut letters = printed("甲乙", 0.0, 100.0, 10.0);
        letters.extend(printed("丙", 30.0, 100.0, 10.0));
        assert_eq!(runs_of(letters).len(), 2);
    }
}

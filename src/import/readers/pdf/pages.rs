//! What stands at the edges of pages: running heads, page numbers and foot notes.

use super::lines::{Line, NoteNumbers, join, note_start};
use super::rules::Rule;
use std::collections::HashMap;

/// Running heads and page numbers stand in the upper or lower margin, which take up to an eighth
/// of the page each.
const MARGIN: f32 = 0.125;
/// At most so many lines are printed in a margin.
const MOST_LINES_IN_MARGIN: usize = 2;
/// Running heads of left and right pages may differ, and the cover has none.
const SHARE_OF_PAGES: f32 = 0.4;
/// Lines at one height differ by less than this over pages.
const SAME_HEIGHT: f32 = 4.0;
/// The rule over foot notes is some 2 inches long: shorter than this part of the text's width.
const LONGEST_NOTE_RULE: f32 = 0.6;
/// Foot notes without a rule are set in a size below this part of the text's size.
const SIZE_OF_NOTES: f32 = 0.92;

/// The lines of a page outside of tables, from top to bottom.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageLines {
    pub lines: Vec<Line>,
    /// The height of the lower edge of the page.
    pub bottom: f32,
    /// The height of its upper edge.
    pub top: f32,
}

/// Takes running heads and page numbers out and tells how many lines they were.
pub(crate) fn drop_running_heads(pages: &mut [PageLines]) -> usize {
    let mut places: HashMap<String, Vec<f32>> = HashMap::new();
    for page in pages.iter() {
        for index in page.lines_in_margins() {
            let line = &page.lines[index];
            places
                .entry(form(line))
                .or_default()
                .push(page.height(line));
        }
    }
    // On one page alone nothing repeats.
    let least = (pages.len() as f32 * SHARE_OF_PAGES).ceil().max(2.0) as usize;
    let mut count = 0;
    for page in pages.iter_mut() {
        let mut dropped = page.lines_in_margins();
        dropped.retain(|index| {
            let line = &page.lines[*index];
            let height = page.height(line);
            let is_same = |other: &&f32| (**other - height).abs() < SAME_HEIGHT;
            let repeated = places
                .get(&form(line))
                .map_or(0, |all| all.iter().filter(is_same).count());
            let text = line.text(&NoteNumbers::new());
            is_page_number(&text) || (repeated >= least && !page.has_mark_of(&text))
        });
        count += dropped.len();
        dropped.sort_unstable();
        for index in dropped.into_iter().rev() {
            page.lines.remove(index);
        }
    }
    count
}

/// The text of a line with every number as one sign, as page numbers change.
fn form(line: &Line) -> String {
    let mut form = String::new();
    for sign in line.text(&NoteNumbers::new()).chars() {
        match sign.is_numeric() {
            true if form.ends_with('0') => {}
            true => form.push('0'),
            false => form.push(sign),
        }
    }
    form
}

impl PageLines {
    /// The lines that stand in the upper and lower margins.
    fn lines_in_margins(&self) -> Vec<usize> {
        let count = self.lines.len();
        let margin = (self.top - self.bottom) * MARGIN;
        let mut found: Vec<usize> = (0..count.min(MOST_LINES_IN_MARGIN))
            .filter(|index| self.lines[*index].baseline > self.top - margin)
            .collect();
        for index in count.saturating_sub(MOST_LINES_IN_MARGIN)..count {
            if self.lines[index].baseline < self.bottom + margin && !found.contains(&index) {
                found.push(index);
            }
        }
        found
    }

    /// Whether a text is a foot note whose mark stands on the page. Notes may repeat over pages.
    fn has_mark_of(&self, text: &str) -> bool {
        note_start(text)
            .is_some_and(|(mark, _)| self.lines.iter().any(|line| line.marks().contains(&mark)))
    }

    /// The height of a line, from the nearer edge so that pages of two sizes compare.
    fn height(&self, line: &Line) -> f32 {
        let middle = (self.top + self.bottom) / 2.0;
        if line.baseline > middle {
            line.baseline - self.top
        } else {
            line.baseline - self.bottom
        }
    }
}

/// Whether a line is nothing but the number of its page: "12", "- 12 -", "第12页 共30页", "12/30".
pub(crate) fn is_page_number(text: &str) -> bool {
    let kept: String = text
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| match sign {
            '０'..='９' => '0',
            sign if sign.is_ascii_digit() => '0',
            sign => sign,
        })
        .collect();
    let is_dash = |sign: char| matches!(sign, '-' | '—' | '–' | '－' | '―' | '─' | '·' | '•' | '~');
    let inner = kept.trim_matches(is_dash);
    let is_number =
        |part: &str| (1..=4).contains(&part.len()) && part.chars().all(|sign| sign == '0');
    if is_number(inner) {
        return true;
    }
    if let Some((one, other)) = inner.split_once(['/', '／']) {
        return is_number(one) && is_number(other);
    }
    let Some((page, total)) = inner
        .strip_prefix('第')
        .and_then(|rest| rest.split_once('页'))
    else {
        return false;
    };
    let total = total
        .trim_start_matches(['，', ',', '/', '（', '('])
        .trim_end_matches(['）', ')']);
    let total = total
        .strip_prefix('共')
        .and_then(|rest| rest.strip_suffix('页'));
    is_number(page) && (kept.ends_with(&format!("{page}页")) || total.is_some_and(is_number))
}

/// The foot notes of all pages so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    /// Their texts; the first has number 1.
    pub texts: Vec<String>,
    /// The numbers of the notes whose marks stand on a page, for each page.
    pub numbers: Vec<NoteNumbers>,
    /// Marks on the page before without a note: a note that does not fit goes to the next page.
    waiting: Vec<String>,
}

/// What is known of a page when its foot notes are looked for.
pub(crate) struct NotePlaces<'a> {
    /// Its level rules that belong to no table.
    pub rules: &'a [Rule],
    /// The marks of notes in its tables.
    pub marks_in_tables: Vec<String>,
    /// The size of most of the text.
    pub text_size: f32,
    pub text_width: f32,
}

impl Notes {
    /// Takes the foot notes of the next page out of its lines.
    pub(crate) fn take(&mut self, page: &mut PageLines, places: &NotePlaces) {
        let first = self.first_line(page, places).unwrap_or(page.lines.len());
        let notes = page.lines.split_off(first);
        let mut marks = places.marks_in_tables.clone();
        marks.extend(page.lines.iter().flat_map(Line::marks));
        let mut here = NoteNumbers::new();
        for line in notes {
            let text = line.text(&NoteNumbers::new());
            match note_start(&text) {
                Some((mark, rest)) if self.has_waiting(&mark) => {
                    self.texts.push(rest.to_string());
                    self.waiting.retain(|waiting| *waiting != mark);
                    if let Some(before) = self.numbers.last_mut() {
                        before.insert(mark, self.texts.len());
                    }
                }
                Some((mark, rest)) if marks.contains(&mark) && !here.contains_key(&mark) => {
                    self.texts.push(rest.to_string());
                    here.insert(mark, self.texts.len());
                }
                _ => self.go_on_with(&text),
            }
        }
        marks.retain(|mark| !here.contains_key(mark));
        self.waiting = marks;
        self.numbers.push(here);
    }

    /// Adds a further line to the last note.
    fn go_on_with(&mut self, text: &str) {
        match self.texts.last_mut() {
            Some(last) => join(last, text),
            None => self.texts.push(text.to_string()),
        }
    }

    fn has_waiting(&self, mark: &str) -> bool {
        self.waiting.iter().any(|waiting| waiting == mark)
    }

    /// The first line of the foot notes of a page.
    fn first_line(&self, page: &PageLines, places: &NotePlaces) -> Option<usize> {
        let begins_note = |index: usize| {
            let text = page.lines[index].text(&NoteNumbers::new());
            let Some((mark, _)) = note_start(&text) else {
                return false;
            };
            let is_above = |line: &Line| line.marks().contains(&mark);
            self.has_waiting(&mark)
                || places.marks_in_tables.contains(&mark)
                || page.lines[..index].iter().any(is_above)
        };
        let below_rule = places
            .rules
            .iter()
            .filter(|rule| rule.to - rule.from < places.text_width * LONGEST_NOTE_RULE)
            .filter_map(|rule| page.lines.iter().position(|line| line.baseline < rule.at))
            // A long note goes on below the rule of the next page.
            .find(|index| begins_note(*index) || self.goes_on(page, *index, places));
        if below_rule.is_some() {
            return below_rule;
        }
        let is_small = |line: &&Line| line.size < places.text_size * SIZE_OF_NOTES;
        let small = page.lines.iter().rev().take_while(is_small).count();
        (page.lines.len() - small..page.lines.len()).find(|index| begins_note(*index))
    }

    /// Whether a note of the page before goes on here: it has no end yet.
    fn goes_on(&self, page: &PageLines, index: usize, places: &NotePlaces) -> bool {
        let is_open = self
            .texts
            .last()
            .is_some_and(|text| !text.ends_with(['。', '！', '？', '）', '”', '.']));
        let starts_at_margin = places.rules.iter().any(|rule| {
            let line = &page.lines[index];
            (rule.from - line.left).abs() < line.size && rule.at > line.baseline
        });
        is_open && starts_at_margin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known_by_their_form() {
        let numbers = [
            "12",
            "— 12 —",
            "- 12 -",
            "－１２－",
            "第12页",
            "第12页 共30页",
            "第 1 页，共 30 页",
            "3/30",
        ];
        for text in numbers {
            assert!(is_page_number(text), "{text}");
        }
    }

    #[test]
    fn text_is_no_page_number() {
        for text in [
            "",
            "12.5",
            "2021年",
            "第12条",
            "12345",
            "增长12",
            "第1页内容",
            "—",
        ] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}

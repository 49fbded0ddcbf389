//! Lines made into paragraphs and headings.

use super::lines::{Line, NoteNumbers, join, most_common_size};

/// Paragraphs begin with an indent of two letters; less than this is a letter's own margin.
const LEAST_INDENT: f32 = 1.2;
/// A line ends short when this many more letters would have fit: closing marks that may not begin
/// a line pull one letter with them.
const LEAST_REST: f32 = 1.2;
/// In the middle of a sentence a line ends even earlier: words and closing marks stay together.
const LEAST_REST_IN_SENTENCE: f32 = 4.0;
/// Lines of one paragraph stand less than this many usual distances apart.
const WIDEST_DISTANCE: f32 = 1.3;
/// Lines of one paragraph differ in size by less than this part.
const SAME_SIZE: f32 = 0.08;
/// A heading is larger than the text by at least this factor.
const SIZE_OF_HEADING: f32 = 1.15;
/// No heading has more letters: the longest title known has 52.
const LONGEST_HEADING: usize = 80;
/// A margin is where so many lines begin.
const LINES_AT_MARGIN: usize = 3;
/// Lines at a margin begin (or end) within so many points, as closing marks are narrow.
const NEAR_MARGIN: f32 = 8.0;

/// A paragraph or a heading.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paragraph {
    pub text: String,
    /// Whether it is clearly a heading.
    pub is_heading: bool,
    /// Where pages begin in its text, and their numbers.
    pub page_starts: Vec<(usize, u32)>,
    last: Option<Last>,
}

/// What the next line is compared with.
#[derive(Debug, Clone)]
struct Last {
    line: Line,
    page: u32,
}

/// The measures of the text of a document.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measures {
    /// The size of most letters.
    pub size: f32,
    /// The usual distance of lines as a multiple of the size.
    pub distance: f32,
    /// The width of the text.
    pub width: f32,
}

/// The left and right margins of the text on a page.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Margins {
    /// Where lines begin.
    pub left: f32,
    /// Where full lines end.
    pub right: f32,
}

/// Measures the text of all pages.
pub(crate) fn measure(pages: &[&[Line]]) -> Measures {
    let lines = || pages.iter().flat_map(|page| page.iter());
    let sizes = lines().flat_map(|line| line.signs.iter().map(|sign| sign.letter.size));
    let size = most_common_size(sizes).unwrap_or(12.0);
    let distances = pages.iter().flat_map(|page| {
        page.windows(2)
            .map(|pair| (pair[0].baseline - pair[1].baseline) / size)
    });
    let distance = most_common_size(distances).unwrap_or(1.5);
    let all: Vec<Line> = lines().cloned().collect();
    let margins = margins_of(&all, size, Margins::default());
    Measures {
        size,
        distance,
        width: margins.right - margins.left,
    }
}

/// The margins of some lines; those given where there are too few lines to tell.
pub(crate) fn margins_of(lines: &[Line], size: f32, otherwise: Margins) -> Margins {
    let text: Vec<&Line> = lines
        .iter()
        .filter(|line| (line.size - size).abs() <= size * SAME_SIZE)
        .collect();
    let left = most_outward(text.iter().map(|line| line.left).collect());
    let right = most_outward(text.iter().map(|line| -line.right).collect());
    match (left, right) {
        (Some(left), Some(right)) if -right > left => Margins {
            left,
            right: -right,
        },
        _ => otherwise,
    }
}

/// The least place near which several others are.
fn most_outward(mut places: Vec<f32>) -> Option<f32> {
    places.sort_by(f32::total_cmp);
    places
        .windows(LINES_AT_MARGIN)
        .find(|near| near[LINES_AT_MARGIN - 1] - near[0] < NEAR_MARGIN)
        .map(|near| near[0])
}

/// Makes paragraphs of lines, one after the other.
#[derive(Debug)]
pub(crate) struct Writer {
    measures: Measures,
    open: Option<Paragraph>,
}

impl Writer {
    /// A writer for a document of these measures.
    pub(crate) fn new(measures: Measures) -> Writer {
        Writer {
            measures,
            open: None,
        }
    }

    /// Adds a line; gives the paragraph that ended before it.
    pub(crate) fn add(
        &mut self,
        line: &Line,
        page: u32,
        margins: Margins,
        numbers: &NoteNumbers,
    ) -> Option<Paragraph> {
        let is_continued = self
            .open
            .as_ref()
            .and_then(|open| open.last.as_ref())
            .is_some_and(|last| self.is_continued(last, line, page, margins));
        let ended = if is_continued { None } else { self.end() };
        let measures = self.measures;
        let open = self.open.get_or_insert_with(Paragraph::default);
        let text = line.text(numbers);
        let before = open.text.len();
        join(&mut open.text, &text);
        if open.last.as_ref().is_none_or(|last| last.page != page) {
            let start = if before == 0 {
                0
            } else {
                open.text.len() - text.len()
            };
            open.page_starts.push((start, page));
        }
        open.is_heading = line.size >= measures.size * SIZE_OF_HEADING
            && open.text.chars().count() <= LONGEST_HEADING;
        open.last = Some(Last {
            line: line.clone(),
            page,
        });
        ended
    }

    /// Ends the open paragraph.
    pub(crate) fn end(&mut self) -> Option<Paragraph> {
        self.open.take()
    }

    /// Whether a line goes on with the paragraph of the line before.
    fn is_continued(&self, last: &Last, line: &Line, page: u32, margins: Margins) -> bool {
        let before = &last.line;
        if (before.size - line.size).abs() > before.size * SAME_SIZE {
            return false;
        }
        if before.has_columns() || line.has_columns() {
            return false;
        }
        let size = line.size;
        let is_same_page = last.page == page;
        let distance = before.baseline - line.baseline;
        let is_near = distance <= self.measures.distance * WIDEST_DISTANCE * size;
        if is_same_page && (!is_near || distance < 0.0) {
            return false;
        }
        let is_title = size >= self.measures.size * SIZE_OF_HEADING;
        if is_title {
            return is_same_page && is_centred(line, margins);
        }
        // The page before may have other margins, so its line is measured against its own width.
        let is_short = is_same_page && ends_short(before, line, margins.right);
        let is_short_over_page = !is_same_page
            && before.right - before.left + LEAST_INDENT * size * 2.0 < self.measures.width
            && ends_short(before, line, before.left + self.measures.width);
        if is_short || is_short_over_page {
            return false;
        }
        let is_indented = line.left - margins.left > LEAST_INDENT * size;
        if !is_indented {
            return true;
        }
        // A block that is indented as a whole: its lines begin at one place.
        let is_same_left = is_same_page && (line.left - before.left).abs() < 2.0;
        is_same_left && !ends_sentence(before)
    }
}

fn is_centred(line: &Line, margins: Margins) -> bool {
    let left = line.left - margins.left;
    let right = margins.right - line.right;
    (left - right).abs() < line.size * 1.5
}

/// Whether a line ends before the right margin though the next letter or word would have fit.
fn ends_short(before: &Line, next: &Line, right: f32) -> bool {
    let is_word =
        |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '%' | '-' | '/');
    let word: f32 = next
        .signs
        .iter()
        .take_while(|sign| is_word(sign.letter.sign))
        .map(|sign| sign.letter.width)
        .sum();
    let first = next.signs.first().map_or(0.0, |sign| sign.letter.width);
    let rest = if ends_sentence(before) {
        LEAST_REST
    } else {
        LEAST_REST_IN_SENTENCE
    };
    before.right + word.max(first) + rest * before.size < right
}

fn ends_sentence(line: &Line) -> bool {
    line.signs.last().is_some_and(|sign| {
        matches!(
            sign.letter.sign,
            '。' | '：' | '；' | '！' | '？' | '”' | '）'
        )
    })
}

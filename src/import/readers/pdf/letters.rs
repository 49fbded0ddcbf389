//! Letters of the pages, with their places.
//!
//! This part, the rules and the soundness know the crate that decodes PDF files; no other does.

use super::bounds::{self, DAMAGED};
use super::rules::{Quarter, Rules, rules_of, turned};
use super::soundness::{Soundness, count_pages, is_nested_too_deep};
use crate::import::readers::unreadable::{Unreadable, guarded};
use pdf_oxide::document::PdfDocument;
use pdf_oxide::extractors::warnings::WarningCategory;
use pdf_oxide::layout::TextChar;
use std::collections::HashSet;

/// The longest report known has 80 pages; a file with more pages than this is no report.
const MOST_PAGES: usize = 2_000;
/// Page descriptions of a report take 20 to 60 KB a page; 64 MB are some 1,000 times a report.
const MOST_CONTENT: usize = 64 * 1024 * 1024;
/// Some 80 times a report's page. The crate takes some 45 bytes for each byte of drawn rectangles
/// (a page of 6.6 MB took 290 MB) and frees them with the page.
const MOST_CONTENT_OF_A_PAGE: usize = 5 * 1024 * 1024;
/// A report has 20,000 to 100,000 letters; a million take a second and some 100 MB.
const MOST_LETTERS: usize = 1_000_000;
/// A page of a report has at most 3,000 letters; the crate needs some 350 bytes for each.
const MOST_LETTERS_OF_A_PAGE: usize = 100_000;
/// The decoding crate follows nested objects by recursion; 2 MB of stack do not suffice for
/// damaged files.
const STACK_FOR_DECODING: usize = 64 * 1024 * 1024;

/// What is said when a password is needed.
const ENCRYPTED: &str = "这份 PDF 加了密码，无法读取；请先解除密码保护再导入";

/// What is said when a page has more drawing commands than the crate reads.
const TOO_COMPLEX: &str = "这份 PDF 的某一页图形过于复杂，无法完整读出；请用原来的 Word 文件导入";

/// A printed letter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Letter {
    /// The letter.
    pub sign: char,
    /// Its left edge in points.
    pub left: f32,
    /// The height of its baseline in points, upwards.
    pub baseline: f32,
    /// Its advance in points.
    pub width: f32,
    /// The size of its font in points.
    pub size: f32,
}

/// A page as it is printed, turned so that most letters stand upright.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// Its letters, blanks included.
    pub letters: Vec<Letter>,
    pub rules: Rules,
    /// The height of its lower edge.
    pub bottom: f32,
    /// The height of its upper edge.
    pub top: f32,
    /// Whether pictures stand on it.
    pub has_picture: bool,
    /// How many bytes its description has.
    pub described: usize,
    /// Letters in another direction than most.
    pub turned: String,
    /// How many letters have no known code.
    pub unknown: usize,
}

/// Reads all pages.
pub(crate) fn pages_of(bytes: &[u8]) -> Result<Vec<Page>, Unreadable> {
    let bytes = bytes.to_vec();
    // A thread of its own has the larger stack.
    let worker = std::thread::Builder::new()
        .stack_size(STACK_FOR_DECODING)
        .spawn(move || guarded(DAMAGED, || decode(bytes)));
    let Ok(worker) = worker else {
        return Err(Unreadable("内存不足，无法读取 PDF；请稍后再试".to_string()));
    };
    worker.join().unwrap_or_else(|_| Err(damaged()))
}

fn damaged() -> Unreadable {
    Unreadable(DAMAGED.to_string())
}

fn decode(bytes: Vec<u8>) -> Result<Vec<Page>, Unreadable> {
    if is_nested_too_deep(&bytes) {
        return Err(damaged());
    }
    bounds::check(&bytes)?;
    let file = PdfDocument::from_bytes(bytes).map_err(explained)?;
    if file.is_encrypted() && !file.authenticate(b"").unwrap_or(false) {
        return Err(Unreadable(ENCRYPTED.to_string()));
    }
    let count = count_pages(&file, MOST_PAGES).filter(|count| *count > 0);
    let count = count.ok_or_else(damaged)?;
    if count > MOST_PAGES {
        let what = format!("这份 PDF 超过 {MOST_PAGES} 页的上限；请拆分后再导入");
        return Err(Unreadable(what));
    }
    // Where the two counts differ, pages would be left out.
    if file.page_count().map_err(explained)? != count {
        return Err(damaged());
    }
    let pages = decode_pages(&file, count)?;
    let warnings = file.take_structured_warnings();
    if warnings
        .iter()
        .any(|warning| warning.category == WarningCategory::OperatorCapExceeded)
    {
        return Err(Unreadable(TOO_COMPLEX.to_string()));
    }
    Ok(pages)
}

fn decode_pages(file: &PdfDocument, count: usize) -> Result<Vec<Page>, Unreadable> {
    let mut soundness = Soundness::of(file);
    let mut pages = Vec::with_capacity(count);
    let mut content = 0usize;
    let mut letters = 0;
    for index in 0..count {
        if !soundness.is_page_sound(index) {
            return Err(damaged());
        }
        let description = description_of(file, index)?;
        let written_out = soundness.written_out(index, &description);
        if written_out > MOST_CONTENT_OF_A_PAGE {
            let most = MOST_CONTENT_OF_A_PAGE / 1024 / 1024;
            let page = index + 1;
            let what = format!(
                "这份 PDF 的第{page}页图形过于复杂，超过 {most} MB 的上限；请用原来的 Word 文件导入"
            );
            return Err(Unreadable(what));
        }
        content = content.saturating_add(written_out);
        if content > MOST_CONTENT {
            let most = MOST_CONTENT / 1024 / 1024;
            let what = format!("这份 PDF 的页面内容超过 {most} MB 的上限；请拆分后再导入");
            return Err(Unreadable(what));
        }
        let mut page = decode_page(file, index)?;
        page.described = description.len();
        letters += page.letters.len();
        if letters > MOST_LETTERS {
            let most = MOST_LETTERS / 10_000;
            let what = format!("这份 PDF 超过 {most} 万字的上限；请拆分后再导入");
            return Err(Unreadable(what));
        }
        pages.push(page);
    }
    Ok(pages)
}

fn explained(error: pdf_oxide::Error) -> Unreadable {
    match error {
        pdf_oxide::Error::EncryptedPdf => Unreadable(ENCRYPTED.to_string()),
        _ => damaged(),
    }
}

/// The decoded description of a page. A description that cannot be decoded is an error here, as the
/// crate would take the page for an empty one.
fn description_of(file: &PdfDocument, index: usize) -> Result<Vec<u8>, Unreadable> {
    let content = file.get_page_content_data(index).map_err(explained)?;
    if string_bytes(&content) > MOST_LETTERS_OF_A_PAGE * 2 {
        let most = MOST_LETTERS_OF_A_PAGE / 10_000;
        let what = format!(
            "这份 PDF 的第{}页超过 {most} 万字的上限；请拆分后再导入",
            index + 1
        );
        return Err(Unreadable(what));
    }
    Ok(content)
}

/// How many bytes the strings of a page description have; a letter takes one or two.
fn string_bytes(content: &[u8]) -> usize {
    let mut count = 0;
    let mut closing = None;
    let mut is_escaped = false;
    for byte in content {
        match (closing, *byte) {
            (None, b'(') => closing = Some(b')'),
            (None, b'<') => closing = Some(b'>'),
            (None, _) => {}
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(b')'), b'\\') => is_escaped = true,
            (Some(end), byte) if byte == end => closing = None,
            (Some(b'>'), _) => count += 1,
            // A digit of a hexadecimal string is half a byte.
            (Some(_), _) => count += 2,
        }
    }
    count / 2
}

fn decode_page(file: &PdfDocument, index: usize) -> Result<Page, Unreadable> {
    // The unfiltered call keeps the letters of all pages in a cache.
    let letters = file
        .extract_chars_filtered(index, HashSet::new(), HashSet::new())
        .map_err(explained)?;
    let paths = file.extract_paths(index).map_err(explained)?;
    let (x, y, width, height) = file.get_page_media_box(index).map_err(explained)?;
    let quarter = most_common_quarter(&letters);
    let corners = [
        turned((x, y), quarter),
        turned((x + width, y + height), quarter),
    ];
    let mut page = Page {
        bottom: corners[0].1.min(corners[1].1),
        top: corners[0].1.max(corners[1].1),
        has_picture: has_picture(file, index),
        ..Page::default()
    };
    for letter in &letters {
        add_letter(&mut page, letter, quarter);
    }
    fill_widths(&mut page.letters);
    page.rules = rules_of(&paths, quarter);
    Ok(page)
}

fn has_picture(file: &PdfDocument, index: usize) -> bool {
    file.page_image_handles(index)
        .is_ok_and(|pictures| !pictures.is_empty())
}

fn add_letter(page: &mut Page, letter: &TextChar, quarter: Quarter) {
    let sign = letter.char;
    if sign.is_control() || is_invisible(sign) {
        return;
    }
    let place = (letter.origin_x, letter.origin_y);
    if !place.0.is_finite() || !place.1.is_finite() || !letter.advance_width.is_finite() {
        page.turned.push(sign);
        return;
    }
    if quarter_of(letter) != Some(quarter) {
        if !sign.is_whitespace() {
            page.turned.push(sign);
        }
        return;
    }
    if is_unknown(sign) {
        page.unknown += 1;
    }
    let (left, baseline) = turned(place, quarter);
    page.letters.push(Letter {
        sign,
        left,
        baseline,
        width: letter.advance_width.abs(),
        size: letter.font_size.abs().max(1.0),
    });
}

/// Fills in the widths of letters of turned pages, for which the crate gives none: a letter reaches
/// to the next one, but no farther than its size.
fn fill_widths(letters: &mut [Letter]) {
    if letters.iter().all(|letter| letter.width > 0.0) {
        return;
    }
    let tenths = |letter: &Letter| (letter.baseline * 10.0).round() as i64;
    letters.sort_by(|one, other| {
        tenths(other)
            .cmp(&tenths(one))
            .then(one.left.total_cmp(&other.left))
    });
    for index in 0..letters.len() {
        let letter = letters[index];
        if letter.width > 0.0 {
            continue;
        }
        let next = letters
            .get(index + 1)
            .filter(|next| tenths(next) == tenths(&letter));
        let usual = if letter.sign.is_ascii() {
            letter.size / 2.0
        } else {
            letter.size
        };
        let gap = next.map_or(usual, |next| next.left - letter.left);
        letters[index].width = if gap <= letter.size {
            gap.max(0.0)
        } else {
            usual
        };
    }
}

/// Signs that print nothing: soft hyphens, marks of direction, joiners.
fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// Signs that stand for a letter whose code the file does not tell.
fn is_unknown(sign: char) -> bool {
    sign == '\u{fffd}' || matches!(sign, '\u{e000}'..='\u{f8ff}')
}

/// The direction of a letter; none where it runs askew, as water marks do.
fn quarter_of(letter: &TextChar) -> Option<Quarter> {
    let [along, across, ..] = letter.matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    // Less than 6 degrees askew counts as straight: scanners and rounding turn pages a little.
    if across.abs() <= along.abs() * 0.1 {
        return Some(if along >= 0.0 { 0 } else { 2 });
    }
    if along.abs() <= across.abs() * 0.1 {
        return Some(if across >= 0.0 { 1 } else { 3 });
    }
    None
}

fn most_common_quarter(letters: &[TextChar]) -> Quarter {
    let mut counts = [0usize; 4];
    for quarter in letters.iter().filter_map(quarter_of) {
        counts[usize::from(quarter)] += 1;
    }
    (0..4u8)
        .rev()
        .max_by_key(|quarter| counts[usize::from(*quarter)])
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_strings_are_counted() {
        assert_eq!(string_bytes(b"BT (ab\\)c) Tj <0102> Tj 1 0 0 1 Tm ET"), 5);
    }
}

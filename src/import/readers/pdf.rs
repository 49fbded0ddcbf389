//! Reads the text of a PDF file: paragraphs, ruled tables and foot notes.
//!
//! A PDF file tells only where each letter and each rule is printed. Letters become lines, lines
//! paragraphs, and rules the grids of tables. Nothing is left out silently: what was not taken in
//! stands in the losses of the document.

mod bounds;
mod grid;
mod letters;
mod lines;
mod pages;
mod paragraphs;
mod rules;
mod soundness;
mod table;

use crate::import::document::{Block, Document, Loss};
use crate::import::readers::Reader;
use crate::import::readers::unreadable::{Unreadable, guarded};
use grid::Frame;
use letters::{Letter, Page};
use lines::{Line, NoteNumbers, lines_of, runs_of};
use pages::{NotePlaces, Notes, PageLines};
use paragraphs::{Margins, Measures, Paragraph, Writer};
use rules::Rule;
use table::Table;

/// The sign with which a PDF file begins.
const SIGNATURE: &[u8] = b"%PDF-";
/// Readers accept files with other bytes before the signature up to here.
const SIGNATURE_WITHIN: usize = 1024;
/// A page with a picture and fewer letters than this is a scan: it may have a stamp or a number.
const LEAST_LETTERS_OF_PAGE: usize = 20;
/// The description of an empty page takes some 50 bytes.
const DESCRIPTION_OF_EMPTY_PAGE: usize = 200;
/// So many letters that were not placed are quoted.
const MOST_QUOTED: usize = 30;
/// With more unknown letters than this part the text is of no use.
const MOST_UNKNOWN: f32 = 0.2;

/// What is said of a file of pictures.
const SCAN: &str = "这是扫描件，没有文字层；请用原来的 Word 文件，\
    或先用文字识别软件转成可选中文字的 PDF 再导入";
/// What is said of a file without text and without pictures.
const EMPTY: &str = "这份 PDF 里没有文字；请检查文件，或用原来的 Word 文件导入";
/// What is said when the codes of letters are missing.
const UNKNOWN: &str = "这份 PDF 的字体没有文字编码，读出来会是乱码；请用原来的 Word 文件导入，\
    或另存为带文字编码的 PDF";

/// A PDF file with a layer of text.
pub(crate) struct Pdf;

impl Reader for Pdf {
    fn name(&self) -> &'static str {
        "PDF 文件"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["pdf"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        recognises(bytes)
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        guarded(bounds::DAMAGED, || read_pages(bytes))
    }
}

/// Whether the bytes are a PDF file.
fn recognises(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(SIGNATURE_WITHIN)];
    start.windows(SIGNATURE.len()).any(|part| part == SIGNATURE)
}

fn read_pages(bytes: &[u8]) -> Result<Document, Unreadable> {
    let pages = letters::pages_of(bytes)?;
    refuse_without_text(&pages)?;
    let mut losses = losses_of(&pages);
    let mut layouts: Vec<Layout> = pages.into_iter().map(Layout::of).collect();
    losses.extend(drop_running_heads(&mut layouts));
    losses.extend(columns_without_rules(&layouts));
    let mut document = compose(layouts);
    document.losses = losses;
    Ok(document)
}

fn letter_count(page: &Page) -> usize {
    page.letters
        .iter()
        .filter(|letter| !letter.sign.is_whitespace())
        .count()
}

fn is_scan(page: &Page) -> bool {
    page.has_picture && letter_count(page) < LEAST_LETTERS_OF_PAGE
}

fn refuse_without_text(pages: &[Page]) -> Result<(), Unreadable> {
    let letters: usize = pages.iter().map(letter_count).sum();
    let scans = pages.iter().filter(|page| is_scan(page)).count();
    if scans * 2 > pages.len() {
        return Err(Unreadable(SCAN.to_string()));
    }
    if letters == 0 {
        return Err(Unreadable(EMPTY.to_string()));
    }
    let unknown: usize = pages.iter().map(|page| page.unknown).sum();
    if unknown as f32 > letters as f32 * MOST_UNKNOWN {
        return Err(Unreadable(UNKNOWN.to_string()));
    }
    Ok(())
}

/// What of the pages cannot be taken in.
fn losses_of(pages: &[Page]) -> Vec<Loss> {
    let mut losses = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let place = format!("第{}页", index + 1);
        let mut add = |what: String| {
            losses.push(Loss {
                place: place.clone(),
                what,
                is_grave: true,
            });
        };
        if is_scan(page) {
            add("这一页是图片，没有文字层，图片里的文字没有录入".to_string());
        }
        let is_drawing = page.described > DESCRIPTION_OF_EMPTY_PAGE && !page.has_picture;
        if letter_count(page) == 0 && is_drawing {
            add("这一页没有读出文字，可能是文字转成了图形或文件有损坏，请核对".to_string());
        }
        if page.unknown > 0 {
            add(format!("有 {} 个字没有文字编码，无法辨认", page.unknown));
        }
        let count = page.turned.chars().count();
        if count > 0 && !pages::is_page_number(&page.turned) {
            let quoted: String = page.turned.chars().take(MOST_QUOTED).collect();
            add(format!("有 {count} 个字没有归入任何段落或表格：{quoted}"));
        }
    }
    losses
}

/// A page taken apart.
struct Layout {
    lines: PageLines,
    frames: Vec<Frame>,
    loose_rules: Vec<Rule>,
}

impl Layout {
    fn of(page: Page) -> Layout {
        let mut frames = grid::frames_of(&page.rules.horizontal, &page.rules.vertical);
        let mut outside: Vec<Letter> = Vec::new();
        for run in runs_of(page.letters) {
            if !frames.iter_mut().any(|frame| frame.take(&run)) {
                outside.extend(run);
            }
        }
        frames.retain(Frame::has_text);
        let mut loose_rules = page.rules.horizontal;
        loose_rules.retain(|rule| !frames.iter().any(|frame| frame.holds(rule)));
        let lines = PageLines {
            lines: lines_of(outside),
            bottom: page.bottom,
            top: page.top,
        };
        Layout {
            lines,
            frames,
            loose_rules,
        }
    }
}

fn drop_running_heads(layouts: &mut [Layout]) -> Option<Loss> {
    let mut pages: Vec<PageLines> = layouts
        .iter_mut()
        .map(|layout| std::mem::take(&mut layout.lines))
        .collect();
    let count = pages::drop_running_heads(&mut pages);
    for (layout, lines) in layouts.iter_mut().zip(pages) {
        layout.lines = lines;
    }
    if count == 0 {
        return None;
    }
    let what = format!("页眉页脚和页码没有录入（{count} 处）");
    Some(Loss {
        place: String::new(),
        what,
        is_grave: false,
    })
}

/// Tables without upright rules are written line by line, which must not go unseen.
fn columns_without_rules(layouts: &[Layout]) -> Vec<Loss> {
    let mut losses = Vec::new();
    for (index, layout) in layouts.iter().enumerate() {
        let lines = &layout.lines.lines;
        let pairs = lines
            .windows(2)
            .filter(|pair| pair.iter().all(Line::has_columns));
        if pairs.count() == 0 {
            continue;
        }
        let place = format!("第{}页", index + 1);
        let what = "有没画竖线的表格，只能逐行录入，没有分成单元格，请核对".to_string();
        losses.push(Loss {
            place,
            what,
            is_grave: true,
        });
    }
    losses
}

/// Writes the pages one after the other into a document.
fn compose(mut layouts: Vec<Layout>) -> Document {
    let lines: Vec<&[Line]> = layouts
        .iter()
        .map(|layout| layout.lines.lines.as_slice())
        .collect();
    let measures = paragraphs::measure(&lines);
    let mut notes = Notes::default();
    for layout in &mut layouts {
        let places = NotePlaces {
            rules: &layout.loose_rules,
            marks_in_tables: marks_in(&layout.frames),
            text_size: measures.size,
            text_width: measures.width,
        };
        notes.take(&mut layout.lines, &places);
    }
    let mut composer = Composer::new(measures);
    for (index, (layout, numbers)) in layouts.iter().zip(&notes.numbers).enumerate() {
        composer.add_page(layout, index as u32 + 1, numbers);
    }
    composer.finish(notes)
}

fn marks_in(frames: &[Frame]) -> Vec<String> {
    let lines = frames.iter().flat_map(Frame::lines);
    lines.flat_map(|line| line.marks()).collect()
}

/// Puts paragraphs and tables into a document in reading order.
struct Composer {
    document: Document,
    writer: Writer,
    measures: Measures,
    margins: Margins,
    /// A table that may go on over the page.
    table: Option<Table>,
}

impl Composer {
    fn new(measures: Measures) -> Composer {
        Composer {
            document: Document::default(),
            writer: Writer::new(measures),
            measures,
            margins: Margins::default(),
            table: None,
        }
    }

    fn add_page(&mut self, layout: &Layout, page: u32, numbers: &NoteNumbers) {
        let lines = &layout.lines.lines;
        self.margins = paragraphs::margins_of(lines, self.measures.size, self.margins);
        let mut next_line = 0;
        for frame in &layout.frames {
            let above = lines[next_line..]
                .iter()
                .take_while(|line| line.middle() > frame.top());
            let end = next_line + above.count();
            self.add_lines(&lines[next_line..end], page, numbers);
            next_line = end;
            self.add_table(frame.table(numbers, page), page);
        }
        self.add_lines(&lines[next_line..], page, numbers);
    }

    fn add_lines(&mut self, lines: &[Line], page: u32, numbers: &NoteNumbers) {
        for line in lines {
            self.end_table();
            let ended = self.writer.add(line, page, self.margins, numbers);
            self.add_paragraph(ended);
        }
    }

    fn add_table(&mut self, table: Table, page: u32) {
        let ended = self.writer.end();
        self.add_paragraph(ended);
        // Two tables on one page are two tables, even with the same columns.
        let goes_on = self.table.as_ref().is_some_and(|open| {
            open.page_starts.last().is_some_and(|start| start.1 < page) && open.goes_on_with(&table)
        });
        if let (true, Some(open)) = (goes_on, self.table.as_mut()) {
            open.go_on_with(table);
            return;
        }
        self.end_table();
        self.table = Some(table);
    }

    fn add_paragraph(&mut self, paragraph: Option<Paragraph>) {
        let Some(paragraph) = paragraph else {
            return;
        };
        let start = self.document.text.len();
        for (offset, page) in paragraph.page_starts {
            self.add_page_start(start + offset, page);
        }
        self.document
            .add_line(&paragraph.text, paragraph.is_heading);
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let start = self.document.text.len();
        self.document.add_table(table.spanned());
        let starts: Vec<(usize, u32)> = match self.document.blocks.last() {
            Some(Block::Table(rows)) => table
                .page_starts
                .iter()
                .filter_map(|(row, page)| Some((Document::row_start(rows.get(*row)?), *page)))
                .collect(),
            _ => Vec::new(),
        };
        for (offset, page) in starts {
            self.add_page_start(offset.max(start), page);
        }
    }

    fn add_page_start(&mut self, offset: usize, page: u32) {
        if self.document.pages.last().is_none_or(|last| last.1 < page) {
            self.document.pages.push((offset, page));
        }
    }

    fn finish(mut self, notes: Notes) -> Document {
        let ended = self.writer.end();
        self.add_paragraph(ended);
        self.end_table();
        for (index, text) in notes.texts.iter().enumerate() {
            self.document
                .add_line(&format!("[{}] {text}", index + 1), false);
        }
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_may_follow_other_bytes() {
        assert!(recognises(b"%PDF-1.6"));
        assert!(recognises(b"\r\n%PDF-1.6"));
        assert!(!recognises(b"PK"));
        let mut late = vec![b' '; SIGNATURE_WITHIN];
        late.extend_from_slice(SIGNATURE);
        assert!(!recognises(&late));
    }

    #[test]
    fn what_is_no_pdf_is_refused() {
        assert!(Pdf.read(b"").is_err());
        assert!(Pdf.read(b"%PDF-1.6\nnothing").is_err());
    }
}

//! Paragraphs and tables as office_oxide gives them.

use std::io::Cursor;

use office_oxide::ir::{DocumentIR, Element, List, Table, inline_to_text};
use office_oxide::limits::Limits;
use office_oxide::options::ParseOptions;
use office_oxide::{Document as OfficeDocument, DocumentFormat};

use super::binary::WordText;
use crate::import::document::{Document, Loss, SpannedCell};
use crate::import::readers::unreadable::{Unreadable, guarded};

/// Memory for what a small file can multiply; pictures are not read.
const MOST_MEMORY_BYTES: u64 = 64 * 1024 * 1024;
/// Letters of a document: a report has below 100,000.
const MOST_LETTERS: usize = 4_000_000;

const DAMAGED: &str = "文档已损坏，请重新取得完整的文件，或用办公软件打开后另存为 .docx 再导入";

/// A paragraph or a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A paragraph; its lines end with `\n`.
    Paragraph {
        text: String,
        /// Whether it is a heading.
        heading: bool,
        /// Whether it stands in a text box, outside of the main text.
        is_box: bool,
    },
    /// The rows of a table.
    Table(Vec<Vec<Cell>>),
}

/// A cell of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The texts of its paragraphs.
    pub paragraphs: Vec<String>,
    /// How many columns it takes.
    pub across: usize,
    /// How many rows it takes.
    pub down: usize,
}

/// The blocks of a document and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// Paragraphs and tables in order.
    pub blocks: Vec<Block>,
    /// What was left out.
    pub losses: Vec<Loss>,
}

/// Which of the file's text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What a reader of the document sees.
    Shown,
    /// Hidden text and text that was deleted with the changes tracked, too.
    Stored,
}

/// Reads the blocks. With the file's own text, text boxes of headers and footers are told from
/// those of the page.
pub(crate) fn read(
    bytes: &[u8],
    extent: Extent,
    text: Option<&WordText>,
) -> Result<Content, Unreadable> {
    // The library wants to own what it reads.
    let bytes = bytes.to_vec();
    let headers = text.map(letters_of_headers).unwrap_or_default();
    guarded(DAMAGED, move || {
        let cursor = Cursor::new(bytes);
        let options = options(extent);
        let document = OfficeDocument::from_reader_with(cursor, DocumentFormat::Doc, &options)
            .map_err(|_| Unreadable::because(DAMAGED))?;
        if document.format() != DocumentFormat::Doc {
            return Err(Unreadable::because(DAMAGED));
        }
        Ok(collected(&document.to_ir(), &headers))
    })
}

fn options(extent: Extent) -> ParseOptions {
    let mut options = ParseOptions::default();
    options.limits = Limits::strict();
    options.limits.memory_bytes = MOST_MEMORY_BYTES;
    options.limits.text_chars = MOST_LETTERS;
    options.include_hidden_text = extent == Extent::Stored;
    options.include_deleted_text = extent == Extent::Stored;
    options
}

/// The letters and digits of headers and footers.
fn letters_of_headers(text: &WordText) -> String {
    let ranges = text.headers.iter();
    let visible = ranges.flat_map(|range| text.visible(range));
    visible
        .map(|(_, letter)| letter)
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

fn collected(intermediate: &DocumentIR, headers: &str) -> Content {
    let mut collector = Collector {
        content: Content::default(),
        headers,
        counts: Counts::default(),
    };
    for section in &intermediate.sections {
        for element in &section.elements {
            collector.take(element);
        }
    }
    let counts = collector.counts;
    let mut content = collector.content;
    content.losses.extend(counts.losses());
    if intermediate.metadata.text_truncated {
        content.losses.push(Loss {
            place: String::new(),
            what: "文档不完整，有文字没有读出；请重新取得文件，或另存为 .docx 后再导入。"
                .to_string(),
            is_grave: true,
        });
    }
    content
}

/// How often something was met that cannot be given as text.
#[derive(Default)]
struct Counts {
    numbered: usize,
    nested_tables: usize,
    pictures: usize,
    comments: usize,
}

impl Counts {
    fn losses(&self) -> Vec<Loss> {
        let kinds = [
            (self.numbered, "段的自动编号没有读出，段落文字完整。", false),
            (
                self.nested_tables,
                "个嵌套在单元格里的表格，按行并入了单元格。",
                true,
            ),
            (
                self.pictures,
                "个图片或嵌入对象，其中的文字没有读入。",
                false,
            ),
            (self.comments, "条批注没有读入。", false),
        ];
        let met = kinds.iter().filter(|(count, ..)| *count > 0);
        let losses = met.map(|(count, what, is_grave)| Loss {
            place: String::new(),
            what: format!("有{count}{what}"),
            is_grave: *is_grave,
        });
        losses.collect()
    }
}

/// Collects the blocks of a document.
struct Collector<'headers> {
    content: Content,
    headers: &'headers str,
    counts: Counts,
}

impl Collector<'_> {
    fn take(&mut self, element: &Element) {
        match element {
            Element::Heading(heading) => {
                let text = inline_to_text(&heading.content);
                // The reader takes lines without lower case letters for headings: of Chinese
                // documents those are lines of digits.
                let heading = text.chars().any(is_han);
                self.add_paragraph(text, heading, false);
            }
            Element::Paragraph(paragraph) => {
                self.add_paragraph(inline_to_text(&paragraph.content), false, false);
            }
            Element::Table(table) => {
                let rows = self.rows(table);
                self.content.blocks.push(Block::Table(rows));
            }
            Element::List(list) => self.take_list(list),
            Element::TextBox(text_box) => self.take_box(&text_box.content),
            Element::CodeBlock(code) => self.add_paragraph(code.content.clone(), false, false),
            Element::Image(_) | Element::Shape(_) => self.counts.pictures += 1,
            Element::Endnote(note) if note.marker.as_deref() == Some("comment") => {
                self.counts.comments += 1;
            }
            // Notes are read from the file's own text, which tells where their marks stand.
            Element::Footnote(_) | Element::Endnote(_) => {}
            _ => {}
        }
    }

    fn add_paragraph(&mut self, text: String, heading: bool, is_box: bool) {
        if text.trim().is_empty() {
            return;
        }
        self.content.blocks.push(Block::Paragraph {
            text,
            heading,
            is_box,
        });
    }

    fn take_list(&mut self, list: &List) {
        for item in &list.items {
            if list.ordered {
                self.counts.numbered += 1;
            }
            for element in &item.content {
                self.take(element);
            }
            if let Some(nested) = &item.nested {
                self.take_list(nested);
            }
        }
    }

    /// Takes a text box of the page and leaves out those of headers and footers.
    fn take_box(&mut self, elements: &[Element]) {
        let texts: Vec<String> = elements.iter().flat_map(texts_of).collect();
        let letters: String = texts
            .iter()
            .flat_map(|text| text.chars())
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        // A box without letters has none of the report: at most a page number's sign.
        if self.headers.contains(&letters) {
            return;
        }
        for text in texts {
            self.add_paragraph(text, false, true);
        }
    }

    fn rows(&mut self, table: &Table) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for row in &table.rows {
            let mut cells = Vec::new();
            for cell in &row.cells {
                let nested = cell
                    .content
                    .iter()
                    .filter(|part| matches!(part, Element::Table(_)));
                self.counts.nested_tables += nested.count();
                cells.push(Cell {
                    paragraphs: cell.content.iter().flat_map(texts_of).collect(),
                    across: cell.col_span as usize,
                    down: cell.row_span as usize,
                });
            }
            rows.push(cells);
        }
        rows
    }
}

/// The texts of an element's paragraphs; the rows of a table as one text each.
fn texts_of(element: &Element) -> Vec<String> {
    match element {
        Element::Heading(heading) => vec![inline_to_text(&heading.content)],
        Element::Paragraph(paragraph) => vec![inline_to_text(&paragraph.content)],
        Element::List(list) => list
            .items
            .iter()
            .flat_map(|item| {
                let nested = item.nested.iter().flat_map(|nested| &nested.items);
                let nested = nested.flat_map(|item| &item.content);
                item.content.iter().chain(nested).flat_map(texts_of)
            })
            .collect(),
        Element::Table(table) => table
            .rows
            .iter()
            .map(|row| {
                let cells = row.cells.iter().flat_map(|cell| &cell.content);
                cells.flat_map(texts_of).collect::<Vec<_>>().join(" ")
            })
            .collect(),
        Element::TextBox(text_box) => text_box.content.iter().flat_map(texts_of).collect(),
        Element::CodeBlock(code) => vec![code.content.clone()],
        _ => Vec::new(),
    }
}

/// Adds the blocks to a document.
pub(crate) fn add_blocks(document: &mut Document, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Paragraph { text, heading, .. } => {
                for line in text.lines() {
                    document.add_line(line, *heading);
                }
            }
            Block::Table(rows) => {
                let rows = rows.iter().map(|cells| cells.iter().map(spanned).collect());
                document.add_table(rows.collect());
            }
        }
    }
}

fn spanned(cell: &Cell) -> SpannedCell {
    let lines = cell.paragraphs.iter().flat_map(|text| text.lines());
    SpannedCell {
        lines: lines.map(str::to_string).collect(),
        across: cell.across,
        down: cell.down,
    }
}

/// Whether a letter is a Chinese character of the common blocks.
pub(crate) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

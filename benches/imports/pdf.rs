//! The report as a PDF file, laid out as official documents are: 28 letters a line, 22 lines a page,
//! tables with rules, their heading repeated on each page, page numbers at the foot.

use crate::report::{Piece, pieces};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

const LETTERS_OF_A_LINE: usize = 28;
const LINES_OF_A_PAGE: usize = 22;
/// In points.
const SIZE: f32 = 16.0;
const SIZE_IN_TABLES: f32 = 12.0;
const LEFT: f32 = 73.0;
const TOP: f32 = 740.0;
const LINE: f32 = 29.0;
/// The left edges of the table's columns and its right edge.
const COLUMNS: [f32; 7] = [73.0, 113.0, 243.0, 293.0, 373.0, 453.0, 533.0];

/// The file's bytes and the number of its pages.
pub fn file() -> (Vec<u8>, usize) {
    let mut layout = Layout::default();
    for piece in pieces() {
        match piece {
            Piece::Heading(text) => layout.paragraph(&text),
            Piece::Paragraph(text) => layout.paragraph(&format!("　　{text}")),
            Piece::Table(rows) => layout.table(&rows),
        }
    }
    layout.end_page();
    let count = layout.pages.len();
    (written(&layout.pages, &layout.glyphs), count)
}

#[derive(Default)]
struct Layout {
    pages: Vec<String>,
    /// What is drawn on the page that is open.
    drawn: String,
    lines: usize,
    /// The number of each letter in the font.
    glyphs: BTreeMap<char, u16>,
}

impl Layout {
    fn paragraph(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        for line in letters.chunks(LETTERS_OF_A_LINE) {
            let baseline = self.next_line();
            self.text(LEFT, baseline, SIZE, &line.iter().collect::<String>());
        }
    }

    fn table(&mut self, rows: &[Vec<String>]) {
        self.row(&rows[0]);
        for row in &rows[1..] {
            if self.lines == LINES_OF_A_PAGE {
                self.row(&rows[0]);
            }
            self.row(row);
        }
    }

    fn row(&mut self, row: &[String]) {
        let baseline = self.next_line();
        let (bottom, top) = (baseline - 8.0, baseline - 8.0 + LINE);
        for height in [bottom, top] {
            let right = COLUMNS[COLUMNS.len() - 1];
            let _ = writeln!(self.drawn, "{LEFT} {height} m {right} {height} l S");
        }
        for edge in COLUMNS {
            let _ = writeln!(self.drawn, "{edge} {bottom} m {edge} {top} l S");
        }
        for (text, left) in row.iter().zip(COLUMNS) {
            self.text(left + 3.0, baseline, SIZE_IN_TABLES, text);
        }
    }

    /// The baseline of the next line, on a new page where this one is full.
    fn next_line(&mut self) -> f32 {
        if self.lines == LINES_OF_A_PAGE {
            self.end_page();
        }
        self.lines += 1;
        TOP - LINE * (self.lines - 1) as f32
    }

    fn end_page(&mut self) {
        let number = format!("— {} —", self.pages.len() + 1);
        let foot = TOP - LINE * (LINES_OF_A_PAGE + 1) as f32;
        self.text(LEFT + 200.0, foot, SIZE, &number);
        self.pages.push(std::mem::take(&mut self.drawn));
        self.lines = 0;
    }

    fn text(&mut self, left: f32, baseline: f32, size: f32, text: &str) {
        let _ = write!(self.drawn, "BT /F1 {size} Tf {left} {baseline} Td <");
        for letter in text.chars() {
            let next = self.glyphs.len() as u16 + 1;
            let glyph = *self.glyphs.entry(letter).or_insert(next);
            let _ = write!(self.drawn, "{glyph:04X}");
        }
        let _ = writeln!(self.drawn, "> Tj ET");
    }
}

fn written(pages: &[String], glyphs: &BTreeMap<char, u16>) -> Vec<u8> {
    // Catalogue, list of pages, font, its descendant, its letters; then two objects a page.
    let first_page = 6;
    let kids: Vec<String> = (0..pages.len())
        .map(|at| format!("{} 0 R", first_page + 2 * at))
        .collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")).into_bytes(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>".to_vec(),
        format!(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) \
             /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [{}] >>",
            narrow(glyphs)
        )
        .into_bytes(),
        stream(&letters(glyphs)),
    ];
    for (at, page) in pages.iter().enumerate() {
        let content = first_page + 2 * at + 1;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
                 /Resources << /Font << /F1 3 0 R >> >> >>"
            )
            .into_bytes(),
        );
        objects.push(stream(page));
    }
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", at + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    file
}

/// The widths of Latin letters.
fn narrow(glyphs: &BTreeMap<char, u16>) -> String {
    let latin = glyphs.iter().filter(|(letter, _)| letter.is_ascii());
    let widths: Vec<String> = latin.map(|(_, glyph)| format!("{glyph} [500]")).collect();
    widths.join(" ")
}

/// Which letter each glyph is.
fn letters(glyphs: &BTreeMap<char, u16>) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    let all: Vec<(&char, &u16)> = glyphs.iter().collect();
    for some in all.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", some.len());
        for (letter, glyph) in some {
            let _ = writeln!(map, "<{glyph:04X}> <{:04X}>", u32::from(**letter));
        }
        let _ = writeln!(map, "endbfchar");
    }
    map.push_str("endcmap end end\n");
    map
}

fn stream(content: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let head = format!(
        "<< /Length {} /Filter /FlateDecode >>\nstream\n",
        packed.len()
    );
    [head.as_bytes(), &packed, b"\nendstream"].concat()
}

//! The report as a Word file.

use crate::report::{Piece, pieces};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The file's bytes.
pub fn file() -> Vec<u8> {
    let body: Vec<String> = pieces().iter().map(element).collect();
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"urn:w\"><w:body>{}</w:body></w:document>",
        body.concat()
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    archive.start_file("word/document.xml", options).unwrap();
    archive.write_all(document.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

fn element(piece: &Piece) -> String {
    match piece {
        Piece::Heading(text) => {
            format!(
                "<w:p><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr>{}</w:p>",
                runs(text)
            )
        }
        Piece::Paragraph(text) => format!("<w:p>{}</w:p>", runs(text)),
        Piece::Table(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| row_of(row)).collect();
            format!("<w:tbl>{}</w:tbl>", rows.concat())
        }
    }
}

fn row_of(row: &[String]) -> String {
    let cells: Vec<String> = row
        .iter()
        .map(|text| format!("<w:tc><w:tcPr/><w:p>{}</w:p></w:tc>", runs(text)))
        .collect();
    format!("<w:tr>{}</w:tr>", cells.concat())
}

/// Word cuts a text into runs of a few letters, each with its properties.
fn runs(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let runs = letters.chunks(8).map(|letters| {
        let text: String = letters.iter().collect();
        format!(
            "<w:r><w:rPr><w:rFonts w:eastAsia=\"仿宋\"/><w:sz w:val=\"32\"/></w:rPr><w:t>{text}</w:t></w:r>"
        )
    });
    runs.collect::<Vec<String>>().concat()
}

//! Readers of file formats: bytes in, a `Document` out. A file is told by its content, not by its
//! name. `ALL` is the one list.
//!
//! Pure: a reader gets the bytes of a file and touches nothing outside.

mod container;
mod doc;
mod docx;
mod html;
mod mht;
mod pdf;
mod plain;
mod raised;
mod refused;
mod unreadable;
mod workbook;
mod xml;

pub(crate) use unreadable::Unreadable;

use super::document::{Document, Loss};
use super::remark_rows;
use super::turned::turn;

/// A format that reports come in.
pub(crate) trait Reader: Sync {
    /// What people call the format.
    fn name(&self) -> &'static str;
    /// The endings of its files, in lower case, without the dot.
    fn endings(&self) -> &'static [&'static str];
    /// Whether some bytes are of this format.
    fn recognises(&self, bytes: &[u8]) -> bool;
    /// The blocks of a file.
    ///
    /// # Errors
    /// Where it is damaged or larger than the limits of the reader: never a part of a file.
    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable>;
}

/// Every format; the first that recognises a file reads it. Plain text comes last, because it takes
/// whatever is left.
pub(crate) const ALL: &[&dyn Reader] = &[
    &docx::Docx,
    &doc::WordBinary,
    &workbook::SpreadSheets,
    &pdf::Pdf,
    &mht::SavedPage,
    &refused::OtherFormat,
    &html::Page,
    &plain::PlainText,
];

/// Reads a file of any known format; `file` is its name, which says nothing but what was expected.
///
/// # Errors
/// Where no reader knows the format, or the one that does cannot read the file.
pub(crate) fn read(bytes: &[u8], file: &str) -> Result<Document, Unreadable> {
    let known = ALL.iter().find(|reader| reader.recognises(bytes));
    let Some(reader) = known else {
        return Err(Unreadable(
            "看不出是什么格式；请用 Word（.docx）、网页（.html）或文本文件".to_string(),
        ));
    };
    let mut document = reader.read(bytes)?;
    // Before anything is made of it: all that follows takes time and memory by its size.
    if document.is_too_large() {
        return Err(too_large());
    }
    // Before tables are turned: a remark in the last row is no year.
    remark_rows::move_below(&mut document);
    turn(&mut document);
    // Said and not refused: people rename files, and content is what counts.
    let ending = file
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    if let Some(ending) = ending.filter(|ending| !reader.endings().contains(&ending.as_str())) {
        document.losses.insert(
            0,
            Loss {
                place: String::new(),
                what: format!(
                    "文件名以 .{ending} 结尾，内容却是{}，已按内容读取",
                    reader.name()
                ),
                is_grave: false,
            },
        );
    }
    Ok(document)
}

fn too_large() -> Unreadable {
    Unreadable::because("文件里的文字或表格比任何一份报告都多；请只留下报告本身后再导入")
}

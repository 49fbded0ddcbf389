//! Word documents of 1997 to 2003 (.doc) and of Kingsoft (.wps): office_oxide gives paragraphs and
//! tables; the letters of the file are read a second time and compared with what it gave.

mod binary;
mod compare;
mod content;
mod notes;

use crate::import::document::{Document, Loss};
use crate::import::readers::Reader;
use crate::import::readers::container::{is_ole, ole_names};
use crate::import::readers::unreadable::Unreadable;
use binary::{PASSWORD, WordText};
use content::{Block, Extent};

/// A Word document of the old format.
pub(crate) struct WordBinary;

impl Reader for WordBinary {
    fn name(&self) -> &'static str {
        "旧版 Word 文件"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["doc", "dot", "wps"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        is_ole(bytes) && ole_names(bytes).iter().any(|name| name == "WordDocument")
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        read(bytes)
    }
}

/// Reads the main text with its tables; footnotes and endnotes follow at the end.
fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    if binary::is_encrypted(bytes)? {
        return Err(Unreadable::because(PASSWORD));
    }
    let text = binary::read(bytes)?;
    let mut content = content::read(bytes, Extent::Shown, text.as_ref())?;
    let mut document = Document::default();
    document.losses.append(&mut content.losses);
    match text {
        Some(text) => {
            // A second time with all that is stored: only so the letters of the file can be held
            // against it.
            let all = content::read(bytes, Extent::Stored, Some(&text))?;
            document
                .losses
                .extend(compare::losses(&content.blocks, &all.blocks, &text));
            add_with_notes(&mut document, &mut content.blocks, &text);
        }
        None => {
            document.losses.push(loss_of_old_format());
            content::add_blocks(&mut document, &content.blocks);
        }
    }
    if document.blocks.is_empty() {
        return Err(Unreadable::because(
            "文档里没有文字，请用办公软件打开检查，另存为 .docx 后再导入",
        ));
    }
    Ok(document)
}

/// What cannot be had of a file older than Word 97.
fn loss_of_old_format() -> Loss {
    Loss {
        place: String::new(),
        what: "文件是 Word 95 或更早的格式，没有能核对文字是否读全，也没有读脚注；\
               请核对，或另存为 .docx 后再导入。"
            .to_string(),
        is_grave: true,
    }
}

/// Adds the blocks with the marks of their notes, then the notes.
fn add_with_notes(document: &mut Document, blocks: &mut [Block], text: &WordText) {
    let notes = notes::of(text);
    document.losses.extend(notes::mark(blocks, text, &notes));
    content::add_blocks(document, blocks);
    for (index, note) in notes.iter().enumerate() {
        document.add_line(&format!("[{}] {}", index + 1, note.text), false);
    }
}

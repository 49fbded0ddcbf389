//! Workbooks: .xlsx, .xlsm, .xls, .et, .ods and .csv.

mod binary;
mod grid;
mod hidden;
mod number;
mod open_document;
mod packaged;
mod separated;
mod value;

use crate::import::document::{Document, Loss};
use crate::import::readers::Reader;
use crate::import::readers::container::{is_ole, is_zip, ole_names, zip_entry, zip_names};
use crate::import::readers::unreadable::Unreadable;
use grid::Sheet;

/// The media type of .ods; a template's begins with it.
const OPEN_DOCUMENT_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// The longest media type of an OpenDocument file is below 100 letters.
const MOST_MEDIA_TYPE_BYTES: usize = 200;

/// The workbook formats, told by what the container holds.
enum Format {
    Packaged,
    OpenDocument,
    /// With the name of the stream that holds the sheets.
    Binary(&'static str),
    /// Text with commas.
    Separated,
}

/// A workbook.
pub(crate) struct SpreadSheets;

impl Reader for SpreadSheets {
    fn name(&self) -> &'static str {
        "工作簿"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xlsx", "xlsm", "xls", "et", "ods", "csv"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        format_of(bytes).is_some()
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        read(bytes)
    }
}

/// Reads every visible sheet in order.
fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let Some(format) = format_of(bytes) else {
        return Err(Unreadable::because(
            "文件不是表格文件，请用办公软件打开后另存为 .xlsx 再导入",
        ));
    };
    let workbook = match format {
        Format::Packaged => packaged::read(bytes)?,
        Format::OpenDocument => open_document::read(bytes)?,
        Format::Binary(stream) => binary::read(bytes, stream)?,
        Format::Separated => separated::read(bytes)?,
    };
    let mut document = Document {
        losses: workbook.losses,
        ..Document::default()
    };
    for sheet in workbook.sheets {
        grid::add_sheet(&mut document, sheet)?;
    }
    if document.blocks.is_empty() {
        return Err(Unreadable::because(
            "表格文件里没有内容，请检查工作表是否被隐藏，取消隐藏后再导入",
        ));
    }
    Ok(document)
}

/// What a reader of one format gives.
#[derive(Default)]
struct Workbook {
    sheets: Vec<Sheet>,
    losses: Vec<Loss>,
}

impl Workbook {
    /// Says that a hidden sheet was left out.
    fn leave_out_hidden(&mut self, name: &str) {
        self.losses.push(Loss {
            place: name.to_string(),
            what: "这张工作表是隐藏的，没有读入。".to_string(),
            is_grave: false,
        });
    }

    /// Says that something that is no worksheet was left out.
    fn leave_out_chart(&mut self, name: &str) {
        self.losses.push(Loss {
            place: name.to_string(),
            what: "这一页是图表或宏，不是工作表，没有读入。".to_string(),
            is_grave: false,
        });
    }
}

/// The format; none where it is no workbook.
fn format_of(bytes: &[u8]) -> Option<Format> {
    if is_zip(bytes) {
        return zip_format(bytes);
    }
    if is_ole(bytes) {
        return ole_format(bytes);
    }
    separated::is_separated(bytes).then_some(Format::Separated)
}

fn zip_format(bytes: &[u8]) -> Option<Format> {
    let names = zip_names(bytes);
    let is_packaged = names.iter().any(|name| {
        let name = name.to_ascii_lowercase();
        name.starts_with("xl/workbook") && name.ends_with(".xml")
    });
    if is_packaged {
        return Some(Format::Packaged);
    }
    if !names.iter().any(|name| name == "mimetype") {
        return None;
    }
    let media_type = zip_entry(bytes, "mimetype").ok()?;
    let is_short = media_type.len() <= MOST_MEDIA_TYPE_BYTES;
    let is_workbook = is_short && media_type.starts_with(OPEN_DOCUMENT_TYPE.as_bytes());
    is_workbook.then_some(Format::OpenDocument)
}

fn ole_format(bytes: &[u8]) -> Option<Format> {
    let names = ole_names(bytes);
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    // A Word document, whatever else lies beside it.
    if has("WordDocument") {
        return None;
    }
    if has("Workbook") {
        return Some(Format::Binary("Workbook"));
    }
    has("Book").then_some(Format::Binary("Book"))
}

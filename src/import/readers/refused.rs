//! Formats that are not read: they are named, with what to do instead.

use super::Reader;
use crate::import::document::Document;
use crate::import::readers::container::{is_ole, is_zip, ole_names, zip_entry, zip_names};
use crate::import::readers::unreadable::Unreadable;

/// A file of a format that is known and not read.
pub(crate) struct OtherFormat;

impl Reader for OtherFormat {
    fn name(&self) -> &'static str {
        "不能读取的格式"
    }

    fn endings(&self) -> &'static [&'static str] {
        &[]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        refusal(bytes).is_some()
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        refusal(bytes).map_or_else(|| Ok(Document::default()), Err)
    }
}

/// What to do with a file of another format.
const SAVE_AS_DOCX: &str = "请用办公软件打开，另存为 .docx 后再导入";

/// The first bytes of pictures.
const PICTURES: [(&[u8], &str); 7] = [
    (b"\x89PNG\r\n\x1A\n", "PNG 图片"),
    (b"\xFF\xD8\xFF", "JPEG 图片"),
    (b"GIF87a", "GIF 图片"),
    (b"GIF89a", "GIF 图片"),
    (b"II*\0", "TIFF 图片"),
    (b"MM\0*", "TIFF 图片"),
    (b"BM", "BMP 图片"),
];

/// The first bytes of archives other than zip.
const ARCHIVES: [(&[u8], &str); 3] = [
    (b"Rar!\x1A\x07", "RAR 压缩包"),
    (b"7z\xBC\xAF\x27\x1C", "7z 压缩包"),
    (b"\x1F\x8B", "gzip 压缩包"),
];

/// The media types of OpenDocument files that are no workbooks.
const OPEN_DOCUMENTS: [(&str, &str); 3] = [
    (
        "application/vnd.oasis.opendocument.text",
        "OpenDocument 文字文档（.odt）",
    ),
    (
        "application/vnd.oasis.opendocument.presentation",
        "OpenDocument 演示文稿（.odp）",
    ),
    (
        "application/vnd.oasis.opendocument.graphics",
        "OpenDocument 绘图（.odg）",
    ),
];

/// The sentence for a file whose format is known and not read; none for any other file.
fn refusal(bytes: &[u8]) -> Option<Unreadable> {
    if bytes.starts_with(b"{\\rtf") {
        return Some(save_as_docx("RTF 文档（.rtf）"));
    }
    if is_zip(bytes) {
        return refused_zip(bytes);
    }
    if is_ole(bytes) {
        return refused_ole(bytes);
    }
    if let Some(name) = picture(bytes) {
        return Some(Unreadable::because(format!(
            "这是{name}，图中的文字不能读取，请取得原文件，{}",
            SAVE_AS_DOCX.trim_start_matches('请')
        )));
    }
    let archive = ARCHIVES.iter().find(|(start, _)| bytes.starts_with(start));
    archive.map(|(_, name)| unpack(name))
}

/// The name of a picture's format.
fn picture(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("WebP 图片");
    }
    let (_, name) = PICTURES
        .iter()
        .find(|(start, _)| bytes.starts_with(start))?;
    // Two letters alone are no sign: a text may begin with them. A bitmap's header has four zeros.
    let is_bitmap = bytes.get(6..10) == Some(&[0, 0, 0, 0]);
    (*name != "BMP 图片" || is_bitmap).then_some(name)
}

/// A zip archive that no reader takes.
fn refused_zip(bytes: &[u8]) -> Option<Unreadable> {
    let names = zip_names(bytes);
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    if names.is_empty() {
        return Some(Unreadable::because(format!(
            "压缩格式的文件已损坏或不完整，{SAVE_AS_DOCX}"
        )));
    }
    // Left to the reader of Word files, which says what is missing in it.
    if has("word/") {
        return None;
    }
    if has("ppt/") {
        return Some(save_as_docx("演示文稿（.pptx）"));
    }
    if has("xl/workbook.bin") {
        return Some(save_as_docx("二进制工作簿（.xlsb）"));
    }
    if has("OFD.xml") {
        return Some(save_as_docx("OFD 版式文件（.ofd）"));
    }
    if let Some(name) = open_document(bytes, &names) {
        return Some(save_as_docx(name));
    }
    Some(unpack("压缩包"))
}

/// The name of an OpenDocument format that is no workbook.
fn open_document(bytes: &[u8], names: &[String]) -> Option<&'static str> {
    if !names.iter().any(|name| name == "mimetype") {
        return None;
    }
    let content = zip_entry(bytes, "mimetype").ok()?;
    let media_type = String::from_utf8_lossy(&content);
    let found = OPEN_DOCUMENTS
        .iter()
        .find(|(start, _)| media_type.trim().starts_with(start));
    found.map(|(_, name)| *name)
}

/// An OLE compound file that no reader takes.
fn refused_ole(bytes: &[u8]) -> Option<Unreadable> {
    let names = ole_names(bytes);
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if names.is_empty() {
        return Some(Unreadable::because(format!(
            "旧版办公文件已损坏或不完整，{SAVE_AS_DOCX}"
        )));
    }
    if has("EncryptedPackage") {
        return Some(Unreadable::because(
            "文件设有打开密码，请在办公软件中取消密码并另存为 .docx 后再导入",
        ));
    }
    if has("PowerPoint Document") {
        return Some(save_as_docx("旧版演示文稿（.ppt、.dps）"));
    }
    if has("VisioDocument") {
        return Some(save_as_docx("Visio 绘图（.vsd）"));
    }
    Some(save_as_docx("不认识的旧版办公文件"))
}

fn save_as_docx(name: &str) -> Unreadable {
    Unreadable::because(format!("这是{name}，不能直接读取，{SAVE_AS_DOCX}"))
}

fn unpack(name: &str) -> Unreadable {
    Unreadable::because(format!(
        "这是{name}，不是报告文档，请解压后导入其中的文档；若文档不能读取，另存为 .docx 后再导入"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_its_content() {
        assert!(refusal(b"{\\rtf1\\ansi").unwrap().0.contains(".rtf"));
        assert!(refusal(b"\x89PNG\r\n\x1A\n....").unwrap().0.contains("PNG"));
        assert!(refusal(b"PK\x03\x04cut").unwrap().0.contains("损坏"));
        assert_eq!(refusal("BM指标说明".as_bytes()), None);
        assert_eq!(refusal("一、2021年计划执行情况".as_bytes()), None);
    }

    #[test]
    fn every_sentence_says_what_to_do_and_has_no_final_stop() {
        for bytes in [
            &b"{\\rtf1"[..],
            b"\xFF\xD8\xFF\xE0",
            b"Rar!\x1A\x07\0",
            b"PK\x03\x04",
        ] {
            let sentence = refusal(bytes).unwrap().0;
            assert!(sentence.contains("另存为 .docx 后再导入"), "{sentence}");
            assert!(!sentence.ends_with('。'), "{sentence}");
        }
    }
}

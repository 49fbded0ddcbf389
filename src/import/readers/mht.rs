//! Web pages that a browser saved as a single file (.mht, .mhtml): a MIME message whose parts are
//! the page and its pictures.

use super::{Reader, html};
use crate::import::document::Document;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, MessageParser, MessagePart, MimeHeaders};

use crate::import::readers::unreadable::{Unreadable, guarded};

/// The header of the message stands in the first bytes: browsers write less than 1 KB.
const HEADER_BYTES: usize = 4 * 1024;

const DAMAGED: &str = "网页存档已损坏，请在浏览器中重新保存网页后再导入";
const WITHOUT_PAGE: &str = "网页存档里没有网页正文，请在浏览器中打开后另存为网页再导入";

/// A web page in a single file.
pub(crate) struct SavedPage;

impl Reader for SavedPage {
    fn name(&self) -> &'static str {
        "网页存档"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["mht", "mhtml"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        recognises(bytes)
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        html::Page.read(&html_of(bytes)?)
    }
}

/// Whether it is a saved web page: its header names a MIME message of related parts.
fn recognises(bytes: &[u8]) -> bool {
    let header = bytes.get(..HEADER_BYTES).unwrap_or(bytes);
    let header = String::from_utf8_lossy(header).to_ascii_lowercase();
    let is_message = header.lines().any(|line| line.starts_with("mime-version:"));
    is_message && header.contains("multipart/related")
}

/// The page's bytes as they were before the transfer encoding. The character set that the part's
/// header names is not asked: the page's reader tells it by the content.
fn html_of(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    guarded(DAMAGED, || {
        let message = MessageParser::default()
            .parse(bytes)
            .ok_or_else(|| Unreadable::because(DAMAGED))?;
        // The first page is the root; others are its frames.
        let page = message
            .parts
            .iter()
            .find(|part| is_page(part))
            .ok_or_else(|| Unreadable::because(WITHOUT_PAGE))?;
        let html = decoded(page, bytes).ok_or_else(|| Unreadable::because(DAMAGED))?;
        // A browser that was stopped while it saved leaves a page without anything.
        if html.iter().all(u8::is_ascii_whitespace) {
            return Err(Unreadable::because(WITHOUT_PAGE));
        }
        Ok(html)
    })
}

/// Whether a part is a page and not a picture or a style sheet.
fn is_page(part: &MessagePart) -> bool {
    part.content_type().is_some_and(|content_type| {
        content_type.ctype().eq_ignore_ascii_case("text")
            && content_type
                .subtype()
                .is_some_and(|subtype| subtype.eq_ignore_ascii_case("html"))
    })
}

/// A part's bytes without the transfer encoding. The parser's own text is not taken, since it is
/// decoded with the few character sets that the parser knows.
fn decoded(part: &MessagePart, bytes: &[u8]) -> Option<Vec<u8>> {
    let raw = bytes.get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::Base64 => base64_decode(raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(encoding: &str, body: &str) -> Vec<u8> {
        format!(
            "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/html; charset=\"gb2312\"\r\n\
             Content-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn bytes_of_another_character_set_stay_as_they_are() {
        let file = saved("quoted-printable", "<p>=D6=D0=\r\n=B9=FA</p>");
        assert!(recognises(&file));
        let html = html_of(&file).unwrap();
        assert_eq!(html.trim_ascii_end(), b"<p>\xD6\xD0\xB9\xFA</p>");
    }

    #[test]
    fn base64_is_decoded() {
        let html = html_of(&saved("base64", "PHA+MTwvcD4=")).unwrap();
        assert_eq!(html, b"<p>1</p>");
    }

    #[test]
    fn a_text_about_mime_is_no_saved_page() {
        assert!(!recognises(
            "关于 MIME-Version: 和 multipart/related 的说明".as_bytes()
        ));
    }
}

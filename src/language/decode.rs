//! Bytes into text: UTF-8 with or without a byte order mark, UTF-16, GB18030; line ends made one
//! kind.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Decodes a file that a person made. The error is one sentence of advice, in Chinese.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    let text = match Encoding::for_bom(bytes) {
        None if bytes.contains(&0) => Some(without_mark(bytes).ok_or(
            "这是二进制文件，不是文本；报告请直接用 Word、PDF 或 Excel 文件，数据文件请存为文本。",
        )?),
        Some((encoding, length)) => whole(encoding, bytes.get(length..).unwrap_or_default()),
        None => whole(UTF_8, bytes)
            .or_else(|| whole(guess(bytes), bytes))
            .or_else(|| whole(GB18030, bytes)),
    };
    text.map(|text| tidied(&text))
        .ok_or_else(|| "编码无法识别；请另存为 UTF-8 或 GB18030。".to_string())
}

/// UTF-16 whose byte order mark was lost: in the right order nearly every letter is one that such
/// files have.
fn without_mark(bytes: &[u8]) -> Option<String> {
    let usual = |letter: char| {
        matches!(letter, '\t' | '\n' | '\r' | ' '..='~' | '\u{2010}'..='\u{2030}')
            || ('\u{3000}'..='\u{9FFF}').contains(&letter)
            || ('\u{FF00}'..='\u{FFEF}').contains(&letter)
    };
    [UTF_16LE, UTF_16BE].into_iter().find_map(|encoding| {
        let text = whole(encoding, bytes)?;
        let all = text.chars().count();
        let known = text.chars().filter(|letter| usual(*letter)).count();
        (all > 0 && known * LEAST_USUAL.1 >= all * LEAST_USUAL.0).then_some(text)
    })
}

/// Of ten letters nine are usual; bytes of other files give letters of every script.
const LEAST_USUAL: (usize, usize) = (9, 10);

/// One kind of line end, and no letters that nobody sees: they come along when text is copied from
/// pages, and make two names of one.
fn tidied(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .collect()
}

/// Zero-width blanks and joiners, soft hyphens, marks of direction.
pub fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}'
    )
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(|text| text.into_owned())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    if guess == encoding_rs::GBK {
        GB18030
    } else {
        guess
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_that_office_programs_write_are_read() {
        let text = "指标,数值\n地区,5左右\n";
        let (gb, ..) = GB18030.encode(text);
        let with_mark = [&[0xEF, 0xBB, 0xBF][..], text.as_bytes()].concat();
        let returns = text.replace('\n', "\r\n");
        for bytes in [text.as_bytes(), &gb, &with_mark, returns.as_bytes()] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
        assert!(decode(&[0x50, 0x4B, 0x03, 0x04, 0, 0]).is_err());
        let (low, high): (Vec<u8>, Vec<u8>) = (
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        );
        assert_eq!(decode(&low).as_deref(), Ok(text));
        assert_eq!(decode(&high).as_deref(), Ok(text));
        assert_eq!(
            decode("粮\u{200B}食\u{00AD}".as_bytes()).as_deref(),
            Ok("粮食")
        );
    }
}

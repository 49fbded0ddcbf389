//! Bytes into text: UTF-8 with or without a byte order mark, UTF-16, GB18030; line ends made one
//! kind.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, GB18030, UTF_8};

/// Decodes a file that a person made. The error is one sentence of advice, in Chinese.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    if bytes.contains(&0) && Encoding::for_bom(bytes).is_none() {
        return Err(
            "这是二进制文件，不是文本；请另存为文本（.txt、.md、.html 或 .csv）。".to_string(),
        );
    }
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => whole(encoding, bytes.get(length..).unwrap_or_default()),
        None => whole(UTF_8, bytes)
            .or_else(|| whole(guess(bytes), bytes))
            .or_else(|| whole(GB18030, bytes)),
    };
    text.map(|text| text.replace("\r\n", "\n").replace('\r', "\n"))
        .ok_or_else(|| "编码无法识别；请另存为 UTF-8 或 GB18030。".to_string())
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
    }
}

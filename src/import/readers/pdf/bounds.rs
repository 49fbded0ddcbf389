//! What a PDF file may hold, looked at before the decoding crate sees it.
//!
//! The crate unpacks a part whole before it looks at its size, and keeps some three hundred bytes
//! for each thing in a list: a small file can fill the memory. So the file is gone through once as
//! bytes, and no part is unpacked here beyond its bound.

use crate::import::readers::unreadable::Unreadable;
use pdf_oxide::decoders::{Ascii85Decoder, AsciiHexDecoder, StreamDecoder};
use std::io::Read;

/// A part of a report takes less than 20 MB unpacked; more is damage or an attack.
pub(super) const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// All parts together, pictures left out: a report with ten whole Chinese fonts has some 100 MB.
const MOST_UNPACKED_TOGETHER: u64 = 200 * 1024 * 1024;
/// So much of what is packed by runs, or by the old method of Lempel, Ziv and Welch, unpacks to
/// that bound at most.
const MOST_OF_RUNS: usize = 1024 * 1024;
const MOST_OF_CODES: usize = 48 * 1024;
const MOST_OF_A_RUN: u64 = 64;
/// The longest list of a report gives the widths of a font's letters: 65,536 at most, most of them
/// in pairs.
const MOST_THINGS: usize = 500_000;

/// What is said when the file breaks the rules of its format.
pub(crate) const DAMAGED: &str =
    "这份 PDF 文件已损坏，无法完整读出；请重新下载，或用原来的 Word 文件另存为 PDF 后再导入";

const TOO_LARGE: &str = "这份 PDF 展开后比任何一份报告都大，可能已损坏；请用原来的 Word 文件导入";

/// Whether the crate can be given a file.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut together = 0;
    let mut from = 0;
    while let Some(at) = find(bytes, b"stream", from) {
        let before = &bytes[from..at];
        from = at + b"stream".len();
        if before.ends_with(b"end") {
            continue;
        }
        has_few_things(before)?;
        let packed = Part::behind(before, &bytes[from..]);
        together += packed.unpacked()?;
        if together > MOST_UNPACKED_TOGETHER {
            return Err(too_large());
        }
    }
    has_few_things(&bytes[from..])
}

fn too_large() -> Unreadable {
    Unreadable(TOO_LARGE.to_string())
}

fn damaged() -> Unreadable {
    Unreadable(DAMAGED.to_string())
}

fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = rest.windows(word.len()).position(|window| window == word);
    found.map(|at| from + at)
}

/// Whether no object has more things in it than any of a report.
fn has_few_things(objects: &[u8]) -> Result<(), Unreadable> {
    Things::default().take(objects)
}

/// Counts the things of one object.
#[derive(Debug, Default)]
struct Things {
    count: usize,
    is_inside: bool,
}

impl Things {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        for (at, byte) in bytes.iter().enumerate() {
            let is_letter = !byte.is_ascii_whitespace() && !b"[]<>()/".contains(byte);
            let begins = is_letter && !self.is_inside;
            if begins && bytes[at..].starts_with(b"endobj") {
                self.count = 0;
            }
            self.count += usize::from(begins || matches!(byte, b'[' | b'<' | b'/'));
            self.is_inside = is_letter;
            if self.count > MOST_THINGS {
                return Err(too_large());
            }
        }
        Ok(())
    }
}

/// How a part is packed, by the names of its dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Deflated,
    Runs,
    Codes,
    Other,
}

/// A part of the file behind its dictionary.
struct Part<'a> {
    names: Vec<Vec<u8>>,
    filter_is_elsewhere: bool,
    data: &'a [u8],
}

impl<'a> Part<'a> {
    fn behind(objects: &'a [u8], rest: &'a [u8]) -> Part<'a> {
        let begins = objects.windows(3).rposition(|window| window == b"obj");
        let dictionary = &objects[begins.unwrap_or(0)..];
        let filter = find(dictionary, b"/Filter", 0).map(|at| &dictionary[at + 7..]);
        let filter = filter.map(<[u8]>::trim_ascii_start);
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        Part {
            names: names(dictionary),
            filter_is_elsewhere: filter
                .is_some_and(|filter| filter.first().is_some_and(u8::is_ascii_digit)),
            data: rest.strip_prefix(b"\n").unwrap_or(rest),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name.as_bytes())
    }

    /// Whether it is a part of the file's own order, which the crate reads first of all.
    fn is_of_the_order(&self) -> bool {
        self.has("ObjStm") || self.has("XRef")
    }

    /// How many bytes it has unpacked. Pictures are never unpacked.
    fn unpacked(&self) -> Result<u64, Unreadable> {
        if self.has("Image") && !self.is_of_the_order() {
            return Ok(0);
        }
        if self.filter_is_elsewhere {
            return Err(damaged());
        }
        let packings: Vec<Packing> = self.names.iter().filter_map(|name| packing(name)).collect();
        let packed = self.data.len().min(self.length());
        match packings.as_slice() {
            [] if self.has("ObjStm") => has_few_things(&self.data[..packed]).map(|()| 0),
            [] => Ok(0),
            [Packing::Deflated] => self.inflated(),
            [Packing::Runs] if packed <= MOST_OF_RUNS => Ok(packed as u64 * MOST_OF_A_RUN),
            [Packing::Codes] if packed <= MOST_OF_CODES => Ok(packed as u64 * MOST_OF_A_RUN),
            // Nobody packs what is packed, and other methods are for pictures.
            _ => Err(too_large()),
        }
    }

    /// How far it reaches.
    fn length(&self) -> usize {
        find(self.data, b"endstream", 0).unwrap_or(self.data.len())
    }

    fn inflated(&self) -> Result<u64, Unreadable> {
        let by_letters = match (self.has("ASCII85Decode"), self.has("ASCIIHexDecode")) {
            _ if self.has("A85") || self.has("AHx") => return Err(damaged()),
            (true, true) => return Err(damaged()),
            (true, false) => Some(Ascii85Decoder.decode(&self.data[..self.length()])),
            (false, true) => Some(AsciiHexDecoder.decode(&self.data[..self.length()])),
            (false, false) => None,
        };
        let decoded = by_letters.transpose().map_err(|_| damaged())?;
        let data = decoded.as_deref().unwrap_or(self.data);
        let mut unpacked = flate2::read::ZlibDecoder::new(data).take(MOST_UNPACKED);
        let mut things = Things::default();
        let mut piece = vec![0; 64 * 1024];
        let mut length = 0;
        loop {
            match unpacked.read(&mut piece) {
                Ok(0) if length >= MOST_UNPACKED => return Err(too_large()),
                Ok(0) => return Ok(length),
                Ok(read) => {
                    length += read as u64;
                    if self.has("ObjStm") {
                        things.take(&piece[..read])?;
                    }
                }
                // What a page is made of is looked at again, where it is used.
                Err(_) if self.is_of_the_order() => return Err(damaged()),
                Err(_) => return Ok(0),
            }
        }
    }
}

fn packing(name: &[u8]) -> Option<Packing> {
    match name {
        b"FlateDecode" | b"Fl" => Some(Packing::Deflated),
        b"RunLengthDecode" | b"RL" => Some(Packing::Runs),
        b"LZWDecode" | b"LZW" => Some(Packing::Codes),
        b"BrotliDecode" | b"DCTDecode" | b"CCITTFaxDecode" | b"JBIG2Decode" | b"JPXDecode" => {
            Some(Packing::Other)
        }
        _ => None,
    }
}

/// The names of a dictionary; a letter may stand as two digits behind `#`.
fn names(dictionary: &[u8]) -> Vec<Vec<u8>> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/[]<>()%{}".contains(byte);
    let mut behind_slashes = dictionary.split(|byte| *byte == b'/');
    behind_slashes.next();
    let bare = behind_slashes.map(|rest| {
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        &rest[..end]
    });
    bare.map(plainly).collect()
}

fn plainly(name: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(name.len());
    let mut at = 0;
    while let Some(byte) = name.get(at) {
        match (byte, digit(name.get(at + 1)), digit(name.get(at + 2))) {
            (b'#', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_the_format_writes_them() {
        let dictionary = b"1 0 obj << /Type/ObjStm /Filter[/Fl#61teDecode/A85] /N 3>>";
        let read = names(dictionary);
        let read: Vec<&str> = read.iter().map(|n| str::from_utf8(n).unwrap()).collect();
        assert_eq!(
            read,
            ["Type", "ObjStm", "Filter", "FlateDecode", "A85", "N"]
        );
    }

    #[test]
    fn things_are_counted_by_object() {
        let objects = b"1 0 obj [1 2 3] endobj\n".repeat(100_000);
        assert!(has_few_things(&objects).is_ok());
        let long = [b"1 0 obj [".as_slice(), &b"1 ".repeat(MOST_THINGS), b"]"].concat();
        assert!(has_few_things(&long).is_err());
    }
}

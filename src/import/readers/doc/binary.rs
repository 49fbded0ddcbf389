//! The letters of a Word document straight from its piece table, as [MS-DOC] 2.4.1 describes it.

use crate::import::readers::container::{ole_names, ole_stream};
use crate::import::readers::unreadable::Unreadable;

/// Letters of a document: a report has below 100,000. Damaged piece tables name the same bytes
/// again and again.
const MOST_LETTERS: usize = 4_000_000;
/// The first two bytes of the stream in files of Word 97 and later, [MS-DOC] 2.5.2.
const WORD_SIGNATURE: u16 = 0xA5EC;
/// The lowest version with a piece table that is read here: Word 97.
const VERSION_OF_1997: u16 = 0x00C1;

// Offsets in the file's information block, [MS-DOC] 2.5.1 to 2.5.6.
const VERSION_AT: usize = 0x02;
const FLAGS_AT: usize = 0x0A;
const MAIN_LENGTH_AT: usize = 0x4C;
const FOOTNOTE_LENGTH_AT: usize = 0x50;
const HEADER_LENGTH_AT: usize = 0x54;
const COMMENT_LENGTH_AT: usize = 0x5C;
const ENDNOTE_LENGTH_AT: usize = 0x60;
const TEXT_BOX_LENGTH_AT: usize = 0x64;
const HEADER_TEXT_BOX_LENGTH_AT: usize = 0x68;
const FOOTNOTE_MARKS_AT: usize = 0xAA;
const FOOTNOTE_TEXTS_AT: usize = 0xB2;
const PIECES_AT: usize = 0x1A2;
const ENDNOTE_MARKS_AT: usize = 0x20A;
const ENDNOTE_TEXTS_AT: usize = 0x212;

/// The sign at the end of a cell and of a row.
const CELL_MARK: u16 = 7;
/// The flag of an encrypted document.
const ENCRYPTED: u16 = 0x0100;
/// The flag that tells which of the two table streams counts.
const SECOND_TABLE: u16 = 0x0200;

/// The sentence for an encrypted document.
pub(crate) const PASSWORD: &str = "文档设有打开密码，请在办公软件中取消密码后再导入";
const DAMAGED: &str = "文档已损坏，请重新取得完整的文件，或用办公软件打开后另存为 .docx 再导入";

/// A range of letters.
pub(crate) type Letters = std::ops::Range<usize>;

/// The letters of a document and where its parts stand.
#[derive(Debug, Default)]
pub(crate) struct WordText {
    /// All letters as UTF-16, as positions in the file count them.
    pub units: Vec<u16>,
    /// The main text.
    pub main: Letters,
    /// Headers and footers, and the text boxes in them.
    pub headers: [Letters; 2],
    /// The marks of footnotes and endnotes in the main text, each with the letters of its note.
    pub notes: Vec<(usize, Letters)>,
    /// Whether the tables of notes could not be followed.
    pub has_damaged_notes: bool,
    /// Whether pieces of the text are missing in the file.
    pub is_cut: bool,
}

/// Whether the document is encrypted.
pub(crate) fn is_encrypted(bytes: &[u8]) -> Result<bool, Unreadable> {
    let stream = ole_stream(bytes, "WordDocument")?;
    let flags = short(&stream, FLAGS_AT).ok_or_else(damaged)?;
    Ok(flags & ENCRYPTED != 0)
}

/// Reads the letters; none where the file is older than Word 97.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<WordText>, Unreadable> {
    let stream = ole_stream(bytes, "WordDocument")?;
    let version = short(&stream, VERSION_AT).ok_or_else(damaged)?;
    if short(&stream, 0) != Some(WORD_SIGNATURE) || version < VERSION_OF_1997 {
        return Ok(None);
    }
    let flags = short(&stream, FLAGS_AT).ok_or_else(damaged)?;
    let table_name = if flags & SECOND_TABLE != 0 {
        "1Table"
    } else {
        "0Table"
    };
    // Never the other table: the places in it are not those of this text.
    if !ole_names(bytes).iter().any(|name| name == table_name) {
        return Err(damaged());
    }
    let table = ole_stream(bytes, table_name)?;
    read_text(&stream, &table).map(Some)
}

fn read_text(stream: &[u8], table: &[u8]) -> Result<WordText, Unreadable> {
    let pieces = part(stream, table, PIECES_AT).ok_or_else(damaged)?;
    let pieces = piece_table(pieces).ok_or_else(damaged)?;
    let (units, is_cut) = letters(stream, pieces)?;
    let length = |at: usize| long(stream, at).map_or(0, |length| length as usize);
    let parts = [
        MAIN_LENGTH_AT,
        FOOTNOTE_LENGTH_AT,
        HEADER_LENGTH_AT,
        COMMENT_LENGTH_AT,
        ENDNOTE_LENGTH_AT,
        TEXT_BOX_LENGTH_AT,
        HEADER_TEXT_BOX_LENGTH_AT,
    ];
    let mut at = 0usize;
    let ranges = parts.map(|part| {
        let start = at.min(units.len());
        at = at.saturating_add(length(part));
        start..at.min(units.len())
    });
    let [
        main,
        footnotes,
        headers,
        _comments,
        endnotes,
        _,
        header_boxes,
    ] = ranges;
    let mut text = WordText {
        is_cut: is_cut || length(MAIN_LENGTH_AT) > main.len(),
        main,
        headers: [headers, header_boxes],
        units,
        ..WordText::default()
    };
    let kinds = [
        (footnotes, FOOTNOTE_MARKS_AT, FOOTNOTE_TEXTS_AT),
        (endnotes, ENDNOTE_MARKS_AT, ENDNOTE_TEXTS_AT),
    ];
    for (range, marks_at, texts_at) in kinds {
        if range.is_empty() {
            continue;
        }
        let marks = part(stream, table, marks_at);
        let texts = part(stream, table, texts_at);
        match notes(&range, marks, texts) {
            Some(notes) => text.notes.extend(notes),
            None => text.has_damaged_notes = true,
        }
    }
    let main = text.main.clone();
    // A note of a note or of a header is none of the report.
    text.notes.retain(|(mark, _)| main.contains(mark));
    text.notes.sort_by_key(|(mark, _)| *mark);
    Ok(text)
}

/// The bytes of the table stream whose offset and length stand in the information block.
fn part<'table>(stream: &[u8], table: &'table [u8], at: usize) -> Option<&'table [u8]> {
    let start = long(stream, at)? as usize;
    let length = long(stream, at + 4)? as usize;
    table.get(start..start.checked_add(length)?)
}

/// The piece table, behind the formattings that stand before it ([MS-DOC] 2.9.38).
fn piece_table(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        match bytes.first()? {
            1 => {
                let length = usize::from(short(bytes, 1)?);
                bytes = bytes.get(3 + length..)?;
            }
            2 => {
                let length = long(bytes, 1)? as usize;
                return bytes.get(5..5usize.checked_add(length)?);
            }
            _ => return None,
        }
    }
}

/// The letters that the pieces name, and whether some are missing ([MS-DOC] 2.9.177).
fn letters(stream: &[u8], pieces: &[u8]) -> Result<(Vec<u16>, bool), Unreadable> {
    let count = pieces.len().saturating_sub(4) / 12;
    let mut units = Vec::new();
    let mut is_cut = false;
    for index in 0..count {
        let start = long(pieces, 4 * index).ok_or_else(damaged)? as usize;
        let end = long(pieces, 4 * (index + 1)).ok_or_else(damaged)? as usize;
        let place = long(pieces, 4 * (count + 1) + 8 * index + 2).ok_or_else(damaged)?;
        // Pieces name letters in order and without gaps; what does not is damage.
        if start != units.len() || end < start || end > MOST_LETTERS {
            return Err(damaged());
        }
        let length = end - start;
        is_cut |= !append_piece(&mut units, stream, place, length);
        // Blanks for what is missing, so that places behind it stay right.
        units.resize(end, u16::from(b' '));
    }
    Ok((units, is_cut))
}

/// Appends the letters of a piece and tells whether all were there ([MS-DOC] 2.9.73).
fn append_piece(units: &mut Vec<u16>, stream: &[u8], place: u32, length: usize) -> bool {
    const ONE_BYTE_EACH: u32 = 1 << 30;
    let offset = (place & (ONE_BYTE_EACH - 1)) as usize;
    if place & ONE_BYTE_EACH != 0 {
        let rest = stream.get(offset / 2..).unwrap_or_default();
        units.extend(rest.iter().take(length).map(|byte| western(*byte)));
        return rest.len() >= length;
    }
    let rest = stream.get(offset..).unwrap_or_default();
    let pairs = rest.chunks_exact(2).take(length);
    units.extend(pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
    rest.len() / 2 >= length
}

/// A letter of one byte. Those of Windows 1252 that differ from Latin 1 and occur in Chinese text
/// are quotation marks, dashes and dots; the others are no letters that are counted.
fn western(byte: u8) -> u16 {
    match byte {
        0x85 => 0x2026,
        0x91 => 0x2018,
        0x92 => 0x2019,
        0x93 => 0x201C,
        0x94 => 0x201D,
        0x95 => 0x2022,
        0x96 => 0x2013,
        0x97 => 0x2014,
        _ => u16::from(byte),
    }
}

/// The marks of notes, each with the letters of its note; none where the tables do not fit.
fn notes(
    range: &Letters,
    marks: Option<&[u8]>,
    texts: Option<&[u8]>,
) -> Option<Vec<(usize, Letters)>> {
    let (marks, texts) = (marks?, texts?);
    // A mark has a position of four bytes and two bytes of its kind, and a last position follows.
    let count = marks.len().saturating_sub(4) / 6;
    let mut notes = Vec::new();
    for index in 0..count {
        let mark = long(marks, 4 * index)? as usize;
        let start = long(texts, 4 * index)? as usize;
        let end = long(texts, 4 * (index + 1))? as usize;
        let start = range.start.checked_add(start)?;
        let end = range.start.checked_add(end)?;
        if start > end || end > range.end {
            return None;
        }
        notes.push((mark, start..end));
    }
    Some(notes)
}

impl WordText {
    /// The visible letters of a range, each with its position: without the instructions of fields
    /// and without signs that stand for something else. The ends of paragraphs and cells are `\n`.
    pub(crate) fn visible(&self, range: &Letters) -> Vec<(usize, char)> {
        let units = self.units.get(range.clone()).unwrap_or_default();
        let mut at = range.start;
        let mut fields = Fields::default();
        let mut visible = Vec::new();
        for letter in char::decode_utf16(units.iter().copied()) {
            let position = at;
            let letter = letter.unwrap_or('\u{FFFD}');
            at += letter.len_utf16();
            if let Some(letter) = fields.visible(letter) {
                visible.push((position, letter));
            }
        }
        visible
    }
}

impl WordText {
    /// How many marks of cells and rows the main text has.
    pub(crate) fn cell_marks(&self) -> usize {
        let units = self.units.get(self.main.clone()).unwrap_or_default();
        units.iter().filter(|unit| **unit == CELL_MARK).count()
    }

    /// How many signs of the main text are neither letters nor signs of Word: where other bytes of
    /// a damaged file stand in for the text.
    pub(crate) fn garbled_letters(&self) -> usize {
        let units = self.units.get(self.main.clone()).unwrap_or_default();
        let letters = char::decode_utf16(units.iter().copied());
        letters
            .filter(|letter| letter.as_ref().map_or(true, |letter| is_garbled(*letter)))
            .count()
    }
}

/// Whether a sign does not occur in a sound text ([MS-DOC] 2.4.1 lists those below 32).
fn is_garbled(letter: char) -> bool {
    matches!(
        letter,
        '\u{0}' | '\u{6}' | '\u{F}'..='\u{12}' | '\u{16}'..='\u{1D}' | '\u{7F}'..='\u{9F}'
            | '\u{FFFD}'..='\u{FFFF}'
    )
}

/// The fields that are open: of each the instruction is hidden and the result is shown.
#[derive(Default)]
struct Fields {
    /// For each whether its result has begun.
    open: Vec<bool>,
}

impl Fields {
    /// What a letter shows; none where it is hidden or a sign ([MS-DOC] 2.4.1).
    fn visible(&mut self, letter: char) -> Option<char> {
        match letter {
            '\u{13}' => self.open.push(false),
            '\u{14}' => {
                if let Some(is_result) = self.open.last_mut() {
                    *is_result = true;
                }
            }
            '\u{15}' => {
                self.open.pop();
            }
            _ if self.open.iter().any(|is_result| !is_result) => {}
            '\r' | '\u{7}' | '\u{C}' => return Some('\n'),
            '\u{B}' => return Some(' '),
            '\u{1E}' => return Some('\u{2011}'),
            '\u{0}'..='\u{1F}' => {}
            _ => return Some(letter),
        }
        None
    }
}

/// Two bytes at an offset.
fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// Four bytes at an offset.
fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn damaged() -> Unreadable {
    Unreadable::because(DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(ends: &[u32], places: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for end in ends {
            bytes.extend(end.to_le_bytes());
        }
        for place in places {
            bytes.extend([0, 0]);
            bytes.extend(place.to_le_bytes());
            bytes.extend([0, 0]);
        }
        bytes
    }

    #[test]
    fn pieces_of_one_and_of_two_bytes_are_joined() {
        let mut stream = b"2021\x93".to_vec();
        stream.extend("年".encode_utf16().flat_map(u16::to_le_bytes));
        let table = pieces(&[0, 5, 6], &[1 << 30, 5]);
        let (units, is_cut) = letters(&stream, &table).unwrap();
        assert_eq!(String::from_utf16(&units).unwrap(), "2021“年");
        assert!(!is_cut);
    }

    #[test]
    fn a_piece_behind_the_end_is_cut() {
        let table = pieces(&[0, 3], &[100]);
        assert_eq!(letters(b"abc", &table), Ok((vec![32; 3], true)));
        let table = pieces(&[0, u32::MAX], &[0]);
        assert!(letters(b"abc", &table).is_err());
    }

    #[test]
    fn instructions_of_fields_are_hidden() {
        let letters = "见\u{13} PAGE \u{14}3\u{15}页\u{2}\r";
        let text = WordText {
            units: letters.encode_utf16().collect(),
            ..WordText::default()
        };
        let visible = text.visible(&(0..text.units.len()));
        assert_eq!(
            visible.iter().map(|(_, letter)| letter).collect::<String>(),
            "见3页\n"
        );
        assert_eq!(visible[1].0, 9);
    }
}

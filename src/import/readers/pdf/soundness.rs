//! Finds damaged parts of a file that the decoding crate passes over in silence.
//!
//! The crate reads on where a page description or a font is cut short or missing, and letters
//! (often the digits, which have a font of their own) are then missing from the text. Compressed
//! parts carry a check sum, so nearly all such damage can be found.

use super::bounds::MOST_UNPACKED;
use pdf_oxide::document::PdfDocument;
use pdf_oxide::object::{Object, ObjectRef};
use std::collections::{HashMap, HashSet};
use std::io::Read;

/// A page of a report is described in one part, or in some ten.
const MOST_PARTS_OF_A_PAGE: usize = 10_000;
/// The tables that tell the letters of codes: a whole Chinese font has 65,536 codes in some 1.5 MB.
/// The crate lists each code that a table names.
const MOST_OF_TABLES: u64 = 16 * 1024 * 1024;
const MOST_CODES: u64 = 3_000_000;
/// Forms stand in forms two or three levels deep; more is a circle.
const DEEPEST_FORM: usize = 8;

/// Reports nest lists and dictionaries some ten deep; the crate runs out of stack at some 100,000.
const DEEPEST_NESTING: usize = 5_000;

type Dictionary = HashMap<String, Object>;

/// Whether lists and dictionaries are nested so deep that reading them would exhaust the stack.
pub(crate) fn is_nested_too_deep(bytes: &[u8]) -> bool {
    let mut depth = 0usize;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' | b'<' => depth += 1,
            b']' | b'>' => depth = depth.saturating_sub(1),
            b'e' if bytes[index..].starts_with(b"endobj") => depth = 0,
            _ => {}
        }
        if depth > DEEPEST_NESTING {
            return true;
        }
    }
    false
}

/// How many pages the tree of pages has; none where it is broken or goes in a circle.
pub(crate) fn count_pages(file: &PdfDocument, most: usize) -> Option<usize> {
    let catalog = file.catalog().ok()?;
    let root = catalog.as_dict()?.get("Pages")?.as_reference()?;
    let mut seen = HashSet::new();
    let mut open = vec![root];
    let mut count = 0;
    while let Some(reference) = open.pop() {
        let node = file.load_object(reference).ok()?;
        let Some(kids) = node.as_dict()?.get("Kids") else {
            count += 1;
            if count > most {
                return Some(count);
            }
            continue;
        };
        // Pages may stand in the tree twice, but a branch in itself is a circle.
        if !seen.insert(reference) {
            return None;
        }
        let kids = file.resolve_object(kids).ok()?;
        for kid in kids.as_array()? {
            open.push(kid.as_reference()?);
        }
    }
    Some(count)
}

/// Checks the parts of a file that make its text, each part once.
pub(crate) struct Soundness<'a> {
    file: &'a PdfDocument,
    checked: HashSet<ObjectRef>,
    /// How long parts are unpacked; nothing where they are not sound.
    unpacked: HashMap<ObjectRef, Option<u64>>,
    lengths: HashMap<ObjectRef, usize>,
    /// The bytes and the codes of all tables of codes.
    tables: (u64, u64),
}

impl<'a> Soundness<'a> {
    /// A check of this file.
    pub(crate) fn of(file: &'a PdfDocument) -> Soundness<'a> {
        Soundness {
            file,
            checked: HashSet::new(),
            unpacked: HashMap::new(),
            lengths: HashMap::new(),
            tables: (0, 0),
        }
    }

    /// Whether the description and the fonts of a page are whole.
    pub(crate) fn is_page_sound(&mut self, index: usize) -> bool {
        let Ok(page) = self.file.get_page(index) else {
            return false;
        };
        let Some(page) = page.as_dict() else {
            return false;
        };
        let contents = page
            .get("Contents")
            .is_none_or(|contents| self.are_contents_sound(contents));
        contents && self.are_resources_sound(page.get("Resources"), 0)
    }

    fn are_contents_sound(&mut self, contents: &Object) -> bool {
        match self.load(contents) {
            Some(Object::Array(parts)) if parts.len() > MOST_PARTS_OF_A_PAGE => false,
            Some(Object::Array(parts)) => {
                let lengths = parts.iter().map(|part| self.unpacked(part));
                let together = lengths.sum::<Option<u64>>();
                together.is_some_and(|together| together < MOST_UNPACKED)
            }
            // What a reference names but the file has not is lost.
            Some(Object::Null) => contents.as_reference().is_none(),
            Some(_) => self.is_stream_sound(contents),
            None => false,
        }
    }

    fn are_resources_sound(&mut self, resources: Option<&Object>, depth: usize) -> bool {
        let Some(resources) = resources else {
            return true;
        };
        if depth > DEEPEST_FORM || !self.is_new(resources) {
            return true;
        }
        let Some(resources) = self.dictionary(resources) else {
            return false;
        };
        let fonts = self.all_named(&resources, "Font", |check, font| check.is_font_sound(font));
        fonts
            && self.all_named(&resources, "XObject", |check, form| {
                check.is_form_sound(form, depth)
            })
    }

    /// Whether all entries of a part of the resources are sound.
    fn all_named(
        &mut self,
        resources: &Dictionary,
        name: &str,
        mut is_sound: impl FnMut(&mut Self, &Object) -> bool,
    ) -> bool {
        let Some(entries) = resources.get(name) else {
            return true;
        };
        match self.dictionary(entries) {
            Some(entries) => entries.values().all(|entry| is_sound(self, entry)),
            None => false,
        }
    }

    /// Pictures are no text; their data are not looked at.
    fn is_form_sound(&mut self, form: &Object, depth: usize) -> bool {
        let Some(Object::Stream { dict, .. }) = self.load(form) else {
            return false;
        };
        if dict.get("Subtype").and_then(Object::as_name) != Some("Form") {
            return true;
        }
        self.is_stream_sound(form) && self.are_resources_sound(dict.get("Resources"), depth + 1)
    }

    fn is_font_sound(&mut self, font: &Object) -> bool {
        if !self.is_new(font) {
            return true;
        }
        let Some(font) = self.dictionary(font) else {
            return false;
        };
        if !font.contains_key("Subtype")
            || !self.is_part_sound(&font, "ToUnicode")
            || !self.are_codes_few(&font, "ToUnicode")
            || !self.are_codes_few(&font, "Encoding")
        {
            return false;
        }
        // With this table the shapes of the letters are not needed to tell their codes.
        if font.contains_key("ToUnicode") {
            return true;
        }
        let Some(descendants) = font.get("DescendantFonts") else {
            return self.is_descriptor_sound(&font);
        };
        match self.load(descendants) {
            Some(Object::Array(fonts)) => fonts.iter().all(|font| {
                self.dictionary(font)
                    .is_some_and(|font| self.is_descriptor_sound(&font))
            }),
            _ => false,
        }
    }

    fn is_descriptor_sound(&mut self, font: &Dictionary) -> bool {
        let Some(descriptor) = font.get("FontDescriptor") else {
            return true;
        };
        let Some(descriptor) = self.dictionary(descriptor) else {
            return false;
        };
        let names = ["FontFile", "FontFile2", "FontFile3"];
        names
            .iter()
            .all(|name| self.is_part_sound(&descriptor, name))
    }

    /// Whether a stream that may be named in a dictionary is whole.
    fn is_part_sound(&mut self, dictionary: &Dictionary, name: &str) -> bool {
        let Some(part) = dictionary.get(name) else {
            return true;
        };
        // An encoding may be a name in the place of a stream.
        part.as_name().is_some() || self.is_stream_sound(part)
    }

    /// Whether the table of codes that a font may have names no more than all fonts of a report.
    fn are_codes_few(&mut self, font: &Dictionary, name: &str) -> bool {
        let Some(table) = font.get(name) else {
            return true;
        };
        let Some(Object::Stream { dict, data }) = self.load(table) else {
            return true;
        };
        self.tables.0 += self.unpacked(table).unwrap_or(MOST_UNPACKED);
        if self.tables.0 > MOST_OF_TABLES {
            return false;
        }
        let table = Object::Stream { dict, data }.decode_stream_data();
        self.tables.1 += table.map_or(0, |table| codes_of_ranges(&table));
        self.tables.1 <= MOST_CODES
    }

    /// Whether a stream can be unpacked to its end and has the check sum that it tells.
    fn is_stream_sound(&mut self, stream: &Object) -> bool {
        self.unpacked(stream).is_some()
    }

    /// How long a stream is unpacked, where it is sound.
    fn unpacked(&mut self, stream: &Object) -> Option<u64> {
        let reference = stream.as_reference();
        if let Some(known) = reference.and_then(|reference| self.unpacked.get(&reference)) {
            return *known;
        }
        let length = self.unpacked_anew(stream);
        if let Some(reference) = reference {
            self.unpacked.insert(reference, length);
        }
        length
    }

    fn unpacked_anew(&self, stream: &Object) -> Option<u64> {
        let Some(Object::Stream { dict, data }) = self.load(stream) else {
            return None;
        };
        // The data of an encrypted file are in cipher here.
        if !is_deflated(&dict) || self.file.is_encrypted() {
            return Some(data.len() as u64);
        }
        let unpacked = flate2::read::ZlibDecoder::new(&data[..]);
        let length = std::io::copy(&mut unpacked.take(MOST_UNPACKED), &mut std::io::sink());
        length.ok().filter(|length| *length < MOST_UNPACKED)
    }

    /// How many bytes a page description has when every form in it is written out where it is used.
    /// Forms that use forms multiply, so a small file can describe more than can ever be read.
    pub(crate) fn written_out(&mut self, index: usize, content: &[u8]) -> usize {
        let page = self.file.get_page(index).ok();
        let resources = page
            .as_ref()
            .and_then(|page| page.as_dict()?.get("Resources"));
        self.length_with_forms(content, resources, 0)
    }

    fn length_with_forms(
        &mut self,
        content: &[u8],
        resources: Option<&Object>,
        depth: usize,
    ) -> usize {
        let resources = resources.and_then(|resources| self.dictionary(resources));
        let forms = resources.and_then(|resources| self.dictionary(resources.get("XObject")?));
        let mut length = content.len();
        for (name, form) in forms.unwrap_or_default() {
            let uses = count_uses(content, &name);
            if uses > 0 && depth <= DEEPEST_FORM {
                length = length.saturating_add(self.form_length(&form, depth).saturating_mul(uses));
            }
        }
        length
    }

    fn form_length(&mut self, form: &Object, depth: usize) -> usize {
        let reference = form.as_reference();
        if let Some(length) = reference.and_then(|reference| self.lengths.get(&reference)) {
            return *length;
        }
        let Some(Object::Stream { dict, data }) = self.load(form) else {
            return 0;
        };
        if dict.get("Subtype").and_then(Object::as_name) != Some("Form") {
            return 0;
        }
        let resources = dict.get("Resources").cloned();
        let content = Object::Stream { dict, data }
            .decode_stream_data()
            .unwrap_or_default();
        let length = self.length_with_forms(&content, resources.as_ref(), depth + 1);
        if let Some(reference) = reference {
            self.lengths.insert(reference, length);
        }
        length
    }

    fn load(&self, object: &Object) -> Option<Object> {
        self.file.resolve_object(object).ok()
    }

    fn dictionary(&self, object: &Object) -> Option<Dictionary> {
        match self.load(object)? {
            Object::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// Whether an object was not checked before; objects without a number always are new.
    fn is_new(&mut self, object: &Object) -> bool {
        object
            .as_reference()
            .is_none_or(|reference| self.checked.insert(reference))
    }
}

/// How many codes the ranges of a table name. The crate reads one range a line.
fn codes_of_ranges(table: &[u8]) -> u64 {
    const RANGES: [(&str, &str); 3] = [
        ("beginbfrange", "endbfrange"),
        ("beginnotdefrange", "endnotdefrange"),
        ("begincidrange", "endcidrange"),
    ];
    let table = String::from_utf8_lossy(table);
    let of_kind = |(begin, end): (&str, &str)| {
        let sections = table.split(begin).skip(1);
        let bodies = sections.map(|rest| rest.split(end).next().unwrap_or(rest));
        bodies.flat_map(str::lines).map(codes_of_range).sum::<u64>()
    };
    RANGES.into_iter().map(of_kind).sum()
}

/// The codes of a line: the first, the last, and what they stand for, or a list of it. Of a line of
/// another form as many are counted as there can be.
fn codes_of_range(line: &str) -> u64 {
    const MOST: u64 = 0x1_0000;
    let before_list = line.split('[').next().unwrap_or(line);
    let words = before_list.split('<').skip(1);
    let codes: Vec<Option<u64>> = words
        .map(|word| u64::from_str_radix(word.split('>').next()?.trim(), 16).ok())
        .collect();
    match codes.as_slice() {
        [] => 0,
        [Some(first), Some(last)] | [Some(first), Some(last), _] => {
            (last.saturating_sub(*first) + 1).min(MOST)
        }
        _ => MOST,
    }
}

/// Whether the first packing of a stream is the usual one.
fn is_deflated(dictionary: &Dictionary) -> bool {
    let first = match dictionary.get("Filter") {
        Some(Object::Array(filters)) => filters.first(),
        filter => filter,
    };
    matches!(first.and_then(Object::as_name), Some("FlateDecode" | "Fl"))
}

/// How often a description paints the form of this name.
fn count_uses(content: &[u8], name: &str) -> usize {
    let name = format!("/{name}");
    let is_use = |at: &usize| {
        let rest = content[*at..].strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b"Do"))
    };
    let slashes = content
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'/');
    slashes.map(|(at, _)| at).filter(is_use).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_of_a_form_are_counted() {
        assert_eq!(
            count_uses(b"q /Fm0 Do Q /Fm0  Do /Fm01 Do /Fm0 gs", "Fm0"),
            2
        );
    }

    #[test]
    fn codes_of_ranges_are_counted() {
        let table = b"1 begincodespacerange <0000> <ffff> endcodespacerange\n3 beginbfrange\n\
            <0000><00ff><4e00>\n<0100> <0101> [<0041> <0042>]\n<0200> <0200> <9fff>\nendbfrange\n\
            1 beginbfchar\n<0001> <ffff>\nendbfchar 1 begincidrange <0010> <0013> 7 endcidrange";
        assert_eq!(codes_of_ranges(table), 0x100 + 2 + 1 + 4);
        let odd = b"beginbfrange\n<0> x <0000> <ffff> <0041>\nendbfrange";
        assert_eq!(codes_of_ranges(odd), 0x1_0000);
    }

    #[test]
    fn deep_nesting_is_found() {
        assert!(!is_nested_too_deep(&b"[ << /A [1 2] >> ]".repeat(10_000)));
        assert!(is_nested_too_deep(&b"[".repeat(DEEPEST_NESTING + 1)));
    }
}

//! Word files: the bytes are the document's own part, and behind a zero another part; or the whole
//! file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{archive, import_file, let_readers_catch};

const OTHERS: &[&str] = &[
    "word/numbering.xml",
    "word/footnotes.xml",
    "word/styles.xml",
];

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        return import_file(bytes, "a.docx");
    }
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let document = parts.next().unwrap_or_default();
    let other = parts.next().unwrap_or_default();
    let mut all: Vec<(&str, &[u8])> = vec![("word/document.xml", document)];
    if !other.is_empty() {
        all.extend(OTHERS.iter().map(|name| (*name, other)));
    }
    import_file(&archive(&all), "a.docx");
});

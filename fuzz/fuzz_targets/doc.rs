//! Word documents of the old format: the bytes are the two streams of the file, or the whole file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{compound, halves, import_file, let_readers_catch};

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    if bytes.starts_with(b"\xD0\xCF") {
        return import_file(bytes, "a.doc");
    }
    let (document, table) = halves(bytes);
    import_file(&compound(&[("WordDocument", document), ("1Table", table)]), "a.doc");
});

//! Pages.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{import_file, let_readers_catch};

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    let page = [b"<html><body>".as_slice(), bytes].concat();
    import_file(&page, "a.html");
});

//! Plain text and Markdown, and with it everything behind the readers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{import_file, let_readers_catch};

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    import_file(bytes, "a.txt");
});

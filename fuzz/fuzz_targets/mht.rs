//! Saved pages: the bytes are what follows the head of the message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{import_file, let_readers_catch};

const HEAD: &[u8] =
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\n";

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    import_file(&[HEAD, bytes].concat(), "a.mht");
});

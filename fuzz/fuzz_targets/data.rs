//! A data directory of which one file holds anything: the first byte says which.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{let_readers_catch, read_data_with};

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    if let Some((which, content)) = bytes.split_first() {
        read_data_with(usize::from(*which), content);
    }
});

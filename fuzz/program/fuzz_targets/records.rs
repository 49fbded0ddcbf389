//! A state that holds anything: the first byte says whether its records do, or one of its files.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz_program::{let_others_be_caught, open_with_file, open_with_records};

fuzz_target!(init: let_others_be_caught(), |bytes: &[u8]| {
    match bytes.split_first() {
        Some((kind, rest)) if kind % 4 == 0 => open_with_file(rest),
        Some((_, rest)) => open_with_records(rest),
        None => {}
    }
});

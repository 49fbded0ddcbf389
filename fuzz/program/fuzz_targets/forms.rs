//! What a browser sends: addresses, forms and files.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz_program::{Page, let_others_be_caught};
use std::sync::OnceLock;

static PAGE: OnceLock<Page> = OnceLock::new();

fuzz_target!(init: let_others_be_caught(), |bytes: &[u8]| {
    PAGE.get_or_init(Page::start).take(bytes);
});

//! Updates of Telegram, through the door of the webhook to the answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz_program::{Bot, let_others_be_caught};
use std::sync::OnceLock;

static BOT: OnceLock<Bot> = OnceLock::new();

fuzz_target!(init: let_others_be_caught(), |bytes: &[u8]| {
    if let Some(update) = Bot::update(bytes) {
        BOT.get_or_init(Bot::start).take(update);
    }
});

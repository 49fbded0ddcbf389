//! Where logs go and how they look. Panics stand in them as lines like any other.

use crate::config;
use crate::store;
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use tracing_subscriber::EnvFilter;

/// Logs go to standard error; in the local chat only warnings do, so that they do not stand between
/// the replies.
pub(crate) fn begin(settings: &config::Log, serving: bool) {
    // At a person's terminal the log would stand between question and answer.
    let level = if serving {
        settings.level.as_str()
    } else {
        "warn"
    };
    // Other crates only from warnings on: their debug lines may hold what people ask, and tokens.
    let filter = EnvFilter::try_new(format!("planbot={level},warn")).unwrap_or_default();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let _ = match settings.format.as_str() {
        "json" => lines.json().flatten_event(true).try_init(),
        _ => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    // The words of a panic may quote the question that was being answered.
    let with_words = settings.questions;
    std::panic::set_hook(Box::new(move |panic| log_panic(panic, with_words)));
}

/// Before there is a log a panic is one sentence; its words, which help nobody else, are left out.
/// One that is the answer to a question is nobody's to hear of.
pub(crate) fn tell_panic(panic: &PanicHookInfo<'_>) {
    // A panic of sled over damaged files is an answer there (`store/guarded`), and is told in
    // words.
    if store::is_guarded() {
        return;
    }
    let place = panic.location().map(ToString::to_string);
    eprintln!(
        "planbot：程序内部出错（{}），这一步没有做完；请检查磁盘空间和权限后重试，仍然如此请把这一行告诉维护人员。",
        place.unwrap_or_default()
    );
}

fn log_panic(panic: &PanicHookInfo<'_>, with_words: bool) {
    if store::is_guarded() {
        return;
    }
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let words = panic.payload_as_str().filter(|_| with_words);
    tracing::error!(place, words, "a part of the program panicked");
}

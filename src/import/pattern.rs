//! Compiled patterns that several readers of a document share. Forms only; no pattern names a
//! thing.

use once_cell::sync::Lazy;
use regex::Regex;

/// A year of four digits with 年 behind it; the digits are the first group.
pub(crate) static YEAR: Lazy<Regex> = Lazy::new(|| pattern(r"((?:19|20)[0-9]{2})\s*年"));

/// A footnote mark; its number may have been lost in conversion.
pub(crate) static FOOTNOTE_MARK: Lazy<Regex> =
    Lazy::new(|| pattern(r"\[\s*\^?(?:[0-9]{1,3}|\x{FFFD})?\s*\]|［\s*[0-9]{1,3}\s*[］\]]"));

/// Compiles a constant pattern.
#[expect(clippy::expect_used, reason = "constant patterns; the tests use each")]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

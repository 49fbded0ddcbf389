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

/// The first year that a text names.
pub(crate) fn first_year(text: &str) -> Option<i32> {
    let digits = YEAR.captures(text)?.get(1)?;
    digits.as_str().parse().ok()
}

/// The number of a footnote mark; none where the conversion lost it.
pub(crate) fn number_of_mark(mark: &str) -> Option<u32> {
    let digits: String = mark.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// How many letters of a text are not blank.
pub(crate) fn count_solid(text: &str) -> usize {
    let solid = text.chars().filter(|letter| !letter.is_whitespace());
    solid.count()
}

//! Marks of notes at the end of a cell: no part of a name or of a figure.

use super::super::pattern::pattern;
use once_cell::sync::Lazy;
use regex::Regex;

static MARK: Lazy<Regex> = Lazy::new(|| pattern(r"^(.*[^\s*＊※①-⑳])\s*(?:[①-⑳]|[*＊※]{1,3})$"));

/// A cell's text without the mark after it; a cell that is nothing but a sign keeps it.
pub(crate) fn without_mark(text: &str) -> &str {
    let found = MARK.captures(text).and_then(|found| found.get(1));
    found.map_or(text, |before| before.as_str())
}

#[cfg(test)]
mod tests {
    use super::without_mark;

    #[test]
    fn marks_end_a_cell() {
        for (cell, text) in [
            ("12.6①", "12.6"),
            ("油菜亩产*", "油菜亩产"),
            ("油菜亩产 ※", "油菜亩产"),
            ("152", "152"),
            ("*", "*"),
            ("①", "①"),
            ("（一）油菜", "（一）油菜"),
        ] {
            assert_eq!(without_mark(cell), text);
        }
    }
}

//! Words that are looked for, found and marked in a text. The text stays as it is printed.

use maud::{Markup, html};

/// The words of a search: what stands between blanks.
pub(super) fn words(search: &str) -> Vec<String> {
    search
        .split_whitespace()
        .take(8)
        .map(|word| {
            word.chars()
                .take(60)
                .collect::<String>()
                .to_ascii_lowercase()
        })
        .collect()
}

/// Whether a text holds all words. No words are in every text.
pub(super) fn holds(text: &str, words: &[String]) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

/// How many stretches of a text are marked for the words: what a search counts.
pub(super) fn count(text: &str, words: &[String]) -> usize {
    stretches(text, words).len()
}

/// The stretches that the words cover, in order. Where words overlap, what the second has beyond
/// the first is a stretch of its own, and what it has not is none.
fn stretches(text: &str, words: &[String]) -> Vec<(usize, usize)> {
    let lower = text.to_ascii_lowercase();
    let found = words.iter().flat_map(|word| {
        let found = lower.match_indices(word.as_str());
        found.map(|(at, found)| (at, at + found.len()))
    });
    let mut places: Vec<(usize, usize)> = found.collect();
    places.sort_unstable();
    let mut covered: Vec<(usize, usize)> = Vec::new();
    for (from, to) in places {
        let from = from.max(covered.last().map_or(0, |(_, end)| *end));
        if to > from {
            covered.push((from, to));
        }
    }
    covered
}

/// The text with the words marked.
pub(super) fn marked(text: &str, words: &[String]) -> Markup {
    let mut parts: Vec<(bool, &str)> = Vec::new();
    let mut done = 0;
    for (from, to) in stretches(text, words) {
        parts.push((false, text.get(done..from).unwrap_or_default()));
        parts.push((true, text.get(from..to).unwrap_or_default()));
        done = to;
    }
    parts.push((false, text.get(done..).unwrap_or_default()));
    html! { @for (is_found, part) in parts { @if is_found { mark { (part) } } @else { (part) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_once_and_the_text_is_escaped() {
        let search = words("gdp 增速");
        assert_eq!(
            marked("GDP增速 <5%", &search).into_string(),
            "<mark>GDP</mark><mark>增速</mark> &lt;5%"
        );
        let overlapping = marked("甲乙丙", &words("甲乙 乙丙")).into_string();
        assert_eq!(overlapping, "<mark>甲乙</mark><mark>丙</mark>");
        assert_eq!(count("甲乙丙甲乙", &words("甲乙 乙丙 乙")), 3);
        assert!(holds("GDP增速", &search) && !holds("GDP", &search) && holds("GDP", &[]));
    }
}

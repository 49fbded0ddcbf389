//! Words that mean the same become one word, in questions and in documents alike.

use super::fold::fold;
use aho_corasick::{AhoCorasick, MatchKind};

/// Rewrites folded text with the first word of each group of synonyms.
#[derive(Debug, Clone)]
pub struct Canonicaliser {
    automaton: Option<AhoCorasick>,
    replacements: Vec<String>,
}

impl Canonicaliser {
    /// Builds the rewriter from groups of synonyms; the first word of a group stands for all.
    pub fn new(groups: &[Vec<String>]) -> Self {
        let mut words = Vec::new();
        let mut replacements = Vec::new();
        for group in groups {
            let Some(first) = group.first().map(|word| fold(word)) else {
                continue;
            };
            for word in group {
                words.push(fold(word));
                replacements.push(first.clone());
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&words)
            .ok()
            .filter(|_| !words.is_empty());
        Self {
            automaton,
            replacements,
        }
    }

    /// Rewrites folded text.
    pub fn rewrite(&self, folded: &str) -> String {
        let Some(automaton) = &self.automaton else {
            return folded.to_string();
        };
        let mut written = String::with_capacity(folded.len());
        let mut from = 0;
        for found in automaton.find_iter(folded) {
            if !stands_alone(folded, found.start(), found.end()) {
                continue;
            }
            written.push_str(folded.get(from..found.start()).unwrap_or_default());
            written.push_str(&self.replacements[found.pattern().as_usize()]);
            from = found.end();
        }
        written.push_str(folded.get(from..).unwrap_or_default());
        written
    }

    /// Folds and rewrites text of a document.
    pub fn of(&self, text: &str) -> String {
        self.rewrite(&fold(text))
    }
}

/// A word of Latin letters must not be cut out of a longer one.
pub(super) fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let slice = text.get(start..end).unwrap_or_default();
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    !(latin(slice.chars().next()) && latin(before)
        || latin(slice.chars().next_back()) && latin(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_synonym_wins_and_latin_words_stay_whole() {
        let words = |group: &[&str]| group.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        let canonical =
            Canonicaliser::new(&[words(&["地区总值", "总值", "gdp"]), words(&["研发", "rd"])]);
        assert_eq!(canonical.of("人均GDP和地区总值"), "人均地区总值和地区总值");
        assert_eq!(canonical.of("standard"), "standard");
    }
}

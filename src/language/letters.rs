//! A question's letters as they are compared, each with the letters that were typed for it.

use super::fold;
use std::ops::Range;

/// Whether a letter is left out of every comparison: quotation marks part no words, neither in
/// documents nor in questions.
pub fn is_quote(letter: char) -> bool {
    matches!(
        letter,
        '“' | '”' | '"' | '\'' | '‘' | '’' | '《' | '》' | '「' | '」' | '『' | '』'
    )
}

/// Canonical letters with their origin in what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letters {
    /// Folded, synonyms replaced, quotation marks left out.
    pub canonical: Vec<char>,
    /// For each canonical letter the letters of `typed` that it stands for.
    origin: Vec<Range<usize>>,
    typed: Vec<char>,
}

impl Letters {
    /// Folds what was typed, letter by letter, so that each keeps its origin.
    pub fn fold(typed: &str) -> Self {
        let typed: Vec<char> = typed.chars().collect();
        let mut canonical = Vec::with_capacity(typed.len());
        let mut origin = Vec::with_capacity(typed.len());
        for (at, letter) in typed.iter().enumerate() {
            for folded in fold::letter(*letter) {
                canonical.push(folded);
                origin.push(at..at + 1);
            }
        }
        fold::simplify(&mut canonical);
        fold::written_years(&mut canonical);
        let mut letters = Self {
            canonical,
            origin,
            typed,
        };
        letters.leave_out_mentions();
        letters.keep(|letter, _| !is_quote(letter));
        letters
    }

    /// The canonical letters as text.
    pub fn text(&self) -> String {
        self.canonical.iter().collect()
    }

    /// What was typed for a span of canonical letters.
    pub fn typed(&self, span: Range<usize>) -> String {
        let origins = self.origin.get(span).unwrap_or_default();
        let start = origins.iter().map(|range| range.start).min().unwrap_or(0);
        let end = origins.iter().map(|range| range.end).max().unwrap_or(start);
        let typed = self.typed.get(start..end).unwrap_or_default();
        typed.iter().collect::<String>().trim().to_string()
    }

    /// Replaces spans, in order and without overlap, by other letters; each keeps the origin of its
    /// span.
    pub fn replace(&mut self, replacements: &[(Range<usize>, Vec<char>)]) {
        if replacements.is_empty() {
            return;
        }
        let mut canonical = Vec::with_capacity(self.canonical.len());
        let mut origin = Vec::with_capacity(self.origin.len());
        let mut from = 0;
        for (span, letters) in replacements {
            canonical.extend_from_slice(&self.canonical[from..span.start]);
            origin.extend_from_slice(&self.origin[from..span.start]);
            let replaced = &self.origin[span.clone()];
            let start = replaced.first().map_or(0, |range| range.start);
            let end = replaced.last().map_or(start, |range| range.end);
            canonical.extend_from_slice(letters);
            origin.extend(letters.iter().map(|_| start..end));
            from = span.end;
        }
        canonical.extend_from_slice(&self.canonical[from..]);
        origin.extend_from_slice(&self.origin[from..]);
        self.canonical = canonical;
        self.origin = origin;
    }

    fn keep(&mut self, wanted: impl Fn(char, usize) -> bool) {
        let kept: Vec<bool> = (self.canonical.iter().enumerate())
            .map(|(at, letter)| wanted(*letter, at))
            .collect();
        let mut at = 0;
        self.canonical.retain(|_| {
            at += 1;
            kept[at - 1]
        });
        at = 0;
        self.origin.retain(|_| {
            at += 1;
            kept[at - 1]
        });
    }

    /// `@name` speaks to somebody and says nothing: Latin letters, or Chinese ones up to the next
    /// blank.
    fn leave_out_mentions(&mut self) {
        let mut mentioned = vec![false; self.canonical.len()];
        for at in 0..self.canonical.len() {
            if self.canonical[at] != '@' {
                continue;
            }
            let rest = &self.canonical[at + 1..];
            let latin = rest
                .iter()
                .take_while(|c| c.is_ascii_alphanumeric() || **c == '_')
                .count();
            let chinese = rest
                .iter()
                .take_while(|c| c.is_alphanumeric() && !c.is_ascii())
                .count();
            let ends = rest
                .get(chinese)
                .is_none_or(|c| c.is_whitespace() || "，,：:".contains(*c));
            let length = if latin > 0 {
                latin
            } else if (1..=8).contains(&chinese) && ends {
                chinese
            } else {
                0
            };
            if length > 0 {
                mentioned[at..=at + length].fill(true);
            }
        }
        self.keep(|_, at| !mentioned[at]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_keeps_what_was_typed_for_it() {
        let mut letters = Letters::fold("二〇三〇年“ＧＤＰ”為何");
        assert_eq!(letters.text(), "2030年gdp为何");
        letters.replace(&[(5..8, "地区生产总值".chars().collect())]);
        assert_eq!(letters.text(), "2030年地区生产总值为何");
        assert_eq!(letters.typed(5..11), "ＧＤＰ");
        assert_eq!(letters.typed(11..13), "為何");
    }

    #[test]
    fn whoever_is_spoken_to_is_left_out() {
        assert_eq!(Letters::fold("@小助手 目标").text(), " 目标");
        assert_eq!(Letters::fold("@plan_bot目标").text(), "目标");
    }
}

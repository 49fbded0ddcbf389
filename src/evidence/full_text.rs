//! All text of a plan as it is compared, and where each pair of its letters stands: whether a word
//! stands in a plan is asked dozens of times for a question.

use std::collections::{HashMap, HashSet};

/// All text of a plan.
#[derive(Debug, Clone, Default)]
pub(super) struct FullText {
    letters: Vec<char>,
    distinct: HashSet<char>,
    /// Where each pair of letters begins.
    pairs: HashMap<(char, char), Vec<u32>>,
}

impl FullText {
    /// Takes a text of several lines, in which nothing that is looked for reaches over the end of a
    /// line.
    pub(super) fn new(text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let mut pairs: HashMap<(char, char), Vec<u32>> = HashMap::new();
        for (at, two) in letters.windows(2).enumerate() {
            pairs.entry((two[0], two[1])).or_default().push(at as u32);
        }
        pairs.values_mut().for_each(Vec::shrink_to_fit);
        let distinct = letters.iter().copied().collect();
        Self {
            letters,
            distinct,
            pairs,
        }
    }

    /// Whether some letters stand in it.
    pub(super) fn holds(&self, text: &str) -> bool {
        let wanted: Vec<char> = text.chars().collect();
        match wanted.as_slice() {
            [] => true,
            [letter] => self.distinct.contains(letter),
            _ => self.holds_letters(&wanted),
        }
    }

    /// Its lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[char]> {
        self.letters.split(|letter| *letter == '\n')
    }

    fn holds_letters(&self, wanted: &[char]) -> bool {
        let mut rarest: (&[u32], usize) = (&[], 0);
        for (offset, two) in wanted.windows(2).enumerate() {
            let Some(places) = self.pairs.get(&(two[0], two[1])) else {
                return false;
            };
            if offset == 0 || places.len() < rarest.0.len() {
                rarest = (places, offset);
            }
        }
        let (places, offset) = rarest;
        places.iter().any(|place| {
            let start = (*place as usize).checked_sub(offset);
            start.is_some_and(|start| self.letters[start..].starts_with(wanted))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_in_it_as_in_the_text() {
        let text = "茶园面积153亩\n茶园茶厂\n\n渔船三艘";
        let full = FullText::new(text);
        for wanted in [
            "",
            "茶",
            "船",
            "茶园",
            "茶厂",
            "园茶厂",
            "茶园面积153亩",
            "53亩",
            "积153",
            "艘",
            "三艘",
        ] {
            assert!(full.holds(wanted), "{wanted}");
        }
        for wanted in ["水", "厂茶", "茶园面积亩", "园面茶", "三艘船"] {
            assert!(!full.holds(wanted), "{wanted}");
        }
        let lines: Vec<String> = full.lines().map(|line| line.iter().collect()).collect();
        assert_eq!(lines.join("\n"), text);
    }
}

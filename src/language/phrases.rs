//! Many phrases looked for in a text at once, letter by letter.
//!
//! Automata of aho-corasick search a little faster, but to compile them took three tenths of the
//! start of the program; this is made in a tenth of that.

use rustc_hash::FxHashMap;
use std::ops::Range;

/// Phrases, made into a trie. A phrase is named by its position among those it was made of.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    /// From a node by a letter to the next node; the first node is 0.
    steps: FxHashMap<(u32, char), u32>,
    /// For each node the first phrase that ends there.
    ends: Vec<Option<usize>>,
    /// For each phrase the next one that is the same.
    same: Vec<Option<usize>>,
}

/// Where a phrase stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The letters of the text.
    pub span: Range<usize>,
    /// The position of the phrase among those that are looked for.
    pub phrase: usize,
}

impl Phrases {
    /// Phrases to be looked for; an empty one is never found.
    pub fn new<P: AsRef<str>>(phrases: impl IntoIterator<Item = P>) -> Self {
        let mut made = Self {
            ends: vec![None],
            ..Self::default()
        };
        for (at, phrase) in phrases.into_iter().enumerate() {
            let mut node = 0;
            for letter in phrase.as_ref().chars() {
                let next = made.ends.len() as u32;
                node = *made.steps.entry((node, letter)).or_insert(next);
                if node == next {
                    made.ends.push(None);
                }
            }
            made.same.push(None);
            match made.ends[node as usize] {
                Some(first) => made.add_same(first, at),
                None if node > 0 => made.ends[node as usize] = Some(at),
                None => {}
            }
        }
        made
    }

    fn add_same(&mut self, first: usize, phrase: usize) {
        let mut last = first;
        while let Some(next) = self.same[last] {
            last = next;
        }
        self.same[last] = Some(phrase);
    }

    /// Every phrase wherever it stands, within others too.
    pub fn all<'a>(&'a self, letters: &'a [char]) -> impl Iterator<Item = Found> + 'a {
        (0..letters.len()).flat_map(move |start| {
            self.beginning(letters, start)
                .flat_map(move |(end, first)| {
                    let same = std::iter::successors(Some(first), |phrase| self.same[*phrase]);
                    same.map(move |phrase| Found {
                        span: start..end,
                        phrase,
                    })
                })
        })
    }

    /// The phrases that stand one after another: of those that begin at one letter the longest, of
    /// the same phrases the first.
    pub fn longest<'a>(&'a self, letters: &'a [char]) -> impl Iterator<Item = Found> + 'a {
        let mut start = 0;
        std::iter::from_fn(move || {
            while start < letters.len() {
                if let Some((end, phrase)) = self.beginning(letters, start).last() {
                    let span = start..end;
                    start = end;
                    return Some(Found { span, phrase });
                }
                start += 1;
            }
            None
        })
    }

    /// The phrases that begin at a letter, each with the letter after its last one, shortest first.
    pub(super) fn beginning<'a>(
        &'a self,
        letters: &'a [char],
        start: usize,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let mut node = 0;
        let nodes = letters[start..].iter().map_while(move |letter| {
            node = *self.steps.get(&(node, *letter))?;
            Some(node)
        });
        let ends = nodes.map(|node| self.ends[node as usize]);
        ends.enumerate()
            .filter_map(move |(at, phrase)| Some((start + at + 1, phrase?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> Phrases {
        Phrases::new(["茶", "茶园", "园林", "", "茶园", "林场工"])
    }

    fn shown(found: impl Iterator<Item = Found>) -> Vec<(Range<usize>, usize)> {
        found.map(|found| (found.span, found.phrase)).collect()
    }

    #[test]
    fn the_longest_stand_one_after_another() {
        let letters: Vec<char> = "茶园林场茶".chars().collect();
        assert_eq!(shown(phrases().longest(&letters)), [(0..2, 1), (4..5, 0)]);
    }

    #[test]
    fn all_stand_within_others_too() {
        let letters: Vec<char> = "茶园林场茶".chars().collect();
        let all = [(0..1, 0), (0..2, 1), (0..2, 4), (1..3, 2), (4..5, 0)];
        assert_eq!(shown(phrases().all(&letters)), all);
    }

    #[test]
    fn no_phrases_are_found_nowhere() {
        assert_eq!(shown(Phrases::default().all(&['茶'])), []);
        assert_eq!(shown(Phrases::default().longest(&['茶'])), []);
    }
}

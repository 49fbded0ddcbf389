//! Which questions a new name for a thing can touch. Only these need be asked when it is tried:
//! some hundred others are answered by the same names and the same evidence as before.

use super::Edition;
use crate::language::Sounds;
use std::collections::BTreeSet;

/// A current edition, and one in which a thing has a further name.
pub struct NameTrial<'a> {
    /// Without the name.
    pub older: &'a Edition,
    /// With it.
    pub newer: &'a Edition,
    /// The letters of the new name.
    letters: BTreeSet<char>,
    /// Letters side by side in the printed name.
    pairs: BTreeSet<[char; 2]>,
    /// How the new name sounds.
    sounds: Sounds,
}

impl<'a> NameTrial<'a> {
    /// Tries a saying for a printed name.
    pub fn new(older: &'a Edition, newer: &'a Edition, printed: &str, said: &str) -> Self {
        let (printed, said) = (newer.as_compared(printed), newer.as_compared(said));
        let printed: Vec<char> = printed.chars().collect();
        let pairs = printed.windows(2).map(|pair| [pair[0], pair[1]]);
        Self {
            older,
            newer,
            letters: said.chars().collect(),
            pairs: pairs.collect(),
            sounds: Sounds::new(std::iter::once(said.as_str())),
        }
    }

    /// Whether a question may be answered otherwise. A name is found by its letters or its sound,
    /// also where a word of the question only means it; and what the documents say of it by either
    /// name now belongs to the printed one.
    pub fn may_touch(&self, question: &str) -> bool {
        let read = self.newer.read(question);
        let meanings = read.words.iter().flat_map(|word| &word.meanings);
        let mut texts: Vec<Vec<char>> = meanings.map(|text| text.chars().collect()).collect();
        texts.push(read.letters.canonical);
        texts.iter().any(|text| {
            let shares_letter = text.iter().any(|letter| self.letters.contains(letter));
            let mut pairs = text.windows(2);
            shares_letter
                || pairs.any(|pair| self.pairs.contains(pair))
                || !self.sounds.slips(text).is_empty()
        })
    }
}

//! In which texts each letter and each pair of letters stands: a word is looked for only where it
//! can be.

use super::ids::TextId;
use std::collections::HashMap;

/// Two letters that stand beside each other.
type Pair = (char, char);

/// For each letter and pair of letters the texts that have it, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    letters: HashMap<char, Vec<TextId>>,
    pairs: HashMap<Pair, Vec<TextId>>,
}

impl Postings {
    /// Adds a text, whose number must be greater than that of each one before.
    pub(super) fn add(&mut self, id: TextId, letters: &[char]) {
        let add = |known: &mut Vec<TextId>| {
            if known.last() != Some(&id) {
                known.push(id);
            }
        };
        for letter in letters {
            add(self.letters.entry(*letter).or_default());
        }
        for two in letters.windows(2) {
            add(self.pairs.entry((two[0], two[1])).or_default());
        }
    }

    /// Gives back the room that growing took.
    pub(super) fn finish(&mut self) {
        for known in self.letters.values_mut().chain(self.pairs.values_mut()) {
            known.shrink_to_fit();
        }
    }

    /// The texts that have a letter.
    pub(super) fn with_letter(&self, letter: char) -> &[TextId] {
        self.letters.get(&letter).map_or(&[], Vec::as_slice)
    }

    /// The texts that have every one of some letters.
    pub(super) fn with_letters(&self, letters: &[char]) -> Vec<TextId> {
        let mut lists: Vec<&[TextId]> = letters
            .iter()
            .map(|letter| self.with_letter(*letter))
            .collect();
        lists.sort_by_key(|list| list.len());
        let Some((rarest, others)) = lists.split_first() else {
            return Vec::new();
        };
        let has_all = |id: &&TextId| others.iter().all(|list| list.binary_search(id).is_ok());
        rarest.iter().filter(has_all).copied().collect()
    }

    /// The texts that have at least half of the pairs of some letters, among so many texts.
    pub(super) fn with_half_of_pairs(&self, letters: &[char], texts: usize) -> Vec<TextId> {
        let mut counts: Vec<u16> = vec![0; texts];
        let mut found = Vec::new();
        let pairs = letters.len().saturating_sub(1);
        for two in letters.windows(2) {
            for id in self.pairs.get(&(two[0], two[1])).into_iter().flatten() {
                let count = &mut counts[id.at()];
                *count += 1;
                // Where it first has half of them, and only there.
                if usize::from(*count) == pairs.div_ceil(2) {
                    found.push(*id);
                }
            }
        }
        found
    }
}

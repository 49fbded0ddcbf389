//! The texts of a library, each kept once, and which of them hold a word.

use super::ids::TextId;
use super::postings::Postings;
use super::text::{LONGEST_ABBREVIATION, Text};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// How well a word stands in each text in which it stands at all, in the order of texts.
pub(super) type Held = Arc<[(TextId, f32)]>;

/// Of so many words it is remembered where they stand: the questions of a day have the same words
/// in many orders. A word takes some kilobytes, so that all take a few megabytes.
const MOST_REMEMBERED: usize = 1_024;
/// A longer word is no word that comes again, in bytes.
const LONGEST_REMEMBERED: usize = 60;

/// Texts, each once.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    texts: Vec<Text>,
    postings: Postings,
    known: HashMap<String, TextId>,
    remembered: Arc<Mutex<HashMap<String, Held>>>,
}

impl Texts {
    /// The number of a canonical text; it is added where it is new.
    pub fn add(&mut self, canonical: &str) -> TextId {
        if let Some(known) = self.known.get(canonical) {
            return *known;
        }
        let id = TextId::new(self.texts.len());
        let text = Text::new(canonical);
        self.postings.add(id, &text.letters);
        self.texts.push(text);
        self.known.insert(canonical.to_string(), id);
        id
    }

    /// A text by its number.
    pub fn get(&self, id: TextId) -> &Text {
        &self.texts[id.at()]
    }

    /// How many texts there are.
    pub fn count(&self) -> usize {
        self.texts.len()
    }

    /// Forgets what only building needed.
    pub fn finish(&mut self) {
        self.known = HashMap::new();
        self.remembered = Arc::default();
        self.postings.finish();
    }

    /// How well a word stands in texts.
    pub(super) fn holding(&self, word: &str) -> Held {
        let remembered = || {
            let locked = self.remembered.lock();
            locked.unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(held) = remembered().get(word) {
            return Arc::clone(held);
        }
        let held: Held = self.looked_for(word).into();
        if word.len() <= LONGEST_REMEMBERED {
            let mut remembered = remembered();
            if remembered.len() >= MOST_REMEMBERED {
                remembered.clear();
            }
            remembered.insert(word.to_string(), Arc::clone(&held));
        }
        held
    }

    fn looked_for(&self, word: &str) -> Vec<(TextId, f32)> {
        let letters: Vec<char> = word.chars().collect();
        let Some(first) = letters.first() else {
            return Vec::new();
        };
        let held = |id: &TextId| (*id, self.get(*id).holds(word));
        let mut found = Vec::new();
        // A number may stand in part, so that no other letter of it is sure.
        if first.is_ascii_digit() || word.is_ascii() {
            found.extend(self.postings.with_letter(*first).iter().map(held));
        } else if letters.len() == 1 {
            found.extend(
                self.postings
                    .with_letter(*first)
                    .iter()
                    .map(|id| (*id, 1.0)),
            );
        } else {
            let count = self.texts.len();
            let likely = self.postings.with_half_of_pairs(&letters, count);
            // Two letters beside each other are the word.
            match letters.len() {
                2 => found.extend(likely.into_iter().map(|id| {
                    let denies = self.get(id).denies;
                    (
                        id,
                        if denies {
                            self.get(id).holds(word)
                        } else {
                            1.0
                        },
                    )
                })),
                _ => found.extend(likely.iter().map(held)),
            }
            if letters.len() <= LONGEST_ABBREVIATION {
                let known: HashSet<TextId> = found.iter().map(|(id, _)| *id).collect();
                let others = self.postings.with_letters(&letters);
                found.extend(others.iter().filter(|id| !known.contains(id)).map(held));
            }
        }
        found.retain(|(_, value)| *value > 0.0);
        found.sort_unstable_by_key(|(id, _)| *id);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_held_by_the_texts_that_have_it() {
        let mut texts = Texts::default();
        let all = [
            "茶园营业收入增长153亩,建成pm2.5站",
            "营业外收入15亩",
            "收入",
            "高标准农田与标准农机",
            "国际的标准化农村",
            "一核两园",
        ];
        for text in all {
            texts.add(text);
        }
        let words = [
            "茶园",
            "营收",
            "15亩",
            "153",
            "15",
            "pm2.5",
            "pm2",
            "竹林",
            "收入",
            "收",
            "核",
            "标准农田",
            "高标农田",
            "国际标准",
            "高标准农机",
            "标农",
            "营业收入",
            "一核多园",
            "",
        ];
        for word in words {
            let mut held = vec![0.0; all.len()];
            for (id, value) in texts.holding(word).iter() {
                held[id.at()] = *value;
            }
            let each: Vec<f32> = all.iter().map(|text| Text::new(text).holds(word)).collect();
            assert_eq!(held, each, "{word}");
        }
    }
}

//! How well the words of one question, and the names that it means, stand in the texts of the
//! library: reckoned once for each of them.

use super::ids::TextId;
use super::text::Sorts;
use super::texts::Texts;
use crate::question::Word;
use std::cell::{OnceCell, RefCell};

/// A text around a record and how much it counts there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The text.
    pub text: TextId,
    /// What a word that stands in it is worth, up to 1.
    pub worth: f32,
}

/// What somebody means by a saying is worth a little less than the word itself.
const MEANT: f32 = 0.92;
/// From this on a word stands in a text as it is, or as somebody means it.
pub const STANDS: f32 = 0.9;
/// Words of less weight are not looked for.
const LEAST_WEIGHT: f32 = 0.08;

/// The words of a question against the texts of a library.
pub struct Explainer<'a> {
    texts: &'a Texts,
    words: &'a [Word],
    /// For each text how well each word stands in it, the words of a text beside each other.
    stands: OnceCell<Vec<f32>>,
    /// For each name that was asked for, how well it stands in each text: they are a few.
    names: RefCell<Vec<(String, Vec<f32>)>>,
    /// In how many sentences each word stands.
    spread: OnceCell<Vec<usize>>,
}

impl<'a> Explainer<'a> {
    /// For the words of a question.
    pub fn new(texts: &'a Texts, words: &'a [Word]) -> Self {
        Self {
            texts,
            words,
            stands: OnceCell::new(),
            names: RefCell::default(),
            spread: OnceCell::new(),
        }
    }

    /// How well a word stands in a text, 0 to 1.
    pub fn in_text(&self, word: usize, text: TextId) -> f32 {
        self.words_in(text)[word]
    }

    /// How well each word stands in a text.
    fn words_in(&self, text: TextId) -> &[f32] {
        let stands = self.stands.get_or_init(|| self.stands());
        let count = self.words.len();
        &stands[text.at() * count..(text.at() + 1) * count]
    }

    fn stands(&self) -> Vec<f32> {
        let count = self.words.len();
        let mut stands = vec![0.0; self.texts.count() * count];
        let words = self.words.iter().enumerate();
        for (at, word) in words.filter(|(_, word)| word.weight >= LEAST_WEIGHT) {
            for (id, value) in self.texts.holding(&word.text).iter() {
                stands[id.at() * count + at] = *value;
            }
            for meaning in &word.meanings {
                for (id, value) in self.texts.holding(meaning).iter() {
                    let known: &mut f32 = &mut stands[id.at() * count + at];
                    *known = known.max(MEANT * value);
                }
            }
        }
        stands
    }

    /// How well each word is explained by texts at several levels: the best of them.
    pub fn by_levels(&self, levels: &[Level]) -> Vec<f32> {
        let mut best = vec![0.0_f32; self.words.len()];
        for level in levels {
            for (best, stands) in best.iter_mut().zip(self.words_in(level.text)) {
                *best = best.max(level.worth * stands);
            }
        }
        best
    }

    /// In how many sentences each word stands as it is; the sentences are those of the library.
    pub fn spread(&self, sentences: impl Iterator<Item = TextId>) -> &[usize] {
        self.spread.get_or_init(|| {
            let mut spread = vec![0; self.words.len()];
            for sentence in sentences {
                for (count, stands) in spread.iter_mut().zip(self.words_in(sentence)) {
                    *count += usize::from(*stands >= STANDS);
                }
            }
            spread
        })
    }

    /// The weight of the content words that stand in a text.
    pub fn weight_in(&self, text: TextId) -> f32 {
        self.words
            .iter()
            .zip(self.words_in(text))
            .filter(|(word, _)| word.weight > 0.15 && !word.is_operator)
            .map(|(word, stands)| word.weight * stands)
            .sum()
    }

    /// How well a name stands in a text, 0 to 1.
    pub fn holds(&self, text: TextId, name: &str) -> f32 {
        let mut names = self.names.borrow_mut();
        let known = names.iter().position(|(known, _)| known == name);
        let at = known.unwrap_or_else(|| {
            let mut row = vec![0.0; self.texts.count()];
            for (id, value) in self.texts.holding(name).iter() {
                row[id.at()] = *value;
            }
            names.push((name.to_string(), row));
            names.len() - 1
        });
        names[at].1[text.at()]
    }

    /// Whether a text names who has a role.
    pub fn names_holder(&self, text: TextId, role: &str) -> bool {
        self.texts.get(text).names_holder(role)
    }

    /// What sorts of things a text names.
    pub fn sorts(&self, text: TextId) -> Sorts {
        self.texts.get(text).names
    }

    /// A text by its number.
    pub fn canonical(&self, text: TextId) -> &str {
        &self.texts.get(text).canonical
    }
}

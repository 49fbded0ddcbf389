//! How well the words of one question stand in the texts of the library: reckoned once for each
//! word and text.

use super::ids::TextId;
use super::text::Sorts;
use super::texts::Texts;
use crate::question::Word;
use std::cell::OnceCell;

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
/// Words of less weight are not looked for.
const LEAST_WEIGHT: f32 = 0.08;

/// The words of a question against the texts of a library.
pub struct Explainer<'a> {
    texts: &'a Texts,
    words: &'a [Word],
    /// For each word, once it is asked for, how well it stands in each text.
    rows: Vec<OnceCell<Vec<f32>>>,
}

impl<'a> Explainer<'a> {
    /// For the words of a question.
    pub fn new(texts: &'a Texts, words: &'a [Word]) -> Self {
        Self {
            texts,
            words,
            rows: words.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// How well a word stands in a text, 0 to 1.
    pub fn in_text(&self, word: usize, text: TextId) -> f32 {
        let row = self.rows[word].get_or_init(|| self.row(&self.words[word]));
        row[text.at()]
    }

    fn row(&self, word: &Word) -> Vec<f32> {
        let mut row = vec![0.0; self.texts.count()];
        if word.weight < LEAST_WEIGHT {
            return row;
        }
        for (id, value) in self.texts.holding(&word.text) {
            row[id.at()] = value;
        }
        for meaning in &word.meanings {
            for (id, value) in self.texts.holding(meaning) {
                let stands: f32 = row[id.at()];
                row[id.at()] = stands.max(MEANT * value);
            }
        }
        row
    }

    /// How well each word is explained by texts at several levels: the best of them.
    pub fn by_levels(&self, levels: &[Level]) -> Vec<f32> {
        (0..self.words.len())
            .map(|word| self.word_by_levels(word, levels))
            .collect()
    }

    /// How well one word is explained at several levels.
    pub fn word_by_levels(&self, word: usize, levels: &[Level]) -> f32 {
        let mut best: f32 = 0.0;
        for level in levels {
            if level.worth > best {
                best = best.max(level.worth * self.in_text(word, level.text));
            }
        }
        best
    }

    /// The weight of the content words that stand in a text.
    pub fn weight_in(&self, text: TextId) -> f32 {
        self.words
            .iter()
            .enumerate()
            .filter(|(_, word)| word.weight > 0.15 && !word.is_operator)
            .map(|(at, word)| word.weight * self.in_text(at, text))
            .sum()
    }

    /// How well a name stands in a text, 0 to 1.
    pub fn holds(&self, text: TextId, name: &str) -> f32 {
        self.texts.get(text).holds(name)
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

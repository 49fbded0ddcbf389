//! How well the words of one question stand in the texts of the library: reckoned once for each
//! word and text.

use super::text::{Sorts, TextId, Texts};
use crate::question::Word;
use std::cell::RefCell;

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
    rows: RefCell<Rows>,
}

struct Rows {
    /// For each text the number of its row, counted from one.
    of_text: Vec<u32>,
    values: Vec<f32>,
}

impl<'a> Explainer<'a> {
    /// For the words of a question.
    pub fn new(texts: &'a Texts, words: &'a [Word]) -> Self {
        let rows = Rows {
            of_text: vec![0; texts.count()],
            values: Vec::new(),
        };
        Self {
            texts,
            words,
            rows: RefCell::new(rows),
        }
    }

    /// How well a word stands in a text, 0 to 1.
    pub fn in_text(&self, word: usize, text: TextId) -> f32 {
        let mut rows = self.rows.borrow_mut();
        if rows.of_text[text.at()] == 0 {
            let filled = rows.values.len() + self.words.len();
            rows.values.resize(filled, f32::NAN);
            rows.of_text[text.at()] = (filled / self.words.len().max(1)) as u32;
        }
        let at = (rows.of_text[text.at()] as usize - 1) * self.words.len() + word;
        if rows.values[at].is_nan() {
            rows.values[at] = self.reckon(word, text);
        }
        rows.values[at]
    }

    fn reckon(&self, word: usize, text: TextId) -> f32 {
        let word = &self.words[word];
        if word.weight < LEAST_WEIGHT {
            return 0.0;
        }
        let text = self.texts.get(text);
        let stands = text.holds(&word.text);
        let meant = |best: f32, meaning: &String| best.max(MEANT * text.holds(meaning));
        if stands < MEANT {
            word.meanings.iter().fold(stands, meant)
        } else {
            stands
        }
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

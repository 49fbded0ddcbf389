//! How well the words of one question, and the names that it means, stand in the texts of the
//! library: reckoned once for each of them.

use super::ids::TextId;
use super::text::Sorts;
use super::texts::{Held, Texts};
use crate::question::{Compound, Word};
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
    stands: OnceCell<Stands>,
    /// For each name that was asked for, how well it stands in texts: they are a few.
    names: RefCell<Vec<(String, Held)>>,
    /// In how many sentences each word stands.
    spread: OnceCell<Vec<usize>>,
}

/// How well each word stands in texts. Most texts have none of the words, and share one row.
struct Stands {
    /// For each text the number of its row.
    rows: Vec<u32>,
    /// The rows one behind the other, of a value for each word; the first one is nought.
    values: Vec<f32>,
    words: usize,
}

impl Stands {
    fn new(texts: usize, words: usize) -> Self {
        Self {
            rows: vec![0; texts],
            values: vec![0.0; words],
            words,
        }
    }

    /// What a word is worth in a text is at least this.
    fn raise(&mut self, text: TextId, word: usize, value: f32) {
        let row = &mut self.rows[text.at()];
        if *row == 0 {
            *row = (self.values.len() / self.words) as u32;
            self.values.resize(self.values.len() + self.words, 0.0);
        }
        let known = &mut self.values[*row as usize * self.words + word];
        *known = known.max(value);
    }

    fn of(&self, text: TextId) -> &[f32] {
        let row = self.rows[text.at()] as usize;
        &self.values[row * self.words..(row + 1) * self.words]
    }
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
        self.stands.get_or_init(|| self.stands()).of(text)
    }

    fn stands(&self) -> Stands {
        let mut stands = Stands::new(self.texts.count(), self.words.len());
        let words = self.words.iter().enumerate();
        for (at, word) in words.filter(|(_, word)| word.weight >= LEAST_WEIGHT) {
            for (id, value) in self.texts.holding(&word.text).iter() {
                stands.raise(*id, at, *value);
            }
            for meaning in &word.meanings {
                for (id, value) in self.texts.holding(meaning).iter() {
                    stands.raise(*id, at, MEANT * value);
                }
            }
        }
        stands
    }

    /// Whether a compound of two words stands in a text, by any words that mean them.
    pub fn has_compound(&self, text: TextId, compound: &Compound) -> bool {
        // Where one of the two stands not at all, both do not stand together.
        let may_stand = |word: &usize| {
            self.words[*word].weight < LEAST_WEIGHT || self.in_text(*word, text) > 0.0
        };
        let canonical = self.canonical(text);
        compound.words.iter().all(may_stand)
            && compound.forms.iter().any(|form| canonical.contains(form))
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
            names.push((name.to_string(), self.texts.holding(name)));
            names.len() - 1
        });
        let held = &names[at].1;
        let found = held.binary_search_by_key(&text, |(id, _)| *id);
        found.map_or(0.0, |found| held[found].1)
    }

    /// Whether a text names who has a role.
    pub fn names_holder(&self, text: TextId, role: &str) -> bool {
        self.texts.get(text).names_holder(role)
    }

    /// What sorts of things a text names.
    pub fn sorts(&self, text: TextId) -> Sorts {
        self.texts.get(text).names()
    }

    /// A text by its number.
    pub fn canonical(&self, text: TextId) -> &str {
        &self.texts.get(text).canonical
    }
}

//! Whether what somebody says is made of whole words where they say it: half a word is no name.

use super::{Circumstances, Edition};
use crate::language::PartOfSpeech;
use crate::question::{Question, Word};
use crate::reply::Weights;
use chrono::NaiveDate;
use std::cell::RefCell;
use std::collections::BTreeSet;

impl Edition {
    /// Whether a saying stands in a question as whole words: 岗率 is half of 在岗率. A question
    /// that does not hold it tears nothing.
    pub fn is_whole_in(&self, said: &str, question: &str) -> bool {
        let wanted = self.words.thesaurus.question(said).canonical;
        let read = self.read(question);
        let letters = &read.letters.canonical;
        if wanted.is_empty() || letters.len() < wanted.len() {
            return true;
        }
        let mut stands = (0..=letters.len() - wanted.len())
            .filter(|at| letters[*at..*at + wanted.len()] == wanted[..])
            .peekable();
        // What stands nowhere in the question is not half of anything there.
        stands.peek().is_none()
            || stands.any(|at| begins_word(&read, at) && ends_word(&read, at + wanted.len()))
    }

    /// The letters of a text that belong to words of more than one letter.
    pub fn letters_of_words(&self, text: &str) -> BTreeSet<char> {
        let read = self.read(text);
        let words = read.words.iter().filter(|word| word.span.len() > 1);
        words.flat_map(|word| word.text.chars()).collect()
    }

    /// How a text is read.
    pub(super) fn read(&self, text: &str) -> Question {
        let fault: RefCell<Option<String>> = RefCell::new(None);
        let search = |question: &Question| self.search(question, &fault);
        let asking = Circumstances {
            today: NaiveDate::default(),
            ..Circumstances::default()
        };
        self.at_desk(&search, asking, Weights::fitted(), |desk| {
            Question::read(text, &desk.reader)
        })
    }
}

/// Whether a word begins here. Two single letters side by side may be one word that the dictionary
/// does not have, unless the first only joins or counts (的, 和, 年).
fn begins_word(question: &Question, at: usize) -> bool {
    use PartOfSpeech as P;
    let Some(first) = word_at(question, |word| word.span.start == at) else {
        return false;
    };
    let Some(before) = word_at(question, |word| word.span.end == at) else {
        return true;
    };
    let only_joins = matches!(
        before.part,
        P::Particle | P::Modal | P::Conjunction | P::Time | P::Number | P::Measure
    );
    first.span.len() > 1 || before.span.len() > 1 || only_joins
}

/// Whether a word ends here: a single letter that names something makes one word with what stands
/// before it (失业率).
fn ends_word(question: &Question, at: usize) -> bool {
    use PartOfSpeech as P;
    let ends = word_at(question, |word| word.span.end == at).is_some();
    let goes_on = word_at(question, |word| word.span.start == at).is_some_and(|word| {
        word.span.len() == 1 && matches!(word.part, P::Noun | P::Suffix | P::Unknown)
    });
    ends && !goes_on
}

fn word_at(question: &Question, stands: impl Fn(&Word) -> bool) -> Option<&Word> {
    question.words.iter().find(|word| stands(word))
}

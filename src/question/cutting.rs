//! Words that the dictionary cuts otherwise than the documents: 救助金|发了 is no 救助|金|发了.

use super::word::Word;
use crate::language::{Entry, PartOfSpeech, entry};
use std::ops::Range;

/// What words are cut anew with.
pub(super) struct Cutting<'a> {
    /// The question's letters.
    pub letters: &'a [char],
    /// Whether a text stands in the documents of the frame.
    pub in_documents: &'a dyn Fn(&str) -> bool,
    /// The word of some letters, by what the dictionary has of it, in a part of the question.
    pub word: &'a dyn Fn(Range<usize>, Entry, usize) -> Word,
}

impl Cutting<'_> {
    /// Gives the first letter of a word that the documents do not have to the word before it, where
    /// it names a thing, they have these together, and what is left is a verb.
    pub(super) fn as_documents_cut(&self, words: Vec<Word>) -> Vec<Word> {
        let mut cut: Vec<Word> = Vec::with_capacity(words.len());
        for next in words {
            let parts = cut.last().and_then(|last| self.recut(last, &next));
            match parts {
                Some(parts) => {
                    cut.pop();
                    cut.extend(parts);
                }
                None => cut.push(next),
            }
        }
        cut
    }

    fn recut(&self, last: &Word, next: &Word) -> Option<[Word; 2]> {
        let touches = last.span.end == next.span.start && last.clause == next.clause;
        let may_be_cut = next.span.len() == 2 && !next.is_operator && !next.is_in_documents;
        if !touches || !may_be_cut || last.is_operator || !last.part.is_open() {
            return None;
        }
        let text = |span: Range<usize>| self.letters[span].iter().collect::<String>();
        let longer = last.span.start..next.span.start + 1;
        let left = longer.end..next.span.end;
        let thing = entry(&text(next.span.start..longer.end))?;
        let verb = entry(&text(left.clone())).filter(|known| known.part == PartOfSpeech::Verb)?;
        if !thing.part.is_open() || !(self.in_documents)(&text(longer.clone())) {
            return None;
        }
        let frequency = entry(&text(longer.clone())).map_or(0, |entry| entry.frequency);
        let noun = Entry {
            part: PartOfSpeech::Noun,
            frequency,
        };
        let longer = (self.word)(longer, noun, last.clause);
        Some([longer, (self.word)(left, verb, next.clause)])
    }
}

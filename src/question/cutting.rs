//! Words that the dictionary cuts otherwise than the documents: 救助金|发了 is no 救助|金发|了.

use super::word::Word;
use super::words::{Reading, word};
use crate::language::{PartOfSpeech, entry};

/// Gives the first letter of a word that the documents do not have to the word before it, where
/// they have these together and what is left is a verb.
pub(super) fn as_documents_cut(reading: &Reading<'_>, words: Vec<Word>) -> Vec<Word> {
    let mut cut: Vec<Word> = Vec::with_capacity(words.len());
    for next in words {
        let parts = cut.last().and_then(|last| recut(reading, last, &next));
        match parts {
            Some([longer, verb]) => {
                cut.pop();
                cut.extend([longer, verb]);
            }
            None => cut.push(next),
        }
    }
    cut
}

fn recut(reading: &Reading<'_>, last: &Word, next: &Word) -> Option<[Word; 2]> {
    let touches = last.span.end == next.span.start && last.clause == next.clause;
    let is_word = |word: &Word| word.span.len() == 2 && !word.is_operator && !word.is_number();
    if !touches || !is_word(last) || !is_word(next) || next.is_in_documents {
        return None;
    }
    let letters = &reading.letters.canonical;
    let middle = next.span.start + 1;
    let verb: String = letters[middle..next.span.end].iter().collect();
    let known = entry(&verb).filter(|known| known.part == PartOfSpeech::Verb)?;
    let longer: String = letters[last.span.start..middle].iter().collect();
    if !(reading.in_documents)(&longer) {
        return None;
    }
    let frequency = entry(&longer).map_or(0, |entry| entry.frequency);
    Some([
        word(
            reading,
            last.span.start..middle,
            longer,
            PartOfSpeech::Noun,
            frequency,
            last.clause,
        ),
        word(
            reading,
            middle..next.span.end,
            verb,
            known.part,
            known.frequency,
            next.clause,
        ),
    ])
}

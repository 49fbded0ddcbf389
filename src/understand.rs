//! What a question asks: from text to ranked readings over the names of the book.
//!
//! Pure. Words come from `data/lexicon`, names from the plans; nothing here knows one of either. It finds out what is
//! asked, never what the answer is.

mod canonical;
mod fold;
mod intents;
mod lexicon;
mod lexicon_builder;
mod readings;
mod resolve;
mod respell;
mod tokens;
mod validate;
mod wishes;

pub use canonical::Canonicaliser;
pub use fold::fold;
pub use intents::{Cue, Intent};
pub use lexicon::{Category, IndicatorConcept, Lexicon, TermConcept};
pub use readings::{ContentPiece, Reading, Slots, Understanding, Utterance};
pub use tokens::{Token, TokenKind};
pub use validate::patterns_that_never_match;

/// The longest part of a question that is read, in characters.
pub const LONGEST_QUESTION: usize = 400;

/// Reads a question as it is written.
pub fn understand(lexicon: &Lexicon, question: &str) -> Utterance {
    let canonical = lexicon.canonicaliser().rewrite(&fold(question));
    read(lexicon, question, canonical, Vec::new())
}

/// Reads a question as it sounds: slips between words of the same sound put right, and pinyin written out. Nothing
/// when the question sounds like nothing else.
pub fn understand_by_sound(lexicon: &Lexicon, utterance: &Utterance) -> Option<Utterance> {
    let (text, changes) = respell::respell(lexicon, utterance)?;
    let canonical = lexicon.canonicaliser().rewrite(&text);
    Some(read(lexicon, &utterance.raw, canonical, changes))
}

/// Reads a part of a question, with the years and measures that the whole one names.
pub fn understand_part(lexicon: &Lexicon, whole: &Utterance, part: &str) -> Utterance {
    let mut read = read(
        lexicon,
        &whole.raw,
        part.to_string(),
        whole.respelled.clone(),
    );
    read.inherit(whole);
    read
}

fn read(
    lexicon: &Lexicon,
    question: &str,
    canonical: String,
    respelled: Vec<(String, String)>,
) -> Utterance {
    let tokens = tokens::tokens(lexicon, &canonical);
    readings::readings(lexicon, question, canonical, tokens, respelled)
}

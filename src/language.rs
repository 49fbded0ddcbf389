//! The general words of the language: how often each is used, what part of speech it is, and where the words of a text
//! end.
//!
//! Pure. The words come from one general dictionary that is part of the program; words of a document are handed in by the
//! caller. Nothing here knows a plan, a question or an answer, and nothing here decides what a text means.

mod dictionary;
mod segment;

pub use dictionary::{Entry, PartOfSpeech, TOTAL, entry, prefixes, words};
pub use segment::{OwnWords, Segment, segment};

//! The language, whatever a text is about: how text is compared, what things of the field are
//! called, how often each word is used and what part of speech it is, where the words of a text
//! end, what units measure, how words sound.
//!
//! Pure. The words come from one general dictionary that is part of the program and from the data
//! files that are handed in. Nothing here knows a plan, a question or an answer, and nothing here
//! decides what a text means.

mod decode;
mod dictionary;
mod enumeration;
mod everyday;
mod fold;
mod joined;
mod letters;
mod numerals;
mod phrases;
mod rate;
mod regional;
mod segment;
mod sounds;
mod stem;
mod syllables;
mod thesaurus;
mod units;

pub use decode::{decode, is_invisible};
pub use dictionary::{Entry, PartOfSpeech, TOTAL, entry, prefixes, words};
pub use enumeration::enumerates;
pub use everyday::{everyday_words, written_for};
pub use fold::fold;
pub use letters::Letters;
pub use numerals::han_number;
pub use phrases::Phrases;
pub use rate::{ends_in_change, ends_in_rate, is_rate, names_rate, without_rate};
pub use segment::{OwnWords, Segment, segment};
pub use sounds::{Slip, Sounds, in_latin_letters};
pub use stem::{stem, telling_stem};
pub use thesaurus::{Concept, Meaning, Thesaurus, stands_alone};
pub use units::{UnitKind, Units};

/// Whether a letter belongs to a word of Latin letters.
pub fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphabetic()
}

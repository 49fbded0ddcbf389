//! What is said every day and how it is written: 厂子 and 企业, 打工 and 务工.
//!
//! A dictionary of registers, not of any field: it belongs to the language and stands in the
//! program.

use super::dictionary::{Entry, PartOfSpeech, entry};
use super::phrases::Phrases;
use once_cell::sync::Lazy;
use serde::Deserialize;
use std::collections::HashMap;

/// Where the general dictionary has nothing that is written for a word, it is a rare one.
const UNKNOWN_FREQUENCY: u32 = 100;

#[derive(Deserialize)]
struct File {
    words: HashMap<String, Vec<String>>,
}

/// Broken, it is empty, which a test would notice.
static WORDS: Lazy<HashMap<String, Vec<String>>> = Lazy::new(|| {
    toml::from_str::<File>(include_str!("everyday.toml"))
        .map(|file| file.words)
        .unwrap_or_default()
});

/// The words that are written where somebody says this one, none for most.
pub fn written_for(word: &str) -> &'static [String] {
    WORDS.get(word).map_or(&[], Vec::as_slice)
}

/// Those that the general dictionary does not have, and what each of them is.
static NEW: Lazy<(Phrases, Vec<Entry>)> = Lazy::new(|| {
    let mut said: Vec<&String> = WORDS.keys().filter(|said| entry(said).is_none()).collect();
    said.sort_unstable();
    let entries = said.iter().map(|said| as_written(&WORDS[*said])).collect();
    (Phrases::new(said), entries)
});

/// A word is said as often as what is written for it, and is the same part of speech.
fn as_written(written: &[String]) -> Entry {
    let known = written.iter().find_map(|word| entry(word));
    known.unwrap_or(Entry {
        part: PartOfSpeech::Noun,
        frequency: UNKNOWN_FREQUENCY,
    })
}

/// Everyday words that some letters begin with and that the general dictionary does not have, each
/// with its length in letters.
pub fn everyday_words(letters: &[char]) -> impl Iterator<Item = (usize, Entry)> + '_ {
    let (phrases, entries) = &*NEW;
    let begins = phrases.beginning(letters, 0);
    begins.map(|(length, at)| (length, entries[at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::fold;

    #[test]
    fn words_of_talk_have_written_ones() {
        assert!(WORDS.len() > 500);
        assert_eq!(written_for("案子"), ["案件"]);
        assert!(written_for("案件").is_empty());
        for (said, written) in WORDS.iter() {
            assert!(!written.is_empty(), "{said}");
            for word in written.iter().chain([said]) {
                assert_eq!(&fold::fold(word), word, "not as it is compared");
            }
        }
    }
}

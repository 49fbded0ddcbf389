//! What is said every day and how it is written: 厂子 and 企业, 打工 and 务工.
//!
//! A dictionary of registers, not of any field: it belongs to the language and stands in the
//! program.

use once_cell::sync::Lazy;
use serde::Deserialize;
use std::collections::HashMap;

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

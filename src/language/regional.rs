//! Words of the regions and of the older style of offices, in the common language: 几耐 is 多久.
//!
//! A closed class, mostly of function words; it belongs to the language and stands in the program.
//! Only questions are read so: documents are written in the common language.

use super::letters::Letters;
use super::phrases::Phrases;
use once_cell::sync::Lazy;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// What is said in the regions, and what is said for it in common.
struct Regional {
    said: Phrases,
    common: Vec<Vec<char>>,
}

/// Broken, it is empty, which a test would notice.
static REGIONAL: Lazy<Regional> = Lazy::new(|| {
    let regions: HashMap<String, BTreeMap<String, String>> =
        toml::from_str(include_str!("regional.toml")).unwrap_or_default();
    let words: BTreeMap<String, String> = regions.into_values().flatten().collect();
    Regional {
        said: Phrases::new(words.keys()),
        common: words.values().map(|word| word.chars().collect()).collect(),
    }
});

/// Replaces what is said in the regions by what is said in common.
pub fn in_common(letters: &mut Letters) {
    let found = REGIONAL.said.longest(&letters.canonical);
    let replacements: Vec<(Range<usize>, Vec<char>)> = found
        .map(|found| (found.span, REGIONAL.common[found.phrase].clone()))
        .collect();
    letters.replace(&replacements);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_regions_are_said_in_common() {
        let common = |typed: &str| {
            let mut letters = Letters::fold(typed);
            in_common(&mut letters);
            letters.text()
        };
        assert_eq!(common("旧年攞咗几多"), "去年拿了多少");
        assert_eq!(common("唔系噉"), "不是这样");
        assert_eq!(common("体系仲裁"), "体系仲裁");
        assert_eq!(common("辰光阿晓得"), "时候知道不知道");
    }
}

//! What a figure says of a part only: of a town, a zone, or of the firms above a size.

use crate::language::{Entry, Segment, segment};
use once_cell::sync::Lazy;
use regex::Regex;

/// Endings of places that lie within a district or a county, at the beginning of what a figure
/// counts and followed by more.
static PLACE: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"^(?:其中[，：:]?)?(?P<place>",
        r"\p{Han}{2,5}?(?:镇|乡|县|街道)",
        r"|\p{Han}{1,5}?园区",
        r"|\p{Han}{0,5}?(?:新区|开发区|高新区|经开区|度假区|保税区|自贸区)",
        r")/?\p{Han}{2}"
    ))
    .ok()
});

/// What the statistics count only firms of: a closed set of terms of the field.
const SIZES: [&str; 3] = ["规上", "限上", "资上"];

/// The place within the region that a figure is of, where what it counts begins with one
/// (云岭镇财政收入).
pub fn place_of(counted: &str) -> Option<String> {
    let found = PLACE.as_ref()?.captures(counted.trim_start())?;
    let place = found.name("place")?.as_str();
    let letters: Vec<char> = place.chars().collect();
    let pieces = segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new());
    // 新型城镇 ends in a word of its own (城镇), 建成云岭镇 begins with what was done there.
    let ends_in_word = pieces.last().is_some_and(|last| is_common(last, &letters));
    let is_act = pieces.iter().any(|piece| piece.part.is_verbal());
    let is_all = place.contains(['全', '各', '每']);
    (!ends_in_word && !is_act && !is_all).then(|| place.to_string())
}

fn is_common(piece: &Segment, letters: &[char]) -> bool {
    let text: String = letters[piece.start..piece.end].iter().collect();
    ["城镇", "乡镇", "村镇", "集镇", "城乡", "家乡"].contains(&text.as_str())
}

/// Whether a word says the size of firms.
pub fn is_size(word: &str) -> bool {
    SIZES.contains(&word)
}

/// The size of the firms that a figure is of.
pub fn sizes_of(counted: &str) -> impl Iterator<Item = &'static str> {
    SIZES.into_iter().filter(move |size| counted.contains(size))
}

#[cfg(test)]
mod tests {
    use super::{place_of, sizes_of};

    #[test]
    fn a_place_within_the_region_is_told_from_words_that_end_alike() {
        for (counted, place) in [
            ("柏溪镇油菜收入", Some("柏溪镇")),
            ("其中：高新区油菜收入", Some("高新区")),
            ("临港园区/油菜收入", Some("临港园区")),
            ("园区油菜收入", None),
            ("临港新区厂房面积", Some("临港新区")),
            ("新型城镇化率", None),
            ("城镇居民收入", None),
            ("建成柏溪镇水厂", None),
            ("全县油菜收入", None),
            ("油菜收入", None),
        ] {
            assert_eq!(place_of(counted).as_deref(), place, "{counted}");
        }
    }

    #[test]
    fn the_size_of_the_firms_is_told() {
        let sizes = |counted| sizes_of(counted).collect::<Vec<_>>();
        assert_eq!(sizes("规上碾米企业产值"), ["规上"]);
        assert_eq!(sizes("限上商贸和资上建筑企业"), ["限上", "资上"]);
        assert!(sizes("线上零售额").is_empty());
    }
}
